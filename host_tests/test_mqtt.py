"""The MQTT codec against the standard's own words: bytes by hand, any pieces, and rubbish."""

import os
import unittest

from shilling.mqtt import Client

BASE = b"shilling/9B0A1C2D3E4F5061"
DOWN = BASE + b"/down"
CONNACK, NEW = b"\x20\x02\x01\x00", b"\x20\x02\x00\x00"
SUBACK = b"\x90\x03\xff\xff\x01"
# 3.1.1 3.8: SUBSCRIBE, number 65535, DOWN with QoS 1; 3.3: 'online', retained, QoS 0
GREETING = (
    b"\x82\x23\xff\xff\x00\x1e" + DOWN + b"\x01"
    b"\x31\x2e\x00\x26" + BASE + b"/availability" + b"online"
)  # fmt: skip
FUZZ = int(getattr(os, "getenv", lambda name: "")("SHILLING_FUZZ") or 300)


def text(data):
    return len(data).to_bytes(2, "big") + data


def packet(head, content):
    size, length = len(content), b""
    while True:
        size, digit = size // 128, size % 128
        length += bytes([digit + (128 if size else 0)])
        if not size:
            return bytes([head]) + length + content


def message(payload, number=1, topic=DOWN, qos=1, more=0):
    content = text(topic) + (number.to_bytes(2, "big") if qos else b"") + payload
    return packet(0x30 | qos << 1 | more, content)


class MqttTest(unittest.TestCase):
    def setUp(self):
        self.taken = []
        self.ups = 0
        self.client = Client(BASE, ((DOWN, 1),), self.up, self.take)

    def up(self):
        self.ups += 1

    def take(self, topic, payload, retained):
        self.taken.append((topic, payload, retained))

    def sent(self):
        """What goes out now."""
        out, self.client.out = bytes(self.client.out), b""
        return out

    def connect(self, answer=NEW):
        self.client.connect("9B0A1C2D3E4F5061", "me", "secret")
        self.sent()
        self.assertTrue(self.client.feed(answer + SUBACK))


class Greeting(MqttTest):
    def test_connect_is_as_the_standard_has_it(self):
        self.client.connect("9B0A1C2D3E4F5061", "me", "secret")
        self.assertEqual(
            self.sent(),
            b"\x10\x59\x00\x04MQTT\x04\xec\x00\x3c"  # user, password, will: retained, QoS 1; 60 s
            + b"\x00\x109B0A1C2D3E4F5061\x00\x26" + BASE + b"/availability\x00\x07offline"
            b"\x00\x02me\x00\x06secret",
        )  # fmt: skip
        self.assertFalse(self.client.is_up())

    def test_let_in_it_asks_for_its_topics_and_says_that_it_is_there(self):
        self.connect()
        self.assertEqual((self.sent(), self.ups, self.client.is_up()), (GREETING, 1, True))

    def test_who_is_not_let_in_ends(self):
        for answer in (
            b"\x20\x02\x00\x05",
            b"\x20\x02\x02\x00",
            b"\x20\x03\0\0\0",
            b"\xd0\0",
            SUBACK,
        ):
            self.client.connect("a", "b", "c")
            self.assertFalse(self.client.feed(answer))
        self.assertEqual(self.ups, 0)

    def test_a_refused_topic_ends_it(self):
        self.connect()
        self.assertFalse(self.client.feed(b"\x90\x03\xff\xff\x80"))


class Incoming(MqttTest):
    def setUp(self):
        MqttTest.setUp(self)
        self.connect()
        self.sent()

    def test_a_message_is_taken_and_then_acknowledged(self):
        self.assertTrue(self.client.feed(message(b"pay", 0x1234)))
        self.assertEqual((self.taken, self.sent()), ([(DOWN, b"pay", 0)], b"\x40\x02\x12\x34"))
        self.assertTrue(self.client.feed(message(b"", qos=0, more=1) + message(b"x", 7, more=8)))
        self.assertEqual(self.taken[1:], [(DOWN, b"", 1), (DOWN, b"x", 0)])
        self.assertEqual(self.sent(), b"\x40\x02\x00\x07")

    def test_bytes_may_come_in_any_pieces(self):
        stream = b"".join([message(bytes(size), size + 1) for size in (0, 1, 93, 94, 95, 496)])
        stream += b"\xd0\x00" + message(bytes(700), 9, qos=0) + message(b"end", 10)
        for size in (1, 2, 3, 5, 64, 255, 5000):
            self.setUp()
            for at in range(0, len(stream), size):
                self.assertTrue(self.client.feed(stream[at : at + size]))
            self.assertEqual(
                [len(payload) for _, payload, _ in self.taken], [0, 1, 93, 94, 95, 496, 3]
            )
            self.assertEqual(len(self.sent()), 7 * 4)

    def test_a_packet_of_600_bytes_is_the_largest_that_is_kept(self):
        room = 600 - 2 - len(DOWN) - 2
        for size, count in ((room, 1), (room + 1, 0), (16384, 0), (3000000, 0)):
            self.setUp()
            stream = message(bytes(size), 5)
            for at in range(0, len(stream), 65536):
                self.assertTrue(self.client.feed(stream[at : at + 65536]))
            self.assertEqual((len(self.taken), self.sent()), (count, b"\x40\x02\x00\x05"))

    def test_what_the_standard_forbids_ends_it(self):
        for wrong in (
            b"\x00\x00", b"\xf0\x00", b"\x10\x00", b"\x50\x02\0\1", b"\x40\x01\0", b"\xd0\x01\0",
            b"\x90\x02\xff\xff", NEW, b"\x30\x00", b"\x30\x01\0", b"\x32\x03\0\1a", b"\x32\x04\0\1a\0",
            b"\x30\x04\0\3ab", message(b"", qos=2), message(b"", qos=3), b"\x30\xff\xff\xff\xff\x01",
            b"\x30\x80\x80\x80\x80",
        ):  # fmt: skip
            self.setUp()
            self.assertFalse(self.client.feed(wrong), wrong)
            self.assertEqual(self.taken, [])


