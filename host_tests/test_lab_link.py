"""The lab port's `link`: packets of the head-end go in, the meter's come out, in a test and live."""

import hashlib
import struct
import unittest

from lab_bench import LIVE_MP, Bench, ask, new
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET

ANSWER, STATE = 1, 2
TOP_UP, TEXT, READ_REGISTERS = 1, 13, 128
KEYS = {"meter_id": TEST_METER, "originator_id": TEST_ORIGINATOR, "secret": TEST_SECRET}
POUND = 100000
WRONG = (
    ({"packet": 5}, "packet must be hex, at most 496 bytes"),
    ({"packet": None}, "packet must be hex, at most 496 bytes"),
    ({"packet": "00" * 497}, "packet must be hex, at most 496 bytes"),
    ({"packet": "0g"}, "packet must be hex"),
)  # fmt: skip


class Wire:
    """Knows whose packets it carried last."""

    link = None
    polls = 0

    def tend(self, link, elapsed_ms):
        self.link = link
        self.polls += 1

    def next_ms(self):
        return 1000


def hmac(key, data):
    """RFC 2104 with SHA-256; the key is shorter than a block."""
    key += bytes(64 - len(key))
    inner = hashlib.sha256(bytes([each ^ 0x36 for each in key]) + data).digest()
    return hashlib.sha256(bytes([each ^ 0x5C for each in key]) + inner).digest()


def sealed(kind, number, body=b""):
    """A packet of the head-end, as SPEC.md 9 has it."""
    head = b"\1" + TEST_METER + TEST_ORIGINATOR + struct.pack(">IIIB", number, 0, 0, kind)
    return head + body + hmac(hmac(TEST_SECRET, b"SHILLING-LINK-1 down"), head + body)[:16]


def opened(packet):
    """(kind, body) of a packet of the meter; its MAC must be right."""
    packet = bytes([int(packet[at : at + 2], 16) for at in range(0, len(packet), 2)])
    mac = hmac(hmac(TEST_SECRET, b"SHILLING-LINK-1 up"), packet[:-16])[:16]
    if packet[-16:] != mac or packet[1:9] != TEST_METER:
        raise ValueError("not of this meter")
    return packet[29], packet[30:-16]


def in_hex(**settings):
    """The settings of a meter that has the test keys."""
    given = {name: KEYS[name].hex() for name in KEYS}
    given.update(settings)
    return given


def in_parts(packet):
    """The requests that bring a packet: it is longer than a line."""
    text = '{"do": "link", "packet": "%s"}' % packet.hex()
    for at in range(0, len(text), 200):
        last = {"last": 1} if at + 200 >= len(text) else {}
        yield ask("part", text=text[at : at + 200], **last)


