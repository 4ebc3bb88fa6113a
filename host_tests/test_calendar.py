"""S5, DOMAIN 11: friendly hours, bank holidays, London time. Worked dates, on every interpreter."""

import unittest

from shilling import calendar
from shilling.calendar import day_of
from shilling.config import Config
from shilling.friendly import Friendly, Local
from support import day_text

EW, SCOTLAND, NI = 0, 1, 2


def holidays_of(year, region):
    return [
        day_text(day)[5:]
        for day in range(day_of(year, 1, 1), day_of(year, 12, 31) + 1)
        if calendar.is_bank_holiday(day, region, b"")
    ]


class Days(unittest.TestCase):
    def test_known_days(self):
        self.assertEqual(day_of(2000, 1, 1), 0)
        self.assertEqual(calendar.weekday(0), 5)
        self.assertEqual(day_text(day_of(2026, 11, 20)), "2026-11-20")
        self.assertEqual(calendar.weekday(day_of(2026, 11, 20)), 4)
        self.assertEqual(day_text(day_of(2024, 2, 29)), "2024-02-29")
        self.assertEqual(calendar.year_of(day_of(2099, 12, 31)), 2099)

    def test_clock_changes_of_2026(self):
        spring, autumn = day_of(2026, 3, 29), day_of(2026, 10, 25)
        for day, second, offset_s in ((spring, 3599, 0), (spring, 3600, 3600),
                                      (autumn, 3599, 3600), (autumn, 3600, 0)):  # fmt: skip
            self.assertEqual(calendar.offset_s(day, second), offset_s)

    def test_local_midnight_in_summer_is_23_utc(self):
        day = day_of(2026, 7, 1)
        local = Local()
        for second, at in ((82799, (day, 86399)), (82800, (day + 1, 0))):
            local.take(day, second)
            self.assertEqual((local.day, local.second), at)


class BankHolidays(unittest.TestCase):
    def test_england_and_wales_2026_with_boxing_day_moved(self):
        self.assertEqual(
            holidays_of(2026, EW),
            ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
        )

    def test_scotland_2027_with_second_of_january_moved(self):
        self.assertEqual(
            holidays_of(2027, SCOTLAND),
            ["01-01", "01-04", "03-26", "05-03", "05-31", "08-02", "11-30", "12-27", "12-28"],
        )

    def test_northern_ireland_2026_has_its_own_two(self):
        self.assertEqual(
            sorted(set(holidays_of(2026, NI)) - set(holidays_of(2026, EW))), ["03-17", "07-13"]
        )

    def test_a_special_day_adds_or_cancels(self):
        jubilee, spring = day_of(2022, 6, 2), day_of(2022, 5, 30)
        special = bytes([jubilee >> 8, jubilee & 255, 1, spring >> 8, spring & 255, 0])
        self.assertFalse(calendar.is_bank_holiday(jubilee, EW, b""))
        self.assertTrue(calendar.is_bank_holiday(jubilee, EW, special))
        self.assertTrue(calendar.is_bank_holiday(spring, EW, b""))
        self.assertFalse(calendar.is_bank_holiday(spring, EW, special))


class S5FriendlyHours(unittest.TestCase):
    def friendly(self, year, month, date, second, region=EW):
        config = Config()
        config.set("region", region)
        return Friendly(config).is_on(day_of(year, month, date), second)

    def test_a_working_day_in_winter(self):
        for second, friendly in ((0, True), (35999, True), (36000, False), (57599, False),
                                 (57600, True), (86399, True)):  # fmt: skip
            self.assertEqual(self.friendly(2026, 11, 20, second), friendly)

    def test_the_hours_are_local_in_summer(self):
        for second, friendly in ((32399, True), (32400, False), (53999, False), (54000, True)):
            self.assertEqual(self.friendly(2026, 7, 1, second), friendly)

    def test_weekends_and_bank_holidays_are_friendly_all_day(self):
        for month, date in ((11, 21), (11, 22), (12, 25), (12, 28)):
            self.assertTrue(self.friendly(2026, month, date, 43200))
        self.assertTrue(self.friendly(2026, 11, 30, 43200, SCOTLAND))
        self.assertFalse(self.friendly(2026, 11, 30, 43200, EW))

    def test_the_edge_asked_for_is_never_late(self):
        """Looking only at the edges sees every change that looking each 10 minutes sees."""
        friendly = Friendly(Config())
        for first in (day_of(2026, 3, 27), day_of(2026, 10, 23), day_of(2026, 12, 24)):
            for day in range(first, first + 6):
                seen = {}
                second = 0
                while second < 86400:
                    answer = friendly.is_on(day, second)
                    edge_s = friendly.edge_s(day, second)
                    for each in range(second, edge_s, 600):
                        seen[each - each % 600] = answer
                    second = edge_s
                for each in range(0, 86400, 600):
                    self.assertEqual(seen[each], friendly.is_on(day, each))


if __name__ == "__main__":
    unittest.main()
