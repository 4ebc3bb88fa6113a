"""T3-T5, W4, W8, S8: how a top-up is shared out, the weekly cap, and what restores supply."""

import unittest

from shilling import codes
from shilling.account import ACCUMULATED, PAYMENT, TIME_1, Account
from shilling.config import BY_GAS_WEEK, BY_PARTS, Config
from shilling.debt import NO_WEEK, Debt
from shilling.units import LIMIT_MP
from support import Random

POUND = 100000
WEEK = 1400
DEBTS = (PAYMENT, TIME_1, ACCUMULATED)


def make(balance=0.0, payment=0, accumulated=0, ec_owed=0, time_1=0, **settings):
    """Amounts in pounds."""
    config = Config()
    for name in settings:
        config.set(name, settings[name])
    account = Account(config)
    for register, pounds in (("balance_mp", balance), ("payment_mp", -payment),
                             ("accumulated_mp", -accumulated), ("emergency_mp", -ec_owed),
                             ("time_1_mp", -time_1)):  # fmt: skip
        account.spend(register, "opening", -round(pounds * POUND))
    account.ec_activated = 1 if ec_owed else 0
    return Debt(config, account)


def figures(debt):
    """(balance, payment debt, ADR, EC owed) in mp; the ledger must balance."""
    account = debt.account
    assert account.is_balanced()
    return (account.balance_mp, -account.payment_mp, -account.accumulated_mp, account.ec_owed_mp())


def share_of(debt, amount_mp, week):
    """What of a top-up would go to payment debt."""
    debt.divide(amount_mp, week)
    return debt.to_payment_mp