class Outgoing(MqttTest):
    def setUp(self):
        MqttTest.setUp(self)
        self.connect()
        self.sent()

    def test_one_message_waits_for_its_own_answer(self):
        self.client.tell(BASE + b"/up", b"news")
        self.assertEqual(self.sent(), message(b"news", 1, BASE + b"/up"))
        self.assertTrue(self.client.feed(b"\x40\x02\x00\x02"))  # of another
        self.assertFalse(self.client.is_free())
        self.assertTrue(self.client.feed(b"\x40\x02\x00\x01"))
        self.assertTrue(self.client.is_free())

    def test_without_an_answer_it_goes_again_as_a_duplicate(self):
        self.client.tell(BASE + b"/up", b"news")
        for answer in (CONNACK, NEW):
            self.connect(answer)
            self.assertEqual(self.sent(), GREETING + message(b"news", 1, BASE + b"/up", more=8))
        self.client.feed(b"\x40\x02\x00\x01")
        self.connect()
        self.assertEqual(self.sent(), GREETING)

    def test_numbers_are_never_0_nor_that_of_the_topics(self):
        seen = bytearray(65536)
        for _ in range(65600):
            self.client.tell(b"t", b"")
            number = self.sent()[-2:]
            seen[number[0] << 8 | number[1]] = 1
            self.client.feed(b"\x40\x02" + number)
        self.assertEqual(
            (seen[0], seen[1], seen[65534], seen[65535], sum(seen)), (0, 1, 1, 0, 65534)
        )

    def test_a_large_message_goes_in_pieces_with_its_length_before(self):
        for size in (127, 128, 16383, 16384, 20000):
            self.client.publish(b"topic", size - 7)
            for at in range(0, size - 7, 400):
                self.client.piece(bytes(min(400, size - 7 - at)))
            self.assertEqual(self.client.body, 0)
            self.assertEqual(self.sent(), message(bytes(size - 7), topic=b"topic", qos=0, more=1))


class Time(MqttTest):
    def setUp(self):
        MqttTest.setUp(self)
        self.connect()
        self.sent()

    def poll_for(self, ms):
        """-> (what went out, whether somebody is there)."""
        out = b""
        for _ in range(ms // 100):
            if not self.client.poll(100):
                return out, False
            out += self.sent()
        return out, True

    def test_it_pings_before_a_minute_is_over_and_wants_an_answer(self):
        self.assertEqual(self.poll_for(44900), (b"", True))
        self.assertEqual(self.poll_for(100), (b"\xc0\x00", True))
        self.assertTrue(self.client.feed(b"\xd0\x00"))
        self.assertEqual(self.poll_for(45000), (b"\xc0\x00", True))
        self.assertEqual(self.poll_for(20000), (b"", False))

    def test_a_message_wants_its_answer_within_20_s(self):
        self.client.tell(b"t", b"x")
        self.sent()
        self.assertEqual(self.poll_for(19800), (b"", True))
        self.assertEqual(self.poll_for(200), (b"", False))

    def test_bytes_that_nobody_takes_end_it(self):
        self.client.publish(b"t", 3)
        self.client.piece(b"abc")
        ended = [self.client.poll(1000) for _ in range(20)]
        self.assertEqual(ended, [True] * 19 + [False])

    def test_no_ping_comes_between_the_pieces_of_a_message(self):
        self.client.publish(b"t", 9)
        out = self.sent()
        for _ in range(40):
            self.client.poll(
                1000
            )  # 20 s without an answer is for who waits for one: not asked here
            out += self.sent()
        self.assertNotIn(b"\xc0\x00", out)


class Rubbish(MqttTest):
    """Nothing that comes raises, and nothing of it grows."""

    def dice(self, below):
        self.seed = self.seed * 16807 % 2147483647
        return self.seed % below

    def stream(self):
        """Packets that may be right, some bytes of them changed, cut or doubled."""
        made = b""
        for _ in range(1 + self.dice(4)):
            kind = self.dice(5)
            if kind == 0:
                made += message(bytes(self.dice(700)), self.dice(65536), qos=self.dice(4))
            elif kind == 1:
                made += bytes([self.dice(256) for _ in range(self.dice(12))])
            else:
                made += (NEW, SUBACK, b"\xd0\x00", b"\x40\x02\x00\x01")[self.dice(4)]
        made = bytearray(made)
        for _ in range(self.dice(4)):
            if made:
                made[self.dice(len(made))] = self.dice(256)
        return bytes(made)

    def test_it_is_survived(self):
        self.seed = 20261120
        ended = 0
        for _ in range(FUZZ):
            self.setUp()
            if self.dice(4):
                self.connect()
            else:
                self.client.connect("a", "b", "c")
            if self.dice(2):
                self.client.tell(b"t", b"x")
            stream = self.stream()
            at = 0
            while at < len(stream):
                size = 1 + self.dice(300)
                if not self.client.feed(stream[at : at + size]):
                    ended += 1
                    break
                at += size
            for topic, payload, _ in self.taken:
                self.assertTrue(len(topic) + len(payload) <= 600)
            self.connect()  # and a new connection begins afresh
            self.taken = []
            self.sent()
            self.assertTrue(self.client.feed(message(b"pay", 3)))
            self.assertEqual(self.taken, [(DOWN, b"pay", 0)])
        self.assertTrue(ended > FUZZ // 8)


if __name__ == "__main__":
    unittest.main()
