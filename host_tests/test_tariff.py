"""DOMAIN 8: what energy costs through blocks and rates, and when another price begins. By hand."""

import unittest

from shilling import calendar
from shilling.config import Config
from shilling.energy import MOST_WH, Energy
from shilling.tariff import Tariff
from support import Random
from test_table import EVERY_DAY, pack, random_tariff

MONDAY = calendar.day_of(2026, 11, 2)
SATURDAY = MONDAY + 5
TIERS = pack([[20000, 30000, 40000]], (1, 2))  # 20 p, from 1 kWh 30 p, from 2 kWh 40 p
NIGHT = pack([[30000], [12000]], (), [(EVERY_DAY, 1, 30), (EVERY_DAY, 0, 450)])  # 00:30 to 07:30


class Local:
    """What London's clock reads."""

    def __init__(self, day, minute, second=0):
        self.day = day
        self.second = minute * 60 + second


class Friendly:
    """`holidays`; counts how often it was asked."""

    def __init__(self, *holidays):
        self.holidays = holidays
        self.asked = 0

    def is_holiday(self, day):
        self.asked += 1
        return day in self.holidays


def make(packed, **settings):
    config = Config()
    for name in settings:
        config.set(name, settings[name])
    tariff = Tariff(Energy(config))
    tariff.set(packed)
    tariff.begin_month(MONDAY)
    return tariff


def use(tariff, wh):
    """As the meter does: no more than is left of a block, and no more than 1 kWh; the mp due."""
    cost_mp = 0
    while wh:
        part_wh = min(wh, tariff.left_wh(), 1000)
        tariff.energy.take(part_wh)  # a pulse is a Wh here
        tariff.energy.book(part_wh)
        cost_mp += tariff.cost_mp(part_wh)
        wh -= part_wh
        tariff.find_block()
    return cost_mp


def coming(day, second, packed):
    return bytes((day & 255, day >> 8, second & 255, second >> 8 & 255, second >> 16, 0)) + packed


class Blocks(unittest.TestCase):
    def test_a_new_meter_has_one_price_and_nothing_to_come(self):
        tariff = Tariff(Energy(Config()))
        self.assertEqual((tariff.price, tariff.rate, tariff.block, tariff.part), (24500, 0, 0, 0))
        self.assertEqual((tariff.coming, tariff.booked_wh, tariff.rates), (b"", 0, 1))
        self.assertEqual((tariff.month_end, tariff.month_kwh, tariff.month_wh), (0, 0, 0))
        tariff.flat_mp = 31999
        self.assertEqual((tariff.price, tariff.cost_mp(1000)), (31999, 31999))

    def test_each_wh_has_the_price_of_its_block(self):
        """2500 Wh: 20 + 30 + 20 p; the thousandth is the last of the first block."""
        self.assertEqual(use(make(TIERS), 2500), 70000)
        tariff = make(TIERS)
        for wh, cost_mp, block, price, left_wh in (
            (999, 19980, 0, 20000, 1), (1, 20, 1, 30000, 1000), (1, 30, 1, 30000, 999),
            (999, 29970, 2, 40000, MOST_WH), (1, 40, 2, 40000, MOST_WH),
        ):  # fmt: skip
            self.assertEqual(use(tariff, wh), cost_mp)
            self.assertEqual((tariff.block, tariff.price, tariff.left_wh()), (block, price, left_wh))

    def test_no_more_than_10_kWh_are_asked_for_at_once(self):
        tariff = make(pack([[1, 2]], (65535,)))
        self.assertEqual(tariff.left_wh(), 10000)
        tariff.booked_wh = 65535000 - 9999
        self.assertEqual(tariff.left_wh(), 9999)

    def test_the_remainder_is_carried_from_price_to_price(self):
        """1000 x 20.001 + 3 x 30.001 = 20001 + 90.003; the 0.003 and 0.997 more are a mp."""
        tariff = make(pack([[20001, 30001]], (1,)))
        cost_mp = sum([use(tariff, 1) for _ in range(1003)])
        self.assertEqual((cost_mp, tariff.part), (20091, 3))
        tariff.part = 999
        self.assertEqual((tariff.cost_mp(1), tariff.part), (31, 0))

    def test_a_month_begins_with_the_first_block(self):
        tariff = make(TIERS)
        use(tariff, 1500)
        self.assertEqual((tariff.block, tariff.month_end), (1, calendar.day_of(2026, 12, 1)))
        for day, is_over in ((MONDAY, False), (calendar.day_of(2026, 11, 30), False),
                             (calendar.day_of(2026, 12, 1), True), (MONDAY + 400, True)):  # fmt: skip
            self.assertEqual(tariff.is_month_over(day), is_over)
        tariff.begin_month(calendar.day_of(2026, 12, 1))
        self.assertEqual((tariff.block, tariff.booked_wh, tariff.price), (0, 0, 20000))
        self.assertEqual((tariff.month_kwh, tariff.month_wh), (1, 500))
        self.assertEqual(tariff.month_end, calendar.day_of(2027, 1, 1))
        self.assertEqual(use(tariff, 1100), 23000)

    def test_a_start_goes_on_in_the_block_and_rate_of_before(self):
        """Total 7.300 kWh, 5.900 at the start of the month: 1400 Wh are in the second block."""
        tariff = make(pack([[1, 2, 3], [4, 5, 6]], (1, 2), [(127, 0, 0), (127, 1, 9)]))
        tariff.energy.kwh, tariff.energy.wh = 7, 300
        tariff.month_kwh, tariff.month_wh = 5, 900
        for rate, now, price in ((1, 1, 5), (0, 0, 2), (2, 0, 2), (7, 0, 2)):
            tariff.resume(rate)
            self.assertEqual((tariff.booked_wh, tariff.block), (1400, 1))
            self.assertEqual((tariff.rate, tariff.price), (now, price))


