"""London's clock for the referee (model.py): zoneinfo, and PyPI holidays for bank holidays.

Takes instants (datetime, UTC); `special`: date -> True for a holiday set remotely, False for one
cancelled. Source: DOMAIN S5, 8, 11.
"""

from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

UTC, LONDON = timezone.utc, ZoneInfo("Europe/London")
DAY = timedelta(days=1)
COUNTRY = {"england_wales": "ENG", "scotland": "SCT", "northern_ireland": "NIR"}
# Section 11: days the law moved or added once, which no rule gives
ONE_OFFS = {
    date(2011, 4, 29): None, date(2012, 6, 4): date(2012, 5, 28), date(2012, 6, 5): None,
    date(2020, 5, 8): date(2020, 5, 4), date(2022, 6, 2): date(2022, 5, 30), date(2022, 6, 3): None,
    date(2022, 9, 19): None, date(2023, 5, 8): None,
}  # fmt: skip
SCOTTISH_ONE_OFFS = {date(2026, 6, 15): None}


@lru_cache(None)
def bank_holidays(region, year):
    """The dates that are bank holidays by rule; one on a weekend has moved."""
    found = holidays.country_holidays("GB", subdiv=COUNTRY[region], years=year)
    days = {day for day in found if day.weekday() < 5}
    one_offs = ONE_OFFS | (SCOTTISH_ONE_OFFS if region == "scotland" else {})
    for day, instead_of in one_offs.items():
        if day in days:
            days.remove(day)
            days.add(instead_of)
    return days


def is_holiday(day, region, special):
    """Section 11."""
    return special.get(day, day in bank_holidays(region, day.year))


def is_friendly(instant, region, special=None):
    """S5: 16:00:00 to 09:59:59, the weekend, the bank holidays; local time."""
    local = instant.astimezone(LONDON)
    if local.weekday() >= 5 or is_holiday(local.date(), region, special or {}):
        return True
    return not time(10) <= local.time() < time(16)


def local_instant(day, *clock):
    """The first instant at which London's clock reads so on that day."""
    return datetime.combine(day, time(*clock), LONDON).astimezone(UTC)


@lru_cache(None)
def edges_of(day):
    """The instants of a date at which the supply may have to be judged: the friendly hours'."""
    return [local_instant(day, hour) for hour in (10, 16)]
