"""What a record of each kind and a checkpoint hold, field by field. The bytes are in SPEC.md.

A field is part, attribute, width; `put` and `take` move fields between the meter's parts and bytes.
Formats stay listed for as long as they can be read. Source: RELIABILITY 1, 2.
"""

from struct import pack_into, unpack_from

from micropython import const

from shilling import codes
from shilling.config import SETTINGS

FORMAT = const(4)  # that is written

# Names of parts and widths (little-endian, as struct has them) are variables, so that their strings
# are interned once and not stored again with every row of the tables below.
ACCOUNT = "account"
CHARGED = "charged"
CONFIG = "config"
DEBT = "debt"
DUES = "dues"
ENERGY = "energy"
LINK_LOCKOUT = "link_lockout"
LOCKOUT = "lockout"
METER = "meter"
MONEY_IN = "money_in"
OPENING = "opening"
ORDERS = "orders"
REGISTERS = "registers"
STANDING = "standing"
SUPPLY = "supply"
TARIFF = "tariff"
USAGE = "usage"
WINDOW = "window"
B = "<B"
H = "<H"
I = "<I"  # noqa: E741
S = "<i"  # signed
WIDTHS = {B: 1, H: 2, I: 4, S: 4}

# part, attribute, width
_STATE = ((ACCOUNT, "ec_activated", B), (SUPPLY, "state", B))
_CREDIT = ((ACCOUNT, "balance_mp", S), (ACCOUNT, "emergency_mp", S)) + _STATE
_ENERGY = (
    (CHARGED, "pounds", S), (CHARGED, "rest_mp", I), (ACCOUNT, "due_mp", I),
    (TARIFF, "part", H), (ENERGY, "kwh", I), (ENERGY, "wh", H),
    (ENERGY, "part", I),
)  # fmt: skip
_ACTIVE = ((REGISTERS, "at", B), (REGISTERS, "kwh", I), (REGISTERS, "wh", H))
_DEBTS = (
    (ACCOUNT, "payment_mp", S), (ACCOUNT, "time_1_mp", S),
    (ACCOUNT, "accumulated_mp", S),
)  # fmt: skip
_MONEY = ((MONEY_IN, "pounds", S), (MONEY_IN, "rest_mp", I))
_CAP = ((DEBT, "cap_week", H), (DEBT, "cap_used_mp", I))
_KEYPAD_LOCK = ((LOCKOUT, "failures", B), (LOCKOUT, "left_s", H))
_LINK_LOCK = ((LINK_LOCKOUT, "failures", B), (LINK_LOCKOUT, "left_s", H))
_LOCK = _KEYPAD_LOCK + _LINK_LOCK
_STANDING = (
    (ACCOUNT, "accumulated_mp", S), (STANDING, "pounds", S),
    (STANDING, "rest_mp", I), (DUES, "day", H),
)  # fmt: skip
_WEEKLY = ((DEBT, "weekly_due_mp", I),)
_DUE = ((DUES, "second", I), (DUES, "behind_mp", I))
_RELAY = (
    (SUPPLY, "closed", B), (SUPPLY, "operations", B),
    (SUPPLY, "operations_day", H), (METER, "started", B),
)  # fmt: skip
_LEVEL = ((CONFIG, "low_credit_mp", I),)
_FAULT = ((METER, "fault", B),)
_OPENED = ((OPENING, "pounds", S), (OPENING, "rest_mp", I))
_OPENING = ((ACCOUNT, "time_2_mp", S),) + _OPENED + ((WINDOW, "highest", I),)

KINDS = {
    codes.RECORD_CHARGE: _CREDIT + _ENERGY + _ACTIVE,
    codes.RECORD_TOP_UP: _CREDIT + _DEBTS + _MONEY + _CAP + _LOCK,
    codes.RECORD_DUE: _CREDIT + _STANDING + _DUE + _WEEKLY + _DEBTS[1:2],
    codes.RECORD_SUPPLY: _STATE + _RELAY,
    codes.RECORD_ATTEMPT: _LOCK,
    codes.RECORD_CLOCK: (),
    codes.RECORD_LEVEL: _LEVEL,
    codes.RECORD_ALERT: _FAULT,
    codes.RECORD_WEEK_TOP_UP: _CREDIT + _DEBTS + _MONEY + _LOCK + _WEEKLY,
    codes.RECORD_ADJUST: _CREDIT + _DEBTS + _OPENED + _WEEKLY + _DUE[1:],
    codes.RECORD_ANSWER: ((ORDERS, "outcome", B),),
}
_ALIKE = _CREDIT + _ENERGY + _DEBTS + _MONEY + _CAP + _KEYPAD_LOCK + _STANDING[1:]
_SINCE = (("kwh", I), ("wh", H), ("pounds", S), ("rest_mp", I))
STATE = (
    _ALIKE + _DUE + _WEEKLY + _RELAY + _FAULT + _OPENING
    + tuple([(CONFIG, row[0], row[1]) for row in SETTINGS])
    + ((REGISTERS, "at", B), (TARIFF, "month_end", H), (TARIFF, "month_kwh", I))
    + ((TARIFF, "month_wh", H), (USAGE, "day", H))
    + tuple([(period, name, width) for period in ("today", "week", "month")
             for name, width in _SINCE])
    + _LINK_LOCK + ((ORDERS, "highest", I),)
)  # fmt: skip


def find(fields: tuple, name: str) -> int:
    """Bytes before the first field of that name, or of all of them."""
    at = 0
    for _, field, width in fields:
        if field == name:
            break
        at += WIDTHS[width]
    return at


def put(parts: dict, fields: tuple, buf: bytearray, at: int) -> int:
    """Write the fields of the parts from `at` on; returns the end."""
    for part, name, width in fields:
        pack_into(width, buf, at, getattr(parts[part], name))
        at += WIDTHS[width]
    return at


def take(parts: dict, fields: tuple, buf: bytes, at: int) -> int:
    """Read the fields into the parts; returns the end."""
    for part, name, width in fields:
        setattr(parts[part], name, unpack_from(width, buf, at)[0])
        at += WIDTHS[width]
    return at
