"""Formats 1 to 3 of the ledger: they are read, and gone on with in the present one.

Takes a format's number; gives fields as layout.py has them. Most are parts of the present ones; SPEC.md 5
says where a format differs. Loaded by who finds an older one. Source: RELIABILITY 1.
"""

from shilling import codes
from shilling.layout import CONFIG, KINDS, STATE, TARIFF, USAGE, B, H, I

# Format 3 has one lock-out, and so had those before it
_WEEK = KINDS[codes.RECORD_WEEK_TOP_UP]
_BODIES = {
    codes.RECORD_TOP_UP: KINDS[codes.RECORD_TOP_UP][:-2],
    codes.RECORD_ATTEMPT: KINDS[codes.RECORD_ATTEMPT][:-2],
    codes.RECORD_WEEK_TOP_UP: _WEEK[:-3] + _WEEK[-1:],
}
# Formats 1 and 2 went on with the cost of today, which is told otherwise now: it is not read
_FIRST_BODIES = {
    codes.RECORD_CHARGE: KINDS[codes.RECORD_CHARGE][:-3],
    codes.RECORD_DUE: KINDS[codes.RECORD_DUE][:-4],
}


def _at(name: str) -> int:
    """Which field of the present state has that name first."""
    for at in range(len(STATE)):
        if STATE[at][1] == name:
            return at
    raise ValueError(name)


_OPENING = _at("time_2_mp")
_STATE_1 = (
    STATE[: _at("second")]
    + ((USAGE, "old_day", H), (USAGE, "old_mp", I)) + KINDS[codes.RECORD_SUPPLY][2:]
    + KINDS[codes.RECORD_LEVEL]
    + ((CONFIG, "profile", B), (CONFIG, "region", B), (CONFIG, "imp_per_kwh", I))
    + ((TARIFF, "flat_mp", I), (CONFIG, "standing_mp", I), (CONFIG, "share", B))
    + tuple([(CONFIG, name, I) for name in ("weekly_cap_mp", "ec_limit_mp", "ec_threshold_mp")])
    + ((CONFIG, "ec_below_zero", B), (CONFIG, "max_credit_mp", I), (CONFIG, "max_balance_mp", I))
    + ((CONFIG, "min_vend_mp", I),) + STATE[_OPENING : _OPENING + 4]
)  # fmt: skip
STATES = {1: _STATE_1, 2: _STATE_1 + KINDS[codes.RECORD_ALERT], 3: STATE[:-3]}


def body(version: int, kind: int) -> tuple:
    """The fields of a record of that format."""
    if version < 3 and kind in _FIRST_BODIES:
        return _FIRST_BODIES[kind]
    return _BODIES.get(kind, KINDS[kind])
