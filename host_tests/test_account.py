"""D1, D3, E1-E4: double entry, drawing credit, emergency credit."""

import unittest

from shilling import account as names
from shilling import codes
from shilling.account import BALANCE, CHARGED, EMERGENCY, MONEY_IN, PAYMENT, Account
from shilling.config import Config
from shilling.units import LIMIT_MP

POUND = 100000


def make(balance_mp=0, ec_activated=0, ec_owed_mp=0):
    account = Account(Config())
    account.spend(BALANCE, "opening", -balance_mp)
    account.spend(EMERGENCY, "opening", ec_owed_mp)
    account.ec_activated = ec_activated
    return account


class DoubleEntry(unittest.TestCase):
    def test_a_new_account_holds_nothing(self):
        account = Account(Config())
        self.assertEqual([getattr(account, name) for name in names.REGISTERS], [0] * 6)
        self.assertEqual((account.due_mp, account.ec_activated, account.debt_mp()), (0, 0, 0))
        self.assertTrue(account.is_balanced() and account.is_within_bounds())

    def test_each_account_is_posted_on_its_own(self):
        for dropped in names.REGISTERS + names.TOTALS:
            with self.subTest(dropped):
                account = make(10 * POUND)
                account.spend(PAYMENT, "opening", 5 * POUND)
                self.assertTrue(account.is_balanced())
                post(account, dropped, 1)  # one side alone
                self.assertFalse(account.is_balanced())

    def test_a_dropped_posting_shows(self):
        account = make(10 * POUND)
        account.post = lambda register, amount_mp: None
        account.draw(CHARGED, 24500)
        self.assertFalse(account.is_balanced())

    def test_a_move_past_the_limit_is_refused_and_changes_nothing(self):
        account = make(LIMIT_MP)
        self.assertFalse(account.spend(BALANCE, MONEY_IN, -1))
        self.assertEqual(account.balance_mp, LIMIT_MP)
        self.assertTrue(account.is_balanced() and account.is_within_bounds())
        account.post(BALANCE, 1)
        self.assertFalse(account.is_within_bounds())

    def test_each_register_stays_within_10_000_pounds_either_way(self):
        for register in names.REGISTERS:
            with self.subTest(register):
                account = make()
                account.post(register, -LIMIT_MP)
                self.assertTrue(account.is_within_bounds())
                account.post(register, -1)
                self.assertFalse(account.is_within_bounds())

    def test_nothing_is_owed_to_emergency_credit_and_no_charge_is_due_below_zero(self):
        account = make()
        account.post(EMERGENCY, 1)
        self.assertFalse(account.is_within_bounds())
        account = make()
        account.due_mp = -1
        self.assertFalse(account.is_within_bounds())

    def test_total_debt_is_payment_time_and_accumulated_debt(self):
        account = make(7)
        debts = (PAYMENT, names.TIME_1, names.TIME_2, names.ACCUMULATED)
        for register, owed_mp in zip(debts, (1, 10, 100, 1000)):
            account.spend(register, "opening", owed_mp)
        self.assertEqual(account.debt_mp(), 1111)

    def test_the_lowest_balance_is_minus_10_000_pounds(self):
        account = make(-LIMIT_MP)
        self.assertFalse(account.draw(CHARGED, 1))
        self.assertEqual(account.balance_mp, -LIMIT_MP)
        self.assertEqual(account.charge(5, True), 0)
        self.assertEqual(account.due_mp, 5)
        self.assertTrue(account.is_balanced())


def post(account, name, amount_mp):
    if name in names.TOTALS:
        getattr(account, name).add(amount_mp)
    else:
        account.post(name, amount_mp)


class D1DrawsInOrder(unittest.TestCase):
    def test_balance_then_emergency_then_below_zero(self):
        account = make(30000, ec_activated=1)
        account.draw(CHARGED, 20000)
        self.assertEqual((account.balance_mp, account.ec_owed_mp()), (10000, 0))
        account.draw(CHARGED, 20000)
        self.assertEqual((account.balance_mp, account.ec_owed_mp()), (0, 10000))
        account.draw(CHARGED, 500000)
        self.assertEqual((account.balance_mp, account.ec_owed_mp()), (-10000, 500000))
        self.assertTrue(account.is_balanced())

    def test_emergency_credit_not_activated_is_not_drawn(self):
        account = make(10000)
        account.draw(CHARGED, 30000)
        self.assertEqual((account.balance_mp, account.ec_owed_mp()), (-20000, 0))


