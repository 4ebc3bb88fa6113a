"""Meters and events by chance, and how a failing sequence is made short and told.

Takes a seed; gives settings and event tuples for referee_duel.Duel. The same seed gives the same
sequence.
"""

import random
from datetime import datetime, timedelta

from model import UTC

LONGEST = 40  # events of a sequence
SHRINK_TRIES = 400
# Days worth starting near: clock changes, bank holidays of each region, ends of months and years
DAYS = (
    (2026, 3, 27), (2026, 10, 23), (2027, 3, 26), (2028, 10, 27), (2026, 12, 24), (2027, 12, 23),
    (2028, 3, 16), (2029, 7, 11), (2027, 4, 30), (2028, 5, 25), (2026, 8, 1), (2026, 8, 28),
    (2027, 11, 29), (2028, 2, 28), (2030, 4, 18), (2032, 12, 31), (2031, 1, 2),
)  # fmt: skip
AMOUNTS = (100, 101, 137, 500, 999, 1000, 1234, 2000, 5000, 8191, 14900)
EDGES = ("ten", "four", "midnight", "local midnight", "monday", "dst")
OFFSETS = (-1000, -1, 0, 1, 2, 999, 1000)


def settings(chance):
    """A meter to start from, as provision() takes it."""
    pick = chance.choice
    day = datetime(*pick(DAYS), tzinfo=UTC) + timedelta(days=chance.randrange(-2, 5))
    limit = pick((500000, 500000, 500000, 0, 1000000))
    given = {
        "day": (day - datetime(2000, 1, 1, tzinfo=UTC)).days,
        "second": pick((0, 39600, 35990, 57590, 86390, chance.randrange(86400))),
        "region": chance.randrange(3), "rate_mp": pick((24500, 24500, 31999, 7777, 1, 0, 1000000)),
        "standing_mp": pick((0, 53210, 53210, 100000)), "share": pick((30, 30, 30, 10, 33, 100, 0)),
        "imp_per_kwh": pick((1000, 1000, 1000, 800, 3200, 1, 999)),
        "balance_mp": pick((0, 1, 24, 1000, 24500, 499999, 500000, 500001, -1, -120000,
                            chance.randrange(-300000, 1500000), 90000000)),
        "payment_mp": pick((0, 5000000, 200000, 7, chance.randrange(9000000))),
        "weekly_cap_mp": pick((0, 0, 500000, 100001)),
        "accumulated_mp": pick((0, 0, 0, 61234, 400000)), "ec_limit_mp": limit,
        "ec_threshold_mp": pick((500000, 500000, 200000, 0)),
        "ec_activated": pick((0, 0, 1)), "ec_left_mp": limit,
        "max_credit_mp": pick((14900000, 14900000, 2000000)),
        "max_balance_mp": pick((100000000, 100000000, 3000000)),
    }  # fmt: skip
    if given["ec_activated"] and limit:
        given["ec_left_mp"] = pick((0, 1, 24499, limit // 2, limit - 1))
    else:
        given["ec_activated"] = 0
    return given


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
        if name not in ("day", "second", "balance_mp") and fails(duel, fewer, events)[0]:
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
