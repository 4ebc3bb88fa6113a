"""Days, London time and bank holidays, all by rule. Days count from 2000-01-01 (a Saturday).

Takes and gives (day, second of day); good for 2000-2099. Source: DOMAIN 1, 11; S5 friendly hours.
"""

from micropython import const

_DAY_S = const(86400)


# Regions; 0 is England and Wales
_SCOTLAND = const(1)
_NORTHERN_IRELAND = const(2)

_HOUR_S = const(3600)
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


def year_of(day: int) -> int:
    rest = day % 1461
    return 2000 + day // 1461 * 4 + ((rest - 1) // 365 if rest > 365 else 0)


def new_year(year: int) -> int:
    """Day number of 1 January."""
    years = year - 2000
    return years * 365 + (years + 3) // 4


def day_of(year: int, month: int, date: int) -> int:
    leap = 1 if month > 2 and year % 4 == 0 else 0
    return new_year(year) + _BEFORE_MONTH[month - 1] + leap + date - 1


def month_of(day: int) -> int:
    """Months since January 2000."""
    year = year_of(day)
    month = 11
    while day < day_of(year, month + 1, 1):
        month -= 1
    return (year - 2000) * 12 + month


def month_end(day: int) -> int:
    """The first day of the month after this day's."""
    following = month_of(day) + 1
    return day_of(2000 + following // 12, following % 12 + 1, 1)


def week_of(local_day: int) -> int:
    """Monday to Sunday, counted on."""
    return (local_day + 5) // 7


def weekday(day: int) -> int:
    """0 = Monday .. 6 = Sunday."""
    return (day + 5) % 7


def _sunday_by(day: int) -> int:
    """The last Sunday not after `day`."""
    return day - (weekday(day) + 1) % 7


def offset_s(day: int, second: int) -> int:
    """London's clock minus UTC: 3600 from 01:00 UTC on March's last Sunday to October's."""
    year = year_of(day)
    starts = _sunday_by(day_of(year, 3, 31))
    ends = _sunday_by(day_of(year, 10, 31))
    if day < starts or day > ends:
        return 0
    if day == starts:
        return _HOUR_S if second >= _HOUR_S else 0
    if day == ends:
        return _HOUR_S if second < _HOUR_S else 0
    return _HOUR_S


def _easter(year: int) -> int:
    """Day number of Easter Sunday (anonymous Gregorian computus)."""
    golden = year % 19
    century = year // 100
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    sunday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return day_of(year, 3, 28) + moon - sunday


def _holidays(year: int, region: int) -> list:
    """Day numbers by rule, substitutes included, in any order."""
    first = new_year(year)
    scotland = region == _SCOTLAND
    easter = _easter(year)
    fixed = [first, day_of(year, 12, 25), day_of(year, 12, 26)]  # in this order: substitutes chain
    floating = [easter - 2, _monday_from(day_of(year, 5, 1)), _monday_by(day_of(year, 5, 31))]
    if scotland:
        fixed.insert(1, first + 1)
        fixed.append(day_of(year, 11, 30))
        floating.append(_monday_from(day_of(year, 8, 1)))
    else:
        floating.append(easter + 1)
        floating.append(_monday_by(day_of(year, 8, 31)))
    if region == _NORTHERN_IRELAND:
        fixed.append(day_of(year, 3, 17))
        fixed.append(day_of(year, 7, 12))
    for day in fixed:
        moved = day
        if weekday(day) > 4:
            while weekday(moved) > 4 or moved in fixed or moved in floating:
                moved += 1
        floating.append(moved)
    return floating


def _monday_from(day: int) -> int:
    return day + (7 - weekday(day)) % 7


def _monday_by(day: int) -> int:
    return day - weekday(day)


def is_bank_holiday(day: int, region: int, special_days: bytes) -> bool:
    """`special_days`: 3 bytes each, day (16 bits, big-endian) and 1 = holiday, 0 = cancelled."""
    for at in range(0, len(special_days), 3):
        if special_days[at] * 256 + special_days[at + 1] == day:
            return special_days[at + 2] == 1
    return weekday(day) < 5 and day in _holidays(year_of(day), region)
