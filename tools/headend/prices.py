"""What a kWh cost when: tariffs as they followed one another, for the bills.

Takes packed tariffs (SPEC 7); gives prices in mp per kWh. Times are UTC seconds since 1970. A holiday is
known by the rate the meter gave with its reading; without one the weekday's switches count.
"""

from collections import namedtuple
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EVERY_WEEKDAY = 7
WORST_RATES, WORST_BLOCKS = 8, 4

# edges_wh: of the month's use; prices: of each rate a tuple of blocks; switches: (minute, days, rate)
Tariff = namedtuple("Tariff", "rates edges_wh prices switches")


def unpack(packed):
    """The Tariff of SPEC 7's bytes; ValueError: it is none."""
    try:
        rates, blocks = packed[0], packed[1]
        if not (1 <= rates <= WORST_RATES and 1 <= blocks <= WORST_BLOCKS):
            raise ValueError("no tariff has so many rates or blocks")
        at = 2 * blocks
        edges = tuple(int.from_bytes(packed[i : i + 2], "little") * 1000 for i in range(2, at, 2))
        cells = [
            int.from_bytes(packed[i : i + 3], "little")
            for i in range(at, at + 3 * rates * blocks, 3)
        ]
        at += 3 * rates * blocks
        count = packed[at]
        switches = sorted(
            (int.from_bytes(packed[i + 2 : i + 4], "little"), packed[i], packed[i + 1])
            for i in range(at + 1, at + 1 + 4 * count, 4)
        )
    except IndexError:
        raise ValueError("the tariff is cut off") from None
    if len(packed) != at + 1 + 4 * count:
        raise ValueError("the tariff has another length")
    prices = tuple(tuple(cells[i * blocks : (i + 1) * blocks]) for i in range(rates))
    return Tariff(rates, edges, prices, tuple(switches))


def flat(price_mp):
    """One price for everything."""
    return Tariff(1, (), ((price_mp,),), ())


def rate_at(tariff, time_s):
    """The rate by the local clock and the weekday."""
    if tariff.rates == 1:
        return 0
    local = datetime.fromtimestamp(time_s, LONDON)
    minute = local.hour * 60 + local.minute
    weekday = local.weekday()
    for back in range(EVERY_WEEKDAY + 1):
        day = 1 << (weekday - back) % EVERY_WEEKDAY
        for at, days, rate in reversed(tariff.switches):
            if days & day and (back or at <= minute):
                return rate
    return 0


def cuts(tariff, start_s, end_s):
    """Instants inside of a span at which the rate may change, in order."""
    if tariff.rates == 1:
        return []
    found = set()
    day = datetime.fromtimestamp(start_s, LONDON).date()
    while day <= datetime.fromtimestamp(end_s, LONDON).date():
        for minute, days, _ in tariff.switches:
            if days & 1 << day.weekday():
                wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)
                at_s = int(wall.replace(tzinfo=LONDON).timestamp())
                if start_s < at_s < end_s:
                    found.add(at_s)
        day += timedelta(1)
    return sorted(found)


class Timeline:
    """What held from when on: [(time_s, value)], the first one also before it began."""

    def __init__(self, steps):
        self.steps = sorted(steps, key=lambda step: step[0])

    def at(self, time_s):
        held = self.steps[0][1]
        for begin_s, value in self.steps:
            if begin_s <= time_s:
                held = value
        return held

    def inside(self, start_s, end_s):
        """Instants of change inside of a span."""
        return [begin_s for begin_s, _ in self.steps[1:] if start_s < begin_s < end_s]


def pieces(tariffs, before, after):
    """[(start_s, end_s, tariff, rate or None)] of the span between two readings, cut where the price
    may change; None: as the reading at the start says."""
    edges = [before.time_s, *tariffs.inside(before.time_s, after.time_s), after.time_s]
    found = []
    for start_s, end_s in zip(edges, edges[1:], strict=False):
        tariff = tariffs.at(start_s)
        parts = [start_s, *cuts(tariff, start_s, end_s), end_s]
        found += [
            (a, b, tariff, rate_at(tariff, a)) for a, b in zip(parts, parts[1:], strict=False)
        ]
    if len(found) == 1 and before.rate is not None and before.rate < found[0][2].rates:
        found = [(*found[0][:3], before.rate)]
    return found