class Link(unittest.TestCase):
    def test_the_first_packet_is_the_state_and_then_there_is_nothing_more(self):
        def script():
            yield new(**in_hex(balance_mp=5 * POUND))
            packets = (yield ask("link"))["packets"]
            seen.append([opened(each) for each in packets])
            seen.append((yield ask("link"))["packets"])

        seen = []
        Bench().run(script())
        self.assertEqual([kind for kind, _ in seen[0]], [STATE])
        self.assertEqual(struct.unpack_from(">i", seen[0][0][1], 12)[0], 5 * POUND)
        self.assertEqual(seen[1], [])

    def test_an_order_is_carried_out_once_and_answered_with_the_balance_after_it(self):
        def script():
            yield new(**in_hex(balance_mp=5 * POUND))
            yield ask("link")
            packet = sealed(TOP_UP, 7, struct.pack(">i", 10 * POUND)).hex()
            for _ in range(2):
                answer = yield ask("link", packet=packet)
                seen.append(opened(answer["packets"][0]))
            yield ask("wait", ms=0)
            seen.append((yield ask("observe"))["state"]["balance_mp"])

        seen = []
        Bench().run(script())
        told = [(kind, struct.unpack(">BIBiB", body)) for kind, body in seen[:2]]
        self.assertEqual(told[0], (ANSWER, (TOP_UP, 7, 0, 15 * POUND, 0)))
        self.assertEqual(told[1], (ANSWER, (TOP_UP, 7, 0, 15 * POUND, 1)))  # repeated
        self.assertEqual(seen[2], 15 * POUND)

    def test_a_packet_with_one_bit_turned_does_nothing_and_is_not_answered(self):
        def script():
            yield new(**in_hex(balance_mp=5 * POUND))
            yield ask("link")
            packet = bytearray(sealed(TOP_UP, 7, struct.pack(">i", 10 * POUND)))
            packet[-1] ^= 1
            seen.append((yield ask("link", packet=bytes(packet).hex()))["packets"])
            answer = yield ask("wait", ms=0)
            seen.append(answer["alerts"])
            seen.append((yield ask("observe"))["state"]["balance_mp"])

        seen = []
        Bench().run(script())
        self.assertEqual(seen, [[], [0x8F63], 5 * POUND])

    def test_the_longest_packet_fits_in_parts(self):
        def script():
            yield new(**in_hex())
            yield ask("link")
            packet = sealed(255, 1, bytes(450))
            self.assertEqual(len(packet), 496)
            for request in in_parts(packet):
                answer = yield request
            seen.append(answer["packets"])
            seen.append((yield ask("wait", ms=0))["alerts"])

        seen = []
        Bench().run(script())
        self.assertEqual(seen, [[], [0x8F63]])  # there is no such kind

    def test_what_is_no_packet_is_refused_before_the_meter_sees_it(self):
        def script():
            yield new(**in_hex())
            for fields, why in WRONG:
                answer = yield ask("link", **fields)
                self.assertEqual((answer["ok"], answer["error"]), (False, why))
            self.assertEqual((yield ask("wait", ms=0))["alert_count"], 0)

        Bench().run(script())

    def test_registers_are_read_and_a_text_is_shown(self):
        def script():
            yield new(**in_hex())
            yield ask("link")
            answer = yield ask("link", packet=sealed(READ_REGISTERS, 0).hex())
            seen.append(opened(answer["packets"][0])[0])
            yield ask("link", packet=sealed(TEXT, 1, b"HELLO").hex())
            found = []
            for _ in range(20):
                yield ask("wait", ms=1000)
                found.append((yield ask("text"))["text"])
            seen.append("HELLO" in " ".join(found))

        seen = []
        Bench().run(script())
        self.assertEqual(seen, [4, True])

    def test_live_it_is_the_real_meter_and_after_a_test_it_is_so_again(self):
        def script():
            packet = sealed(TOP_UP, 1, struct.pack(">i", POUND)).hex()
            yield ask("link", packet=packet)
            yield ask("wait", ms=20)
            seen.append((yield ask("observe"))["state"]["balance_mp"])
            yield new(**in_hex(balance_mp=5 * POUND))
            yield ask("link", packet=packet)
            yield ask("wait", ms=0)
            seen.append((yield ask("observe"))["state"]["balance_mp"])
            yield ask("end")
            answer = yield ask("link", packet=packet)
            seen.append(struct.unpack(">BIBiB", opened(answer["packets"][0])[1]))
            seen.append((yield ask("observe"))["state"]["balance_mp"])

        seen = []
        Bench(**KEYS).run(script())
        self.assertEqual(seen[:2], [LIVE_MP + POUND, 6 * POUND])
        self.assertEqual(seen[2], (TOP_UP, 1, 0, LIVE_MP + POUND, 1))  # the number is used already
        self.assertEqual(seen[3], LIVE_MP + POUND)

    def test_a_test_is_not_on_the_wire_and_after_it_the_real_meter_is(self):
        def script():
            wire = bench.app.board.wire = Wire()
            yield new(**in_hex(balance_mp=5 * POUND))
            yield ask("link")
            yield ask("wait", ms=60000)
            self.assertEqual(wire.polls, 0)
            yield ask("end")
            yield ask("wait", ms=20)
            self.assertTrue(wire.link is bench.app.link)
            self.assertEqual(wire.link.meter.account.balance_mp, LIVE_MP)

        bench = Bench(**KEYS)
        bench.run(script())

    def test_two_starts_have_two_sessions(self):
        def script():
            sessions = []
            for _ in range(2):
                yield new(**in_hex())
                packet = (yield ask("link"))["packets"][0]
                sessions.append(struct.unpack_from(">I", opened(packet)[1])[0])
            self.assertNotEqual(sessions[0], sessions[1])

        Bench().run(script())


if __name__ == "__main__":
    unittest.main()