class TopUp(unittest.TestCase):
    def test_T4_thirty_percent_goes_to_debt(self):
        debt = make(payment=50)
        debt.apply_top_up(10 * POUND, WEEK)
        self.assertEqual(figures(debt), (700000, 4700000, 0, 0))

    def test_T5_worked_examples(self):
        for payment, top_up, expected in (
            (50, 10, (80000, 4700000, 0, 0)),
            (2, 10, (180000, 0, 0, 0)),
            (50, 5, (0, 4850000, 0, 270000)),
        ):
            debt = make(balance=-1.20, payment=payment, ec_owed=5)
            debt.apply_top_up(top_up * POUND, WEEK)
            self.assertEqual(figures(debt), expected)

    def test_T3_accumulated_debt_comes_before_a_negative_balance(self):
        debt = make(balance=-1, accumulated=3, ec_owed=5)
        debt.apply_top_up(350000, WEEK)
        self.assertEqual(figures(debt), (-50000, 0, 0, 500000))

    def test_T3_the_share_is_rounded_down_to_a_mp(self):
        debt = make(payment=50, share=33)
        debt.apply_top_up(100001, WEEK)  # 33 000.33
        self.assertEqual(figures(debt), (67001, 4967000, 0, 0))

    def test_T3_the_share_is_that_of_the_whole_product(self):
        for percent in (1, 33, 50, 99, 100):
            debt = make(payment=50, share=percent)
            for amount_mp in (99, 100, 101, 199, 100099, 149999):
                self.assertEqual(share_of(debt, amount_mp, WEEK), amount_mp * percent // 100)

    def test_T3_a_share_of_everything_and_of_nothing(self):
        debt = make(payment=50, share=100)
        debt.apply_top_up(999 * POUND, WEEK)
        self.assertEqual(figures(debt), (94900000, 0, 0, 0))
        debt = make(payment=50, share=0)
        debt.apply_top_up(POUND, WEEK)
        self.assertEqual(figures(debt), (100000, 5000000, 0, 0))

    def test_T5_worked_cap(self):
        debt = make(payment=50, share=10, weekly_cap_mp=5 * POUND)
        paid = []
        for _ in range(7):
            before_mp = debt.account.payment_mp
            debt.apply_top_up(10 * POUND, WEEK)
            paid.append(debt.account.payment_mp - before_mp)
        self.assertEqual(paid, [POUND] * 5 + [0, 0])
        debt.apply_top_up(10 * POUND, WEEK + 1)
        self.assertEqual(figures(debt), (8000000 - 600000, 4400000, 0, 0))

    def test_T5_a_cap_that_is_lowered_takes_nothing_more_and_gives_nothing_back(self):
        debt = make(payment=50, share=30, weekly_cap_mp=5 * POUND)
        debt.apply_top_up(20 * POUND, WEEK)
        debt.config.weekly_cap_mp = 3 * POUND
        self.assertEqual(share_of(debt, 20 * POUND, WEEK), 0)
        self.assertEqual(share_of(debt, 20 * POUND, WEEK + 1), 3 * POUND)

    def test_T5_a_week_that_begins_by_itself_ends_one_that_never_was(self):
        debt = make(payment=50, share=30, weekly_cap_mp=5 * POUND)
        debt.begin_week(WEEK)
        self.assertEqual(debt.cap_week, NO_WEEK)
        debt.apply_top_up(10 * POUND, WEEK + 57)
        for week in (WEEK + 57, WEEK + 58):  # of what has been paid in that very week nothing is forgotten
            debt.begin_week(week)
            self.assertEqual(debt.cap_week, WEEK + 57)
        self.assertEqual(share_of(debt, 20 * POUND, WEEK), 2 * POUND)
        debt.begin_week(WEEK + 1)
        self.assertEqual(share_of(debt, 20 * POUND, WEEK + 1), 5 * POUND)

    def test_an_unknown_week_goes_on_with_the_last(self):
        debt = make(payment=50, share=10, weekly_cap_mp=POUND)
        debt.apply_top_up(10 * POUND, WEEK)
        self.assertEqual(share_of(debt, 10 * POUND, NO_WEEK), 0)

    def test_a_cap_counts_from_nothing_before_any_week_is_known(self):
        debt = make(payment=50, share=100, weekly_cap_mp=POUND)
        self.assertEqual(share_of(debt, 10 * POUND, NO_WEEK), POUND)

    def test_what_a_top_up_would_leave_counts_the_cap_of_its_week(self):
        for week, balance_mp in ((WEEK - 1, 20 * POUND), (WEEK, 20 * POUND), (WEEK + 1, 19 * POUND)):
            debt = make(payment=50, share=10, weekly_cap_mp=POUND)
            debt.apply_top_up(10 * POUND, WEEK)
            debt.apply_top_up(POUND, WEEK)
            self.assertEqual(debt.balance_after_mp(10 * POUND, week), balance_mp)

    def test_what_a_top_up_would_leave_is_what_it_leaves(self):
        random = Random(3)
        for _ in range(200):
            debt = make(
                balance=random.below(2000) / 100 - 10,
                payment=random.below(30),
                accumulated=random.below(5),
                ec_owed=random.below(6) if random.below(2) else 0,
                share=random.below(101),
            )
            amount_mp = 1000 * random.below(15000)
            foreseen_mp = debt.balance_after_mp(amount_mp, WEEK)
            debt.apply_top_up(amount_mp, WEEK)
            self.assertEqual(figures(debt)[0], foreseen_mp)


class S8OwedToRestore(unittest.TestCase):
    def test_worked(self):
        self.assertEqual(make(balance=-1.20, payment=50).owed_to_restore_mp(WEEK), 172000)
        self.assertEqual(make(balance=-1.20).owed_to_restore_mp(WEEK), 121000)
        self.assertEqual(make(balance=0).owed_to_restore_mp(WEEK), 1000)
        self.assertEqual(make(balance=0.01).owed_to_restore_mp(WEEK), 0)
        # EC activated and used up: the first mp that repays it is credit again
        self.assertEqual(make(balance=-0.5, accumulated=2, ec_owed=5).owed_to_restore_mp(WEEK), 251000)

    def test_to_the_last_mp(self):
        """One mp above what is owed restores supply: here just a whole penny or a whole pound."""
        self.assertEqual(make(balance=-0.00999).owed_to_restore_mp(WEEK), 1000)
        self.assertEqual(make(balance=-0.01).owed_to_restore_mp(WEEK), 2000)
        self.assertEqual(make(accumulated=0.00999).owed_to_restore_mp(WEEK), 1000)
        self.assertEqual(make(accumulated=0.01).owed_to_restore_mp(WEEK), 2000)
        self.assertEqual(make(balance=-0.69999, payment=50).owed_to_restore_mp(WEEK), 100000)
        # or one mp of emergency credit
        self.assertEqual(make(balance=-0.99999, ec_owed=5).owed_to_restore_mp(WEEK), 100000)
        self.assertEqual(make(balance=-1, ec_owed=5).owed_to_restore_mp(WEEK), 101000)

    def test_emergency_credit_that_has_ended_is_paid_back_first(self):
        for pence, available in ((250, False), (251, True)):
            debt = make(balance=-0.5, ec_owed=2)
            debt.account.ec_activated = 0
            self.assertEqual(debt.owed_to_restore_mp(WEEK), 251000)
            debt.apply_top_up(1000 * pence, WEEK)
            self.assertEqual(debt.account.is_credit_available(), available)

    def test_emergency_credit_whose_limit_was_lowered_is_paid_back_to_below_that(self):
        for pence, available in ((16, False), (17, True)):
            debt = make(balance=-0.015, ec_owed=0.55)
            debt.config.ec_limit_mp = 40000
            self.assertEqual(debt.owed_to_restore_mp(WEEK), 17000)
            debt.apply_top_up(1000 * pence, WEEK)
            self.assertEqual(debt.account.is_credit_available(), available)

    def test_a_cap_used_up_this_week_asks_for_less_than_one_renewed(self):
        debt = make(balance=-20, payment=50, share=50, weekly_cap_mp=POUND)
        debt.apply_top_up(2 * POUND, WEEK)
        self.assertEqual(debt.owed_to_restore_mp(WEEK), 19 * POUND + 1000)
        self.assertEqual(debt.owed_to_restore_mp(WEEK + 1), 20 * POUND + 1000)

    def test_no_more_than_10_000_pounds_is_asked_and_always_whole_mp(self):
        debt = make(balance=-1.20, payment=10000, share=100)
        for need_mp in (debt.owed_to_restore_mp(WEEK), make(balance=-5, payment=50).owed_to_restore_mp(WEEK)):
            self.assertTrue(isinstance(need_mp, int))
        self.assertEqual(debt.owed_to_restore_mp(WEEK), LIMIT_MP)

    def test_it_is_enough_and_a_penny_less_is_not(self):
        random = Random(11)
        for _ in range(150):
            args = {
                "balance": -random.below(3000) / 100,
                "payment": random.below(40),
                "accumulated": random.below(4),
                "ec_owed": 5 if random.below(2) else 0,
                "share": random.below(100),
                "weekly_cap_mp": POUND * random.below(3),
            }
            need_mp = make(**args).owed_to_restore_mp(WEEK)
            for amount_mp, restored in ((need_mp, True), (need_mp - 1000, False)):
                debt = make(**args)
                debt.apply_top_up(amount_mp, WEEK)
                self.assertEqual(debt.account.is_credit_available(), restored, args)


class GasWeek(unittest.TestCase):
    """W4: 30 % to the balance; of the rest what is due, then EC, then the ADR; W = £7.00."""

    def gas(self, due=0.0, **figures):
        debt = make(recovery=BY_GAS_WEEK, weekly_mp=7 * POUND, time_1=100, **figures)
        debt.weekly_due_mp = round(due * POUND)
        return debt

    def test_W4_in_this_order(self):
        for pounds, balance_mp, due_mp, ec_owed_mp, accumulated_mp in (
            (3, 90000, 90000, 200000, 100000), (5, 150000, 0, 150000, 100000),
            (8, 240000, 0, 0, 40000), (10, 400000, 0, 0, 0),
        ):  # fmt: skip
            debt = self.gas(3, ec_owed=2, accumulated=1)
            debt.apply_top_up(pounds * POUND, WEEK)
            self.assertEqual(figures(debt), (balance_mp, 0, accumulated_mp, ec_owed_mp))
            self.assertEqual(debt.weekly_due_mp, due_mp)
            self.assertEqual(-debt.account.time_1_mp, 9700000 + due_mp)

    def test_W4_a_balance_below_zero_waits_for_the_thirty_percent_and_the_rest(self):
        debt = self.gas(3, balance=-1)
        self.assertEqual(debt.balance_after_mp(5 * POUND, WEEK), 100000)  # -1.00 + 1.50 + 0.50
        debt.apply_top_up(5 * POUND, WEEK)
        self.assertEqual(figures(debt), (100000, 0, 0, 0))

    def test_W4_another_share(self):
        for usable_share, balance_mp in ((0, 0), (100, 100001), (33, 33000)):
            debt = self.gas(50, usable_share=usable_share)
            debt.apply_top_up(100001, WEEK)
            self.assertEqual(figures(debt), (balance_mp, 0, 0, 0))
            self.assertEqual(debt.weekly_due_mp, 50 * POUND - 100001 + balance_mp)

    def test_W4_no_payment_based_debt_and_no_cap(self):
        debt = self.gas(3, payment=20, share=30, weekly_cap_mp=POUND)
        debt.apply_top_up(10 * POUND, WEEK)
        self.assertEqual(figures(debt), (700000, 2000000, 0, 0))
        self.assertEqual((debt.cap_week, debt.cap_used_mp), (NO_WEEK, 0))

    def test_without_a_gas_week_a_top_up_pays_no_time_debt(self):
        debt = make(time_1=100, recovery=BY_PARTS, share=0)
        debt.apply_top_up(10 * POUND, WEEK)
        self.assertEqual(figures(debt), (1000000, 0, 0, 0))
        self.assertEqual(debt.account.time_1_mp, -10000000)

    def test_S8_what_is_due_is_counted_in(self):
        """Ended EC of £2.00 and £3.00 due: 30 % of 6.67 is 2.001; 70 % of 8 is 5.60, of it 0.60 left."""
        self.assertEqual(self.gas(20, balance=-2).owed_to_restore_mp(WEEK), 667000)
        debt = self.gas(3, balance=-3, ec_owed=2)
        debt.account.ec_activated = 0
        self.assertEqual(debt.owed_to_restore_mp(WEEK), 801000)

    def test_its_records_hold_what_is_due(self):
        self.assertEqual(self.gas().record_kind(), codes.RECORD_WEEK_TOP_UP)
        self.assertEqual(make(recovery=BY_PARTS).record_kind(), codes.RECORD_TOP_UP)


class W8PayDebt(unittest.TestCase):
    def test_all_of_it_to_one_debt(self):
        for register in DEBTS:
            debt = make(balance=1, payment=5, accumulated=5, time_1=5)
            self.assertTrue(debt.pay(register, 123456))
            for other in DEBTS:
                left_mp = 376544 if other == register else 500000
                self.assertEqual(getattr(debt.account, other), -left_mp)
            self.assertEqual(figures(debt)[0], 100000)
            self.assertEqual((debt.account.money_in.pounds, debt.account.money_in.rest_mp), (-2, 76544))

    def test_up_to_what_is_owed(self):
        for register in DEBTS:
            for amount_mp, taken in ((0, False), (-1, False), (1, True), (500000, True), (500001, False)):
                debt = make(payment=5, accumulated=5, time_1=5)
                self.assertEqual(debt.pay(register, amount_mp), taken)
                self.assertEqual(getattr(debt.account, register), (amount_mp if taken else 0) - 500000)
                self.assertTrue(debt.account.is_balanced())

    def test_no_more_stays_due_than_is_owed(self):
        debt = make(time_1=10)
        debt.weekly_due_mp = 7 * POUND
        debt.pay(TIME_1, 3 * POUND)
        self.assertEqual(debt.weekly_due_mp, 7 * POUND)
        debt.pay(TIME_1, 4 * POUND)
        self.assertEqual(debt.weekly_due_mp, 3 * POUND)


if __name__ == "__main__":
    unittest.main()
