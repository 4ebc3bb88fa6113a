"""One event as 64 bytes, and the whole state as a checkpoint. The bytes are in SPEC.md.

Takes the meter's parts, gives bytes, and back. A record holds the new value of everything its kind
may change; all else stands as in earlier records, back to the checkpoint. Source: RELIABILITY 1, 2.
"""

from binascii import crc32
from hashlib import sha256
from struct import pack_into, unpack_from

from micropython import const

from shilling import codes, layout
from shilling.layout import FORMAT, KINDS, STATE, put, take
from shilling.registers import BYTES as REGISTERS_BYTES
from shilling.usage import HISTORY_BYTES

_DAY_S = const(86400)

RECORD_BYTES = 64
BODY_AT = 18
CRC_AT = 60
CHECKPOINT = codes.RECORD_CHECKPOINT
CHECKPOINT_BYTES = 1536
_CHECKPOINT_BODY_AT = const(16)
_WINDOW_BYTES = const(64)
_WINDOW_AT = const(48)  # behind the ids and keys
_ORDERS_AT = const(112)  # behind the window; formats 1 to 3 have none
_LISTS_AT = const(312)  # and behind the orders


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
    pack_into("<BBII", buf, 0, FORMAT, kind, (head.sequence + 1) & 0xFFFFFFFF, counter)
    pack_into("<I", buf, 10, clock.mark_day * _DAY_S + clock.mark_s)
    buf[14:18] = head.hash
    put(parts, KINDS[kind & codes.KIND], buf, BODY_AT)
    pack_into("<I", buf, CRC_AT, crc32(memoryview(buf)[:CRC_AT]) & 0xFFFFFFFF)
    follow(head, buf)


def follow(head: Head, buf: bytes) -> None:
    head.sequence = unpack_from("<I", buf, 2)[0]
    head.hash = sha256(buf).digest()[:4]


def is_present(buf: bytes) -> bool:
    """In the format that is written now; an older one is migrated at the start."""
    return buf[0] == FORMAT


