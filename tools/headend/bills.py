"""Bills by day and month: what was used at which price, standing charge, and what the meter took.

Takes Reads (the meter's, in time order), money Entries and the Timelines of tariff and standing charge;
gives rows of dicts. A day runs from one daily read to the next (00:00 UTC); a month is the sum of its
days, to the milli-penny. `taken_mp` is the meter's own truth: what came in less what is left; `cost_mp`
is the same by the tariff; where they differ the bill says so. Source: DOMAIN 1, 2, 8, 9.
"""

from collections import defaultdict, namedtuple
from datetime import UTC, datetime

from tools.headend.prices import pieces

DAY_S = 86400
DEBT_LIMIT_MP = 50_000_000  # W7: £500.00
TOP_UP, PAY_DEBT, ADJUST = 4, 5, 6  # codes of the money log

# rate, block: None in a daily read; worth_mp: balance less all that is owed, None in a half-hour read
Read = namedtuple("Read", "time_s wh balance_mp rate block worth_mp")
Entry = namedtuple("Entry", "time_s code mp")


def month_of(time_s):
    """2026-11, of UTC."""
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m")


def merged(reads):
    """One Read an instant, in order: what a half-hour and a daily read of it say together."""
    known = {}
    for read in sorted(reads, key=lambda read: read.time_s):
        other = known.get(read.time_s)
        if other:
            read = read._replace(
                rate=other.rate if read.rate is None else read.rate,
                block=other.block if read.block is None else read.block,
                worth_mp=other.worth_mp if read.worth_mp is None else read.worth_mp,
            )
        known[read.time_s] = read
    return list(known.values())


class Counter:
    """What Wh cost through the blocks of the UTC month; thousandths of a mp are never lost."""

    def __init__(self, tariffs):
        self.tariffs = tariffs
        self.month = None
        self.used_wh = 0  # in the month
        self.total = 0  # thousandths of a mp, ever

    def span(self, before, after, lines):
        """Book the span between two reads; True: its Wh had to be spread over several prices."""
        parts = pieces(self.tariffs, before, after)
        wh, done_wh = max(after.wh - before.wh, 0), 0
        for _, end_s, tariff, rate in parts:
            if self.month != month_of(end_s - 1):
                self.month, self.used_wh = month_of(end_s - 1), 0
            until_wh = wh * (end_s - before.time_s) // max(after.time_s - before.time_s, 1)
            self.book(until_wh - done_wh, tariff, rate, lines)
            done_wh = until_wh
        self.believe(after)
        prices = {tariff.prices[rate] for _, _, tariff, rate in parts}
        return wh > 0 and len(prices) > 1

    def believe(self, read):
        """The meter is in a higher block: it counted use of this month that was before our time."""
        edges = self.tariffs.at(read.time_s).edges_wh
        if read.block and read.block <= len(edges) and read.time_s % DAY_S:
            self.used_wh = max(self.used_wh, edges[read.block - 1])

    def book(self, wh, tariff, rate, lines):
        while wh:
            block = sum(self.used_wh >= edge for edge in tariff.edges_wh)
            here = wh
            if block < len(tariff.edges_wh):
                here = min(wh, tariff.edges_wh[block] - self.used_wh)
            price = tariff.prices[rate][block]
            lines[rate, block, price] += here
            self.total += here * price
            self.used_wh += here
            wh -= here