class Rates(unittest.TestCase):
    def rate(self, tariff, day, minute, friendly=None, second=0):
        return tariff.rate_at(Local(day, minute, second), friendly or Friendly())

    def test_by_the_clock_and_the_day_before(self):
        tariff = make(NIGHT)
        for minute, second, rate, until in (
            (0, 0, 0, 30), (29, 59, 0, 30), (30, 0, 1, 450), (449, 59, 1, 450), (450, 0, 0, 1440),
            (1439, 59, 0, 1440),
        ):  # fmt: skip
            self.assertEqual(self.rate(tariff, MONDAY, minute, None, second), rate)
            self.assertEqual(tariff.until_s(), until * 60)
        self.assertEqual(self.rate(tariff, MONDAY + 1, 0), 0)

    def test_what_the_day_before_ended_with_is_asked_of_its_own_kind(self):
        """Weekdays end with rate 1, Saturday with 2, Sunday with 3, holidays with 0."""
        switches = [(0x1F, 1, 600), (0x20, 2, 600), (0x40, 3, 600), (0x80, 0, 600)]
        tariff = make(pack([[1], [2], [3], [4]], (), switches))
        holidays = Friendly(MONDAY + 2)
        for day, early, late in ((MONDAY, 3, 1), (MONDAY + 1, 1, 1), (MONDAY + 2, 1, 0),
                                 (MONDAY + 3, 0, 1), (SATURDAY, 1, 2), (SATURDAY + 1, 2, 3)):  # fmt: skip
            self.assertEqual(self.rate(tariff, day, 599, holidays), early)
            self.assertEqual(tariff.until_s(), 36000)
            self.assertEqual(self.rate(tariff, day, 600, holidays), late)

    def test_also_on_the_first_days_there_are(self):
        """The tariff of a new meter is for no day yet."""
        for day in (0, 1, 2):
            self.assertEqual(self.rate(make(NIGHT), day, 60), 1)

    def test_a_day_off_without_switches_of_its_own_is_as_its_weekday(self):
        tariff = make(pack([[1], [2]], (), [(0x3F, 0, 0), (0x40, 1, 0)]))
        holidays = Friendly(MONDAY)
        self.assertEqual(self.rate(tariff, MONDAY, 5, holidays), 0)
        self.assertEqual(holidays.asked, 0)

    def test_a_clock_that_goes_back_has_the_earlier_rate_again(self):
        tariff = make(NIGHT)
        for day, minute, rate in ((MONDAY, 60, 1), (MONDAY, 20, 0), (MONDAY, 60, 1), (MONDAY, 500, 0),
                                  (MONDAY, 60, 1), (MONDAY - 1, 500, 0), (MONDAY, 60, 1)):  # fmt: skip
            self.assertEqual(self.rate(tariff, day, minute), rate)

    def test_it_is_looked_up_only_when_it_may_change(self):
        """The kind of day is asked for at each look: one, and two before the day's first switch."""
        tariff = make(pack([[1], [2]], (), [(127, 0, 600), (127, 1, 660), (0x80, 1, 600)]))
        friendly = Friendly()
        for day, minute, asked in (
            (MONDAY, 0, 2), (MONDAY, 0, 2), (MONDAY, 599, 2), (MONDAY, 600, 3), (MONDAY, 600, 3),
            (MONDAY, 660, 4), (MONDAY, 1439, 4), (MONDAY + 1, 1439, 5), (MONDAY + 1, 1438, 5),
        ):  # fmt: skip
            self.rate(tariff, day, minute, friendly)
            self.assertEqual(friendly.asked, asked, (day, minute))
        tariff.resume(0)  # or with other switches
        self.rate(tariff, MONDAY + 1, 1438, friendly)
        self.assertEqual(friendly.asked, 6)
        tariff.set(bytes(tariff.table.packed))
        self.rate(tariff, MONDAY + 1, 1438, friendly)
        self.assertEqual(friendly.asked, 7)

    def test_one_rate_needs_no_day_before(self):
        tariff = make(pack([[1]], (), [(127, 0, 600), (0x80, 0, 600)]))
        friendly = Friendly()
        self.assertEqual(self.rate(tariff, MONDAY, 0, friendly), 0)
        self.assertEqual((friendly.asked, tariff.until_s()), (1, 36000))


