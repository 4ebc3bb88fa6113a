"""D2, W1, W2, W4, W5: what falls due at which instant, and what it moves. All sums by hand."""

import unittest

from shilling import calendar
from shilling.account import Account
from shilling.config import BY_GAS_WEEK, BY_PARTS, Config
from shilling.debt import Debt
from shilling.dues import Dues, part_mp, two_o_clock
from shilling.units import LIMIT_MP
from support import Random

POUND = 100000
MONDAY = calendar.day_of(2026, 11, 2)
TUESDAY, WEDNESDAY, SUNDAY = MONDAY + 1, MONDAY + 2, MONDAY + 6
TWO = 7200


def make(recovery=BY_PARTS, time_1=50, balance=0.0, at=(MONDAY, 0), ec_activated=0, ec_owed=0, **settings):
    """Amounts in pounds; W = £7.00."""
    config = Config()
    config.set("weekly_mp", 7 * POUND)
    config.set("recovery", recovery)
    for name in settings:
        config.set(name, settings[name])
    account = Account(config)
    for register, pounds in (("balance_mp", balance), ("time_1_mp", -time_1), ("emergency_mp", -ec_owed)):
        account.spend(register, "opening", -round(pounds * POUND))
    account.ec_activated = ec_activated
    dues = Dues(account, Debt(config, account))
    dues.day, dues.second = at
    dues.look()
    return dues


def figures(dues):
    """(balance, time debt, ADR) in mp; the accounts must balance."""
    account = dues.account
    assert account.is_balanced() and account.is_within_bounds()
    found = (account.balance_mp, -account.time_1_mp, -account.accumulated_mp)
    assert [type(each) for each in found] == [int] * 3
    return found


def following(dues):
    assert type(dues.next_s) is int
    return (dues.next_day, dues.next_s)


