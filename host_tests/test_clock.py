"""DOMAIN 10: VALID, HOLDOVER, INVALID; the mark; the second's edge; a step charges nothing twice."""

import unittest

from shilling import calendar, clock, codes, remote
from shilling.clock import Clock
from support import Bench, Random

DAY = calendar.day_of(2026, 11, 20)


def started(day=DAY, second=1000):
    unit = Clock()
    unit.mark_day, unit.mark_s = day, second
    return unit


class Trust(unittest.TestCase):
    def test_a_running_rtc_at_or_above_the_mark_is_believed(self):
        for day, second, trust in (
            (DAY, 1000, codes.CLOCK_VALID), (DAY, 999, codes.CLOCK_INVALID),
            (DAY - 1, 86399, codes.CLOCK_INVALID), (DAY + 400, 0, codes.CLOCK_VALID),
        ):  # fmt: skip
            unit = started()
            unit.take_reading(clock.RTC_OK, day, second)
            self.assertEqual(unit.trust, trust)

    def test_a_stopped_or_silent_rtc_at_the_start_is_invalid(self):
        for status in (1, 2):
            unit = started()
            unit.take_reading(status, DAY, 5000)
            self.assertEqual(unit.trust, codes.CLOCK_INVALID)

    def test_before_provisioning_the_build_date_is_the_floor(self):
        unit = Clock()
        unit.take_reading(clock.RTC_OK, clock.BUILD_DAY - 1, 86399)
        self.assertFalse(unit.is_trusted())
        unit.take_reading(clock.RTC_OK, clock.BUILD_DAY, 0)
        self.assertTrue(unit.is_trusted())

    def test_an_rtc_lost_on_the_way_is_bridged_for_24_hours(self):
        unit = started()
        unit.take_reading(clock.RTC_OK, DAY, 1000)
        unit.take_reading(1, 0, 0)
        self.assertEqual(unit.trust, codes.CLOCK_HOLDOVER)
        unit.advance(clock.HOLDOVER_MS - 1)
        unit.take_reading(1, 0, 0)
        self.assertTrue(unit.is_trusted())
        unit.advance(1)
        self.assertFalse(unit.is_trusted())
        unit.take_reading(1, 0, 0)
        self.assertFalse(unit.is_trusted())

    def test_a_step_forward_is_believed_and_one_back_is_not(self):
        unit = started()
        unit.take_reading(clock.RTC_OK, DAY, 1000)
        unit.take_reading(clock.RTC_OK, DAY, 8200)
        self.assertEqual((unit.trust, unit.second()), (codes.CLOCK_VALID, 8200))
        unit.take_reading(clock.RTC_OK, DAY, 1000)
        self.assertEqual((unit.trust, unit.second()), (codes.CLOCK_HOLDOVER, 8200))

    def test_authority_may_set_it_back(self):
        unit = started()
        unit.set(DAY - 30, 5)
        self.assertEqual((unit.trust, unit.mark_day, unit.mark_s), (codes.CLOCK_VALID, DAY - 30, 5))
        unit.take_reading(clock.RTC_OK, DAY - 30, 6)
        self.assertEqual(unit.trust, codes.CLOCK_VALID)

    def test_a_little_behind_is_drift(self):
        unit = started()
        unit.take_reading(clock.RTC_OK, DAY, 1000)
        unit.advance(4100)
        unit.take_reading(clock.RTC_OK, DAY, 1003)  # our crystal is fast: 1004.1 against < 1004
        self.assertEqual(unit.trust, codes.CLOCK_VALID)
        self.assertEqual(unit.ms, 1003999)