class TariffToCome(unittest.TestCase):
    def test_seconds_until_its_start(self):
        tariff = make(TIERS)
        self.assertEqual(tariff.starts(MONDAY, 0), 86400)
        tariff.coming = coming(MONDAY, 70000, NIGHT)  # 70000 is 0x011170
        for day, second, wait_s in (
            (MONDAY, 70000, 0), (MONDAY, 69999, 1), (MONDAY, 70001, 0), (MONDAY, 0, 70000),
            (MONDAY + 1, 0, 0), (MONDAY + 9, 0, 0), (MONDAY + 9999, 86399, 0), (MONDAY - 1, 86399, 70001),
            (MONDAY - 1, 70001, 86399), (MONDAY - 1, 69999, 86400), (MONDAY - 1, 0, 86400),
            (MONDAY - 2, 86399, 86400), (MONDAY - 9000, 0, 86400),
        ):  # fmt: skip
            self.assertEqual(tariff.starts(day, second), wait_s, (day, second))

    def test_the_day_has_sixteen_bits(self):
        tariff = make(TIERS)
        tariff.coming = coming(0x2601, 1, NIGHT)
        self.assertEqual((tariff.starts(0x2601, 0), tariff.starts(0x2601, 1)), (1, 0))
        self.assertEqual((tariff.starts(0x2501, 0), tariff.starts(0x2600, 86399)), (86400, 2))

    def test_it_follows_and_the_month_goes_on(self):
        tariff = make(TIERS)
        use(tariff, 1500)
        tariff.part = 7
        after = pack([[10000, 11000], [12000, 13000]], (1,), [(127, 0, 0), (127, 1, 9)])
        tariff.coming = coming(MONDAY, 70000, after)
        tariff.rate = 1
        tariff.follow()
        self.assertEqual((tariff.table.packed, tariff.coming), (after, b""))
        self.assertEqual((tariff.rate, tariff.block, tariff.price), (1, 1, 13000))
        self.assertEqual((tariff.booked_wh, tariff.part), (1500, 7))

    def test_a_rate_that_it_does_not_have_is_its_first(self):
        tariff = make(NIGHT)
        tariff.rate = 1
        tariff.coming = coming(MONDAY, 0, TIERS)
        tariff.follow()
        self.assertEqual((tariff.rate, tariff.price, tariff.local_day), (0, 20000, -1))

    def test_what_is_no_tariff_changes_nothing(self):
        tariff = make(NIGHT)
        with self.assertRaises(ValueError):
            tariff.set(NIGHT[:-1])
        self.assertEqual((tariff.table.packed, tariff.price), (NIGHT, 30000))


