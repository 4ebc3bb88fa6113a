# runs on: cpython
"""DOMAIN 11 against the PyPI package holidays 2008-2040, and London time against zoneinfo 2000-2099."""

import datetime
import unittest
from zoneinfo import ZoneInfo

import holidays

from shilling import calendar

EPOCH = datetime.date(2000, 1, 1)
LONDON = ZoneInfo("Europe/London")
YEARS = range(2008, 2041)
# What no rule can know: proclaimed once. True: a holiday more than by rule; False: one less.
ONE_OFFS = {
    "2011-04-29": True, "2012-05-28": False, "2012-06-04": True, "2012-06-05": True,
    "2020-05-04": False, "2020-05-08": True, "2022-05-30": False, "2022-06-02": True,
    "2022-06-03": True, "2022-09-19": True, "2023-05-08": True,
}  # fmt: skip
SCOTTISH_ONE_OFFS = {"2026-06-15": True}


def differences(region, subdivision):
    """Weekdays on which the oracle and the rules disagree: {date: oracle has it}."""
    oracle = holidays.country_holidays("GB", subdiv=subdivision, years=YEARS)
    found = {}
    day = datetime.date(YEARS[0], 1, 1)
    while day.year <= YEARS[-1]:
        if day.weekday() < 5:
            by_rule = calendar.is_bank_holiday((day - EPOCH).days, region, b"")
            if by_rule != (day in oracle):
                found[day.isoformat()] = day in oracle
        day += datetime.timedelta(1)
    return found


class Holidays(unittest.TestCase):
    def test_england_and_wales_differs_by_exactly_the_one_offs(self):
        self.assertEqual(differences(0, "ENG"), ONE_OFFS)

    def test_northern_ireland_differs_by_exactly_the_one_offs(self):
        self.assertEqual(differences(2, "NIR"), ONE_OFFS)

    def test_scotland_differs_by_exactly_the_one_offs(self):
        self.assertEqual(differences(1, "SCT"), {**ONE_OFFS, **SCOTTISH_ONE_OFFS})


class London(unittest.TestCase):
    def test_the_offset_of_every_hour_2000_to_2099(self):
        utc = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
        for day in range(36525):
            # an hour before and after each hour that can be an edge; noon for the rest
            for second in (0, 3599, 3600, 43200):
                moment = utc + datetime.timedelta(days=day, seconds=second)
                offset_s = moment.astimezone(LONDON).utcoffset().total_seconds()
                if calendar.offset_s(day, second) != offset_s:
                    self.fail(f"{moment}: {offset_s} s by zoneinfo")


if __name__ == "__main__":
    unittest.main()
