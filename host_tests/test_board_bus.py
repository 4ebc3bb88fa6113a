"""The I2C bus: held low it costs the meter no time, is freed if clocks free it, and is said to be held."""

import unittest

import boot
import virtual_time
from variants import start

MOST_REST_MS = 30000
LONGEST_MS = 1700  # one transfer into a held bus, should it be held in its middle


class Held(unittest.TestCase):
    def setUp(self):
        self.w, self.board = start({})
        self.board.show("12345678")

    def poll_for(self, ms):
        """-> the ms that the bus cost."""
        end_ms = self.w.t_ms + ms
        cost_ms = 0
        while self.w.t_ms < end_ms:
            virtual_time.sleep_ms(100)
            before = self.w.t_ms
            self.board.elapsed_ms()
            self.board.show("at %d" % self.w.t_ms)
            self.board.rtc_read()
            cost_ms += self.w.t_ms - before
        return cost_ms

    def test_a_line_that_is_low_blocks_nothing(self):
        for name in ("SCL", "SDA"):
            self.w.hold_line(name)
            self.poll_for(60000)
            self.assertEqual(self.w.bus.blocked_ms, 0)
            self.assertIn(name + " low", self.board.notes)
            self.w.free_line(name)
            self.poll_for(31000)
            self.assertEqual(self.board.notes, [])

    def test_it_is_looked_at_after_1_s_and_ever_more_rarely_up_to_30_s(self):
        self.w.hold_line("SDA")
        seen = []  # when the clock line moved
        rise = self.w.bus._clocked
        self.w.bus._clocked = lambda: (seen.append(self.w.t_ms // 1000), rise())
        self.poll_for(150000)
        tries = []
        for second in seen:
            if not tries or second - tries[-1] > 0:
                tries.append(second)
        gaps = [tries[i + 1] - tries[i] for i in range(len(tries) - 1)]
        self.assertEqual(len(seen), 9 * len(tries))  # nine clocks each time
        for gap, rest in zip(gaps, (1, 2, 4, 8, 16, 30, 30, 30)):
            self.assertTrue(rest <= gap <= rest + 1, gaps)

    def test_nine_clocks_free_a_chip_that_hangs_in_a_byte(self):
        for clocks in (1, 8, 9):
            self.w.hold_line("SDA", clocks)
            self.assertTrue(self.board.show("free %d" % clocks))
            self.assertEqual((self.w.text(), self.board.notes), ("free %d" % clocks, []))
        self.assertEqual(self.w.bus.blocked_ms, 0)
        self.assertEqual(self.board.rtc_read(), 0)

    def test_all_comes_back_within_30_s(self):
        self.w.hold_line("SDA")
        self.poll_for(200000)
        self.w.free_line("SDA")
        self.poll_for(MOST_REST_MS + 1100)
        self.assertEqual((self.board.notes, self.board.rtc_read()), ([], 0))

    def test_a_transfer_that_takes_long_rests_the_bus(self):
        taken = []
        begin = self.w.bus.begin

        def stretched(addr, *rest):  # a chip that holds SCL from the middle of a byte on
            taken.append(addr)
            self.w.sleep(LONGEST_MS)
            raise OSError(116)

        self.w.bus.begin = stretched
        self.assertFalse(self.board.show("stretch"))
        self.assertEqual(len(taken), 1)  # the other display is not tried after it
        self.assertEqual(self.board.rtc_read(), 2)
        self.assertIn("I2C hung", self.board.notes)
        self.poll_for(60000)
        self.assertTrue(len(taken) <= 7, taken)
        self.w.bus.begin = begin
        self.poll_for(31000)
        self.assertEqual(self.board.notes, [])

    def test_a_start_with_the_bus_held_comes_up_at_once(self):
        for name in ("SCL", "SDA"):
            self.w.hold_line(name)
            before = self.w.t_ms
            board = boot.board_class()()
            self.assertTrue(self.w.t_ms - before <= 30)
            self.assertIn(name + " low", board.notes)
            self.assertIn("No clock", board.notes)
            self.w.free_line(name)


class Absent(unittest.TestCase):
    def test_chips_that_are_absent_do_not_rest_the_bus(self):
        w, board = start({})
        for address in (0x70, 0x71):
            w.unplug(address)
        self.assertFalse(board.show("nobody"))
        self.assertEqual(board.rtc_read(), 0)
        self.assertEqual(board.notes, ["No display 1", "No display 2"])

    def test_a_start_asks_each_address_once_and_scans_none(self):
        w, _ = start({})
        self.assertEqual(sorted(w.bus.by_address), [0x68, 0x70, 0x71])


if __name__ == "__main__":
    unittest.main()
