"""W4, W5, S8: the gas week from Wednesday 02:00, 70/30, and Time Based Recovery.

Sums to be checked with a pencil: pounds, UTC (02:00 is 01:00 UTC in summer). W is the weekly amount.
"""

from by_hand import Case


class GasCase(Case):
    def gas(self, now, **settings):
        given = {"profile": "gas_weekly", "weekly": "7.00", "time1": "100.00", "balance": "0"}
        given.update(settings)
        return self.make(now, **given)


class TimeBasedRecovery(GasCase):
    def test_W5_one_week_behind_across_the_clock_change_in_spring(self):
        """£50.00, and no top-up: the first W is due a whole week later, a seventh of it a day."""
        meter = self.gas("2026-03-10 12:00:00", balance="50.00")
        for instant, due, balance in (
            ("2026-03-11 01:59:59", "0", "50.00"),
            ("2026-03-11 02:00:00", "7.00", "50.00"),
            ("2026-03-18 01:59:59", "7.00", "50.00"),
            ("2026-03-18 02:00:00", "13.00", "49.00"),  # b = 1; 7 + 7 - 1
            ("2026-03-19 02:00:00", "12.00", "48.00"),
            ("2026-03-24 02:00:00", "7.00", "43.00"),  # Tuesday, the seventh
            ("2026-03-25 02:00:00", "13.00", "42.00"),  # b = 1 again
            ("2026-03-28 02:00:00", "10.00", "39.00"),
            ("2026-03-29 00:59:59", "10.00", "39.00"),
            ("2026-03-29 01:00:00", "9.00", "38.00"),  # Sunday: 02:00 is 01:00 UTC from here
            ("2026-03-30 00:59:59", "9.00", "38.00"),
            ("2026-03-30 01:00:00", "8.00", "37.00"),
            ("2026-03-31 01:00:00", "7.00", "36.00"),
            ("2026-04-01 01:00:00", "13.00", "35.00"),
        ):  # fmt: skip
            meter.until(instant)
            self.has(meter, weekly_due=due, balance=balance, accumulated="0")
        self.has(meter, time1="85.00")

    def test_W5_one_week_behind_across_the_clock_change_in_autumn(self):
        meter = self.gas("2026-10-06 12:00:00", balance="50.00")
        for instant, due, balance in (
            ("2026-10-07 01:00:00", "7.00", "50.00"),
            ("2026-10-14 01:00:00", "13.00", "49.00"),
            ("2026-10-21 01:00:00", "13.00", "42.00"),
            ("2026-10-24 01:00:00", "10.00", "39.00"),
            ("2026-10-25 01:59:59", "10.00", "39.00"),  # 01:59:59 for the second time
            ("2026-10-25 02:00:00", "9.00", "38.00"),  # Sunday: 02:00 is 02:00 UTC from here
            ("2026-10-26 01:59:59", "9.00", "38.00"),
            ("2026-10-26 02:00:00", "8.00", "37.00"),
            ("2026-10-27 02:00:00", "7.00", "36.00"),
            ("2026-10-28 02:00:00", "13.00", "35.00"),
        ):  # fmt: skip
            meter.until(instant)
            self.has(meter, weekly_due=due, balance=balance, accumulated="0")
        self.has(meter, time1="85.00")

    def test_W5_two_weeks_behind_and_a_top_up_in_the_middle_that_catches_up(self):
        """Nothing to take for two weeks; then £20.00: 6 to the balance, 14 off what is due."""
        meter = self.gas("2026-03-03 12:00:00")
        for instant, due in (("2026-03-04 02:00:00", "7.00"), ("2026-03-11 02:00:00", "14.00"),
                             ("2026-03-18 02:00:00", "21.00")):  # fmt: skip
            meter.until(instant)
            self.has(meter, weekly_due=due, balance="0", time1="100.00")
        meter.until("2026-03-18 12:00:00")
        meter.top_up("20.00")
        self.has(meter, weekly_due="7.00", balance="6.00", time1="86.00")
        for instant, due, balance in (  # b = 2 all week: 2/7 of W a day
            ("2026-03-19 02:00:00", "5.00", "4.00"), ("2026-03-20 02:00:00", "3.00", "2.00"),
            ("2026-03-21 02:00:00", "1.00", "0"),
        ):  # fmt: skip
            meter.until(instant)
            self.has(meter, weekly_due=due, balance=balance)
        meter.until("2026-03-21 12:00:00")
        meter.top_up("10.00")  # 3.00, and of 7.00 the 1.00 that is due
        self.has(meter, weekly_due="0", balance="9.00", time1="79.00")
        meter.until("2026-03-24 02:00:00")
        self.has(meter, weekly_due="0", balance="9.00", time1="79.00")
        meter.until("2026-03-25 02:00:00")
        self.has(meter, weekly_due="7.00", balance="9.00", time1="79.00")
        meter.until("2026-03-31 01:00:00")
        self.has(meter, weekly_due="7.00", balance="9.00")

    def test_W5_three_weeks_behind_across_both_clock_changes(self):
        """£3.00 a day; the balance ends on Thursday, £20.00 come at noon: 6 and 14."""
        for days, two, two_then in (
            (("2026-03-03", "2026-03-25", "2026-03-26", "2026-03-27", "2026-03-28", "2026-03-29",
              "2026-04-01"), "02:00:00", "01:00:00"),
            (("2026-09-29", "2026-10-21", "2026-10-22", "2026-10-23", "2026-10-24", "2026-10-25",
              "2026-10-28"), "01:00:00", "02:00:00"),
        ):  # fmt: skip
            start, wednesday, thursday, friday, saturday, sunday, next_wednesday = days
            meter = self.gas(start + " 12:00:00")
            meter.until("%s %s" % (wednesday, two))
            self.has(meter, weekly_due="28.00", balance="0", time1="100.00")
            meter.until(wednesday + " 12:00:00")
            meter.top_up("10.00")
            self.has(meter, weekly_due="21.00", balance="3.00", time1="93.00")
            meter.until("%s %s" % (thursday, two))
            self.has(meter, weekly_due="18.00", balance="0", time1="90.00")
            meter.until(thursday + " 12:00:00")
            meter.top_up("20.00")
            self.has(meter, weekly_due="4.00", balance="6.00", time1="76.00")
            meter.until("%s %s" % (friday, two))
            self.has(meter, weekly_due="1.00", balance="3.00", time1="73.00")
            meter.until("%s %s" % (saturday, two))
            self.has(meter, weekly_due="0", balance="2.00", time1="72.00")
            meter.until("%s %s" % (sunday, two_then))
            self.has(meter, weekly_due="0", balance="2.00", time1="72.00")
            meter.until("%s %s" % (next_wednesday, two_then))
            self.has(meter, weekly_due="7.00", balance="2.00", time1="72.00")

    def test_W5_sevenths_of_what_seven_does_not_divide(self):
        """W = £10.00, b = 2: after k days k x 20 / 7 = 2.857142... of £33.00, cut after 5 decimals."""
        meter = self.gas("2026-03-03 12:00:00", weekly="10.00", balance="-1.00", accumulated="0")
        meter.until("2026-03-18 01:59:59")
        self.has(meter, weekly_due="20.00")
        meter.top_up("100.00")  # 30.00, and of 70.00 the 20.00 that are due: -1 + 30 + 50
        self.has(meter, weekly_due="0", balance="79.00", time1="80.00")
        meter = self.gas("2026-03-03 12:00:00", weekly="10.00")
        meter.until("2026-03-18 02:00:00")
        self.has(meter, weekly_due="30.00", balance="0")
        meter.until("2026-03-18 12:00:00")
        meter.top_up("20.00")  # 6.00, 14.00 off what is due
        for instant, balance, due in (  # from Thursday on, k = 1 to 6: 2.85714 2.85714 2.85715 ...
            ("2026-03-19 02:00:00", "3.14286", "13.14286"),
            ("2026-03-20 02:00:00", "0.28572", "10.28572"),
            ("2026-03-21 02:00:00", "0", "10.00"),
        ):  # fmt: skip
            meter.until(instant)
            self.has(meter, balance=balance, weekly_due=due)

    def test_W5_across_an_outage_of_a_week_and_a_half(self):
        """The same as in spring, from 20 March to 30 March 12:00 in the dark."""
        meter = self.gas("2026-03-10 12:00:00", balance="50.00")
        meter.until("2026-03-20 12:00:00")
        self.has(meter, weekly_due="11.00", balance="47.00")
        meter.dark("2026-03-30 12:00:00")
        self.has(meter, weekly_due="8.00", balance="37.00", time1="87.00")

    def test_W4_no_more_is_due_than_the_debt(self):
        meter = self.gas("2026-03-03 12:00:00", time1="10.00")
        meter.until("2026-03-25 02:00:00")
        self.has(meter, weekly_due="10.00", time1="10.00")
        meter.pay_debt("time1", "4.00")
        self.has(meter, weekly_due="6.00", time1="6.00")

    def test_W5_reading_an_open_relay_suspends_nothing(self):
        """W2 is for parts: b x W is taken from a balance above 0, armed or not; the rest stays due."""
        meter = self.gas("2026-03-03 12:00:00")
        meter.until("2026-03-18 12:00:00")
        meter.top_up("20.00")
        self.assertEqual(meter.figure("supply"), "armed")
        meter.until("2026-03-19 02:00:00")
        self.has(meter, weekly_due="5.00", balance="4.00", accumulated="0")

    def test_a_clock_set_back_over_wednesday_begins_no_week_twice(self):
        meter = self.gas("2026-03-10 12:00:00", balance="50.00")
        meter.until("2026-03-18 03:00:00")
        self.has(meter, weekly_due="13.00", balance="49.00")
        meter.set_time("2026-03-17 12:00:00")
        meter.until("2026-03-18 02:30:00")
        self.has(meter, weekly_due="13.00", balance="49.00")
        meter.until("2026-03-19 02:00:00")
        self.has(meter, weekly_due="12.00", balance="48.00")


