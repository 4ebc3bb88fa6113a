"""The half-hours of a Story as rows: time, energy by rate, cost, balance; and as CSV.

Takes a Story and how many days back; times are when a half-hour begins, money is in the currency's
whole unit with all its decimals, the balance is that at the half-hour's end.
"""

import csv
import io
from datetime import UTC, datetime

from tools.report.story import HALF_S, Half, local_time
from tools.scenario.values import EPOCH, MP_PER_POUND

DECIMALS = 5  # of a pound: whole milli-pence


def exact(mp):
    sign = "-" if mp < 0 else ""
    return f"{sign}{abs(mp) // MP_PER_POUND}.{abs(mp) % MP_PER_POUND:0{DECIMALS}d}"


def utc_text(second):
    moment = datetime.fromtimestamp(EPOCH.timestamp() + second, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def rates_of(story):
    """The numbers (from 0) of every rate of which there was use."""
    return sorted({rate for half in story.halves.values() for rate in half.wh} or {0})


def rows(story, since_s):
    """(start UTC s, Half, balance in mp) from the first half-hour to the last, none left out."""
    first = max(story.first_s, since_s) // HALF_S
    place = 0
    for half in range(first, story.now_s // HALF_S + 1):
        end_s = (half + 1) * HALF_S
        while place + 1 < len(story.moments) and story.moments[place + 1].time_s < end_s:
            place += 1
        use = story.halves.get(half) or Half()
        yield half * HALF_S, use, story.moments[place].state["balance_mp"]


def csv_text(story, since_s, symbol_code):
    """The whole file; its first line names the columns."""
    text = io.StringIO()
    rates = rates_of(story)
    out = csv.writer(text, lineterminator="\n")
    energy = [f"rate_{rate + 1}_wh" for rate in rates]
    out.writerow(["utc", "local", *energy, f"cost_{symbol_code}", f"balance_{symbol_code}"])
    for start_s, use, balance_mp in rows(story, since_s):
        local = local_time(start_s).isoformat(timespec="minutes")
        wh = [use.wh.get(rate, 0) for rate in rates]
        out.writerow([utc_text(start_s), local, *wh, exact(use.mp), exact(balance_mp)])
    return text.getvalue()
