"""Debt taken out of top-ups, the order in which a top-up is applied, and what restores supply.

Takes mp and the local week, changes the account, gives mp. Source: DOMAIN 6 (T3-T5), S8.
"""

from shilling.account import ACCUMULATED, BALANCE, EMERGENCY, MONEY_IN, PAYMENT, Account
from shilling.config import Config
from shilling.units import LIMIT_MP, MP_PER_PENNY

NO_WEEK = 0xFFFF  # the week is not known while the clock is not trusted: the cap's week goes on


class Debt:
    """Payment-based debt; `cap_week` and `cap_used_mp` are what this local week has paid."""

    def __init__(self, config: Config, account: Account) -> None:
        self.config = config
        self.account = account
        self.cap_week = NO_WEEK
        self.cap_used_mp = 0

    def share_mp(self, amount_mp: int, week: int) -> int:
        """T3 (1): the agreed percentage, rounded down to a mp, no more than the register holds
        nor than what is left of the weekly cap."""
        # split, so that the product stays a small integer at £1 000 and 100 %
        percent = self.config.share
        share_mp = amount_mp // 100 * percent + amount_mp % 100 * percent // 100
        share_mp = min(share_mp, max(0, -self.account.payment_mp))
        cap_mp = self.config.weekly_cap_mp
        if cap_mp:
            share_mp = min(share_mp, max(0, cap_mp - self._used_mp(week)))
        return share_mp

    def _used_mp(self, week: int) -> int:
        return 0 if self._is_later(week) else self.cap_used_mp

    def _is_later(self, week: int) -> bool:
        """Only a later week begins the cap anew: a clock set back and on again does not."""
        return week != NO_WEEK and (self.cap_week == NO_WEEK or week > self.cap_week)

    def balance_after_mp(self, amount_mp: int, week: int) -> int:
        """Meter Balance after T3, without applying it."""
        account = self.account
        rest_mp = amount_mp - self.share_mp(amount_mp, week)
        rest_mp -= min(rest_mp, max(0, -account.accumulated_mp))
        below_mp = min(rest_mp, max(0, -account.balance_mp))
        rest_mp -= below_mp
        rest_mp -= min(rest_mp, account.ec_owed_mp())
        return account.balance_mp + below_mp + rest_mp

    def apply_top_up(self, amount_mp: int, week: int) -> None:
        """T3: payment debt, ADR, Meter Balance up to 0, EC owed, Meter Balance."""
        account = self.account
        share_mp = self.share_mp(amount_mp, week)
        if self._is_later(week):
            self.cap_week = week
            self.cap_used_mp = 0
        self.cap_used_mp = min(self.cap_used_mp + share_mp, LIMIT_MP)
        account.spend(PAYMENT, MONEY_IN, -share_mp)
        rest_mp = amount_mp - share_mp
        for register in (ACCUMULATED, BALANCE, EMERGENCY):
            part_mp = min(rest_mp, max(0, -getattr(account, register)))
            account.spend(register, MONEY_IN, -part_mp)
            rest_mp -= part_mp
        account.spend(BALANCE, MONEY_IN, -rest_mp)

    def owed_to_restore_mp(self, week: int) -> int:
        """S8: the smallest top-up in whole pence that makes credit available again, debt share
        counted in; 0 while credit is available."""
        account = self.account
        if account.is_credit_available():
            return 0
        needed_mp = max(0, -account.accumulated_mp) + max(0, -account.balance_mp) + 1
        if not account.ec_activated:
            needed_mp += account.ec_owed_mp()
        low = -(-needed_mp // MP_PER_PENNY)
        high = min(low - account.payment_mp // MP_PER_PENNY, LIMIT_MP // MP_PER_PENNY)
        while low < high:  # what a top-up leaves after the share never falls as it grows
            pence = (low + high) // 2
            amount_mp = pence * MP_PER_PENNY
            if amount_mp - self.share_mp(amount_mp, week) >= needed_mp:
                high = pence
            else:
                low = pence + 1
        return low * MP_PER_PENNY
