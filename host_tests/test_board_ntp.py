"""The time from the network: taken when it can be believed, kept a day, and never waited for."""

import unittest

import virtual_time
from variants import DAY, SECOND, WIFI, start

GIVEN = {"clock": "ntp", "wifi": WIFI}
HOUR_MS = 3600000
POLL_MS = 5
JOIN_MS = 4000  # joining, a name and an answer
SERVER = "192.0.2.123"


class NetworkTime(unittest.TestCase):
    def setUp(self):
        self.w, self.board = start(GIVEN, jump=False)
        self.ether = self.w.ether()
        self.server = self.ether.times[SERVER]

    def poll_for(self, ms, step_ms=POLL_MS):
        end_ms = self.w.t_ms + ms
        while self.w.t_ms < end_ms:
            virtual_time.sleep_ms(step_ms)
            self.board.elapsed_ms()

    def off_ms(self):
        """-> how far the board's second is from the true time, in ms, edge against edge."""
        self.assertEqual(self.board.rtc_read(), 0)
        before = self.board.rtc_second
        while self.board.rtc_second == before:
            self.poll_for(POLL_MS)
            self.assertEqual(self.board.rtc_read(), 0)
        day, second = self.w.utc()
        ms = self.w.t_ms % 1000
        seconds = (self.board.rtc_day - day) * 86400 + self.board.rtc_second - second
        return seconds * 1000 - ms

    def test_it_has_no_time_until_an_answer_came_and_then_the_true_one(self):
        self.assertEqual(self.board.rtc_read(), 1)
        self.poll_for(JOIN_MS)
        self.assertTrue(abs(self.off_ms()) <= 30)
        self.assertEqual(self.board.notes, [])

    def test_half_of_the_way_there_and_back_is_allowed_for(self):
        self.ether.way_ms = 300
        self.poll_for(JOIN_MS + 1000)
        self.assertTrue(abs(self.off_ms()) <= 30)

    def test_polls_are_never_held_up(self):
        for broken in ("", "is_there", "answers_names"):
            if broken:
                setattr(self.ether, broken, False)
            for _ in range(2000):
                before = self.w.t_ms
                self.board.elapsed_ms()
                self.board.rtc_read()
                self.assertEqual(self.w.t_ms, before)
                virtual_time.sleep_ms(50)

    def test_it_asks_once_an_hour_and_keeps_time_between(self):
        self.poll_for(JOIN_MS)
        for _ in range(3):
            self.poll_for(HOUR_MS - 10000, 1000)
            self.assertTrue(abs(self.off_ms()) <= 30)
            self.poll_for(10000)
        questions = [at for at, _, port, _ in self.ether.sent if port == 123]
        self.assertEqual(len(questions), 4)
        for i in range(3):
            self.assertTrue(HOUR_MS <= questions[i + 1] - questions[i] <= HOUR_MS + 1000)

    def test_a_poll_that_comes_late_does_not_take_the_answer(self):
        self.poll_for(JOIN_MS)
        self.poll_for(2 * HOUR_MS, 900)
        self.assertTrue(abs(self.off_ms()) <= 30)

    def test_questions_are_asked_more_and_more_rarely_while_nobody_answers(self):
        self.server.is_silent = True
        self.poll_for(3200000, 50)
        at = [sent // 1000 for sent, _, port, _ in self.ether.sent if port == 123]
        gaps = [at[i + 1] - at[i] for i in range(len(at) - 1)]
        self.assertEqual(len(gaps), 8)
        for gap, least in zip(gaps, (16, 32, 64, 128, 256, 512, 1024, 1024)):
            self.assertTrue(least <= gap <= least + 5, gaps)
        self.assertEqual(self.board.rtc_read(), 1)

    def test_what_cannot_be_believed_is_not_taken(self):
        for name, value in (
            ("echoes", False), ("leap", 3), ("stratum", 0), ("stratum", 16), ("size", 40),
            ("late_ms", 1500), ("offset_s", -86400 * 400), ("offset_s", 86400 * 365 * 80),
        ):  # fmt: skip
            with self.subTest(name=name, value=value):
                self.setUp()
                setattr(self.server, name, value)
                self.poll_for(12000)
                self.assertEqual(self.board.rtc_read(), 1)

    def test_10_it_moves_the_time_by_60_s_a_day_at_the_most(self):
        self.poll_for(JOIN_MS)
        self.server.offset_s = 86400 * 300
        self.poll_for(3 * HOUR_MS, 100)
        self.assertTrue(abs(self.off_ms()) <= 600)  # however often it is said
        self.server.offset_s = 40
        self.poll_for(2 * HOUR_MS, 100)
        self.assertTrue(abs(self.off_ms() - 40000) <= 600)
        self.server.offset_s = 80
        self.poll_for(2 * HOUR_MS, 100)
        self.assertTrue(abs(self.off_ms() - 40000) <= 600)  # 40 more on that day are too much
        self.poll_for(20 * HOUR_MS, 100)
        self.assertTrue(abs(self.off_ms() - 80000) <= 600)

    def test_10_whoever_goes_on_telling_too_much_leaves_no_time(self):
        self.poll_for(JOIN_MS)
        self.server.offset_s = 1200
        self.poll_for(24 * HOUR_MS + 10000, 1000)
        self.assertEqual(self.board.rtc_read(), 1)
        self.server.offset_s = 0
        self.poll_for(HOUR_MS, 100)
        self.assertEqual(self.board.rtc_read(), 0)
        self.assertTrue(abs(self.off_ms()) <= 1100)

    def test_a_day_without_an_answer_the_time_is_worth_nothing(self):
        self.poll_for(JOIN_MS)
        self.ether.set_there(False)
        self.poll_for(23 * HOUR_MS, 10000)
        self.assertEqual(self.board.rtc_read(), 0)
        self.poll_for(HOUR_MS, 10000)
        self.assertEqual(self.board.rtc_read(), 1)
        self.ether.set_there(True)
        self.poll_for(1100000, 1000)
        self.poll_for(20000)
        self.poll_for(1040000, 50)
        self.assertEqual(self.board.rtc_read(), 0)

    def test_an_authority_can_set_it(self):
        self.ether.set_there(False)
        self.poll_for(POLL_MS)
        self.assertTrue(self.board.rtc_set(DAY + 1, SECOND))
        self.poll_for(2000)
        self.assertEqual(self.board.rtc_read(), 0)
        self.assertEqual((self.board.rtc_day, self.board.rtc_second), (DAY + 1, SECOND + 2))

    def test_an_address_needs_no_name_server(self):
        given = {"clock": "ntp", "wifi": dict(WIFI)}
        given["wifi"]["ntp"] = SERVER
        self.w, self.board = start(given, jump=False)
        self.w.ether().answers_names = False
        self.poll_for(JOIN_MS)
        self.assertEqual(self.board.rtc_read(), 0)


class Packets(unittest.TestCase):
    """RFC 5905 and RFC 1035, by hand."""

    def setUp(self):
        start(GIVEN)  # ntp is loaded with it
        import ntp

        self.ntp = ntp

    def test_seconds_since_1900_are_days_and_seconds(self):
        for seconds, day, second in (
            (3155673600, 0, 0),  # 2000-01-01
            (4294967295, 13186, 23295),  # 2036-02-07, the last of the era
            (0, 13186, 23296),  # and the first of the next one
            (4004121600, 9820, 0),  # 2026-11-20
            (2016 * 86400, 15202, 23296),  # in the next era
        ):
            stamp = bytes([seconds >> shift & 0xFF for shift in (24, 16, 8, 0)])
            self.assertEqual(self.ntp.utc_of(bytes(40) + stamp + bytes(4)), (day, second))

    def test_every_part_of_both_eras_is_taken_apart_right(self):
        for seconds in range(674 * 65536, 1 << 32, 7919 * 1021):
            since_1900 = seconds if seconds >> 31 else seconds + (1 << 32)
            stamp = bytes([seconds >> shift & 0xFF for shift in (24, 16, 8, 0)])
            expected = (since_1900 // 86400 - 36524, since_1900 % 86400)
            self.assertEqual(self.ntp.utc_of(bytes(40) + stamp + bytes(4)), expected)

    def test_an_answer_of_a_name_server_gives_its_first_address(self):
        head = b"\x12\x34\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00"
        asked = b"\x04pool\x03ntp\x03org\x00\x00\x01\x00\x01"
        alias = b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x04\x01a\xc0\x11"
        record = b"\x01a\xc0\x11\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01"
        whole = head + asked + alias + record
        self.assertEqual(self.ntp.address_of(whole, b"\x12\x34"), "192.0.2.1")
        self.assertEqual(self.ntp.address_of(whole, b"\x12\x35"), "")
        for end in range(len(whole)):  # cut anywhere, it is no answer and no error
            self.assertEqual(self.ntp.address_of(whole[:end], b"\x12\x34"), "")
        no_such_name = head[:3] + b"\x83" + head[4:]
        self.assertEqual(self.ntp.address_of(no_such_name + asked, b"\x12\x34"), "")


if __name__ == "__main__":
    unittest.main()
