"""The wire when something breaks: it comes back by itself, and loses nothing."""

import unittest

from wire_bench import ADDRESS, ID, UP_MS, WireTest


class Broken(WireTest):
    def test_what_had_no_answer_goes_again_marked_under_its_number(self):
        self.poll_for(UP_MS)
        self.broker.answers = False
        self.link.packets = [b"1" * 46]
        self.poll_for(500)
        self.broker.answers = True
        self.broker.lines[0].reset()
        self.poll_for(3000)
        sent = [
            (payload, dup) for _, topic, payload, _, _, dup in self.broker.heard if "up" in topic
        ]
        self.assertEqual(sent, [(b"1" * 46, False), (b"1" * 46, True)])
        self.link.packets = [b"2" * 46]
        self.poll_for(500)
        self.assertEqual(self.heard()[-1], b"2" * 46)

    def test_a_packet_that_came_while_it_was_away_is_there_when_it_is_back(self):
        self.poll_for(UP_MS)
        self.broker.lines[0].reset()
        self.broker.publish("shilling/%s/down" % ID, b"x" * 50)
        self.poll_for(3000)
        self.assertEqual(self.link.taken, [b"x" * 50])

    def test_a_broker_that_vanished_is_noticed_within_70_s(self):
        self.poll_for(UP_MS)
        for stream in self.ether.streams:
            stream.vanish()
        self.poll_for(70000, 100)
        self.assertEqual(len(self.broker.lines), 2)
        self.assertTrue(self.is_up())

    def test_a_quiet_connection_is_kept_for_hours(self):
        self.poll_for(4 * 3600000, 1000)
        self.assertEqual(len(self.broker.lines), 1)
        pings = self.broker.lines[0].packets.count(0xC0)
        self.assertTrue(4 * 3600 // 60 <= pings <= 4 * 3600 // 40)

    def test_it_tries_again_later_and_later_up_to_5_to_7_minutes(self):
        del self.ether.servers[ADDRESS, 1883]
        tries, before = [], 0
        while self.w.t_ms < 3600000:
            self.poll_for(100, 100)
            if self.ether.tried > before:
                before = self.ether.tried
                tries.append(self.w.t_ms)
        gaps = [tries[i + 1] - tries[i] for i in range(len(tries) - 1)]
        for i, gap in enumerate(gaps):
            least = min(1000 << i, 300000)
            self.assertTrue(least <= gap <= least * 3 // 2 + 500, (i, gap))
        self.assertTrue(len(gaps) >= 12)

    def test_after_a_minute_of_quiet_the_first_try_comes_soon(self):
        for _ in range(8):
            self.poll_for(70000, 100)
            self.assertTrue(self.is_up())
            self.broker.lines[-1].reset()
        self.poll_for(2500)
        self.assertTrue(self.is_up())

    def test_a_wrong_password_a_refused_topic_and_silence_are_tried_again_and_noted(self):
        for name, value in (("users", {}), ("refuses_topics", True), ("answers", False)):
            self.begin({})
            good = getattr(self.broker, name)
            setattr(self.broker, name, value)
            self.poll_for(60000, 50)
            self.assertIn("No link", self.board.notes)
            self.assertTrue(2 <= len(self.broker.lines) <= 8)
            setattr(self.broker, name, good)
            self.poll_for(100000, 50)
            self.assertTrue(self.is_up())
            self.assertNotIn("No link", self.board.notes)

    def test_an_address_that_does_not_even_refuse_is_given_up(self):
        self.ether.silent.add(ADDRESS)
        self.poll_for(40000, 50)
        self.assertIn("No link", self.board.notes)
        self.ether.silent.clear()
        self.poll_for(40000, 50)
        self.assertTrue(self.is_up())

    def test_a_board_that_never_joins_says_so(self):
        self.ether.set_there(False)
        self.poll_for(9000)
        self.assertNotIn("No link", self.board.notes)
        self.poll_for(2000)
        self.assertEqual(self.board.notes.count("No link"), 1)
        self.ether.set_there(True)
        self.poll_for(UP_MS)  # and is there as soon as it can be
        self.assertTrue(self.is_up())

    def test_without_an_access_point_it_waits_and_comes_back(self):
        self.poll_for(UP_MS)
        self.ether.set_there(False)
        self.link.packets = [bytes([i]) * 46 for i in range(3)]
        self.poll_for(3600000, 500)
        self.ether.set_there(True)
        self.poll_for(60000, 50)
        self.assertTrue(self.is_up())
        self.assertEqual(sorted(set(self.heard())), [bytes([i]) * 46 for i in range(3)])

    def test_a_line_that_loses_a_third_loses_no_packet(self):
        self.ether.lost_in_1000 = 330
        packets = [bytes([i]) * (46 + i) for i in range(30)]
        self.link.packets = list(packets)
        for i in range(30):
            self.poll_for(20000, 50)
            self.broker.publish("shilling/%s/down" % ID, packets[i])
        self.poll_for(200000, 50)
        seen = []
        for packet in self.heard():
            if packet not in seen:
                seen.append(packet)
        self.assertEqual(seen, packets)
        for packet in packets:
            self.assertIn(packet, self.link.taken)

    def test_what_is_no_mqtt_ends_the_connection_and_nothing_else(self):
        for rubbish in (
            b"\0\0",  # no such packet
            b"HTTP/1.1 400 Bad Request\r\n\r\n" * 8,
            b"\x32\xff\xff\xff\xff",  # a length of more than four bytes
            b"\x34\x07\0\1a\0\1xx",  # QoS 2
            b"\x32\x04\0\3ab",  # ends within its topic
            b"\x20\x02\0\0",  # a second CONNACK
        ):
            self.begin({})
            self.poll_for(UP_MS)
            self.broker.lines[0].peer.send(rubbish)
            self.poll_for(3000)
            self.assertEqual(len(self.broker.lines), 2)
            self.assertTrue(self.is_up())
            self.assertEqual(self.link.taken, [])

    def test_a_meter_that_was_switched_off_is_told_of_by_its_will(self):
        self.poll_for(UP_MS)
        self.broker.lines[0].lost()
        self.assertEqual(self.broker.retained["shilling/%s/availability" % ID], b"offline")
        self.assertEqual(self.heard("availability"), [b"online"])


if __name__ == "__main__":
    unittest.main()
