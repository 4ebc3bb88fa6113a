"""The driver of the clock chip: every day of the century; what a bad chip says is no time."""

import unittest

import boot
import world

Board = boot.board_class()
LAST_DAY = 36524  # 2099-12-31
CLOCK = 0x68


class Registers:
    """A clock chip that holds just these registers, for what the real one never says."""

    def __init__(self, *values):
        self.values = bytearray(16)
        self.values[: len(values)] = bytes(values)

    def i2c_write(self, data):
        self.pointer = data[0]

    def i2c_read(self, buf):
        buf[:] = self.values[self.pointer : self.pointer + len(buf)]


class ClockTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9820, 39600)
        self.board = Board()

    def test_every_day_of_the_century_is_set_and_read_back(self):
        step = 1 if hasattr(ClockTest, "__mro__") else 29  # the VMs have no __mro__ and less time
        days = list(range(0, LAST_DAY, step)) + [LAST_DAY, 58, 59, 60, 365, 366, 1460, 1461]
        for day in days:
            second = day * 7919 % 86400
            self.board.rtc_set(day, second)
            self.assertEqual(self.board.rtc_read(), 0)
            self.assertEqual((self.board.rtc_day, self.board.rtc_second), (day, second))

    def test_known_days_stand_in_the_registers(self):
        for day, second, weekday, date, month, year in (
            (0, 0, 6, 0x01, 0x01, 0x00),
            (9820, 39600, 5, 0x20, 0x11, 0x26),
            (8825, 86399, 4, 0x29, 0x02, 0x24),
            (LAST_DAY, 1, 4, 0x31, 0x12, 0x99),
        ):
            self.board.rtc_set(day, second)
            buf = bytearray(7)
            self.w.rtc.i2c_write(b"\x00")
            self.w.rtc.i2c_read(buf)
            self.assertEqual(tuple(buf[3:7]), (weekday, date, month, year))
            hour = second // 3600
            self.assertEqual(buf[2], hour // 10 * 16 + hour % 10)

    def test_it_follows_the_world(self):
        self.w.idle(3 * 86400000 + 1000, 1)
        self.assertEqual(self.board.rtc_read(), 0)
        self.assertEqual((self.board.rtc_day, self.board.rtc_second), (9823, 39601))

    def test_a_stopped_clock_gives_no_time_until_it_is_set(self):
        self.w.rtc_lose()
        self.board.rtc_day = -1
        self.assertEqual((self.board.rtc_read(), self.board.rtc_day), (1, -1))
        self.assertTrue(self.board.rtc_set(9830, 5))
        self.assertEqual((self.board.rtc_read(), self.board.rtc_day), (0, 9830))

    def test_a_missing_clock_is_told_apart(self):
        del self.w.i2c[CLOCK]
        self.assertEqual(self.board.rtc_read(), 2)
        self.assertFalse(self.board.rtc_set(9830, 5))

    def test_a_clock_set_to_twelve_hours_is_read_right(self):
        for hour, second in ((0x52, 0), (0x72, 43200), (0x61, 46800), (0x71, 82800)):
            self.w.i2c[CLOCK] = Registers(0, 0, hour, 1, 0x20, 0x11, 0x26)
            self.assertEqual(self.board.rtc_read(), 0)
            self.assertEqual((self.board.rtc_day, self.board.rtc_second), (9820, second))

    def test_the_century_bit_changes_nothing(self):
        self.w.i2c[CLOCK] = Registers(0, 0, 0x11, 1, 0x20, 0x91, 0x26)
        self.assertEqual((self.board.rtc_read(), self.board.rtc_day), (0, 9820))

    def test_what_is_no_time_is_refused(self):
        good = (0x00, 0x00, 0x11, 0x01, 0x20, 0x11, 0x26)
        for place, value in (
            (0, 0x60), (0, 0x0A), (1, 0x60), (1, 0xF0), (2, 0x24), (2, 0x2A), (2, 0x40), (2, 0x53),
            (4, 0x00), (4, 0x31), (4, 0x1A), (5, 0x00), (5, 0x13), (6, 0xA0), (0, 0xFF), (2, 0xFF),
        ):  # fmt: skip
            registers = bytearray(good)
            registers[place] = value
            self.w.i2c[CLOCK] = Registers(*registers)
            with self.subTest(place=place, value=value):
                self.assertEqual(self.board.rtc_read(), 1)

    def test_29_february_exists_in_leap_years_only(self):
        for year, answer in ((0x24, 0), (0x25, 1), (0x00, 0)):
            self.w.i2c[CLOCK] = Registers(0, 0, 0, 1, 0x29, 0x02, year)
            self.assertEqual(self.board.rtc_read(), answer)


if __name__ == "__main__":
    unittest.main()
