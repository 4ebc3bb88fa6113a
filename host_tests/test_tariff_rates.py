"""DOMAIN 8: rates by the local clock, blocks by the month's use, and a tariff to come.

Sums to be checked with a pencil: prices in pence a kWh, times in UTC. A pulse is 1 Wh: at 20.00 p a
thousand of them are 20 p.
"""

from by_hand import Case, coming, packed

TIERS = packed([["20.00", "30.00", "40.00"]], [1, 2])
DAY_AND_NIGHT = packed(
    [["30.00"], ["12.00"]], (), [("all", "00:30", 1), ("all", "07:30", 0)]
)  # fmt: skip


class Tiers(Case):
    def test_two_tiers_crossed_in_the_middle_of_one_burst(self):
        """2500 Wh: 1000 x 20 p, 1000 x 30 p, 500 x 40 p = 20 + 30 + 20 = 70 p."""
        meter = self.make("2026-06-10 12:00:00", tariff=TIERS, balance="10.00")
        meter.until("2026-06-10 13:00:00", 2500)
        self.has(meter, balance="9.30")
        self.assertEqual(meter.figure("registers"), {(0, 0): 1000, (0, 1): 1000, (0, 2): 500})

    def test_the_thousandth_Wh_is_still_in_the_first_tier(self):
        meter = self.make("2026-06-10 12:00:00", tariff=TIERS, balance="10.00")
        for pulses, balance, price in (
            (999, "9.80020", 20000), (1, "9.80", 30000), (1, "9.79970", 30000),
            (999, "9.50", 40000), (1, "9.49960", 40000),
        ):  # fmt: skip
            meter.until("2026-06-10 12:00:00", pulses)
            self.has(meter, balance=balance)
            self.assertEqual(meter.figure("price"), price)

    def test_the_month_ends_at_midnight_UTC(self):
        """30 June, 1200 Wh: 20 + 6 p. 00:59 in London is still June: 300 x 30 p = 9 p. A pulse of
        the very midnight too: 0.03 p. From then on 1000 x 20 p, and 500 x 30 p."""
        meter = self.make("2026-06-30 12:00:00", tariff=TIERS, balance="10.00")
        meter.until("2026-06-30 22:00:00", 1200)
        self.has(meter, balance="9.74")
        meter.until("2026-06-30 23:59:00", 300)
        self.has(meter, balance="9.65")
        meter.until("2026-07-01 00:00:00", 1)
        self.has(meter, balance="9.64970")
        meter.until("2026-07-01 00:00:01", 1500)
        self.has(meter, balance="9.29970")
        self.assertEqual(meter.figure("registers"), {(0, 0): 2000, (0, 1): 1001})

    def test_a_month_that_ends_in_the_dark(self):
        meter = self.make("2026-06-30 12:00:00", tariff=TIERS, balance="10.00")
        meter.until("2026-06-30 22:00:00", 1500)
        self.has(meter, balance="9.65")
        meter.dark("2026-07-03 12:00:00")
        meter.until("2026-07-03 13:00:00", 1500)
        self.has(meter, balance="9.30")

    def test_a_month_that_a_clock_set_back_brings_again_goes_on(self):
        """Else setting the clock over the first of a month would make the first tier last longer."""
        meter = self.make("2026-06-30 12:00:00", tariff=TIERS, balance="10.00")
        meter.until("2026-07-01 12:00:00")
        meter.until("2026-07-01 13:00:00", 1000)
        self.has(meter, balance="9.80")
        meter.set_time("2026-06-30 13:00:00")
        meter.until("2026-07-01 13:00:00")
        meter.until("2026-07-01 14:00:00", 1000)
        self.has(meter, balance="9.50")

    def test_without_a_clock_the_month_goes_on(self):
        meter = self.make("2026-06-30 12:00:00", tariff=TIERS, balance="10.00")
        meter.until("2026-06-30 13:00:00", 1000)
        meter.lose_clock("2026-06-30 14:00:00")
        meter.until("2026-07-02 12:00:00", 1000)
        self.has(meter, balance="9.50")
        meter.set_time("2026-07-02 12:00:00")
        meter.until("2026-07-02 13:00:00", 1000)
        self.has(meter, balance="9.30")

    def test_blocks_count_the_energy_of_all_rates(self):
        """600 Wh by day at 30 p, 600 by night: 400 at 12 p, 200 at 15 p: 18 + 4.8 + 3 = 25.8 p."""
        both = packed([["30.00", "33.00"], ["12.00", "15.00"]], [1],
                      [("all", "00:30", 1), ("all", "07:30", 0)])  # fmt: skip
        meter = self.make("2026-11-10 12:00:00", tariff=both, balance="10.00")
        meter.until("2026-11-10 13:00:00", 600)
        meter.until("2026-11-11 01:00:00", 600)
        self.has(meter, balance="9.742")
        self.assertEqual(meter.figure("registers"), {(0, 0): 600, (1, 0): 400, (1, 1): 200})

    def test_one_remainder_is_carried_over_all_prices(self):
        """Each Wh 20.001, 30.001, 40.001 mp: 2003 of them 20001 + 30001 + 120.003 = 50122.003."""
        odd = packed([["20.001", "30.001", "40.001"]], [1, 2])
        meter = self.make("2026-06-10 12:00:00", tariff=odd, balance="10.00")
        for _ in range(2003):
            meter.until("2026-06-10 12:00:00", 1)
        self.has(meter, balance="9.49878")


