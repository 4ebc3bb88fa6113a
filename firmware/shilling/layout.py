"""What a record of each kind and a checkpoint hold, field by field. The bytes are in SPEC.md.

A field is part, attribute, width; `put` and `take` move fields between the meter's parts and bytes.
Formats stay listed for as long as they can be read. Source: RELIABILITY 1, 2.
"""

from struct import pack_into, unpack_from

from micropython import const

from shilling import codes

FORMAT = const(2)  # that is written

# Names of parts and widths (little-endian, as struct has them) are variables, so that their strings
# are interned once and not stored again with every row of the tables below.
ACCOUNT = "account"
CHARGED = "charged"
CONFIG = "config"
DEBT = "debt"
ENERGY = "energy"
LOCKOUT = "lockout"
METER = "meter"
MONEY_IN = "money_in"
OPENING = "opening"
STANDING = "standing"
SUPPLY = "supply"
TARIFF = "tariff"
TODAY = "today"
WINDOW = "window"
B = "<B"
H = "<H"
I = "<I"  # noqa: E741
S = "<i"  # signed
WIDTHS = {B: 1, H: 2, I: 4, S: 4}

# part, attribute, width
_STATE = ((ACCOUNT, "ec_activated", B), (SUPPLY, "state", B))
_CREDIT = ((ACCOUNT, "balance_mp", S), (ACCOUNT, "emergency_mp", S)) + _STATE
_TODAY = ((TODAY, "day", H), (TODAY, "cost_mp", I))
_ENERGY = (
    (CHARGED, "pounds", S), (CHARGED, "rest_mp", I), (ACCOUNT, "due_mp", I),
    (TARIFF, "part", H), (ENERGY, "kwh", I), (ENERGY, "wh", H),
    (ENERGY, "part", I),
)  # fmt: skip
_DEBTS = (
    (ACCOUNT, "payment_mp", S), (ACCOUNT, "time_1_mp", S),
    (ACCOUNT, "accumulated_mp", S),
)  # fmt: skip
_MONEY = ((MONEY_IN, "pounds", S), (MONEY_IN, "rest_mp", I))
_CAP = ((DEBT, "cap_week", H), (DEBT, "cap_used_mp", I))
_LOCK = ((LOCKOUT, "failures", B), (LOCKOUT, "left_s", H))
_STANDING = (
    (ACCOUNT, "accumulated_mp", S), (STANDING, "pounds", S),
    (STANDING, "rest_mp", I), (METER, "standing_day", H),
)  # fmt: skip
_RELAY = (
    (SUPPLY, "closed", B), (SUPPLY, "operations", B),
    (SUPPLY, "operations_day", H), (METER, "started", B),
)  # fmt: skip
_LEVEL = ((CONFIG, "low_credit_mp", I),)
_FAULT = ((METER, "fault", B),)
_SETTINGS = (
    (CONFIG, "profile", B), (CONFIG, "region", B), (CONFIG, "imp_per_kwh", I),
    (CONFIG, "rate_mp", I), (CONFIG, "standing_mp", I), (CONFIG, "share", B),
    (CONFIG, "weekly_cap_mp", I), (CONFIG, "ec_limit_mp", I),
    (CONFIG, "ec_threshold_mp", I), (CONFIG, "ec_below_zero", B),
    (CONFIG, "max_credit_mp", I), (CONFIG, "max_balance_mp", I),
    (CONFIG, "min_vend_mp", I), (ACCOUNT, "time_2_mp", S),
    (OPENING, "pounds", S), (OPENING, "rest_mp", I), (WINDOW, "highest", I),
)  # fmt: skip

KINDS = {
    codes.RECORD_CHARGE: _CREDIT + _ENERGY + _TODAY,
    codes.RECORD_TOP_UP: _CREDIT + _DEBTS + _MONEY + _CAP + _LOCK,
    codes.RECORD_DAY: _CREDIT + _STANDING + _TODAY,
    codes.RECORD_SUPPLY: _STATE + _RELAY,
    codes.RECORD_ATTEMPT: _LOCK,
    codes.RECORD_CLOCK: (),
    codes.RECORD_LEVEL: _LEVEL,
    codes.RECORD_ALERT: _FAULT,
}
_STATE_1 = (
    _CREDIT + _ENERGY + _DEBTS + _MONEY + _CAP + _LOCK + _STANDING[1:] + _TODAY + _RELAY + _LEVEL
    + _SETTINGS
)  # fmt: skip
STATE = _STATE_1 + _FAULT
STATES = {1: _STATE_1, FORMAT: STATE}  # of every format that can be read


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
