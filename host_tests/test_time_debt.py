"""W1, W3, W8, D2: a weekly amount in 7 or 100 parts, and payments to a debt register.

Sums to be checked with a pencil: pounds, UTC; 2026-11-02 is a Monday. W is the weekly amount.
"""

import by_hand
import small_core
from by_hand import Case
from chip_nor import Nor, PowerLoss
from shilling import remote

MONDAY = "2026-11-02 00:00:00"
KEY_METER = {"profile": "key_meter", "balance": "30.00", "time1": "50.00", "weekly": "7.00"}


class WeeklyParts(Case):
    def key_meter(self, now=MONDAY, **settings):
        given = dict(KEY_METER)
        given.update(settings)
        return self.make(now, **given)

    def test_W1_seven_pounds_in_seven_parts_over_four_weeks(self):
        """A pound each midnight, the first on Tuesday 00:00, the seventh on Monday 00:00."""
        meter = self.key_meter()
        meter.until("2026-11-02 23:59:59")
        self.has(meter, balance="30.00", time1="50.00")
        meter.until("2026-11-03 00:00:00")
        self.has(meter, balance="29.00", time1="49.00")
        meter.until("2026-11-08 23:59:59")
        self.has(meter, balance="24.00", time1="44.00")
        for monday, balance, time1 in (
            ("2026-11-09 00:00:00", "23.00", "43.00"), ("2026-11-16 00:00:00", "16.00", "36.00"),
            ("2026-11-23 00:00:00", "9.00", "29.00"), ("2026-11-30 00:00:00", "2.00", "22.00"),
        ):  # fmt: skip
            meter.until(monday)
            self.has(meter, balance=balance, time1=time1, accumulated="0")

    def test_W1_seven_pounds_in_a_hundred_parts_over_four_weeks(self):
        """7 p each 6048 s (1 h 40 min 48 s): 14 of them on Monday, for 14 x 6048 = 84672 s."""
        meter = self.key_meter(parts=100)
        meter.until("2026-11-02 01:40:47")
        self.has(meter, balance="30.00", time1="50.00")
        meter.until("2026-11-02 01:40:48")
        self.has(meter, balance="29.93", time1="49.93")
        meter.until("2026-11-03 00:00:00")
        self.has(meter, balance="29.02", time1="49.02")
        for monday, balance, time1 in (
            ("2026-11-09 00:00:00", "23.00", "43.00"), ("2026-11-16 00:00:00", "16.00", "36.00"),
            ("2026-11-23 00:00:00", "9.00", "29.00"), ("2026-11-30 00:00:00", "2.00", "22.00"),
        ):  # fmt: skip
            meter.until(monday)
            self.has(meter, balance=balance, time1=time1, accumulated="0")

    def test_W1_ten_pounds_in_sevenths(self):
        """10 / 7 = 1.428571...: after k days k x 10 / 7, cut after the fifth decimal."""
        meter = self.key_meter(balance="10.00", weekly="10.00")
        for day, paid, balance in (
            (3, "1.42857", "8.57143"), (4, "2.85714", "7.14286"), (5, "4.28571", "5.71429"),
            (6, "5.71428", "4.28572"), (7, "7.14285", "2.85715"), (8, "8.57142", "1.42858"),
            (9, "10.00", "0"),
        ):  # fmt: skip
            meter.until("2026-11-%d 00:00:00" % day)
            self.assertEqual(meter.figure("time1"), by_hand.mp("50.00") - by_hand.mp(paid))
            self.has(meter, balance=balance, accumulated="0")

    def test_W1_a_penny_a_week_in_hundredths_and_in_sevenths(self):
        """1000 mp: 10 mp each time; 142.857 mp a day: 142, 285, 428, 571, 714, 857, 1000."""
        meter = self.key_meter(weekly="0.01", parts=100)
        meter.until("2026-11-02 03:21:36")
        self.has(meter, balance="29.99980")
        meter.until("2026-11-09 00:00:00")
        self.has(meter, balance="29.99", time1="49.99")
        meter = self.key_meter(weekly="0.01")
        meter.until("2026-11-05 00:00:00")
        self.has(meter, balance="29.99572")
        meter.until("2026-11-09 00:00:00")
        self.has(meter, balance="29.99", time1="49.99")

    def test_W1_the_last_part_is_what_the_register_holds(self):
        meter = self.key_meter(time1="2.50")
        meter.until("2026-11-05 00:00:00")
        self.has(meter, balance="27.50", time1="0", accumulated="0")
        meter.until("2026-11-20 00:00:00")
        self.has(meter, balance="27.50", time1="0", accumulated="0")

    def test_W1_what_the_balance_cannot_pay_moves_to_the_accumulated_debt(self):
        """30 p are there, 70 p are not; from then on the whole pound moves."""
        meter = self.key_meter(balance="0.30")
        meter.until("2026-11-03 00:00:00")
        self.has(meter, balance="0", time1="49.00", accumulated="0.70", total_debt="49.70")
        meter.until("2026-11-04 00:00:00")
        self.has(meter, balance="0", time1="48.00", accumulated="1.70", total_debt="49.70")

    def test_the_standing_charge_comes_before_the_part_of_the_same_midnight(self):
        """£1.00 - 60 p leaves 40 p of the pound that is due."""
        meter = self.key_meter(balance="1.00", standing="0.60")
        meter.until("2026-11-03 00:00:00")
        self.has(meter, balance="0", time1="49.00", accumulated="0.60")

    def test_the_pulses_of_a_boundary_come_before_both(self):
        """2000 pulses at 24.50 p: £1.00 - 49 p - 50 p leaves 1 p."""
        meter = self.key_meter(balance="1.00", standing="0.50")
        meter.until("2026-11-03 00:00:00", 2000)
        self.has(meter, balance="0", time1="49.00", accumulated="0.99")

    def test_a_clock_set_back_and_on_again_collects_nothing_twice(self):
        meter = self.key_meter(standing="0.10")
        meter.until("2026-11-05 12:00:00")
        self.has(meter, balance="26.70", time1="47.00")
        meter.set_time("2026-11-03 12:00:00")
        meter.until("2026-11-05 11:00:00")
        self.has(meter, balance="26.70", time1="47.00")
        meter.until("2026-11-06 00:00:00")
        self.has(meter, balance="25.60", time1="46.00")

    def test_a_clock_set_on_collects_once_what_fell_due_between(self):
        meter = self.key_meter(standing="0.10")
        meter.set_time("2026-11-05 12:00:00")
        self.has(meter, balance="26.70", time1="47.00")
        meter.set_time("2026-11-02 12:00:00")
        meter.set_time("2026-11-05 12:00:00")
        self.has(meter, balance="26.70", time1="47.00")

    def test_without_a_clock_nothing_falls_due_until_a_set_time_proves_the_days(self):
        meter = self.key_meter(standing="0.10", parts=100)
        meter.lose_clock("2026-11-03 00:00:00")
        meter.until("2026-11-06 00:00:00")
        self.has(meter, balance="30.00", time1="50.00")
        meter.set_time("2026-11-09 00:00:00")
        self.has(meter, balance="22.30", time1="43.00")
        meter.until("2026-11-10 00:00:00")
        self.has(meter, balance="21.22", time1="42.02")

    def test_W8_a_payment_to_a_debt_register_pays_that_debt_alone(self):
        meter = self.key_meter(payment="20.00", accumulated="3.00")
        for register, pounds in (("payment", "5.00"), ("time1", "10.00"), ("accumulated", "3.00")):
            self.assertTrue(meter.pay_debt(register, pounds))
        self.has(meter, balance="30.00", payment="15.00", time1="40.00", accumulated="0")

    def test_W8_more_than_is_owed_is_refused(self):
        meter = self.key_meter(payment="20.00")
        for register, pounds in (("payment", "20.00001"), ("time1", "50.00001"), ("accumulated", "0.01")):
            self.assertFalse(meter.pay_debt(register, pounds))
        self.has(meter, balance="30.00", payment="20.00", time1="50.00", accumulated="0")


