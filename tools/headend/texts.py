"""How the head-end writes money and time to people.

Takes mp, and UTC seconds since 1970 which become local time; gives text. `symbol` is the meter's
currency. Credit is rounded to less, what is owed to more, as the meter does (DOMAIN 13).
"""

from datetime import date, datetime, timedelta

from tools.headend.prices import LONDON
from tools.report.words import credit, kwh, money, owed, price

__all__ = ["ago", "credit", "kwh", "local", "money", "owed", "price", "span", "when"]

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


def local(time_s):
    return datetime.fromtimestamp(time_s, LONDON)


def when(time_s, now_s):
    """07:00, tomorrow 07:00, yesterday 07:00, 21 Nov 07:00, 21 Nov 2025 07:00."""
    at, today = local(time_s), local(now_s).date()
    clock = f"{at:%H:%M}"
    near = {today: "", today - timedelta(1): "yesterday ", today + timedelta(1): "tomorrow "}
    if at.date() in near:
        return near[at.date()] + clock
    return day(at.date(), today) + " " + clock


def day(which: date, today: date):
    """21 Nov, with the year unless it is this one."""
    year = "" if which.year == today.year else f" {which.year}"
    return f"{which.day} {which:%b}{year}"


def span(seconds):
    """About how long: 90 seconds, 5 minutes, 24 hours, 2 days."""
    for size, name in ((DAY_S, "days"), (HOUR_S, "hours"), (MINUTE_S, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{max(seconds, 0)} seconds"


def ago(seconds):
    return "now" if seconds < 10 else f"{span(seconds)} ago"
