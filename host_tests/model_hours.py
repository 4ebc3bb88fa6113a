"""Friendly hours for the referee (model.py): zoneinfo for London, PyPI holidays for bank holidays.

Takes instants (datetime, UTC). Source: DOMAIN S5, 11.
"""

from datetime import date, datetime, time, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
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
    """The dates that are bank holidays by rule."""
    days = set(holidays.country_holidays("GB", subdiv=COUNTRY[region], years=year))
    one_offs = ONE_OFFS | (SCOTTISH_ONE_OFFS if region == "scotland" else {})
    for day, instead_of in one_offs.items():
        if day in days:
            days.remove(day)
            days.add(instead_of)
    return days


def is_friendly(instant, region):
    """S5: 16:00:00 to 09:59:59, the weekend, the bank holidays; local time."""
    local = instant.astimezone(LONDON)
    if local.weekday() >= 5 or local.date() in bank_holidays(region, local.year):
        return True
    return not time(10) <= local.time() < time(16)


@lru_cache(None)
def edges_of(day):
    """The instants of a date at which something may fall due: midnight UTC, friendly hours."""
    local = [datetime.combine(day, time(hour), LONDON) for hour in (10, 16)]
    utc = timezone.utc
    return [datetime.combine(day, time(0), utc)] + [each.astimezone(utc) for each in local]
