# runs on: cpython
"""SPEC 9, the log: a year of a house without a network; what is kept of it, how large, and in which order."""

import unittest

from logbook import ALERTS, DAYS, HALF_HOURS, MONEY, Logbook
from shilling import calendar
from support import POUND

DAYS_OF_TEST = 430
START = 9820  # 2026-11-20, 11:00


class Year(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A kWh a half-hour at 1 mp, a standing charge, a top-up a day; started again each week."""
        book = cls.book = Logbook(balance_mp=500 * POUND, standing_mp=1000, rate_mp=1000)
        cls.largest = (0, 0)
        while book.meter.clock.day < START + DAYS_OF_TEST:
            book.wait(1800 - book.meter.clock.second() % 1800, 100)
            clock = book.meter.clock
            if clock.second() == 43200:
                book.top_up.remote(100, 0)
                cls.largest = max(cls.largest, book.size())
                if clock.day % 7 == 0:
                    book.start()
                if clock.day % 5 == 0:
                    book.meter.alert(0x8F01)

    def kept(self, stream):
        return self.book.entries(stream, self.book.log.first(stream))

    def test_nothing_is_there_twice_and_nothing_is_missing(self):
        halves = [entry["time_s"] for entry in self.kept(HALF_HOURS)]
        last = (START + DAYS_OF_TEST) * 86400
        self.assertEqual(halves, list(range(last - 1800 * (len(halves) - 1), last + 1, 1800)))
        self.assertEqual(self.book.log.last(HALF_HOURS), DAYS_OF_TEST * 48 - 22)
        days = [entry["time_s"] for entry in self.kept(DAYS) if entry["code"] == 2]
        self.assertEqual(days, list(range(last - 86400 * (len(days) - 1), last + 1, 86400)))
        snapshots = [entry["time_s"] for entry in self.kept(DAYS) if entry["code"] == 3]
        self.assertEqual(snapshots, [day for day in days if self.is_first_of_month(day // 86400)])

    def is_first_of_month(self, day):
        return calendar.month_of(day) != calendar.month_of(day - 1)

    def test_14_days_13_months_12_snapshots_and_128_entries_are_kept(self):
        self.assertGreaterEqual(len(self.kept(HALF_HOURS)), 14 * 48)
        codes = [entry["code"] for entry in self.kept(DAYS)]
        self.assertGreaterEqual(codes.count(2), 396)
        self.assertGreaterEqual(codes.count(3), 12)
        self.assertGreaterEqual(len(self.kept(MONEY)), 128)
        self.assertEqual(len(self.kept(ALERTS)), self.book.log.last(ALERTS))

    def test_the_readings_are_those_of_the_meter(self):
        """100 Wh each half-hour; what a day took is 48 of them and the standing charge."""
        wh = [entry["kwh"] * 1000 + entry["wh"] for entry in self.kept(HALF_HOURS)]
        self.assertEqual({after - before for before, after in zip(wh, wh[1:])}, {100})
        total = self.book.meter.energy.kwh * 1000 + self.book.meter.energy.wh
        self.assertEqual(wh[-1], total)
        days = [entry for entry in self.kept(DAYS) if entry["code"] == 2]
        spent = [a["balance_mp"] - b["balance_mp"] for a, b in zip(days, days[1:])]
        self.assertEqual(set(spent), {48 * 100 + 1000 - 100})

    def test_it_takes_less_than_60_kb(self):
        """16 files of 128 entries of 26 bytes, one more of each stream while the old one goes."""
        size, count = self.largest
        self.assertLess(size, 16 * 128 * 26 + 1)
        self.assertGreater(size, 12 * 128 * 26)
        self.assertLessEqual(count, 16)


if __name__ == "__main__":
    unittest.main()