class D3StopsAtZero(unittest.TestCase):
    def test_the_rest_stays_due_for_the_next_wh(self):
        account = make(10)
        self.assertEqual(account.charge(24, False), 10)
        self.assertEqual((account.balance_mp, account.due_mp), (0, 14))
        self.assertTrue(account.is_ec_offered())
        account.spend(BALANCE, MONEY_IN, -1000)
        self.assertEqual(account.charge(24, False), 38)
        self.assertEqual((account.balance_mp, account.due_mp), (962, 0))

    def test_a_protected_charge_goes_below_zero(self):
        account = make(10)
        self.assertEqual(account.charge(24, True), 24)
        self.assertEqual((account.balance_mp, account.due_mp), (-14, 0))

    def test_the_last_credit_is_the_last_of_emergency_credit(self):
        account = make(0, ec_activated=1, ec_owed_mp=499990)
        account.charge(24, False)
        self.assertEqual((account.balance_mp, account.ec_left_mp(), account.due_mp), (0, 0, 14))

    def test_a_step_never_passes_zero_or_a_penny(self):
        for balance_mp, step_mp in ((3500, 501), (3000, 1), (500, 500), (1, 1), (0, 1), (-1500, 501)):
            with self.subTest(balance_mp):
                self.assertEqual(make(balance_mp).step_mp(), step_mp)
        self.assertEqual(make(0, ec_activated=1, ec_owed_mp=100).step_mp(), 901)
        self.assertEqual(make(-500, ec_activated=1, ec_owed_mp=499999).step_mp(), 1)

    def test_a_step_ends_just_below_a_threshold_inside_a_penny(self):
        for name in ("ec_threshold_mp", "low_credit_mp"):
            for balance_mp, step_mp in ((300400, 101), (300300, 1), (300299, 300)):
                with self.subTest((name, balance_mp)):
                    account = make(balance_mp)
                    account.config.set(name, 300300)
                    self.assertEqual(account.step_mp(), step_mp)


class EmergencyCredit(unittest.TestCase):
    def test_E1_offered_below_the_threshold_and_not_below_zero(self):
        for balance_mp, offered in ((500000, False), (499999, True), (0, True), (-1, False)):
            with self.subTest(balance_mp):
                self.assertEqual(make(balance_mp).is_ec_offered(), offered)

    def test_E1_a_setting_offers_it_below_zero(self):
        account = make(-1)
        account.config.set("ec_below_zero", 1)
        self.assertTrue(account.is_ec_offered())

    def test_E1_not_offered_while_something_is_owed_or_without_a_limit(self):
        self.assertFalse(make(0, ec_owed_mp=1).is_ec_offered())
        account = make(0)
        account.config.set("ec_limit_mp", 0)
        self.assertFalse(account.is_ec_offered())
        account.config.set("ec_limit_mp", 1)
        self.assertTrue(account.is_ec_offered())

    def test_E2_not_offered_means_no_credit_and_no_change(self):
        account = make(500000)
        self.assertFalse(account.activate_ec())
        self.assertEqual(account.ec_activated, 0)
        account = make(499999)
        self.assertTrue(account.activate_ec())
        self.assertEqual(account.ec_activated, 1)
        self.assertFalse(account.activate_ec())

    def test_E3_states(self):
        for account, state in (
            (make(500000), codes.EC_NONE),
            (make(-1), codes.EC_NONE),
            (make(100), codes.EC_OFFERED),
            (make(1, 1), codes.EC_ACTIVE),
            (make(0, 1), codes.EC_IN_USE),
            (make(0, 1, 499999), codes.EC_IN_USE),
            (make(0, 1, 500000), codes.EC_EXHAUSTED),
            (make(-70, 1, 500000), codes.EC_EXHAUSTED),
            (make(70, 1, 500000), codes.EC_EXHAUSTED),
        ):
            self.assertEqual(account.ec_state(), state)

    def test_E4_ends_when_nothing_is_owed_and_the_threshold_is_reached(self):
        for balance_mp, owed_mp, left in ((499999, 0, 1), (500000, 1, 1), (500000, 0, 0)):
            account = make(balance_mp, 1, owed_mp)
            account.settle_ec()
            self.assertEqual(account.ec_activated, left)

    def test_S1_credit_is_available(self):
        for account, available in (
            (make(1), True), (make(0), False), (make(-1), False),
            (make(0, 1), True), (make(-5, 1, 499999), True), (make(0, 1, 500000), False),
        ):  # fmt: skip
            self.assertEqual(account.is_credit_available(), available)


if __name__ == "__main__":
    unittest.main()
