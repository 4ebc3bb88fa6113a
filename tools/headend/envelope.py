"""The envelope of the link: packs and checks one packet, in either direction.

Takes Keys (tools/utrn_vend.py) and fields; gives bytes, or a Packet whose MAC was right; Refused says
what was wrong. Times here are seconds since 2000-01-01 UTC. Source: firmware/SPEC.md 9.
"""

import hashlib
import hmac
import struct
from typing import NamedTuple

VERSION = 1
BODY_MAX = 450  # bytes
MAC_SIZE = 16
U32_MAX = 2**32 - 1
EPOCH_S = 946_684_800  # 2000-01-01 in seconds since 1970

_HEAD = struct.Struct(">B8s8sQIB")
MIN_SIZE = _HEAD.size + MAC_SIZE
MAX_SIZE = MIN_SIZE + BODY_MAX
_LABELS = {"down": b"SHILLING-LINK-1 down", "up": b"SHILLING-LINK-1 up"}


class Refused(ValueError):
    """Why a packet counts for nothing, in a few words."""


class Packet(NamedTuple):
    """One packet as it was read. `number`: the order's, or the sequence of the meter's ledger;
    `count`: 0, or packets the meter sent since its start; `time_s`: not after, or the meter's time."""

    meter: bytes
    issuer: bytes
    number: int
    count: int
    time_s: int
    kind: int
    body: bytes


def key(keys, direction):
    """The MAC key of one direction, 'down' or 'up'."""
    return hmac.digest(keys.secret, _LABELS[direction], hashlib.sha256)


def mqtt_password(keys):
    """What the meter shows the broker; its user is its id."""
    return hmac.digest(keys.secret, b"SHILLING-LINK-1 mqtt", hashlib.sha256).hex()[:32]


def mac(keys, direction, data):
    return hmac.digest(key(keys, direction), data, hashlib.sha256)[:MAC_SIZE]


def down(keys, number, kind, body=b"", not_after_s=0):
    """A packet for a meter: an order's number (0: not counted), the kind and its body."""
    return _sealed(keys, "down", keys.originator, number << 32, not_after_s, kind, body)


def up(keys, sequence, count, kind, body=b"", time_s=0):
    """A packet of a meter, for those who simulate one."""
    return _sealed(keys, "up", keys.meter, sequence << 32 | count, time_s, kind, body)


def _sealed(keys, direction, issuer, counter, time_s, kind, body):
    if len(body) > BODY_MAX:
        raise ValueError(f"a body has at most {BODY_MAX} bytes, not {len(body)}")
    head = _HEAD.pack(VERSION, keys.meter, issuer, counter, time_s, kind) + body
    return head + mac(keys, direction, head)


def read_up(keys, data):
    """The Packet of a meter; Refused if it is none of this meter's."""
    return _read(keys, "up", keys.meter, data)


def read_down(keys, data):
    """The Packet of the head-end, for those who simulate a meter."""
    return _read(keys, "down", keys.originator, data)


def meter_of(data):
    """The meter's id as a packet says it, before anything is known to be right; hex."""
    if not MIN_SIZE <= len(data) <= MAX_SIZE:
        raise Refused("wrong size")
    return data[1:9].hex().upper()


def _read(keys, direction, issuer, data):
    meter_of(data)
    head = data[:-MAC_SIZE]
    if not hmac.compare_digest(mac(keys, direction, head), data[-MAC_SIZE:]):
        raise Refused("not authentic")
    version, meter, said, counter, time_s, kind = _HEAD.unpack_from(head)
    if version != VERSION:
        raise Refused("unknown version")
    if meter != keys.meter or said != issuer:
        raise Refused("wrong meter or issuer")
    return Packet(meter, said, counter >> 32, counter & U32_MAX, time_s, kind, head[_HEAD.size :])