class Rates(Case):
    def rates(self, now, tariff=DAY_AND_NIGHT, **settings):
        return self.make(now, tariff=tariff, balance="10.00", **settings)

    def test_rates_are_switched_by_londons_clock(self):
        """In June 00:30 is 23:30 UTC; the pulses of 07:30:00 itself were made by night."""
        meter = self.rates("2026-06-10 12:00:00")
        for instant, rate, balance in (
            ("2026-06-10 23:29:59", 0, "9.97"), ("2026-06-10 23:30:00", 1, "9.94"),
            ("2026-06-10 23:30:01", 1, "9.928"), ("2026-06-11 06:29:59", 1, "9.916"),
            ("2026-06-11 06:30:00", 0, "9.904"), ("2026-06-11 06:30:01", 0, "9.874"),
        ):  # fmt: skip
            meter.until(instant, 100)
            self.has(meter, balance=balance)
            self.assertEqual(meter.figure("rate"), rate)
        self.assertEqual(meter.figure("registers"), {(0, 0): 300, (1, 0): 300})

    def test_before_the_first_switch_of_a_day_the_last_of_the_day_before_holds(self):
        meter = self.rates("2026-11-10 00:10:00")
        self.assertEqual(meter.figure("rate"), 0)
        meter.until("2026-11-10 00:20:00", 100)
        self.has(meter, balance="9.97")
        meter.until("2026-11-10 00:30:00")
        self.assertEqual(meter.figure("rate"), 1)

    def test_switches_follow_the_reading_of_a_clock_that_goes_back(self):
        """25 October: 01:30 comes twice. 00:30 UTC is the first; at 01:00 UTC it is 01:00 again."""
        early = packed([["30.00"], ["12.00"]], (), [("all", "00:00", 0), ("all", "01:30", 1)])
        meter = self.rates("2026-10-25 00:00:00", early)
        for instant, rate in (
            ("2026-10-25 00:29:59", 0), ("2026-10-25 00:30:00", 1), ("2026-10-25 00:59:59", 1),
            ("2026-10-25 01:00:00", 0), ("2026-10-25 01:29:59", 0), ("2026-10-25 01:30:00", 1),
            ("2026-10-25 12:00:00", 1), ("2026-10-26 00:00:00", 0), ("2026-10-26 01:30:00", 1),
        ):  # fmt: skip
            meter.until(instant)
            self.assertEqual(meter.figure("rate"), rate, instant)

    def test_a_switch_in_the_hour_that_does_not_exist_comes_with_02_00(self):
        """29 March: after 00:59:59 UTC (and 00:59:59 in London) the clock reads 02:00."""
        early = packed([["30.00"], ["12.00"]], (), [("all", "00:00", 0), ("all", "01:30", 1)])
        meter = self.rates("2026-03-28 12:00:00", early)
        for instant, rate in (
            ("2026-03-29 00:00:00", 0), ("2026-03-29 00:59:59", 0), ("2026-03-29 01:00:00", 1),
            ("2026-03-29 22:59:59", 1), ("2026-03-29 23:00:00", 0), ("2026-03-30 00:30:00", 1),
        ):  # fmt: skip
            meter.until(instant)
            self.assertEqual(meter.figure("rate"), rate, instant)

    def test_weekends_bank_holidays_and_special_days(self):
        """2026-12-25 is a Friday, the 28th a bank holiday for the 26th; the 23rd is made a holiday,
        the 25th no longer is one."""
        kinds = packed([["30.00"], ["12.00"], ["20.00"]], (),
                       [("mon-fri", "00:00", 0), ("sat-sun", "00:00", 1),
                        ("special", "00:00", 2)])  # fmt: skip
        special = b""
        for day, holiday in ((9853, 1), (9855, 0)):
            special += bytes((day >> 8, day & 255, holiday))
        meter = self.rates("2026-12-21 12:00:00", kinds, special_days=special)
        for day, rate in ((21, 0), (22, 0), (23, 2), (24, 0), (25, 0), (26, 1), (27, 1), (28, 2),
                          (29, 0)):  # fmt: skip
            meter.until("2026-12-%d 13:00:00" % day)
            self.assertEqual(meter.figure("rate"), rate, day)

    def test_holidays_without_switches_of_their_own_are_as_their_weekday(self):
        kinds = packed([["30.00"], ["12.00"]], (), [("mon-fri", "00:00", 0), ("sat-sun", "00:00", 1)])
        meter = self.rates("2026-12-25 12:00:00", kinds)
        self.assertEqual(meter.figure("rate"), 0)

    def test_without_a_clock_the_last_rate_holds(self):
        meter = self.rates("2026-11-10 12:00:00")
        meter.until("2026-11-11 01:00:00")
        meter.lose_clock("2026-11-11 02:00:00")
        meter.until("2026-11-11 12:00:00", 100)
        self.has(meter, balance="9.988")
        self.assertEqual(meter.figure("rate"), 1)
        meter.set_time("2026-11-11 12:00:00")
        self.assertEqual(meter.figure("rate"), 0)

    def test_a_rate_that_is_switched_in_the_dark(self):
        meter = self.rates("2026-11-10 12:00:00")
        meter.dark("2026-11-11 01:00:00")
        meter.until("2026-11-11 02:00:00", 100)
        self.has(meter, balance="9.988")


