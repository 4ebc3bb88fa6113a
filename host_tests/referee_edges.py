"""Instants that an event may aim at, by name: friendly hours, midnights, ends of weeks and months.

Takes an instant (datetime, UTC) and a name, gives the next instant of that name.
"""

from datetime import datetime, time

from model import DAY, LONDON, MINUTE, UTC
from referee import MS

HOURS = {"ten": 10, "four": 16, "two": 2, "local midnight": 0, "monday": 0}


def next_edge(now, name):
    """The first instant after now that an event may aim at."""
    if name == "midnight":
        return datetime.combine(now.date() + DAY, time(0), UTC)
    if name == "month":
        return datetime.combine((now.date().replace(day=1) + 32 * DAY).replace(day=1), time(0), UTC)
    if name == "dst":
        for hours in range(1, 8 * 24):
            edge = now.replace(minute=0, second=0, microsecond=0) + hours * 60 * MINUTE
            if edge.astimezone(LONDON).utcoffset() != (edge - MS).astimezone(LONDON).utcoffset():
                return edge
        return next_edge(now, "midnight")
    hour = HOURS[name]
    day = now.astimezone(LONDON).date()
    while True:
        edge = datetime.combine(day, time(hour), LONDON).astimezone(UTC)
        if edge > now and (name != "monday" or day.weekday() == 0):
            return edge
        day += DAY