def is_whole(buf: bytes) -> bool:
    """A record of a known format with nothing missing."""
    return (
        0 < buf[0] <= FORMAT
        and buf[1] < CHECKPOINT
        and buf[1] & codes.KIND in KINDS
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
    take(parts, _body(buf[0], buf[1] & codes.KIND), buf, BODY_AT)
    _take_mark(parts, buf, 10)
    counter = counter_of(buf)
    if counter:
        parts["orders"].take(parts["window"], buf[1], counter, parts["account"].balance_mp)


def counter_of(buf: bytes) -> int:
    """Of the code that this record credited, or 0."""
    return unpack_from("<I", buf, 6)[0]


def _take_mark(parts: dict, buf: bytes, at: int) -> None:
    seconds = unpack_from("<I", buf, at)[0]
    parts["clock"].mark_day = seconds // _DAY_S
    parts["clock"].mark_s = seconds % _DAY_S


def seal_checkpoint(parts: dict, head: Head, buf: bytearray) -> None:
    """The whole state in buf (CHECKPOINT_BYTES) as what follows `head`, and move the head on."""
    for at in range(CHECKPOINT_BYTES):
        buf[at] = 0
    clock = parts["clock"]
    sequence = (head.sequence + 1) & 0xFFFFFFFF
    pack_into("<BBHI", buf, 0, FORMAT, CHECKPOINT, CHECKPOINT_BYTES, sequence)
    pack_into("<I", buf, 8, clock.mark_day * _DAY_S + clock.mark_s)
    buf[12:16] = head.hash
    at = put(parts, STATE, buf, _CHECKPOINT_BODY_AT)
    config = parts["config"]
    tariff = parts["tariff"]
    orders = parts["orders"]
    for piece in (
        config.meter_id, config.originator_id, config.secret, parts["window"].bits, orders.bits,
        orders.refused, orders.results,
    ):  # fmt: skip
        buf[at : at + len(piece)] = piece
        at += len(piece)
    for piece in (config.special_days, tariff.table.packed, tariff.coming):
        buf[at] = len(piece)
        buf[at + 1 : at + 1 + len(piece)] = piece
        at += 1 + len(piece)
    parts["registers"].put(buf, at)
    at += REGISTERS_BYTES
    buf[at : at + HISTORY_BYTES] = parts["usage"].history
    end = CHECKPOINT_BYTES - 4
    pack_into("<I", buf, end, crc32(memoryview(buf)[:end]) & 0xFFFFFFFF)
    take_head(head, buf)


def is_checkpoint(buf: bytes) -> bool:
    end = CHECKPOINT_BYTES - 4
    return (
        0 < buf[0] <= FORMAT
        and buf[1] == CHECKPOINT
        and unpack_from("<I", buf, end)[0] == crc32(memoryview(buf)[:end]) & 0xFFFFFFFF
    )


def take_head(head: Head, page: bytes) -> None:
    """The head after a valid checkpoint."""
    head.sequence = unpack_from("<I", page, 4)[0]
    head.hash = sha256(page).digest()[:4]


def _state(version: int) -> tuple:
    """The fields of a checkpoint of that format."""
    if version == FORMAT:
        return STATE
    from shilling import older

    return older.STATES[version]


def _body(version: int, kind: int) -> tuple:
    if version == FORMAT:
        return KINDS[kind]
    from shilling import older

    return older.body(version, kind)


def _keys_at(page: bytes) -> int:
    """Where a valid checkpoint's state ends and its ids and keys begin."""
    return _CHECKPOINT_BODY_AT + layout.find(_state(page[0]), "")


def meter_id(page: bytes) -> bytes:
    """Whose valid checkpoint it is."""
    at = _keys_at(page)
    return bytes(page[at : at + 8])


def take_windows(window, orders, page: bytes) -> None:
    """The used counters of top-ups and of commands that a valid checkpoint knows."""
    highest_at = _CHECKPOINT_BODY_AT + layout.find(_state(page[0]), "highest")
    window.highest = unpack_from("<I", page, highest_at)[0]
    at = _keys_at(page)
    window.bits[:] = page[at + _WINDOW_AT : at + _ORDERS_AT]
    if page[0] == FORMAT:
        orders.highest = unpack_from("<I", page, at - 4)[0]  # the last field
        orders.bits[:] = page[at + _ORDERS_AT : at + _ORDERS_AT + _WINDOW_BYTES]


def replay_checkpoint(parts: dict, head: Head, buf: bytes) -> None:
    """Take the whole state and the head from a valid checkpoint."""
    take_head(head, buf)
    take(parts, _state(buf[0]), buf, _CHECKPOINT_BODY_AT)
    _take_mark(parts, buf, 8)
    at = _keys_at(buf)
    config = parts["config"]
    config.meter_id = meter_id(buf)
    config.originator_id = bytes(buf[at + 8 : at + 16])
    config.secret = bytes(buf[at + 16 : at + _WINDOW_AT])
    orders = parts["orders"]
    take_windows(parts["window"], orders, buf)
    if buf[0] < FORMAT:
        at += _ORDERS_AT
    else:
        at += _LISTS_AT
        orders.results[:] = buf[at - len(orders.results) : at]
        orders.refused[:] = buf[at - len(orders.results) - _WINDOW_BYTES : at - len(orders.results)]
    config.special_days = _piece(buf, at)
    if buf[0] < 3:  # one price, which is among the fields, and no history
        return
    at += 1 + buf[at]
    parts["tariff"].set(_piece(buf, at))
    at += 1 + buf[at]
    parts["tariff"].coming = _piece(buf, at)
    at += 1 + buf[at]
    parts["registers"].take(buf, at)
    at += REGISTERS_BYTES
    parts["usage"].history[:] = buf[at : at + HISTORY_BYTES]


def _piece(buf: bytes, at: int) -> bytes:
    """Bytes behind their count."""
    return bytes(buf[at + 1 : at + 1 + buf[at]])
