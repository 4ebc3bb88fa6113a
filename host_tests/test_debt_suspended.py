"""W2, D2, S7, S8: what suspends a weekly amount, and nine days without supply or power.

Sums to be checked with a pencil: pounds, UTC; 2026-11-02 is a Monday.
"""

from by_hand import Case, unittest


class Suspension(Case):
    """From Monday noon, no friendly hours; W = £7.00, a pound each midnight."""

    def suspended(self, emergency, disabled, **settings):
        given = dict(profile="key_meter", time1="50.00", weekly="7.00",
                     suspend_debt_emergency=emergency, suspend_debt_disabled=disabled)  # fmt: skip
        given.update(settings)
        return self.make("2026-11-02 12:00:00", **given)

    def test_W2_emergency_credit_pays_no_debt_whatever_the_flag(self):
        """It is in use, so the balance is 0: whole parts move, suspended or not."""
        for flag in (1, 0):
            meter = self.suspended(flag, 1, balance="0", ec_activated=1, ec_left="5.00")
            meter.until("2026-11-02 13:00:00", 1000)
            meter.until("2026-11-04 00:00:00")
            self.has(meter, balance="0", ec_owed="0.245", time1="48.00", accumulated="2.00")
            meter.top_up("5.00")  # accumulated 2.00, owed 0.245, the rest 2.755
            self.has(meter, balance="2.755", ec_owed="0", accumulated="0", time1="48.00")

    def test_W2_exhausted_emergency_credit_suspends_what_the_balance_could_pay(self):
        for flag, balance, accumulated in ((1, "3.00", "1.00"), (0, "2.00", "0")):
            meter = self.suspended(flag, 1, balance="3.00", ec_activated=1, ec_left="0")
            meter.until("2026-11-03 00:00:00")
            self.has(meter, balance=balance, accumulated=accumulated, time1="49.00", ec_owed="5.00")

    def test_W2_emergency_credit_that_is_active_but_not_in_use_suspends_nothing(self):
        meter = self.suspended(1, 1, balance="3.00", ec_activated=1, ec_left="5.00")
        meter.until("2026-11-03 00:00:00")
        self.has(meter, balance="2.00", accumulated="0", time1="49.00")

    def test_W2_in_use_in_the_middle_of_the_night(self):
        """£1.20: a pound on Tuesday; 20 p of Wednesday's, and 80 p move; then whole pounds."""
        meter = self.suspended(1, 1, balance="1.20", ec_activated=1, ec_left="5.00")
        meter.until("2026-11-03 00:00:00")
        self.has(meter, balance="0.20", accumulated="0", time1="49.00")
        meter.until("2026-11-04 00:00:00")
        self.has(meter, balance="0", accumulated="0.80", time1="48.00")
        meter.until("2026-11-05 00:00:00")
        self.has(meter, balance="0", accumulated="1.80", time1="47.00", ec_owed="0")

    def test_W2_an_open_relay_suspends_what_the_balance_could_pay(self):
        """No credit at noon: off. £10.00 arm the meter; nobody presses B."""
        for flag, balance, accumulated in ((1, "10.00", "2.00"), (0, "8.00", "0")):
            meter = self.suspended(1, flag, balance="0")
            meter.top_up("10.00")
            self.assertEqual(meter.figure("supply"), "armed")
            meter.until("2026-11-04 00:00:00")
            self.has(meter, balance=balance, accumulated=accumulated, time1="48.00")
            meter.enable()
            meter.until("2026-11-04 01:00:00")
            meter.until("2026-11-05 00:00:00")
            paid = "9.00" if flag else "7.00"
            self.has(meter, balance=paid, accumulated=accumulated, time1="47.00")


class NineDays(Case):
    """Off from Monday noon to Wednesday of the week after: nine midnights. Standing charge
    9 x 53.21 p = £4.7889, weekly debt 9 x £1.00: £13.7889 are accumulated."""

    def off(self):
        return self.make("2026-11-02 12:00:00", profile="key_meter", balance="0", time1="50.00",
                         weekly="7.00", standing="0.53210")  # fmt: skip

    def check_and_top_up(self, meter):
        self.has(meter, balance="0", time1="41.00", accumulated="13.78890", need="13.79")
        self.assertEqual(meter.figure("supply"), "disabled")
        meter.top_up("10.00")
        self.has(meter, balance="0", time1="41.00", accumulated="3.78890", need="3.79")
        self.assertEqual(meter.figure("supply"), "disabled")
        meter.top_up("10.00")
        self.has(meter, balance="6.21110", time1="41.00", accumulated="0", need="0")
        self.assertEqual(meter.figure("supply"), "armed")

    def test_supply_off_for_nine_days_then_a_top_up(self):
        meter = self.off()
        meter.until("2026-11-11 12:00:00")
        self.check_and_top_up(meter)

    def test_in_the_dark_for_nine_days_then_a_top_up(self):
        meter = self.off()
        meter.dark("2026-11-11 12:00:00")
        self.check_and_top_up(meter)

    def test_with_supply_on_the_same_nine_days_are_drawn(self):
        """S7: in the state before the cut. £20.00 - £13.7889."""
        meter = self.make("2026-11-02 12:00:00", profile="key_meter", balance="20.00",
                          time1="50.00", weekly="7.00", standing="0.53210")  # fmt: skip
        meter.dark("2026-11-11 12:00:00")
        self.has(meter, balance="6.21110", time1="41.00", accumulated="0")
        self.assertEqual(meter.figure("supply"), "enabled")

    def test_the_balance_ends_in_the_middle_of_an_outage(self):
        """Tuesday 3.00 - 0.5321 - 1.00 = 1.4679. Wednesday - 0.5321 = 0.9358, all of it for the
        pound, 0.0642 accumulated. Then seven midnights: 7 x 0.5321 below 0, 7 x 1.00 accumulated."""
        meter = self.make("2026-11-02 12:00:00", profile="key_meter", balance="3.00",
                          time1="50.00", weekly="7.00", standing="0.53210")  # fmt: skip
        meter.dark("2026-11-11 12:00:00")
        self.has(meter, balance="-3.72470", time1="41.00", accumulated="7.0642")
        self.assertEqual(meter.figure("supply"), "disabled")


if __name__ == "__main__":
    unittest.main()
