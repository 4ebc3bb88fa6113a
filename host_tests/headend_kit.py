"""A head-end on a store of its own, and the little of a meter that it takes to answer it.

The meter keeps SPEC.md 9 from the other side, with formats of its own: each number once, the first answer
again. It is no firmware: the tests of the network have that.
"""

import struct

from tools.headend import bodies, envelope
from tools.headend.headend import HeadEnd
from tools.utrn_vend import PUBLIC_TEST_KEYS, keys_of

TEST = PUBLIC_TEST_KEYS["meter"]
KEYS = keys_of({})
NOW = 1_795_000_000  # UTC, November 2026
EPOCH_S = 946_684_800
OTHER = "00DB1234567890A1"
ALL_KEYS = {TEST: KEYS, OTHER: keys_of({"meter": OTHER, "secret": "11" * 32})}
NUMBERS = ("top_up", "command")


def made(url="sqlite://", now=NOW):
    """A head-end that knows two meters."""
    headend = HeadEnd(url, ALL_KEYS.get)
    for meter in ALL_KEYS:
        headend.add_meter(meter, now)
    return headend


def answer_body(kind, number, outcome=0, balance_mp=0, flags=0):
    return struct.pack(">BIBiB", kind, number, outcome, balance_mp, flags)


def state_body(
    balance_mp=0, top_up=0, command=0, last=(0,) * 4, first=(0,) * 4, session=7, power=0
):
    """STATE with what the tests look at; total import 12345.678 kWh."""
    return struct.pack(
        ">IIBBBB7iIHIBBIIIIIIH4I4I", session, 60, 0, 0, 0, 0, balance_mp, 0, 0, 0, 0, 0, 0,
        12345, 678, power, 0, 0, 24500, 0, 0, 0, top_up, command, 0, *last, *first,
    ) + b"0.1.0"  # fmt: skip


def log_body(stream, first, *entries):
    """entries: (time since 2000, code, the rest as bytes)."""
    body = struct.pack(">BI", stream, first)
    for time_s, code, rest in entries:
        body += struct.pack(">IB", time_s, code) + rest.ljust(19, b"\0")
    return body


def half_hour(time_s, kwh):
    return time_s, 1, struct.pack(">IHiBB", kwh, 500, 123_000, 0, 0)


def alert(time_s, code):
    return time_s, 7, struct.pack(">H", code)


def credit(time_s, number, amount_mp, typed=0):
    return time_s, 4, struct.pack(">IiiiB", number, amount_mp, amount_mp, 0, typed)


class OtherSide:
    """What one meter does: credit by number, answers again, a count of packets."""

    def __init__(self, meter=TEST):
        self.keys = ALL_KEYS[meter]
        self.done = {}  # (window, number) -> the answer's body
        self.balance_mp = 0
        self.sequence = 100
        self.count = 0

    def packet(self, kind, body, time_s=NOW - EPOCH_S):
        self.count += 1
        return envelope.up(self.keys, self.sequence, self.count, kind, body, time_s)

    def take(self, data):
        """A packet down: the answer's packet, or None where there is none."""
        packet = envelope.read_down(self.keys, data)
        if packet.number == 0:
            return None
        place = packet.kind == bodies.TOP_UP, packet.number
        if place not in self.done:
            if packet.kind == bodies.TOP_UP:
                self.balance_mp += struct.unpack(">i", packet.body)[0]
            self.sequence += 1
            self.done[place] = answer_body(packet.kind, packet.number, 0, self.balance_mp)
        return self.packet(bodies.ANSWER, self.done[place])
