"""D1-D3, E1-E4, S2-S8, T1: the core as events make it live, one rule a test."""

import unittest

from shilling import codes, commands, remote
from support import Bench, Random, make_code

FRIDAY = 9820  # 2026-11-20
POUND = 100000


class D2StandingCharge(unittest.TestCase):
    def test_it_falls_due_at_midnight_utc_and_is_drawn_by_D1(self):
        bench = Bench(balance_mp=30000, standing_mp=50000, ec_activated=1)
        bench.wait_until(FRIDAY + 1, 0)
        self.assertEqual(bench.figures(), (0, 0, 20000))

    def test_it_takes_the_balance_below_zero(self):
        bench = Bench(balance_mp=30000, standing_mp=50000)
        bench.wait_until(FRIDAY + 1, 0)
        self.assertEqual(bench.figures(), (-20000, 0, 0))

    def test_it_moves_to_the_adr_while_the_relay_is_open(self):
        bench = Bench(balance_mp=0, standing_mp=50000)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)
        bench.meter.supply.operate(FRIDAY)
        bench.wait_until(FRIDAY + 2, 0)
        self.assertEqual(bench.meter.account.accumulated_mp, -100000)
        self.assertEqual(bench.figures()[0], 0)

    def test_S10_a_midnight_at_the_very_first_start_counts_as_done(self):
        bench = Bench(second=0, standing_mp=50000)
        self.assertEqual(bench.figures()[0], 10 * POUND)

    def test_years_without_power_are_charged_in_portions_and_judged_once(self):
        bench = Bench(balance_mp=20 * POUND, standing_mp=POUND, second=36000)
        bench.records.clear()
        bench.wait_until(FRIDAY + 46, 43200)
        self.assertEqual(bench.records.count(codes.RECORD_DUE), 20)
        self.assertEqual(bench.meter.next_ms(), 1)
        self.assertEqual(bench.meter.supply.state, codes.ENABLED)
        bench.wait(0)
        bench.wait(0)
        self.assertEqual(bench.figures()[0], -26 * POUND)
        self.assertEqual(bench.records.count(codes.RECORD_DUE), 46)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)

    def test_each_missed_midnight_is_one_record(self):
        bench = Bench(standing_mp=50000)
        bench.records.clear()
        bench.wait_until(FRIDAY + 3, 5)
        self.assertEqual(bench.records.count(codes.RECORD_DUE), 3)


class Charging(unittest.TestCase):
    def test_6_kwh_at_24_50_p(self):
        bench = Bench()
        bench.use(6000)
        self.assertEqual(bench.figures()[0], 10 * POUND - 147000)
        self.assertEqual(bench.meter.energy.total_wh(), 6000)

    def test_a_batch_of_pulses_is_the_same_as_pulse_by_pulse(self):
        """Batches that stop where next_pulses asks, against single pulses, through every edge."""
        for start_mp, activated in ((7000, 0), (7000, 1), (505000, 0), (203000, 0)):
            single = Bench(balance_mp=start_mp, second=60000, ec_limit_mp=9000, ec_activated=activated)
            batch = Bench(balance_mp=start_mp, second=60000, ec_limit_mp=9000, ec_activated=activated)
            left = 1200
            while left:
                part = min(left, batch.meter.next_pulses())
                batch.meter.step(0, part, True)
                single.use(part)
                left -= part
                self.assertEqual(batch.figures(), single.figures())
                self.assertEqual(batch.meter.account.ec_state(), single.meter.account.ec_state())
            self.assertEqual(batch.alerts(), single.alerts())

    def test_never_more_than_a_penny_is_not_on_flash(self):
        bench = Bench(balance_mp=3 * POUND, ec_activated=1)
        random = Random(2)
        bench.use(1)
        account = bench.meter.account
        committed_mp = 0
        for _ in range(3000):
            before = len(bench.records)
            bench.meter.step(0, 1 + random.below(3), True)
            charged_mp = account.charged.pounds * POUND + account.charged.rest_mp
            if len(bench.records) > before:
                committed_mp = charged_mp
            self.assertTrue(charged_mp - committed_mp <= 1000)

    def test_use_is_committed_a_minute_after_the_last_pulse(self):
        bench = Bench()
        bench.use(3)
        bench.records.clear()
        bench.wait(59)
        self.assertEqual(bench.records, [])
        bench.wait(1)
        self.assertEqual(bench.records, [codes.RECORD_CHARGE])

    def test_use_is_committed_once_an_hour_at_least(self):
        bench = Bench(rate_mp=100)
        bench.records.clear()
        for _ in range(80):
            bench.wait(45, 1)
        self.assertEqual(bench.records, [codes.RECORD_CHARGE])