def priced(lines, cost_mp):
    """The lines as dicts whose costs add up to cost_mp."""
    rows = [
        {"rate": rate, "block": block, "price_mp": price, "wh": wh, "cost_mp": wh * price // 1000}
        for (rate, block, price), wh in sorted(lines.items())
    ]
    rest = cost_mp - sum(row["cost_mp"] for row in rows)
    for row in rows[: max(rest, 0)]:
        row["cost_mp"] += 1
    if rows and rest < 0:  # a carried remainder cannot take more than there is
        rows[0]["cost_mp"] += rest
    return rows


def midnights(start_s, end_s):
    """Every 00:00 UTC after start_s, end_s included."""
    return range((start_s // DAY_S + 1) * DAY_S, end_s + 1, DAY_S)


def day(first, last, counted, entries, standing):
    """One row: from the daily read `first` to `last`; `counted`: (lines, cost_mp, is_spread)."""
    lines, energy_mp, is_spread = counted
    sums = defaultdict(int)
    for entry in entries:
        if first.time_s < entry.time_s <= last.time_s:
            sums[entry.code] += entry.mp
    standing_mp = sum(standing.at(at_s - 1) for at_s in midnights(first.time_s, last.time_s))
    row = {
        "from_s": first.time_s, "to_s": last.time_s, "wh": last.wh - first.wh,
        "lines": priced(lines, energy_mp), "energy_mp": energy_mp, "standing_mp": standing_mp,
        "cost_mp": energy_mp + standing_mp, "topped_up_mp": sums[TOP_UP],
        "debt_paid_mp": sums[PAY_DEBT], "adjusted_mp": sums[ADJUST], "is_spread": is_spread,
        "balance_from_mp": first.balance_mp, "balance_to_mp": last.balance_mp,
        "taken_mp": None, "differs_mp": None,
    }  # fmt: skip
    if None not in (first.worth_mp, last.worth_mp):
        row["taken_mp"] = sum(sums.values()) - (last.worth_mp - first.worth_mp)
        row["differs_mp"] = row["taken_mp"] - row["cost_mp"]
    return row


def days(reads, entries, tariffs, standing):
    """A row for each span between two daily reads, and one for what came after the last."""
    counter = Counter(tariffs)
    rows = []
    lines, is_spread, start, before, paid_mp = defaultdict(int), False, None, None, 0
    everything = merged(reads)
    for read in everything:
        if start is None:
            start = before = read
            continue
        is_spread |= counter.span(before, read, lines)
        before = read
        if read.worth_mp is not None or read is everything[-1]:
            cost_mp = counter.total // 1000 - paid_mp
            paid_mp = counter.total // 1000
            row = day(start, read, (lines, cost_mp, is_spread), entries, standing)
            row["is_now"] = read is everything[-1] and bool(read.time_s % DAY_S)
            rows.append(row)
            lines, is_spread, start = defaultdict(int), False, read
    return rows


SUMS = ("wh", "energy_mp", "standing_mp", "cost_mp", "topped_up_mp", "debt_paid_mp", "adjusted_mp")
KNOWN = ("taken_mp", "differs_mp")  # None as soon as one day's is


def months(rows):
    """The same rows by the UTC month in which they began: sums, nothing else."""
    found = {}
    for row in rows:
        month = found.setdefault(month_of(row["from_s"]), {"days": [], "lines": {}})
        month["days"].append(row)
        for line in row["lines"]:
            key = line["rate"], line["block"], line["price_mp"]
            have = month["lines"].setdefault(key, {**line, "wh": 0, "cost_mp": 0})
            have["wh"] += line["wh"]
            have["cost_mp"] += line["cost_mp"]
    return [_month(name, month["days"], month["lines"]) for name, month in found.items()]


def _month(name, rows, lines):
    first, last = rows[0], rows[-1]
    known = {
        key: None if any(row[key] is None for row in rows) else sum(row[key] for row in rows)
        for key in KNOWN
    }
    return {
        "month": name, "from_s": first["from_s"], "to_s": last["to_s"], "days": len(rows),
        "lines": [lines[key] for key in sorted(lines)],
        **{key: sum(row[key] for row in rows) for key in SUMS}, **known,
        "balance_from_mp": first["balance_from_mp"], "balance_to_mp": last["balance_to_mp"],
        "is_spread": any(row["is_spread"] for row in rows), "is_now": last["is_now"],
    }  # fmt: skip