class TariffToCome(Case):
    NEXT = coming("2026-12-01 00:00:00", packed([["30.00"]]))

    def test_a_price_change_at_midnight_while_load_flows(self):
        """A pulse a second: ten up to 00:00:00 at 24.50 p, ten more at 30 p: 245 + 300 mp."""
        meter = self.make("2026-11-30 23:59:50", balance="10.00", rate_mp=24500, next_tariff=self.NEXT)
        meter.flow(10)
        self.has(meter, balance="9.99755")
        self.assertEqual(meter.figure("price"), 30000)
        meter.flow(10)
        self.has(meter, balance="9.99455")

    def test_a_price_change_at_midnight_in_a_burst_that_ends_there(self):
        meter = self.make("2026-11-30 12:00:00", balance="10.00", rate_mp=24500, next_tariff=self.NEXT)
        meter.until("2026-12-01 00:00:00", 1000)
        self.has(meter, balance="9.755")
        meter.until("2026-12-01 00:00:01", 1000)
        self.has(meter, balance="9.455")

    def test_a_price_change_in_the_dark(self):
        meter = self.make("2026-11-30 12:00:00", balance="10.00", rate_mp=24500, next_tariff=self.NEXT)
        meter.dark("2026-12-02 12:00:00")
        meter.until("2026-12-02 13:00:00", 1000)
        self.has(meter, balance="9.70")

    def test_an_authorised_tariff_with_a_start(self):
        """The month's count of the blocks goes on: 1500 Wh at 24.50 p, then 500 x 30 p, 500 x 40 p."""
        meter = self.make("2026-11-10 12:00:00", balance="10.00", rate_mp=24500)
        meter.set_tariff(TIERS, "2026-11-12 17:00:00")
        meter.until("2026-11-12 17:00:00", 1500)
        self.has(meter, balance="9.6325")
        meter.until("2026-11-12 18:00:00", 1000)
        self.has(meter, balance="9.2825")
        self.assertEqual(meter.figure("registers"), {(0, 0): 1500, (0, 1): 500, (0, 2): 500})

    def test_an_authorised_tariff_at_once(self):
        meter = self.make("2026-11-10 12:00:00", balance="10.00", rate_mp=24500)
        meter.set_tariff(packed([["30.00"]]), "2026-11-10 12:00:00")
        meter.until("2026-11-10 13:00:00", 1000)
        self.has(meter, balance="9.70")

    def test_a_clock_set_back_brings_no_old_price_back(self):
        meter = self.make("2026-11-30 12:00:00", balance="10.00", rate_mp=24500, next_tariff=self.NEXT)
        meter.until("2026-12-01 12:00:00")
        meter.set_time("2026-11-30 12:00:00")
        meter.until("2026-11-30 13:00:00", 1000)
        self.has(meter, balance="9.70")


if __name__ == "__main__":
    from by_hand import unittest

    unittest.main()
