"""Meters and events by chance, and how a failing sequence is made short and told.

Takes a seed; gives settings and event tuples for referee_duel.Duel. The same seed gives the same
sequence.
"""

import random

import referee_profiles
from referee_profiles import settings  # noqa: F401

LONGEST = 40  # events of a sequence
SHRINK_TRIES = 400
AMOUNTS = (100, 101, 137, 500, 999, 1000, 1234, 2000, 5000, 8191, 14900)
EDGES = (
    "ten", "four", "midnight", "local midnight", "monday", "dst", "two", "month", "due", "due", "tariff",
)  # fmt: skip
OFFSETS = (-1000, -1, 0, 1, 2, 999, 1000)


def time_event(chance):
    """Time passes, with or without consumption."""
    pick, below = chance.choice, chance.randrange
    pulses = pick((0, 0, 1, 1, 2, 7, below(40), below(1000), below(30000)))
    return pick((
        ("wait", pick((1, 999, 1000, 29000, 59999, 60000, 60001)), pulses),
        ("wait", below(1, pick((60000, 7200000, 4 * 86400000))), pulses),
        ("to", pick(EDGES), pick(OFFSETS + (below(-60000, 60000),)), pulses),
        ("to", pick(EDGES), pick(OFFSETS), pick((pulses, "all"))),
        ("drain", pick(("nothing", "nothing", "threshold", "low")), pick((-1, 0, 0, 1, 2))),
    ))  # fmt: skip


def code_event(chance):
    """Somebody types a code, or many forged ones, or money comes over the link."""
    pick, below = chance.choice, chance.randrange
    pence = pick(AMOUNTS + (below(100, 8192), 15000, 100000))
    return pick((
        ("code", "good", pence, pick((0, 0, 0, 1, 3, below(600)))),
        ("code", "good", pence, pick((0, 0, 0, 1, 3, below(600)))),
        ("code", pick(("late", "duplicate", "far")), pence, below(600)),
        ("code", pick(("forged", "typo", "class")), pence, pick((0, 1, 511, 600))),
        ("guess", pick((1, 2, 4, 5, 6, 6, 7, below(1, 13))), pick((-1000, -1, 0, 1, 5000))),
        ("remote", pick(AMOUNTS + (1,)) * 1000),
        ("remote", below(1, 20000000)),
    ))  # fmt: skip


def rare_event(chance):
    """Power, clock, and what the authority orders."""
    pick, below = chance.choice, chance.randrange
    off_ms = pick((1, 1000, 59000, 3600000, below(1, 86400000), below(1, 5 * 86400000)))
    shift_s = pick((0, 1, -1, 61, -61, 3600, -3600, 86400, -86400, below(-9 * 86400, 9 * 86400)))
    return pick((
        ("disable",), ("arm",), ("arm",), ("clear_lockout",), ("flap", below(1, 12)),
        ("pay", *referee_profiles.payment(chance)), ("pay", *referee_profiles.payment(chance)),
        ("tariff", *referee_profiles.to_come(chance)),
        ("cut", off_ms, True), ("cut", off_ms, True), ("cut", off_ms, chance.random() < 0.5),
        ("set", shift_s), ("set", shift_s), ("set_to", pick(EDGES), pick((-2, -1, 0, 1, -7 * 86400))),
    ))  # fmt: skip


def event(chance):
    """One thing that may happen to a meter."""
    draw = chance.random()
    if draw < 0.42:
        return time_event(chance)
    if draw < 0.64:
        return code_event(chance)
    if draw < 0.74:
        return ("accept",)
    return ("enable",) if draw < 0.86 else rare_event(chance)


def sequence(seed):
    """-> (settings, events)"""
    chance = random.Random(seed)
    given = settings(chance)
    return given, [event(chance) for _ in range(chance.randrange(8, LONGEST))]


def fails(duel, given, events, fights=None):
    """The Disagreement (or crash) these events lead to, and after how many; None, None if none.
    fights: takes the duel that was fought."""
    at, fights = 0, [] if fights is None else fights
    try:
        fight = duel(given)
        fights.append(fight)
        for at, each in enumerate(events):  # noqa: B007
            fight.do(each)
    except Exception as failure:  # a crash of the firmware is as good a find
        return failure, at + 1
    return None, None


def shorten(duel, given, events):
    """The same failure, or another one, with as few events and settings as it takes."""
    _, at = fails(duel, given, events)
    events, tries, size = events[:at], SHRINK_TRIES, max(at // 2, 1)
    while tries > 0:
        for start in range(0, len(events), size):
            shorter = events[:start] + events[start + size :]
            tries -= 1
            if fails(duel, given, shorter)[0]:
                events = shorter
                break
        else:
            if size == 1:
                break
            size //= 2
    for name in list(given):
        fewer = {key: given[key] for key in given if key != name}
        if name not in ("day", "second", "balance_mp", "profile") and fails(duel, fewer, events)[0]:
            given = fewer
    return given, events


def find(duel, seeds):
    """(text of the first failure with its shortest replay or None, comparisons made, what came up:
    states and outcomes)."""
    steps, seen = 0, set()
    for seed in seeds:
        given, events = sequence(seed)
        failure, _ = fails(duel, given, events, fights := [])
        if failure:
            given, events = shorten(duel, given, events)
            failure, _ = fails(duel, given, events)
            return f"seed {seed}: {failure!r}\nsettings = {given}\nevents = {events}", steps, seen
        steps += fights[0].steps
        seen |= fights[0].seen
    return None, steps, seen
