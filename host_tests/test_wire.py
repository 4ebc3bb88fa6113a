"""The wire on the simulated network: it gets there, carries packets whole, and holds up no poll."""

import hashlib
import unittest

from variants import WIFI, start
from wire_bench import ADDRESS, GIVEN, ID, SECRET, UP_MS, App, Link, WireTest


class Up(WireTest):
    def test_it_says_who_it_is_and_that_it_is_there(self):
        self.poll_for(UP_MS)
        self.assertTrue(self.is_up())
        self.assertEqual(
            self.broker.lines[0].will, ("shilling/%s/availability" % ID, b"offline", True)
        )
        self.assertEqual(self.broker.retained, {"shilling/%s/availability" % ID: b"online"})
        self.assertEqual(self.broker.sessions[ID].topics, {"shilling/%s/down" % ID: 1})
        self.assertEqual(self.board.notes, ["No TLS"])
        self.assertFalse(self.wire.tls)

    def test_packets_go_both_ways_whole_and_in_order(self):
        for segment in (1436, 1, 7, 100):
            self.begin({})
            self.ether.segment = segment
            packets = [bytes([i]) * (46 + 64 * i) for i in range(8)]
            self.link.packets = list(packets)
            self.poll_for(UP_MS)
            for packet in packets:
                self.broker.publish("shilling/%s/down" % ID, packet)
            self.poll_for(4000)
            self.assertEqual(self.link.taken, packets)
            self.assertEqual(self.heard(), packets)
            self.assertEqual(self.broker.sessions[ID].waiting, [])  # all were acknowledged

    def test_one_packet_is_on_its_way_at_a_time(self):
        self.poll_for(UP_MS)
        self.broker.answers = False
        self.link.packets = [b"1" * 46, b"2" * 46]
        self.poll_for(2000)
        self.assertEqual((self.heard(), len(self.link.packets)), ([b"1" * 46], 1))

    def test_user_and_password_are_the_id_and_of_the_secret_unless_they_are_given(self):
        key = b"SHILLING-LINK-1 mqtt"
        inner = hashlib.sha256(bytes([byte ^ 0x36 for byte in SECRET + bytes(32)]) + key).digest()
        outer = bytes([byte ^ 0x5C for byte in SECRET + bytes(32)]) + inner
        password = hashlib.sha256(outer).digest().hex()[:32]
        for more, users in (
            ({}, {ID: password}),
            ({"user": "me", "password": "x"}, {"me": "x"}),
        ):
            self.begin(more)
            self.broker.users = users
            self.poll_for(UP_MS)
            self.assertTrue(self.is_up())

    def test_a_message_that_is_too_large_is_no_packet_and_ends_nothing(self):
        self.poll_for(UP_MS)
        for size in (590, 5000, 100000):
            self.broker.publish("shilling/%s/down" % ID, bytes(size))
        self.broker.publish("shilling/%s/down" % ID, b"a" * 496)
        self.poll_for(10000)
        self.assertEqual([packet for packet in self.link.taken if len(packet) < 497], [b"a" * 496])
        self.assertTrue(len(self.link.taken) <= 2)
        self.assertEqual((self.broker.sessions[ID].waiting, len(self.broker.lines)), ([], 1))

    def test_a_name_is_looked_up_without_waiting(self):
        for name, asked in (("broker.example", "192.168.4.1"), ("hub.local", "224.0.0.251")):
            self.begin({"host": name})
            self.ether.names[name] = ADDRESS
            self.poll_for(UP_MS)
            self.assertTrue(self.is_up())
            self.assertIn(asked, [address for _, address, _, _ in self.ether.sent])

    def test_a_name_that_nobody_knows_is_asked_for_again(self):
        self.begin({"host": "broker.example"})
        self.poll_for(30000)
        self.assertIn("No link", self.board.notes)
        self.ether.names["broker.example"] = ADDRESS
        self.poll_for(60000)
        self.assertTrue(self.is_up())


class WithClock(WireTest):
    def begin(self, more):
        WireTest.begin(self, more)
        self.w, self.board = start(
            {"wifi": WIFI, "clock": "ntp", "mqtt": GIVEN["mqtt"]}, jump=False
        )
        self.board.mark = 1
        self.w.ether().servers[ADDRESS, 1883] = self.broker.accept
        self.wire, self.link = self.board.wire, Link(App(self.board))

    def test_the_clock_from_the_network_shares_the_radio(self):
        for _ in range(UP_MS // 10):
            self.poll_for(10)
            self.board.elapsed_ms()
        self.assertEqual((self.board.rtc_read(), self.is_up()), (0, True))


if __name__ == "__main__":
    unittest.main()