class Foresight(unittest.TestCase):
    def test_what_a_pulse_may_cost_at_the_most(self):
        """The dearest of this block and those after it, at this rate; no more than a kWh a pulse."""
        both = pack([[24500, 1, 30001], [90000] * 3], (1, 2), [(127, 0, 0), (127, 1, 9)])
        for imp, block, most_mp in (
            (1000, 0, 31), (1000, 1, 31), (1000, 2, 31), (100, 0, 301), (1, 0, 30001), (3, 0, 10021),
        ):  # fmt: skip
            tariff = make(both, imp_per_kwh=imp)
            tariff.block, tariff.price = block, tariff.table.prices[block]
            self.assertEqual(tariff.pulse_mp(), most_mp)
        falling = make(pack([[50000, 20000]], (1,)))
        self.assertEqual(falling.pulse_mp(), 50)
        use(falling, 1000)
        self.assertEqual(falling.pulse_mp(), 20)
        self.assertEqual(make(both, imp_per_kwh=1, calorific=3950).pulse_mp(), 30001)  # 11220 Wh

    def test_wh_until_an_amount_is_due(self):
        tariff = make(pack([[24500]]))
        for amount_mp, part, wh in (
            (1, 0, 1), (24, 0, 1), (25, 0, 2), (1000, 0, 41), (25, 500, 1), (1, 999, 1),
        ):  # fmt: skip
            tariff.part = part
            self.assertEqual(tariff.wh_for(amount_mp), wh)
        for price, amount_mp, wh in (
            (0, 1, 10000), (1, 10, 10000), (1, 9, 9000), (100, 1000, 10000), (100, 999, 9990),
            (101, 1000, 9901), (2, 20, 10000), (2, 19, 9500),
        ):  # fmt: skip
            self.assertEqual(make(pack([[price]])).wh_for(amount_mp), wh)

    def test_wh_until_the_next_block(self):
        tariff = make(TIERS)
        use(tariff, 990)
        self.assertEqual((tariff.wh_for(1000), tariff.wh_for(100)), (10, 5))
        free = make(pack([[0, 1000]], (1,)))
        use(free, 400)
        self.assertEqual(free.wh_for(1), 600)

    def test_what_a_rate_costs_and_what_an_hour_costs(self):
        tariff = make(pack([[1, 2], [3, 4]], (1,), [(127, 0, 0), (127, 1, 9)]))
        self.assertEqual((tariff.rates, tariff.price_mp(0), tariff.price_mp(1)), (2, 1, 3))
        use(tariff, 1000)
        self.assertEqual((tariff.price_mp(0), tariff.price_mp(1)), (2, 4))
        self.assertEqual(make(pack([[24500]])).hourly_mp(1703), 41723)  # 1.703 x 24500 = 41723.5

    def test_kwh_that_an_amount_buys(self):
        """60 p: 20 p, 30 p, a quarter of a kWh at 40 p; 500 Wh on the way: 10, 30, 20 p: 2.0 kWh."""
        for used_wh, amount_mp, kwh in (
            (0, 60000, 2), (0, 89999, 2), (0, 90000, 3), (0, 19999, 0), (0, 20000, 1), (0, 49999, 1),
            (500, 60000, 2), (500, 59999, 1), (0, 0, 0), (0, -5, 0), (1000, 30000, 1),
            (1000, 69999, 1), (1000, 70000, 2), (5000, 400000, 10), (5000, 399999, 9),
        ):  # fmt: skip
            tariff = make(TIERS)
            use(tariff, used_wh)
            found = tariff.left_kwh(amount_mp)
            self.assertEqual((found, type(found)), (kwh, int), (used_wh, amount_mp))
        tariff = make(pack([[20000]]))
        tariff.part = 1
        self.assertEqual((tariff.left_kwh(20000), tariff.left_kwh(20001)), (0, 1))

    def test_kwh_for_nothing(self):
        free = make(pack([[0, 30000]], (2,)))
        self.assertEqual((free.left_kwh(0), free.left_kwh(30000)), (2, 3))
        self.assertEqual(make(pack([[0]])).left_kwh(0), 99999)
        almost = make(pack([[0, 1]], (1,)))
        use(almost, 1)
        self.assertEqual(almost.left_kwh(0), 0)

    def test_kwh_at_the_rate_in_force(self):
        tariff = make(NIGHT)
        self.assertEqual(tariff.left_kwh(120000), 4)
        tariff.resume(1)
        self.assertEqual(tariff.left_kwh(120000), 10)

    def test_wh_until_is_the_first_at_which_it_is_due(self):
        random = Random(12)
        for _ in range(300):
            prices, ends_kwh, switches = random_tariff(random)
            tariff = make(pack(prices, ends_kwh, switches))
            tariff.part = random.below(1000)
            amount_mp = 1 + random.below(1000)
            wh = tariff.wh_for(amount_mp)
            brought_mp = (tariff.part + wh * tariff.price) // 1000
            self.assertTrue(brought_mp >= amount_mp or wh == tariff.left_wh())
            self.assertTrue((tariff.part + (wh - 1) * tariff.price) // 1000 < amount_mp)


if __name__ == "__main__":
    unittest.main()
