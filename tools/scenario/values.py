"""What the scalars of a scenario mean: money, durations, local time, whole numbers, words.

Takes located Items; gives ints (mp, ms, UTC seconds since 2000-01-01) or words; raises Fault.
Source: SCENARIO.md (amounts are decimal text; a local time that exists twice means the first).
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tools.scenario.nodes import Fault

LONDON = ZoneInfo("Europe/London")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
END_S = int((datetime(2100, 1, 1, tzinfo=UTC) - EPOCH).total_seconds())
DAY_S = 86400
MP_PER_POUND = 100_000
MP_PER_PENNY = 1000
MILLI_PENCE = "milli-pence"
UNIT_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def exactly(item, what, unit, steps, low, high):
    """Decimal text as a whole number of steps, (how many a unit, their name); nothing is rounded."""
    per_unit, name = steps
    text = item.text(what)
    if not re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?", text):
        raise Fault(item.line, f"{what} must be {unit} such as 10.00, not {text!r}")
    exact = Decimal(text) * per_unit
    if exact != int(exact):
        raise Fault(item.line, f"{what}: {text} {unit} is no whole number of {name}")
    if not low <= exact <= high:
        low, high = Decimal(low) / per_unit, Decimal(high) / per_unit
        raise Fault(item.line, f"{what} must be {low} to {high} {unit}, not {text}")
    return int(exact)


def pounds_mp(item, what, low_mp=0, high_mp=10_000 * MP_PER_POUND):
    """Pounds with up to 5 decimals, as mp."""
    return exactly(item, what, "pounds", (MP_PER_POUND, MILLI_PENCE), low_mp, high_mp)


def pence_mp(item, what, high_mp):
    """Pence with up to 3 decimals, as mp."""
    return exactly(item, what, "pence", (MP_PER_PENNY, MILLI_PENCE), 0, high_mp)


def whole(item, what, low, high):
    """A whole number from low to high."""
    text = item.text(what)
    if not re.fullmatch("[+-]?[0-9]{1,15}", text):
        raise Fault(item.line, f"{what} must be a whole number, not {text!r}")
    if not low <= int(text) <= high:
        raise Fault(item.line, f"{what} must be {low} to {high}, not {text}")
    return int(text)


def word(item, what, allowed):
    """One of the allowed words."""
    text = item.text(what)
    if text not in allowed:
        raise Fault(item.line, f"{what} must be {' or '.join(allowed)}, not {text!r}")
    return text


def truth(item, what):
    """true or false."""
    return word(item, what, ("true", "false")) == "true"


def hexadecimal(item, what, size):
    """`size` bytes as lower-case hex text."""
    text = item.text(what)
    if not re.fullmatch(f"[0-9A-Fa-f]{{{2 * size}}}", text):
        raise Fault(item.line, f"{what} must be {2 * size} hexadecimal digits, not {text!r}")
    return text.lower()


def duration_ms(item, what, signed=False):
    """A span such as 1500ms, 90s, 15m, 2h, 3d as ms; above zero, or with a sign where allowed."""
    text = item.text(what)
    sign = "[+-]?" if signed else ""
    match = re.fullmatch(rf"({sign}[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?)(ms|s|m|h|d)", text)
    if not match:
        raise Fault(item.line, f"{what} must be a time such as 90s, 15m, 2h or 3d, not {text!r}")
    exact = Decimal(match[1]) * UNIT_MS[match[2]]
    if exact != int(exact) or exact == 0:
        raise Fault(item.line, f"{what}: {text} is no whole number of milliseconds above zero")
    return int(exact)


def moment_s(item, what):
    """Local time, or UTC with a trailing Z, as UTC seconds since 2000-01-01."""
    text = item.text(what)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", text, re.ASCII):
        raise Fault(item.line, f"{what} must be like 2026-11-20T15:30:00, not {text!r}")
    try:
        wall = datetime.fromisoformat(text.rstrip("Z"))
    except ValueError as error:
        raise Fault(item.line, f"{what}: there is no {text} in any calendar") from error
    if text.endswith("Z"):
        utc = wall.replace(tzinfo=UTC)
    else:
        utc = wall.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
        if utc.astimezone(LONDON).replace(tzinfo=None) != wall:
            raise Fault(item.line, f"{what}: {text} does not exist, the clocks go forward then")
    second = int((utc - EPOCH).total_seconds())
    if not 0 <= second < END_S:
        raise Fault(item.line, f"{what} must lie in the years 2000 to 2099, not {text}")
    return second


def minute_of_day(item, what):
    """A reading of the local clock, 00:00 to 23:59, as minutes since midnight."""
    text = item.text(what)
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise Fault(item.line, f'{what} must be "00:00" to "23:59", not {text!r}')
    return int(text[:2]) * 60 + int(text[3:])


def date_day(text, line, what):
    """A date such as 2026-12-25 as days since 2000-01-01."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise Fault(line, f"{what} must be a date like 2026-12-25, not {text!r}")
    try:
        day = (date.fromisoformat(text) - EPOCH.date()).days
    except ValueError as error:
        raise Fault(line, f"{what}: there is no {text} in any calendar") from error
    if not 0 <= day < END_S // DAY_S:
        raise Fault(line, f"{what} must lie in the years 2000 to 2099, not {text}")
    return day


def local_text(second):
    """UTC seconds since 2000-01-01 as local time to read: Fri 2026-11-20 15:30:00."""
    moment = datetime.fromtimestamp(EPOCH.timestamp() + second, LONDON)
    return moment.strftime("%a %Y-%m-%d %H:%M:%S")