class Edge(unittest.TestCase):
    def test_the_readings_find_the_edge_and_are_never_ahead(self):
        """A start at any instant of a second: within 12 readings the clock is right to 1 ms."""
        random = Random(9)
        for _ in range(50):
            true_ms = 1000000 + random.below(1000)
            unit = started(second=1000)
            readings = 0
            while unit.slack_ms or not readings:
                unit.take_reading(clock.RTC_OK, DAY, true_ms // 1000)
                readings += 1
                self.assertTrue(0 <= true_ms - unit.ms <= unit.slack_ms)
                if unit.slack_ms:
                    wait_ms = unit.next_reading_ms()
                    unit.advance(wait_ms)
                    true_ms += wait_ms
            self.assertEqual(unit.ms, true_ms)
            self.assertTrue(readings <= 12, readings)

    def test_it_finds_it_over_midnight(self):
        unit = started(DAY, 86398)
        true_ms = 86398700
        for _ in range(14):
            unit.take_reading(clock.RTC_OK, DAY + true_ms // 86400000, true_ms % 86400000 // 1000)
            wait_ms = unit.next_reading_ms() if unit.slack_ms else 1000
            unit.advance(wait_ms)
            true_ms += wait_ms
        self.assertEqual((unit.day - DAY) * 86400000 + unit.ms, true_ms)


class Steps(unittest.TestCase):
    """A clock step never charges anything twice nor skips it; 50 p a day."""

    def bench(self):
        return Bench(second=50000, standing_mp=50000)

    def test_a_step_over_three_midnights_charges_three(self):
        bench = self.bench()
        bench.meter.clock.take_reading(clock.RTC_OK, DAY + 3, 0)
        bench.meter.step(0, 0, True)
        self.assertEqual(bench.figures()[0], 1000000 - 150000)

    def test_back_and_forth_over_a_midnight_charges_it_once(self):
        bench = self.bench()
        for day in (DAY + 1, DAY, DAY + 1, DAY - 5, DAY + 1):
            remote.set_time(bench.meter, day, 10)
            bench.meter.step(0, 0, True)
        self.assertEqual(bench.figures()[0], 1000000 - 50000)

    def test_an_invalid_clock_charges_nothing_until_it_is_set(self):
        bench = self.bench()
        bench.meter.clock.trust = codes.CLOCK_INVALID
        for _ in range(4):
            bench.wait(86400)
        self.assertEqual(bench.figures()[0], 1000000)
        remote.set_time(bench.meter, DAY + 4, 50000)
        bench.meter.step(0, 0, True)
        self.assertEqual(bench.figures()[0], 1000000 - 200000)

    def test_S9_a_clock_that_leaps_ahead_is_no_proof(self):
        """Friday 17:00, nothing left, and the chip says Monday 13:00. Both clocks are out of friendly
        hours for the first time on Monday 14:00, which the chip calls Thursday 10:00."""
        bench = Bench(balance_mp=0, second=17 * 3600)
        clock = bench.meter.clock
        clock.take_reading(0, DAY, 17 * 3600)
        clock.take_reading(0, DAY + 3, 13 * 3600)
        self.assertEqual((clock.day, clock.second(), clock.leap_s), (DAY + 3, 46800, 68 * 3600))
        bench.meter.step(0, 0, True)
        self.assertEqual(bench.meter.supply.state, codes.ENABLED)
        self.assertTrue(bench.meter.is_suspended())
        while bench.meter.supply.state == codes.ENABLED:
            bench.wait((bench.meter.next_ms() + 999) // 1000)
            self.assertTrue(clock.day < DAY + 30)
        self.assertEqual((clock.own_day(), clock.own_second()), (DAY + 3, 14 * 3600))
        self.assertEqual((clock.day, clock.second()), (DAY + 6, 10 * 3600))

    def test_a_clock_not_trusted_starts_at_the_mark_and_does_not_raise_it(self):
        unit = Bench(balance_mp=0).meter
        unit.clock.trust = codes.CLOCK_INVALID
        unit.clock.mark_day, unit.clock.mark_s = DAY + 9, 500
        unit.begin()
        self.assertEqual((unit.clock.day, unit.clock.second()), (DAY + 9, 500))
        unit.clock.advance(3600000)
        unit.write(codes.RECORD_CLOCK, 0)
        self.assertEqual((unit.clock.mark_day, unit.clock.mark_s), (DAY + 9, 500))

    def test_S9_an_authority_ends_the_doubt(self):
        bench = Bench(balance_mp=0, second=17 * 3600)
        bench.meter.clock.take_reading(0, DAY, 17 * 3600)
        bench.meter.clock.take_reading(0, DAY + 3, 11 * 3600)
        remote.set_time(bench.meter, DAY + 3, 39600)
        bench.meter.step(0, 0, True)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)

    def test_two_seconds_are_drift_and_no_leap(self):
        unit = started()
        unit.take_reading(0, DAY, 5000)
        unit.take_reading(0, DAY, 5002)
        self.assertEqual(unit.leap_s, 0)
        unit.take_reading(0, DAY, 5005)
        self.assertEqual((unit.leap_s, unit.own_day(), unit.own_second()), (3, DAY, 5002))

    def test_S6_an_untrusted_clock_cuts_nobody_off(self):
        bench = Bench(balance_mp=100)
        bench.meter.clock.trust = codes.CLOCK_INVALID
        bench.use(100)
        self.assertEqual(bench.meter.supply.state, codes.ENABLED)
        self.assertTrue(bench.meter.is_suspended())
        remote.set_time(bench.meter, DAY, 39600)
        bench.meter.step(0, 0, True)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)


if __name__ == "__main__":
    unittest.main()
