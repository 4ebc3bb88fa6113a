"""The envelope and the bodies of the link, from the head-end's side: every byte, and what is refused."""
# runs on: cpython

import hashlib
import struct

import pytest

from headend_kit import (
    ALL_KEYS,
    EPOCH_S,
    KEYS,
    NOW,
    OTHER,
    alert,
    answer_body,
    half_hour,
    log_body,
    state_body,
)
from shilling import seal
from tools.headend import bodies, envelope
from tools.headend.envelope import Refused
from tools.utrn_vend import VendError


def hmac_by_hand(key, data):
    """RFC 2104, with nothing of the standard library's hmac."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + data).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).digest()


def test_a_top_up_is_these_bytes():
    data = envelope.down(KEYS, 7, bodies.TOP_UP, bodies.top_up(1_000_000), 0x01020304)
    head = bytes.fromhex("0100DB1234567890A090B3D51F3001000000000007000000000102030401000F4240")
    key = hmac_by_hand(KEYS.secret, b"SHILLING-LINK-1 down")
    assert data == head + hmac_by_hand(key, head)[:16]
    assert len(data) == 50


def test_keys_and_password_are_those_of_the_meter():
    for use in ("down", "up"):
        assert envelope.key(KEYS, use) == seal.derived(KEYS.secret, use.encode())
    assert envelope.mqtt_password(KEYS) == seal.derived(KEYS.secret, seal.MQTT).hex()[:32]
    assert len({envelope.key(KEYS, "up"), envelope.key(KEYS, "down")}) == 2


def test_a_packet_of_the_meter_is_read():
    data = envelope.up(KEYS, 2**32 - 1, 5, bodies.ANSWER, b"abc", 123)
    packet = envelope.read_up(KEYS, data)
    assert (packet.number, packet.count, packet.time_s) == (2**32 - 1, 5, 123)
    assert (packet.kind, packet.body, packet.meter) == (1, b"abc", KEYS.meter)
    assert envelope.meter_of(data) == "00DB1234567890A0"


def test_every_changed_bit_is_not_authentic():
    data = envelope.up(KEYS, 3, 1, bodies.ANSWER, answer_body(1, 7))
    for bit in range(8 * len(data)):
        wrong = bytearray(data)
        wrong[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Refused, match="not authentic"):
            envelope.read_up(KEYS, bytes(wrong))


@pytest.mark.parametrize("size", [0, 1, 45, 497, 5000])
def test_no_packet_has_another_size(size):
    with pytest.raises(Refused, match="wrong size"):
        envelope.read_up(KEYS, bytes(size))


def test_the_longest_body_fits_and_no_longer_one():
    data = envelope.up(KEYS, 1, 1, bodies.STATE, bytes(450))
    assert len(data) == 496 and envelope.read_up(KEYS, data).body == bytes(450)
    with pytest.raises(ValueError):
        envelope.up(KEYS, 1, 1, bodies.STATE, bytes(451))


def test_a_packet_down_is_none_of_the_meters():
    with pytest.raises(Refused):
        envelope.read_up(KEYS, envelope.down(KEYS, 1, bodies.DISABLE))
    with pytest.raises(Refused):
        envelope.read_down(KEYS, envelope.up(KEYS, 1, 1, bodies.ANSWER))


def sealed(head):
    """What a meter would make of a head that is wrong."""
    return head + hmac_by_hand(hmac_by_hand(KEYS.secret, b"SHILLING-LINK-1 up"), head)[:16]


@pytest.mark.parametrize("version, meter, issuer, why", [
    (2, KEYS.meter, KEYS.meter, "unknown version"),
    (1, ALL_KEYS[OTHER].meter, KEYS.meter, "wrong meter"),
    (1, KEYS.meter, KEYS.originator, "wrong meter or issuer"),
])  # fmt: skip
def test_an_authentic_head_must_be_right_too(version, meter, issuer, why):
    head = struct.pack(">B8s8sQIB", version, meter, issuer, 1, 0, 1)
    with pytest.raises(Refused, match=why):
        envelope.read_up(KEYS, sealed(head))


@pytest.mark.parametrize("made, wanted", [
    (bodies.pay_debt("accumulated", 5), "02" "00000005"),
    (bodies.adjust_balance(-1), "FFFFFFFF"),
    (bodies.set_tariff(b"\xaa", 0), "0000" "00000000" "AA"),
    (bodies.set_tariff(b"\xaa", 9500 * 86400 + 7), "251C" "00000007" "AA"),
    (bodies.set_settings({18: 200_000, 7: 30}), "12" "00030D40" "07" "0000001E"),
    (bodies.set_debt("time1", 0), "01" "00000000"),
    (bodies.special_days(b"\x25\x1c\x01"), "251C01"),
    (bodies.set_time(9500 * 86400 + 7, 5, 6), "251C" "00000007" "00000005" "00000006"),
    (bodies.text("Hello"), "48656C6C6F"),
    (bodies.text(""), ""),
    (bodies.read_log(2, 9), "02" "00000009"),
    (bodies.received((1, 2, 3, 4)), "00000001" "00000002" "00000003" "00000004"),
])  # fmt: skip
def test_bodies_of_commands_are_these_bytes(made, wanted):
    assert made == bytes.fromhex(wanted)


@pytest.mark.parametrize("wrong", [
    lambda: bodies.top_up(0), lambda: bodies.top_up(-1), lambda: bodies.top_up(10**9 + 1),
    lambda: bodies.pay_debt("time2", 1), lambda: bodies.set_debt("accumulated", 1),
    lambda: bodies.adjust_balance(0), lambda: bodies.set_settings({}),
    lambda: bodies.set_settings({256: 1}), lambda: bodies.special_days(b"12"),
    lambda: bodies.text("x" * 49), lambda: bodies.text("£"), lambda: bodies.text("a\nb"),
    lambda: bodies.set_time(-1),
])  # fmt: skip
def test_what_cannot_be_ordered_is_refused_in_a_sentence(wrong):
    with pytest.raises(VendError):
        wrong()


def test_a_state_is_read():
    told = bodies.read(bodies.STATE, state_body(-1200, 9, 4, (1, 2, 3, 4), (1, 1, 1, 2), power=900))
    assert (told.balance_mp, told.wh, told.power_w) == (-1200, 12_345_678, 900)
    assert (told.top_up_high, told.command_high, told.price_mp) == (9, 4, 24500)
    assert (told.last, told.first, told.version) == ((1, 2, 3, 4), (1, 1, 1, 2), "0.1.0")


def test_an_answer_is_read():
    told = bodies.read(bodies.ANSWER, answer_body(2, 8, 6, -5, 3))
    assert (told.kind, told.number, told.outcome, told.balance_mp) == (2, 8, 6, -5)
    assert told.repeated and told.typed


def test_log_entries_are_read_with_their_numbers():
    log = bodies.read(bodies.LOG, log_body(0, 41, half_hour(1800, 7), half_hour(3600, 8)))
    assert [entry.number for entry in log.entries] == [41, 42]
    assert (log.entries[1].wh, log.entries[1].time_s, log.stream) == (8500, 3600, 0)
    assert bodies.read(bodies.LOG, log_body(3, 1, alert(5, 0x8F63))).entries[0].gbcs == 0x8F63


def test_an_entry_of_a_code_nobody_knows_has_no_fields():
    entry = bodies.read(bodies.LOG, log_body(2, 1, (5, 99, b"\xff" * 19))).entries[0]
    assert (entry.code, entry.wh, entry.amount_mp) == (99, None, None)


def test_registers_are_read():
    body = bytes((2, 2)) + struct.pack(">IHIHIHIH", 1, 1, 2, 2, 3, 3, 4, 999)
    assert bodies.read(bodies.REGISTERS, body).wh == (1001, 2002, 3003, 4999)


@pytest.mark.parametrize("kind, body", [
    (0, b""), (5, b""), (bodies.ANSWER, answer_body(1, 1)[:-1]), (bodies.ANSWER, answer_body(1, 1) + b"\0"),
    (bodies.ANSWER, answer_body(1, 1, 15)), (bodies.STATE, bytes(109)), (bodies.LOG, log_body(0, 1)),
    (bodies.LOG, log_body(4, 1, half_hour(0, 0))), (bodies.LOG, log_body(0, 0, half_hour(0, 0))),
    (bodies.LOG, log_body(0, 1, half_hour(0, 0))[:-1]), (bodies.LOG, b""), (bodies.REGISTERS, b""),
    (bodies.REGISTERS, b"\x01\x01"), (bodies.LOG, log_body(0, 1, *[half_hour(0, 0)] * 19)),
])  # fmt: skip
def test_what_is_no_body_is_refused(kind, body):
    with pytest.raises(Refused):
        bodies.read(kind, body)


def test_the_epoch_of_the_wire_is_2000():
    assert envelope.EPOCH_S == EPOCH_S and NOW > EPOCH_S