class SeventyThirty(GasCase):
    """A top-up of £10.00: 3.00 always to the balance, 7.00 pay what is owed."""

    def with_due(self, weekly, **settings):
        """W is due since 02:00; nothing was to be taken, for nothing was due before."""
        meter = self.gas("2026-03-10 12:00:00", weekly=weekly, **settings)
        meter.until("2026-03-11 12:00:00")
        self.has(meter, weekly_due=weekly)
        return meter

    def test_W4_twenty_pounds_due(self):
        meter = self.with_due("20.00")
        meter.top_up("10.00")
        self.has(meter, balance="3.00", weekly_due="13.00", time1="93.00")

    def test_W4_three_pounds_due(self):
        """7.00 - 3.00: the other 4.00 to the balance too."""
        meter = self.with_due("3.00")
        meter.top_up("10.00")
        self.has(meter, balance="7.00", weekly_due="0", time1="97.00")

    def test_W4_emergency_credit_owed(self):
        """7.00 - 3.00 = 4.00 of the 5.00 that are owed."""
        meter = self.with_due("3.00", ec_activated=1, ec_left="0")
        meter.top_up("10.00")
        self.has(meter, balance="3.00", weekly_due="0", ec_owed="1.00", time1="97.00")
        meter.top_up("10.00")
        self.has(meter, balance="12.00", ec_owed="0", time1="97.00")

    def test_W4_standing_charge_accumulated(self):
        """7.00 - 3.00 - 2.00 - 1.50 = 0.50; a midnight without supply has added 0.50 to 1.00."""
        meter = self.with_due("3.00", ec_activated=0, ec_left="3.00", accumulated="1.00", standing="0.50")
        self.has(meter, accumulated="1.50", ec_owed="2.00")
        meter.top_up("10.00")
        self.has(meter, balance="3.50", weekly_due="0", ec_owed="0", accumulated="0", time1="97.00")

    def test_W4_what_cannot_be_repaid_stays_owed(self):
        """£2.00: 0.60 and 1.40; the debt that is due comes first."""
        meter = self.with_due("3.00", ec_activated=0, ec_left="3.00", accumulated="1.50")
        meter.top_up("2.00")
        self.has(meter, balance="0.60", weekly_due="1.60", ec_owed="2.00", accumulated="1.50")
        meter.top_up("4.00")  # 1.20; 2.80 - 1.60 = 1.20 of the 2.00
        self.has(meter, balance="1.80", weekly_due="0", ec_owed="0.80", accumulated="1.50")
        meter.top_up("2.00")  # 0.60; 1.40 - 0.80 = 0.60 of the 1.50
        self.has(meter, balance="2.40", ec_owed="0", accumulated="0.90")

    def test_W4_nothing_owed(self):
        meter = self.gas("2026-03-10 12:00:00")
        meter.top_up("10.00")
        self.has(meter, balance="10.00", time1="100.00")

    def test_W4_thirty_percent_is_rounded_down_to_a_mp(self):
        """30 % of 1.00001 is 0.300003."""
        meter = self.with_due("20.00")
        meter.top_up("1.00001")
        self.has(meter, balance="0.30", weekly_due="19.29999")

    def test_W4_there_is_no_payment_based_debt(self):
        meter = self.with_due("3.00", payment="20.00")
        meter.top_up("10.00")
        self.has(meter, balance="7.00", payment="20.00")

    def test_S8_what_restores_supply(self):
        """30 % of 6.67 is 2.001, of 6.66 1.998. With 3.00 due 5.01 - 3.00 = 2.01. With EC used up
        70 % of 4.29 is 3.003: the 3.00 that is due, and 0.3 p of EC."""
        for weekly, settings, need in (
            ("20.00", {}, "6.67"), ("3.00", {}, "5.01"),
            ("3.00", {"ec_activated": 1, "ec_left": "0"}, "4.29"),
        ):  # fmt: skip
            meter = self.with_due(weekly, balance="-2.00", **settings)
            self.has(meter, need=need)
            self.assertEqual(meter.figure("supply"), "disabled")
            meter.top_up(need)
            self.assertEqual(meter.figure("supply"), "armed")


if __name__ == "__main__":
    from by_hand import unittest

    unittest.main()