class Supply(unittest.TestCase):
    def test_S2_no_credit_outside_friendly_hours_disables_at_once(self):
        bench = Bench(balance_mp=49)
        bench.use(1)
        self.assertEqual(bench.meter.supply.state, codes.ENABLED)
        bench.use(1)
        self.assertEqual((bench.meter.supply.state, bench.figures()[0]), (codes.DISABLED, 0))
        self.assertEqual(bench.alerts(), [0x8F0F])

    def test_S2_S3_friendly_hours_hold_until_monday_ten(self):
        bench = Bench(balance_mp=24, second=16 * 3600)
        bench.use(2)
        self.assertEqual(bench.figures()[0], 24 - 49)
        self.assertTrue(bench.meter.is_suspended())
        self.assertEqual(bench.alerts(), [0x8F0F, 0x8F83])
        bench.wait_until(FRIDAY + 3, 35999)
        self.assertEqual(bench.meter.supply.state, codes.ENABLED)
        bench.wait(1)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)

    def test_S4_a_top_up_arms_and_only_the_consumer_enables(self):
        bench = Bench(balance_mp=0)
        self.assertFalse(commands.enable(bench.meter))
        self.assertEqual(bench.top_up.remote(POUND), codes.DONE)
        self.assertEqual(bench.meter.supply.state, codes.ARMED)
        self.assertEqual(bench.alerts()[-1], 0x8F32)
        self.assertTrue(commands.enable(bench.meter))
        self.assertEqual(bench.meter.supply.state, codes.ENABLED)

    def test_S4_credit_lost_again_disarms(self):
        bench = Bench(balance_mp=0, standing_mp=0)
        bench.top_up.remote(POUND)
        bench.meter.account.spend("balance_mp", "charged", POUND)
        bench.wait(1)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)

    def test_S4_friendly_hours_do_not_restore_a_supply_that_is_off(self):
        bench = Bench(balance_mp=0)
        bench.wait_until(FRIDAY, 57600)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)

    def test_remote_off_ends_by_arm_and_the_consumer(self):
        bench = Bench()
        self.assertTrue(remote.disable(bench.meter))
        bench.top_up.remote(POUND)
        self.assertEqual(bench.meter.supply.state, codes.REMOTE_OFF)
        bench.alerts()
        self.assertTrue(remote.arm(bench.meter))
        self.assertEqual((bench.meter.supply.state, bench.alerts()), (codes.ARMED, [0x8F32]))

    def test_arm_without_credit_leaves_it_off(self):
        bench = Bench(balance_mp=0)
        bench.alerts()
        remote.arm(bench.meter)
        self.assertEqual((bench.meter.supply.state, bench.alerts()), (codes.DISABLED, []))


class Emergency(unittest.TestCase):
    def test_E2_accepting_arms_a_supply_that_is_off(self):
        bench = Bench(balance_mp=24)
        bench.use(1)
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)
        bench.alerts()
        self.assertTrue(commands.accept_emergency(bench.meter))
        self.assertEqual(bench.meter.supply.state, codes.ARMED)
        self.assertEqual(bench.alerts(), [0x81AB, 0x8168])

    def test_alerts_of_running_down(self):
        """£5.00 and a little, EC accepted, all used in friendly hours."""
        bench = Bench(balance_mp=500010, second=60000)
        bench.use(1)
        self.assertEqual(bench.alerts(), [0x8119])
        commands.accept_emergency(bench.meter)
        self.assertEqual(bench.alerts(), [0x81AB])
        bench.use(41000)
        self.assertEqual(bench.alerts(), [0x810D, 0x81AA, 0x8F0F, 0x8F83])

    def test_E4_a_top_up_repays_and_ends_it(self):
        bench = Bench(balance_mp=0, second=60000, ec_activated=1, ec_owed_mp=200000)
        bench.top_up.remote(600000)
        self.assertEqual(bench.figures(), (400000, 0, 0))
        self.assertEqual(bench.meter.account.ec_activated, 1)
        bench.top_up.remote(POUND)
        self.assertEqual(bench.meter.account.ec_activated, 0)
        bench.use(1)
        self.assertTrue(bench.meter.account.is_ec_offered())


