"""What a ledger tells of a household: half-hours, days, the balance, top-ups, and what was off.

Takes the Ledger of ledger.py, gives a Story. Energy in Wh, money in mp, times in UTC seconds since
2000-01-01; a half-hour is time // 1800. What a record says of is spread evenly over the time since the
record before it, an hour at the most: without a record for an hour nothing was used (SPEC 2, kind 6).
"""

from collections import defaultdict, namedtuple
from datetime import datetime, timedelta

from tools.report import fields
from tools.scenario.values import EPOCH, LONDON, MP_PER_POUND

HALF_S = 1800
HOUR_S = 3600
LATE_S = 60  # after an hour a record comes; this much later the meter was without power

TopUp = namedtuple("TopUp", "time_s mp balance_mp counter")
Span = namedtuple("Span", "start_s end_s")
Story = namedtuple(
    "Story", "meter now_s first_s state moments halves top_ups emergency off dark notes"
)


class Half:
    """One half-hour: `wh` by rate, `mp` that it cost, standing charge included."""

    def __init__(self):
        self.wh = defaultdict(int)
        self.mp = 0

    def total_wh(self):
        return sum(self.wh.values())


def total_mp(state, name):
    """A running total of SPEC, which is kept as pounds and a rest."""
    return state[f"{name}_pounds"] * MP_PER_POUND + state[f"{name}_rest"]


def totals(state):
    """(Wh, mp) ever used: energy and what it and standing charge cost."""
    return state["kwh"] * 1000 + state["wh"], total_mp(state, "charged") + total_mp(
        state, "standing"
    )


def used(before, after):
    """{rate: Wh} used between two states."""
    if before["format"] != after["format"]:  # registers may begin anew
        wh = totals(after)[0] - totals(before)[0]
        return {after.get("register_at", 0) // fields.BLOCKS: wh} if wh else {}
    rates = defaultdict(int)
    for place, (was, now) in enumerate(zip(before["registers"], after["registers"], strict=True)):
        if now != was:
            rates[place // fields.BLOCKS] += now - was
    return rates


def local_time(second):
    """UTC seconds since 2000-01-01 as local time, aware."""
    return datetime.fromtimestamp(EPOCH.timestamp() + second, LONDON)


def local_date(second):
    return local_time(second).date()


def midnight_s(day):
    """When a local date begins, UTC seconds since 2000-01-01."""
    return int(
        datetime(day.year, day.month, day.day, tzinfo=LONDON).timestamp() - EPOCH.timestamp()
    )


def day_halves(day):
    """The half-hours of a local date: 48, or 46 and 50 where the clocks change."""
    return range(midnight_s(day) // HALF_S, midnight_s(day + timedelta(1)) // HALF_S)


def spread(amount, start_s, end_s):
    """{half-hour: its part} of what came evenly from start_s (excluded) to end_s (included)."""
    if end_s <= start_s:
        return {(end_s - 1) // HALF_S: amount}
    parts = {}
    done = 0
    for half in range(start_s // HALF_S, (end_s - 1) // HALF_S + 1):
        until_s = min((half + 1) * HALF_S, end_s)
        reached = amount * (until_s - start_s) // (end_s - start_s)
        parts[half] = reached - done
        done = reached
    return parts


def book(halves, before, after, gap):
    """Put what happened between two moments into its half-hours."""
    since_s = before.time_s if gap else max(before.time_s, after.time_s - HOUR_S)
    for rate, wh in used(before.state, after.state).items():
        for half, part in spread(wh, since_s, after.time_s).items():
            halves[half].wh[rate] += part
    charged = total_mp(after.state, "charged") - total_mp(before.state, "charged")
    if charged:
        for half, part in spread(charged, since_s, after.time_s).items():
            halves[half].mp += part
    standing = total_mp(after.state, "standing") - total_mp(before.state, "standing")
    if standing:
        halves[after.time_s // HALF_S].mp += standing


def spans(moments, is_on):
    """From when to when is_on(state) held."""
    found = []
    start_s = None
    for moment in moments:
        if is_on(moment.state) and start_s is None:
            start_s = moment.time_s
        elif not is_on(moment.state) and start_s is not None:
            found.append(Span(start_s, moment.time_s))
            start_s = None
    if start_s is not None:
        found.append(Span(start_s, moments[-1].time_s))
    return found


def told(ledger):
    """The Story of a Ledger."""
    moments = ledger.moments
    halves = defaultdict(Half)
    top_ups, dark = [], []
    for before, after in zip(moments, moments[1:], strict=False):
        book(halves, before, after, after.gap)
        paid_mp = total_mp(before.state, "money_in") - total_mp(after.state, "money_in")
        if paid_mp:
            balance_mp = after.state["balance_mp"]
            top_ups.append(TopUp(after.time_s, paid_mp, balance_mp, after.counter))
        if after.time_s - before.time_s > HOUR_S + LATE_S and not after.gap:
            dark.append(Span(before.time_s, after.time_s))
    return Story(
        ledger.meter, moments[-1].time_s, moments[0].time_s, moments[-1].state, moments, halves,
        top_ups, spans(moments, lambda state: state["ec_activated"]),
        spans(moments, lambda state: not state["closed"]), dark, ledger.notes,
    )  # fmt: skip