class OnTheCore(Case):
    """What only the firmware's core has: alerts, and writes that power can go in the middle of."""

    def test_81A7_tells_once_that_the_time_debt_is_paid(self):
        meter = by_hand.Hand(MONDAY, **dict(KEY_METER, time1="2.50"))
        meter.until("2026-11-04 00:00:00")
        self.assertFalse(0x81A7 in meter.core.meter.alerts)
        meter.until("2026-11-20 00:00:00")
        self.assertEqual(meter.core.meter.alerts.count(0x81A7), 1)

    def test_81A7_and_81A9_tell_of_a_payment_too(self):
        meter = by_hand.Hand(MONDAY, **dict(KEY_METER, payment="5.00"))
        for register, alert in (("time1", 0x81A7),
                                ("payment", 0x81A9)):  # fmt: skip
            remote.pay_debt(meter.core.meter, remote.DEBTS[register], by_hand.mp("1.00"))
            self.assertFalse(alert in meter.core.meter.alerts)
            rest_mp = meter.figure(register)
            remote.pay_debt(meter.core.meter, remote.DEBTS[register], rest_mp)
            self.assertEqual(meter.core.meter.alerts.count(alert), 1)

    def test_power_goes_in_the_middle_of_each_write_of_a_catch_up(self):
        """Nine days are owed at the start: however often it is cut off, they are charged once."""
        dark = by_hand.Hand("2026-11-02 12:00:00", **dict(KEY_METER, standing="0.53210"))
        image = bytes(dark.nor.data)
        day, second = by_hand.instant("2026-11-11 12:00:00")
        for write in range(1, 60):
            nor = Nor(bytearray(image))
            nor.cut_at(write)
            try:
                core = small_core.Core(nor, day, second)
            except PowerLoss:
                core = small_core.Core(nor, day, second)
            account = core.meter.account
            figures = (account.balance_mp, -account.time_1_mp, -account.accumulated_mp)
            self.assertEqual(figures, (1621110, 4100000, 0), "cut at write %d" % write)
            if nor.is_cut_planned:
                break
        self.assertTrue(write > 9)


if __name__ == "__main__":
    by_hand.unittest.main()
