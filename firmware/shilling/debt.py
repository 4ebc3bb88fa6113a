"""Where the money of a top-up goes, and what restores supply.

Takes mp and the local week, changes the account, gives mp. Source: DOMAIN 6 (T3-T5), 7 (W4, W8), S8.
"""

from micropython import const

from shilling import codes
from shilling.account import (
    ACCUMULATED,
    BALANCE,
    EMERGENCY,
    MONEY_IN,
    PAYMENT,
    TIME_1,
    Account,
)
from shilling.config import BY_GAS_WEEK, Config
from shilling.friendly import NO_WEEK
from shilling.units import LIMIT_MP

_MP_PER_PENNY = const(1000)


def percent_mp(amount_mp: int, percent: int) -> int:
    """Rounded down to a mp; split, so that the product stays a small integer at £10 000."""
    return amount_mp // 100 * percent + amount_mp % 100 * percent // 100


class Debt:
    """`cap_week`, `cap_used_mp`: what this local week has paid of payment-based debt;
    `weekly_due_mp`: weekly amounts of W4 that are due. The `to_` amounts are a top-up's parts."""

    def __init__(self, config: Config, account: Account) -> None:
        self.config = config
        self.account = account
        self.cap_week = NO_WEEK
        self.cap_used_mp = 0
        self.weekly_due_mp = 0

    # --- in which order

    def divide(self, amount_mp: int, week: int) -> None:
        """T3 or W4: set the parts of a top-up, nothing else."""
        account = self.account
        self.to_payment_mp = self.to_time_mp = 0
        self.rest_mp = amount_mp
        if self.config.recovery == BY_GAS_WEEK:
            usable_mp = percent_mp(amount_mp, self.config.usable_share)
            self.rest_mp -= usable_mp
            self.to_time_mp = self._pay(self.weekly_due_mp)
            self.to_emergency_mp = self._pay(account.ec_owed_mp())
            self.to_accumulated_mp = self._pay(-account.accumulated_mp)
            self.to_balance_mp = usable_mp + self.rest_mp
            return
        self.to_payment_mp = self._pay(self._share_mp(amount_mp, week))
        self.to_accumulated_mp = self._pay(-account.accumulated_mp)
        below_mp = self._pay(-account.balance_mp)
        self.to_emergency_mp = self._pay(account.ec_owed_mp())
        self.to_balance_mp = below_mp + self.rest_mp

    def _pay(self, owed_mp: int) -> int:
        """What the rest of the top-up can pay of it."""
        paid_mp = min(self.rest_mp, max(0, owed_mp))
        self.rest_mp -= paid_mp
        return paid_mp

    def _share_mp(self, amount_mp: int, week: int) -> int:
        """T3 (1): the agreed percentage, no more than the register holds nor than what is left of
        the weekly cap."""
        share_mp = min(percent_mp(amount_mp, self.config.share), -self.account.payment_mp)
        cap_mp = self.config.weekly_cap_mp
        if cap_mp:
            used_mp = 0 if self._is_later(week) else self.cap_used_mp
            share_mp = min(share_mp, max(0, cap_mp - used_mp))  # a cap can be lowered
        return share_mp

    def _is_later(self, week: int) -> bool:
        """Only a later week begins the cap anew: a clock set back and on again does not, and while the
        week is not known the cap's week goes on."""
        return week != NO_WEEK and (self.cap_week == NO_WEEK or week > self.cap_week)

    def begin_week(self, week: int) -> None:
        """This week comes after others by itself: the cap's week, if it is later, never was."""
        if week < self.cap_week != NO_WEEK:
            self.cap_week = week - 1

    # --- top-up and payment

    def balance_after_mp(self, amount_mp: int, week: int) -> int:
        """Meter Balance after a top-up, without applying it."""
        self.divide(amount_mp, week)
        return self.account.balance_mp + self.to_balance_mp

    def apply_top_up(self, amount_mp: int, week: int) -> None:
        account = self.account
        self.divide(amount_mp, week)
        if self.to_payment_mp and self._is_later(week):
            self.cap_week = week
            self.cap_used_mp = 0
        self.cap_used_mp = min(self.cap_used_mp + self.to_payment_mp, LIMIT_MP)
        self.weekly_due_mp -= self.to_time_mp
        account.spend(PAYMENT, MONEY_IN, -self.to_payment_mp)
        account.spend(TIME_1, MONEY_IN, -self.to_time_mp)
        account.spend(ACCUMULATED, MONEY_IN, -self.to_accumulated_mp)
        account.spend(EMERGENCY, MONEY_IN, -self.to_emergency_mp)
        account.spend(BALANCE, MONEY_IN, -self.to_balance_mp)

    def pay(self, register: str, amount_mp: int) -> bool:
        """W8: all of it to this debt; False and nothing changed if it is not owed."""
        if not 0 < amount_mp <= -getattr(self.account, register):
            return False
        self.account.spend(register, MONEY_IN, -amount_mp)
        self.weekly_due_mp = min(self.weekly_due_mp, -self.account.time_1_mp)
        return True

    def record_kind(self) -> int:
        """Of the record that holds what a top-up or payment changes."""
        if self.config.recovery == BY_GAS_WEEK:
            return codes.RECORD_WEEK_TOP_UP
        return codes.RECORD_TOP_UP

    # --- what is missing

    def _restores(self, amount_mp: int, week: int) -> bool:
        account = self.account
        if self.balance_after_mp(amount_mp, week) > 0:
            return True
        emergency_mp = account.emergency_mp + self.to_emergency_mp  # the limit may be lower by now
        return account.ec_activated == 1 and self.config.ec_limit_mp + emergency_mp > 0

    def owed_to_restore_mp(self, week: int) -> int:
        """S8: the smallest top-up in whole pence that makes credit available again, shares counted
        in; 0 while credit is available."""
        if self.account.is_credit_available():
            return 0
        low = 1
        high = LIMIT_MP // _MP_PER_PENNY
        while low < high:  # what a top-up leaves never falls as it grows
            pence = (low + high) // 2
            if self._restores(pence * _MP_PER_PENNY, week):
                high = pence
            else:
                low = pence + 1
        return low * _MP_PER_PENNY
