"""DOMAIN 13: the exact texts at rest, of the status screen and of answers."""

import unittest

from shilling import VERSION, codes, commands, remote, screens
from shilling.menu import Menu
from support import Bench

POUND = 100000
class Resting(unittest.TestCase):
    def texts(self, **settings):
        return screens.resting(Bench(**settings).meter)

    def test_balance(self):
        self.assertEqual(self.texts(balance_mp=350000), ["Credit £3.50"])
        self.assertEqual(self.texts(balance_mp=200000), ["Credit £2.00"])
        self.assertEqual(self.texts(balance_mp=199999), ["Credit £1.99 LOW"])

    def test_friendly_hours_show_F(self):
        self.assertEqual(self.texts(balance_mp=-120000, second=60000), ["Credit -£1.20 LOW F"])

    def test_emergency_credit_in_use(self):
        self.assertEqual(
            self.texts(balance_mp=0, ec_activated=1, ec_owed_mp=190000), ["EmCr £3.10", "Owed £1.90"]
        )

    def test_exhausted_and_below_zero_the_balance_joins(self):
        self.assertEqual(
            self.texts(balance_mp=-50, ec_activated=1, ec_owed_mp=500000, second=60000),
            ["EmCr £0.00 F", "Owed £5.00 F", "Credit -£0.01 LOW F"],
        )

    def test_off_shows_the_need_never_below_the_vending_minimum(self):
        self.assertEqual(
            self.texts(balance_mp=-120000, payment_mp=5000000), ["Supply off", "Need £1.72"]
        )
        self.assertEqual(self.texts(balance_mp=0), ["Supply off", "Need £1.00"])

    def test_armed_remote_off_waiting_and_halted(self):
        bench = Bench(balance_mp=0)
        bench.top_up.remote(POUND)
        self.assertEqual(screens.resting(bench.meter), ["Enable supply?"])
        bench.meter.supply.operate(bench.meter.clock.day)
        bench.meter.record_supply()
        bench.wait(20)
        commands.enable(bench.meter)
        self.assertEqual(screens.resting(bench.meter), ["Wait 40s"])
        remote.disable(bench.meter)
        self.assertEqual(screens.resting(bench.meter), ["Supply off"])
        bench.meter.halt()
        self.assertEqual(screens.resting(bench.meter), ["Store fault"])


    def test_after_20_operations_it_waits_for_the_next_day(self):
        bench = Bench(second=11 * 3600 + 1)
        bench.meter.supply.closed = 0
        self.assertEqual(screens.resting(bench.meter), ["Wait 13h"])
        bench.meter.supply.rest_ms = 39001
        self.assertEqual(screens.resting(bench.meter), ["Wait 40s"])
        bench.meter.supply.rest_ms = 39000
        self.assertEqual(screens.resting(bench.meter), ["Wait 39s"])


class Status(unittest.TestCase):
    def texts(self, bench):
        menu = Menu(bench.meter.config)
        menu.go(codes.SCREEN_STATUS)
        return screens.texts(bench.meter, menu, 0)

    def test_time_clock_id_link_version_and_the_last_alert(self):
        bench = Bench(second=8 * 3600 + 7 * 60 + 59)
        bench.alerts()
        rest = ["Id 00DB1234567890A0", "Link none", "Version " + VERSION]
        self.assertEqual(self.texts(bench), ["08:07", "Clock valid"] + rest)
        bench.meter.alert(0x81C5)
        bench.meter.alert(0x810D)
        bench.meter.clock.trust = codes.CLOCK_HOLDOVER
        self.assertEqual(self.texts(bench), ["08:07", "Clock holdover"] + rest + ["Last 810D"])
        bench.meter.clock.trust = codes.CLOCK_INVALID
        self.assertEqual(self.texts(bench)[:2], ["--:--", "Clock invalid"])

    def test_the_time_is_london_s(self):
        self.assertEqual(self.texts(Bench(day=9662, second=82800))[0], "00:00")  # 2026-06-15


class Answers(unittest.TestCase):
    def told(self, message, face, **settings):
        meter = Bench(**settings).meter
        menu = Menu(meter.config)
        menu.tell(message, codes.SCREEN_CODE, 6000)
        menu.face = face
        return screens.texts(meter, menu, 10 * POUND)

    def test_the_meter_says_what_was_credited_or_why_not(self):
        for message, text in (
            (codes.DONE, "DONE £10.00"),
            (codes.MALFORMED, "Invalid re-enter code"),
            (codes.WRONG_CHECK_DIGIT, "Invalid re-enter code"),
            (codes.RESERVED_CLASS, "Invalid re-enter code"),
            (codes.NOT_AUTHENTIC, "Invalid re-enter code"),
            (codes.DUPLICATE, "Used already"),
            (codes.OVER_MAX_CREDIT, "Over limit"),
            (codes.OVER_MAX_BALANCE, "Over limit"),
            (codes.TOO_SHORT, "Enter 20 digits"),
            (codes.HALTED, "Store fault"),
            (codes.MESSAGE_WAIT, "WAIT"),
            (codes.MESSAGE_NO_CREDIT, "NO CREDIT"),
            (codes.MESSAGE_EC_ACCEPTED, "EmCr £5.00"),
            (codes.MESSAGE_SUPPLY_ON, "Supply on"),
        ):
            self.assertEqual(self.told(message, 0), [text])

    def test_the_in_home_display_says_DONE_or_FAIL_in_turn_with_the_figure_or_the_reason(self):
        self.assertEqual(self.told(codes.MESSAGE_WAIT, 1), ["WAIT"])
        self.assertEqual(self.told(codes.DONE, 1), ["DONE", "£10.00"])
        self.assertEqual(self.told(codes.DUPLICATE, 1), ["FAIL", "Used already"])
        self.assertEqual(self.told(codes.MALFORMED, 1), ["FAIL", "Invalid re-enter code"])
        self.assertEqual(self.told(codes.MESSAGE_NO_CREDIT, 1), ["NO CREDIT"])
        self.assertEqual(self.told(codes.MESSAGE_EC_ACCEPTED, 1), ["EmCr £5.00"])

    def test_a_lock_says_how_long(self):
        bench = Bench()
        menu = Menu(bench.meter.config)
        for _ in range(5):
            bench.meter.lockout.attempt()
        for message, face, shown in (
            (codes.LOCKED, 0, ["Locked 10 min"]),
            (codes.LOCKED, 1, ["FAIL", "Locked 10 min"]),
            (codes.NOT_AUTHENTIC, 0, ["Invalid re-enter code", "Locked 10 min"]),
            (codes.NOT_AUTHENTIC, 1, ["FAIL", "Invalid re-enter code", "Locked 10 min"]),
        ):
            menu.tell(message, codes.SCREEN_CODE, 6000)
            menu.face = face
            self.assertEqual(screens.texts(bench.meter, menu, 0), shown)


if __name__ == "__main__":
    unittest.main()
