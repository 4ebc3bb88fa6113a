"""SPEC 9, the log: a clock that is set or that leaps gives nothing twice, and no flood."""

import unittest

from logbook import DAYS, HALF_HOURS, Logbook

DAY_S = 86400


class Leaps(unittest.TestCase):
    """The clock is set, by an authority or by a clock chip that leaps."""

    def setUp(self):
        self.book = Logbook()
        self.book.to_edge(30)
        self.numbers = self.counts()

    def counts(self):
        return self.book.log.last(HALF_HOURS), self.book.log.last(DAYS)

    def set(self, days, seconds=0):
        clock = self.book.meter.clock
        now_s = clock.day * DAY_S + clock.second() + days * DAY_S + seconds
        clock.set(now_s // DAY_S, now_s % DAY_S)
        self.settle()

    def settle(self):
        """Until all is done that the leap has made due."""
        for _ in range(100):
            self.book.wait(0)

    def test_a_year_forward_gives_one_half_hour_one_day_and_one_snapshot(self):
        self.set(365)
        self.assertEqual(self.counts(), (self.numbers[0] + 1, self.numbers[1] + 2))
        self.assertEqual(self.book.codes(DAYS)[-2:], [2, 3])

    def test_a_little_back_gives_nothing_twice(self):
        """Two days later every half-hour and day is there once, whatever the clock did around them."""
        for seconds in (-1, -1800, 1801, -3600, 2, -7200, 3600, -86399):
            self.set(0, seconds)
            self.book.to_edge()
        self.book.to_edge(100)
        for stream, unit_s in ((HALF_HOURS, 1800), (DAYS, DAY_S)):
            times = [entry["time_s"] // unit_s for entry in self.book.entries(stream)]
            self.assertEqual(len(set(times)), len(times))
            self.assertEqual(times, sorted(times))
        self.assertGreater(self.book.log.last(HALF_HOURS), self.numbers[0] + 40)

    def test_far_back_it_goes_on_from_there_and_gives_nothing_for_the_leap(self):
        self.set(-400)
        self.assertEqual(self.counts(), self.numbers)
        self.book.to_edge(48)
        self.assertEqual(self.counts(), (self.numbers[0] + 48, self.numbers[1] + 1))

    def test_back_and_forth_gives_no_flood(self):
        """A clock chip that cannot decide, for 50 times: an entry each way at most."""
        for _ in range(50):
            self.set(400)
            self.set(-400)
        self.assertLessEqual(self.counts()[0] - self.numbers[0], 50)
        self.assertLessEqual(self.counts()[1] - self.numbers[1], 100)

    def test_a_leap_while_it_was_off_is_no_other_thing(self):
        clock = self.book.meter.clock
        clock.set(clock.day - 400, 7)
        self.book.start()
        self.settle()
        self.assertEqual(self.counts(), self.numbers)
        self.book.to_edge(2)
        self.assertEqual(self.counts()[0], self.numbers[0] + 2)


if __name__ == "__main__":
    unittest.main()