class T1Checks(unittest.TestCase):
    def code(self, bench, counter, value, value_class=1):
        return make_code(bench.meter.config, counter, value, value_class)

    def test_over_the_maximum_credit_is_refused_and_not_used(self):
        bench = Bench()
        self.assertEqual(bench.enter(self.code(bench, 1, 150)), codes.OVER_MAX_CREDIT)
        self.assertEqual((bench.alerts(), bench.figures()[0]), ([0x8F5B], 10 * POUND))
        self.assertFalse(bench.meter.window.is_used(1))
        self.assertEqual(bench.meter.lockout.failures, 0)
        bench.meter.config.set("max_credit_mp", 150 * POUND)
        self.assertEqual(bench.enter(self.code(bench, 1, 150)), codes.DONE)

    def test_over_the_maximum_balance_counts_what_T3_leaves(self):
        bench = Bench(balance_mp=900 * POUND, payment_mp=500 * POUND)
        self.assertEqual(bench.enter(self.code(bench, 1, 149)), codes.OVER_MAX_BALANCE)
        self.assertEqual(bench.alerts(), [0x8F47])
        self.assertEqual(bench.enter(self.code(bench, 2, 142)), codes.DONE)  # 70 % is £99.40
        self.assertEqual(bench.figures()[0], 99940000)

    def test_the_mark_the_credit_and_the_repayment_are_one_record(self):
        bench = Bench(payment_mp=50 * POUND)
        bench.records.clear()
        bench.enter(self.code(bench, 1, 10))
        self.assertEqual(bench.records, [codes.RECORD_ATTEMPT, codes.RECORD_TOP_UP])
        self.assertEqual(bench.figures(), (17 * POUND, 47 * POUND, 0))
        self.assertEqual(bench.alerts(), [0x810E])

    def test_a_debt_paid_off_raises_its_alert(self):
        bench = Bench(payment_mp=2 * POUND)
        bench.enter(self.code(bench, 1, 10))
        self.assertEqual(bench.alerts(), [0x810E, 0x81A9])

    def test_a_store_that_keeps_nothing_halts_and_says_nothing_else(self):
        acts = (
            lambda bench: bench.top_up.remote(POUND) == codes.HALTED,
            lambda bench: bench.enter(self.code(bench, 1, 10)) == codes.HALTED,
            lambda bench: not commands.accept_emergency(bench.meter),
            lambda bench: not remote.disable(bench.meter),
            lambda bench: not remote.clear_lockout(bench.meter),
            lambda bench: not remote.set_time(bench.meter, FRIDAY, 50000),
        )
        for act in acts:
            bench = Bench(balance_mp=POUND)
            bench.meter.journal = lambda kind, counter: False
            self.assertTrue(act(bench))
            self.assertTrue(bench.meter.halted)

    def test_a_store_that_keeps_the_attempt_and_not_the_credit_does_not_say_done(self):
        bench = Bench()
        bench.meter.journal = lambda kind, counter: kind == codes.RECORD_ATTEMPT
        self.assertEqual(bench.enter(self.code(bench, 1, 10)), codes.HALTED)

    def test_a_halted_meter_refuses_codes_and_leaves_the_supply(self):
        bench = Bench()
        bench.meter.halt()
        self.assertEqual(bench.enter(self.code(bench, 1, 10)), codes.HALTED)
        self.assertEqual((bench.meter.supply.state, bench.meter.supply.wants_closed()), (codes.FAULT, 1))

    def test_a_ledger_that_does_not_sum_to_zero_halts(self):
        bench = Bench()
        bench.meter.account.post("balance_mp", 1)
        bench.top_up.remote(POUND)
        self.assertTrue(bench.meter.halted)
        self.assertIn(0x81AE, bench.alerts())


if __name__ == "__main__":
    unittest.main()