class Sums(unittest.TestCase):
    def test_W1_ten_pounds_in_sevenths(self):
        parts = [part_mp(10 * POUND, number, 7) for number in range(7)]
        self.assertEqual(parts, [142857, 142857, 142857, 142857, 142857, 142857, 142858])

    def test_W1_a_part_is_what_the_whole_product_gives(self):
        random = Random(5)
        for whole_mp in [0, 1, 6, 7, 99, 100, 50000000] + [random.below(50000001) for _ in range(30)]:
            for parts in (7, 100):
                sum_mp = 0
                for number in range(parts):
                    found_mp = part_mp(whole_mp, number, parts)
                    sum_mp += found_mp
                    self.assertEqual(sum_mp, (number + 1) * whole_mp // parts)
                    self.assertTrue(isinstance(found_mp, int))
                self.assertEqual(sum_mp, whole_mp)

    def test_W5_two_o_clock_in_london(self):
        for month, date, second in (
            (3, 28, 7200), (3, 29, 3600), (3, 30, 3600), (10, 24, 3600), (10, 25, 7200), (10, 26, 7200),
        ):  # fmt: skip
            self.assertEqual(two_o_clock(calendar.day_of(2026, month, date)), second)


class When(unittest.TestCase):
    def test_midnight_if_nothing_else(self):
        for dues in (make(time_1=0), make(weekly_mp=0), make(0), make(), make(BY_GAS_WEEK, time_1=0)):
            self.assertEqual(following(dues), (TUESDAY, 0))

    def test_W1_a_hundred_parts_are_6048_s_each(self):
        for at, then in (
            ((MONDAY, 0), (MONDAY, 6048)), ((MONDAY, 6047), (MONDAY, 6048)),
            ((MONDAY, 6048), (MONDAY, 12096)), ((MONDAY, 84671), (MONDAY, 84672)),
            ((MONDAY, 84672), (TUESDAY, 0)),  # midnight first: the next one is at 90720 s
            ((TUESDAY, 0), (TUESDAY, 4320)), ((SUNDAY, 80351), (SUNDAY, 80352)),
            ((SUNDAY, 80352), (SUNDAY + 1, 0)),
        ):  # fmt: skip
            self.assertEqual(following(make(at=at, parts=100)), then)

    def test_W5_two_o_clock_or_midnight(self):
        for at, then in (
            ((MONDAY, 0), (MONDAY, TWO)), ((MONDAY, TWO - 1), (MONDAY, TWO)),
            ((MONDAY, TWO), (TUESDAY, 0)), ((MONDAY, 86399), (TUESDAY, 0)),
        ):  # fmt: skip
            self.assertEqual(following(make(BY_GAS_WEEK, at=at)), then)

    def test_until_then_and_two_days_at_most(self):
        dues = make(BY_GAS_WEEK, at=(MONDAY, TWO))  # midnight
        for day, second, wait_s in (
            (MONDAY, 86399, 1), (TUESDAY, 0, 0), (TUESDAY, 1, -1), (MONDAY, 0, 86400),
            (MONDAY - 1, 86399, 86401), (MONDAY - 1, 0, 172800), (MONDAY - 2, 5, 172795),
            (MONDAY - 60000, 5, 172795), (TUESDAY + 1, 5, -86405), (TUESDAY + 2, 5, -172805),
            (TUESDAY + 3, 5, -172805), (TUESDAY + 60000, 5, -172805),
        ):  # fmt: skip
            self.assertEqual(dues.wait_s(day, second), wait_s)
        self.assertEqual(make(BY_GAS_WEEK).wait_s(MONDAY, 0), TWO)


class Reached(unittest.TestCase):
    def test_W1_what_is_agreed_at_an_instant_does_not_fall_due_for_the_time_before(self):
        dues = make(parts=100)
        self.assertTrue(dues.reach(MONDAY, 6048))
        self.assertEqual((dues.day, dues.second), (MONDAY, 6048))
        self.assertEqual(following(dues), (MONDAY, 2 * 6048))

    def test_10_it_goes_forward_only(self):
        dues = make(at=(TUESDAY, 500))
        for day, second in ((TUESDAY, 500), (TUESDAY, 499), (MONDAY, 86399)):
            self.assertFalse(dues.reach(day, second))
            self.assertEqual((dues.day, dues.second), (TUESDAY, 500))
        self.assertTrue(dues.reach(TUESDAY, 501))


class D2StandingCharge(unittest.TestCase):
    def test_it_is_drawn_while_the_relay_is_closed(self):
        dues = make(0, balance=1.20, standing_mp=53210)
        self.assertTrue(dues.settle(False))
        self.assertEqual(figures(dues), (66790, 50 * POUND, 0))
        self.assertEqual((dues.day, dues.second), (TUESDAY, 0))
        self.assertEqual(following(dues), (WEDNESDAY, 0))
        dues.settle(False)
        dues.settle(False)
        self.assertEqual(figures(dues), (-39630, 50 * POUND, 0))

    def test_it_is_accumulated_while_the_relay_is_open(self):
        dues = make(0, balance=1.20, standing_mp=53210)
        self.assertTrue(dues.settle(True))
        self.assertEqual(figures(dues), (120000, 50 * POUND, 53210))

    def test_without_one_nothing_was_due(self):
        dues = make(0, balance=1.20)
        self.assertFalse(dues.settle(False))
        self.assertEqual(figures(dues), (120000, 50 * POUND, 0))

    def test_it_is_due_at_midnight_alone(self):
        dues = make(balance=10, standing_mp=50000, parts=100)
        self.assertTrue(dues.settle(False))
        self.assertEqual((dues.day, dues.second), (MONDAY, 6048))
        self.assertEqual(figures(dues), (993000, 4993000, 0))  # 7 p, no standing charge

    def test_it_comes_before_the_part_of_the_same_instant(self):
        dues = make(balance=1, standing_mp=60000)
        self.assertTrue(dues.settle(False))
        self.assertEqual(figures(dues), (0, 49 * POUND, 60000))


class W1WeeklyParts(unittest.TestCase):
    def test_each_of_seven_parts_has_its_number(self):
        """W = 9 mp: 9/7, 18/7, 27/7 ...: 1, 2, 3, 5, 6, 7, 9 after each part; Tuesday's is the first."""
        dues = make(balance=1, weekly_mp=9)
        left = []
        for _ in range(7):
            self.assertTrue(dues.settle(False))
            left.append(dues.account.balance_mp - POUND)
        self.assertEqual(left, [-1, -2, -3, -5, -6, -7, -9])
        dues.settle(False)
        self.assertEqual(dues.account.balance_mp, POUND - 10)

    def test_each_of_a_hundred_parts_has_its_number(self):
        """W = 250 mp: 2, 5, 7, 10 after the first parts; a midnight between two parts has none."""
        dues = make(balance=1, weekly_mp=250, parts=100)
        for paid_mp in (2, 5, 7, 10):
            self.assertTrue(dues.settle(False))
            self.assertEqual(dues.account.balance_mp, POUND - paid_mp)
        for _ in range(10):
            dues.settle(False)
        self.assertEqual((dues.second, dues.account.balance_mp), (84672, POUND - 35))
        self.assertFalse(dues.settle(False))
        self.assertEqual((dues.day, dues.second, dues.account.balance_mp), (TUESDAY, 0, POUND - 35))
        self.assertTrue(dues.settle(False))
        self.assertEqual((dues.second, figures(dues)), (4320, (POUND - 37, 50 * POUND - 37, 0)))

    def test_what_the_balance_cannot_pay_is_accumulated(self):
        for balance, expected in (
            (1.00001, (1, 4900000, 0)), (1, (0, 4900000, 0)), (0.3, (0, 4900000, 70000)),
            (0, (0, 4900000, 100000)), (-2, (-200000, 4900000, 100000)),
        ):  # fmt: skip
            dues = make(balance=balance)
            dues.settle(False)
            self.assertEqual(figures(dues), expected)

    def test_no_more_than_the_register_holds(self):
        dues = make(balance=10, time_1=0.4)
        self.assertTrue(dues.settle(False))
        self.assertEqual(figures(dues), (960000, 0, 0))
        self.assertFalse(dues.settle(False))
        self.assertEqual(figures(dues), (960000, 0, 0))

    def test_no_more_than_the_accumulated_debt_can_hold(self):
        dues = make()
        dues.account.spend("accumulated_mp", "opening", LIMIT_MP - 30000)
        dues.settle(False)
        self.assertEqual(figures(dues), (0, 4970000, LIMIT_MP))
        dues.settle(False)
        self.assertEqual(figures(dues), (0, 4970000, LIMIT_MP))

    def test_without_an_amount_nothing_moves(self):
        for dues in (make(balance=10, weekly_mp=0), make(0, balance=10), make(balance=10, time_1=0)):
            self.assertFalse(dues.settle(False))
            self.assertEqual(figures(dues)[0], 1000000)
            self.assertEqual(dues.debt.weekly_due_mp, 0)


class W2Suspension(unittest.TestCase):
    PAID, SUSPENDED = (200000, 4900000, 0), (300000, 4900000, 100000)

    def test_an_open_relay(self):
        for flag, is_open, expected in (
            (1, True, self.SUSPENDED), (1, False, self.PAID), (0, True, self.PAID),
        ):  # fmt: skip
            dues = make(balance=3, suspend_debt_disabled=flag, suspend_debt_emergency=0)
            dues.settle(is_open)
            self.assertEqual(figures(dues), expected)

    def test_emergency_credit_in_use(self):
        """With a balance above 0 that is: used up, or active and not in use."""
        for flag, ec_owed, expected in (
            (1, 5, self.SUSPENDED), (1, 4, self.PAID), (0, 5, self.PAID),
        ):  # fmt: skip
            dues = make(balance=3, ec_activated=1, ec_owed=ec_owed, suspend_debt_emergency=flag,
                        suspend_debt_disabled=0)  # fmt: skip
            dues.settle(False)
            self.assertEqual(figures(dues), expected)


class GasWeek(unittest.TestCase):
    def gas(self, day, due=0, **settings):
        """Just before 02:00 of the day; due: pounds."""
        dues = make(BY_GAS_WEEK, at=(day, TWO - 1), **settings)
        dues.debt.weekly_due_mp = due * POUND
        return dues

    def holds(self, dues, balance, time_1, due, behind=None):
        self.assertEqual(figures(dues), (round(balance * POUND), round(time_1 * POUND), 0))
        self.assertEqual(dues.debt.weekly_due_mp, round(due * POUND))
        if behind is not None:
            self.assertEqual(dues.behind_mp, behind * POUND)

    def test_W4_a_week_begins_on_wednesday_at_two(self):
        dues = self.gas(WEDNESDAY, balance=10)
        self.assertTrue(dues.settle(False))
        self.holds(dues, 10, 50, 7, 0)
        for day in (TUESDAY, WEDNESDAY + 1):
            dues = self.gas(day, balance=10)
            self.assertFalse(dues.settle(False))
            self.holds(dues, 10, 50, 0, 0)

    def test_W4_no_more_is_due_than_the_debt(self):
        dues = self.gas(WEDNESDAY, 7, time_1=12)
        dues.settle(False)
        self.holds(dues, 0, 12, 12)

    def test_W5_whole_weeks_behind(self):
        for due, behind in ((6, 0), (7, 7), (13, 7), (14, 14), (21, 21)):
            dues = self.gas(WEDNESDAY, due)
            dues.settle(False)
            self.holds(dues, 0, 50, due + 7, behind)

    def test_W5_a_seventh_of_it_on_each_day(self):
        """b x W = 9 mp: 1, 2, 3, 5, 6, 7, 9 from Wednesday to Tuesday; on the next, none is behind."""
        dues = self.gas(WEDNESDAY, balance=1, weekly_mp=9)
        dues.debt.weekly_due_mp = 9
        taken = []
        for _ in range(7):
            self.assertTrue(dues.settle(False))
            self.assertEqual(dues.second, TWO)
            taken.append(POUND - dues.account.balance_mp)
            self.assertEqual(dues.debt.weekly_due_mp, 18 - taken[-1])
            self.assertEqual(dues.account.time_1_mp, -50 * POUND + taken[-1])
            self.assertFalse(dues.settle(False))  # midnight
        self.assertEqual(taken, [1, 2, 3, 5, 6, 7, 9])

    def test_W5_no_more_than_is_due_nor_than_the_balance_has(self):
        for balance, due, expected in (
            (10, 5, (9, 49, 4)), (10, 0.4, (9.6, 49.6, 0)), (0.3, 5, (0, 49.7, 4.7)),
            (0, 5, (0, 50, 5)), (-2, 5, (-2, 50, 5)),
        ):  # fmt: skip
            dues = self.gas(WEDNESDAY + 1, balance=balance)
            dues.debt.weekly_due_mp = round(due * POUND)
            dues.behind_mp = 7 * POUND
            self.assertTrue(dues.settle(True))  # W2 suspends no catching up
            self.holds(dues, *expected)

    def test_W5_the_least_that_can_be_behind_is_looked_after(self):
        dues = self.gas(WEDNESDAY + 6, balance=1, weekly_mp=1)
        dues.debt.weekly_due_mp = dues.behind_mp = 1
        self.assertTrue(dues.settle(False))  # the seventh share, the only one that is not 0
        self.assertEqual((figures(dues), dues.debt.weekly_due_mp), ((POUND - 1, 50 * POUND - 1, 0), 0))

    def test_W5_in_summer_at_one_o_clock_utc(self):
        day = calendar.day_of(2026, 7, 1)  # a Wednesday
        dues = make(BY_GAS_WEEK, at=(day, 0))
        self.assertEqual(following(dues), (day, 3600))
        self.assertTrue(dues.settle(False))
        self.assertEqual(dues.debt.weekly_due_mp, 7 * POUND)

    def test_midnight_on_wednesday_begins_no_week(self):
        dues = make(BY_GAS_WEEK, at=(TUESDAY, TWO), balance=10, standing_mp=1000)
        self.assertTrue(dues.settle(False))
        self.holds(dues, 9.99, 50, 0)


if __name__ == "__main__":
    unittest.main()
