"""One event as 64 bytes, and the whole state as a checkpoint. The bytes are in SPEC.md.

Takes the meter's parts, gives bytes, and back. A record holds the new value of everything its kind
may change; all else stands as in earlier records, back to the checkpoint. Source: RELIABILITY 1, 2.
"""

from binascii import crc32
from hashlib import sha256
from struct import pack_into, unpack_from

from micropython import const

from shilling import codes
from shilling.units import DAY_S

_FORMAT = const(1)
RECORD_BYTES = 64
BODY_AT = 18
CRC_AT = 60
CHECKPOINT = 128  # kind
CHECKPOINT_BYTES = 1536
_CHECKPOINT_BODY_AT = const(16)

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
}
STATE = (
    _CREDIT + _ENERGY + _DEBTS + _MONEY + _CAP + _LOCK + _STANDING[1:] + _TODAY + _RELAY + _LEVEL
    + _SETTINGS
)  # fmt: skip


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


class Head:
    """What the chain needs to know of the record last written."""

    def __init__(self) -> None:
        self.sequence = 0
        self.hash = bytes(4)


def seal(parts: dict, kind: int, counter: int, head: Head, buf: bytearray) -> None:
    """Make the record that follows `head` in buf (64 bytes), and move the head on to it."""
    for at in range(RECORD_BYTES):
        buf[at] = 0
    clock = parts["clock"]
    pack_into("<BBII", buf, 0, _FORMAT, kind, (head.sequence + 1) & 0xFFFFFFFF, counter)
    pack_into("<I", buf, 10, clock.mark_day * DAY_S + clock.mark_s)
    buf[14:18] = head.hash
    put(parts, KINDS[kind], buf, BODY_AT)
    pack_into("<I", buf, CRC_AT, crc32(memoryview(buf)[:CRC_AT]) & 0xFFFFFFFF)
    follow(head, buf)


def follow(head: Head, buf: bytes) -> None:
    head.sequence = unpack_from("<I", buf, 2)[0]
    head.hash = sha256(buf).digest()[:4]


def is_whole(buf: bytes) -> bool:
    """A record of this format with nothing missing."""
    return (
        buf[0] == _FORMAT
        and buf[1] in KINDS
        and unpack_from("<I", buf, CRC_AT)[0] == crc32(memoryview(buf)[:CRC_AT]) & 0xFFFFFFFF
    )


def is_next(buf: bytes, head: Head) -> bool:
    """A whole record that follows `head`."""
    return (
        is_whole(buf)
        and unpack_from("<I", buf, 2)[0] == (head.sequence + 1) & 0xFFFFFFFF
        and bytes(buf[14:18]) == head.hash
    )


def replay(parts: dict, buf: bytes) -> None:
    """Let the record's event have happened."""
    take(parts, KINDS[buf[1]], buf, BODY_AT)
    _take_mark(parts, buf, 10)
    counter = unpack_from("<I", buf, 6)[0]
    if counter:
        parts["window"].mark(counter)


def _take_mark(parts: dict, buf: bytes, at: int) -> None:
    seconds = unpack_from("<I", buf, at)[0]
    parts["clock"].mark_day = seconds // DAY_S
    parts["clock"].mark_s = seconds % DAY_S


def seal_checkpoint(parts: dict, head: Head, buf: bytearray) -> None:
    """The whole state in buf (CHECKPOINT_BYTES) as what follows `head`, and move the head on."""
    for at in range(CHECKPOINT_BYTES):
        buf[at] = 0
    clock = parts["clock"]
    sequence = (head.sequence + 1) & 0xFFFFFFFF
    pack_into("<BBHI", buf, 0, _FORMAT, CHECKPOINT, CHECKPOINT_BYTES, sequence)
    pack_into("<I", buf, 8, clock.mark_day * DAY_S + clock.mark_s)
    buf[12:16] = head.hash
    at = put(parts, STATE, buf, _CHECKPOINT_BODY_AT)
    config = parts["config"]
    special_days = config.special_days
    for piece in (config.meter_id, config.originator_id, config.secret, parts["window"].bits):
        buf[at : at + len(piece)] = piece
        at += len(piece)
    buf[at] = len(special_days)
    buf[at + 1 : at + 1 + len(special_days)] = special_days
    end = CHECKPOINT_BYTES - 4
    pack_into("<I", buf, end, crc32(memoryview(buf)[:end]) & 0xFFFFFFFF)
    take_head(head, buf)


def is_checkpoint(buf: bytes) -> bool:
    end = CHECKPOINT_BYTES - 4
    return (
        buf[0] == _FORMAT
        and buf[1] == CHECKPOINT
        and unpack_from("<I", buf, end)[0] == crc32(memoryview(buf)[:end]) & 0xFFFFFFFF
    )


def take_head(head: Head, page: bytes) -> None:
    """The head after a valid checkpoint."""
    head.sequence = unpack_from("<I", page, 4)[0]
    head.hash = sha256(page).digest()[:4]


def highest_counter(page: bytes) -> int:
    """The highest used counter that a valid checkpoint knows: its last field."""
    at = _CHECKPOINT_BODY_AT
    for _, _, width in STATE:
        at += WIDTHS[width]
    return unpack_from("<I", page, at - 4)[0]


def replay_checkpoint(parts: dict, head: Head, buf: bytes) -> None:
    """Take the whole state and the head from a valid checkpoint."""
    take_head(head, buf)
    at = take(parts, STATE, buf, _CHECKPOINT_BODY_AT)
    _take_mark(parts, buf, 8)
    config = parts["config"]
    config.meter_id = bytes(buf[at : at + 8])
    config.originator_id = bytes(buf[at + 8 : at + 16])
    config.secret = bytes(buf[at + 16 : at + 48])
    parts["window"].bits[:] = buf[at + 48 : at + 112]
    count = buf[at + 112]
    config.special_days = bytes(buf[at + 113 : at + 113 + count])
