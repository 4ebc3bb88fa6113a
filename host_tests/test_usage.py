"""DOMAIN 13: use of today, this week, this month, and of the days, weeks and months before. By hand."""

import unittest

from shilling import calendar
from shilling.account import Account
from shilling.config import Config
from shilling.energy import Energy
from shilling.units import LIMIT_MP
from shilling.usage import HISTORY_BYTES, PAST, Usage

MONDAY = calendar.day_of(2026, 11, 2)  # of the 45th week; November began the day before


def make(day=MONDAY):
    config = Config()
    usage = Usage(Energy(config), Account(config))
    usage.day = day
    return usage


def use(usage, wh, mp, standing_mp=0):
    energy, account = usage.energy, usage.account
    energy.kwh, energy.wh = (energy.total_wh() + wh) // 1000, (energy.total_wh() + wh) % 1000
    account.charged.add(mp)
    account.standing.add(standing_mp)


def now(usage):
    """(Wh, mp) of today, yesterday, this week, this month."""
    found = []
    for number in range(4):
        usage.period(number)
        found.append((usage.shown_wh, usage.shown_mp))
    return found


def past(usage, kind):
    """Of all days (0), weeks (1), months (2) that are over, without the empty ones at the end."""
    found = []
    for ago in range(PAST[kind][1]):
        usage.past(kind, ago)
        found.append((usage.shown_wh, usage.shown_mp))
    while found and found[-1] == (0, 0):
        found.pop()
    return found


class Periods(unittest.TestCase):
    def test_use_counts_in_each_that_goes_on(self):
        usage = make()
        self.assertEqual(now(usage), [(0, 0)] * 4)
        use(usage, 1200, 29400, 53210)
        self.assertEqual(now(usage), [(1200, 82610), (0, 0), (1200, 82610), (1200, 82610)])
        self.assertFalse(usage.turn(MONDAY))
        self.assertTrue(usage.turn(MONDAY + 1))
        self.assertEqual(usage.day, MONDAY + 1)
        use(usage, 900, 22050)
        self.assertEqual(now(usage), [(900, 22050), (1200, 82610), (2100, 104660), (2100, 104660)])

    def test_a_week_ends_on_sunday_and_a_month_with_its_last_day(self):
        """From Sunday 29 November: a week, then a month, then both and the year."""
        usage = make(calendar.day_of(2026, 11, 29))
        for month, date, weeks, months in (
            (11, 30, [(10, 100)], []), (12, 1, [(10, 100)], [(20, 200)]),
            (12, 6, [(10, 100)], [(20, 200)]), (12, 7, [(30, 300), (10, 100)], [(20, 200)]),
        ):  # fmt: skip
            use(usage, 10, 100)
            usage.turn(calendar.day_of(2026, month, date))
            self.assertEqual((past(usage, 1), past(usage, 2)), (weeks, months))
        usage.turn(calendar.day_of(2027, 1, 1))
        self.assertEqual(past(usage, 2), [(20, 200), (20, 200)])

    def test_a_step_back_of_the_clock_begins_nothing(self):
        usage = make()
        use(usage, 10, 100)
        for day in (MONDAY - 1, MONDAY - 400, 0):
            self.assertFalse(usage.turn(day))
            self.assertEqual((usage.day, now(usage)[0], past(usage, 0)), (MONDAY, (10, 100), []))


class History(unittest.TestCase):
    def test_eight_days_newest_first(self):
        usage = make()
        for number in range(1, 11):
            use(usage, number, 10 * number)
            usage.turn(MONDAY + number)
            newest = [(each, 10 * each) for each in range(number, 0, -1)]
            self.assertEqual(past(usage, 0), newest[:8])

    def test_five_weeks_and_thirteen_months(self):
        usage = make(calendar.day_of(2026, 1, 1))
        for month in range(1, 15):
            use(usage, month, 10 * month)
            usage.turn(calendar.day_of(2026 + month // 12, month % 12 + 1, 1))
        self.assertEqual(past(usage, 2), [(each, 10 * each) for each in range(14, 1, -1)])
        usage = make()
        for number in range(1, 8):
            use(usage, number, 10 * number)
            usage.turn(MONDAY + 7 * number)
        self.assertEqual(past(usage, 1), [(each, 10 * each) for each in range(7, 2, -1)])

    def test_of_days_that_were_skipped_nothing_is_known(self):
        for days, kept in (
            (1, [(5, 50), (7, 70)]), (2, [(0, 0), (5, 50), (7, 70)]),
            (7, [(0, 0)] * 6 + [(5, 50), (7, 70)]), (8, [(0, 0)] * 7 + [(5, 50)]), (9, []), (400, []),
        ):  # fmt: skip
            usage = make()
            use(usage, 7, 70)
            usage.turn(MONDAY + 1)
            use(usage, 5, 50)
            usage.turn(MONDAY + 1 + days)
            self.assertEqual(past(usage, 0), kept)
            self.assertEqual(now(usage)[0], (0, 0))
            self.assertEqual(len(usage.history), HISTORY_BYTES)

    def test_each_kind_has_its_place(self):
        usage = make()
        for at in range(HISTORY_BYTES // 8):
            usage.history[8 * at : 8 * at + 8] = bytes((at + 1, 0, 0, 0, 0, at + 1, 0, 0))
        for kind, first, last in ((0, 1, 8), (1, 9, 13), (2, 14, 26)):
            found = past(usage, kind)
            self.assertEqual(found, [(each, 256 * each) for each in range(first, last + 1)])


class Bounds(unittest.TestCase):
    def test_kwh_and_pounds_may_roll_over_in_a_period(self):
        usage = make()
        use(usage, 1999, 199999, 99999)
        usage.turn(MONDAY + 1)
        use(usage, 2, 2, 3)
        self.assertEqual(now(usage), [(2, 5), (1999, 299998), (2001, 300003), (2001, 300003)])

    def test_no_cost_is_below_0_nor_above_10_000_pounds(self):
        usage = make()
        for _ in range(3):
            use(usage, 0, LIMIT_MP // 2)
        use(usage, 0, 5)
        self.assertEqual(now(usage)[0], (0, LIMIT_MP))
        usage = make()
        usage.today.rest_mp = 1
        self.assertEqual(now(usage)[0], (0, 0))


if __name__ == "__main__":
    unittest.main()
