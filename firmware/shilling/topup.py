"""A top-up at the meter: a typed code or an authorised one, its checks in order, its credit.

Takes digits (bytes 0..9) or mp, gives outcomes of codes.py. A code goes in two halves, so that the
attempt is on flash before its MAC is checked. Source: DOMAIN 6 (T1, T3), 7 (W4), 14; UTRN.md.
"""

from micropython import const

from shilling import codes, utrn
from shilling.lockout import Lockout
from shilling.meter import Meter

# Alerts (15)
_ALERT_CREDIT_ADDED = const(0x810E)
_ALERT_CODE_ENTRY_SUSPENDED = const(0x81C4)
_ALERT_CODE_LOCKED_OUT = const(0x81C5)
_ALERT_OVER_MAX_BALANCE = const(0x8F47)
_ALERT_DUPLICATE = const(0x8F51)
_ALERT_OVER_MAX_CREDIT = const(0x8F5B)
_ALERT_NOT_AUTHENTIC = const(0x8F63)
_LOG_TOP_UP = const(4)


class TopUp:
    """`code` is the typed code between its two halves; `lockout` that of where it was typed."""

    def __init__(self, meter: Meter, lockout: Lockout | None = None) -> None:
        self.meter = meter
        self.lockout = lockout or meter.lockout
        self.code = utrn.Code(b"")
        self.failures_before = 0
        self.told: list = []  # how remote ones were refused since the last credit

    def begin(self, digits: bytes) -> int:
        """First half: form, and the attempt on flash (14). CHECKING: call finish next."""
        meter = self.meter
        if meter.halted:
            return codes.HALTED
        if self.lockout.is_locked():
            meter.alert(_ALERT_CODE_LOCKED_OUT)
            return codes.LOCKED
        code = utrn.Code(digits)
        if code.outcome != codes.DONE:
            meter.alert(_ALERT_NOT_AUTHENTIC)
            return code.outcome
        meter.commit_use()  # first: a checkpoint that it opens must not hold half of this event
        self.failures_before = self.lockout.failures
        self.lockout.attempt()
        meter.write(codes.RECORD_ATTEMPT, 0)
        self.code = code
        return codes.HALTED if meter.halted else codes.CHECKING

    def finish(self) -> int:
        """Second half: MAC, replay, limits, credit."""
        meter = self.meter
        code = self.code
        if meter.halted:
            return codes.HALTED
        counter = meter.window.candidate(code.low_counter)
        if counter > utrn.MAX_COUNTER or not utrn.is_equal(
            utrn.mac(meter.config, counter, code.high), code.mac
        ):
            meter.alert(_ALERT_NOT_AUTHENTIC)
            if self.lockout.is_locked():
                meter.alert(_ALERT_CODE_ENTRY_SUSPENDED)
            return codes.NOT_AUTHENTIC
        if meter.window.is_used(counter):
            meter.alert(_ALERT_DUPLICATE)
            outcome = codes.DUPLICATE
        else:
            outcome = self._check_amount(code.amount_mp)
            self._complain(outcome)
        meter.commit_use()  # first, as in begin
        # one that is refused can be entered again and again: it must not pay for guesses (T1)
        self.lockout.take_back(outcome == codes.DONE, self.failures_before)
        if outcome == codes.DONE:
            self._credit(code.amount_mp, counter, True)
        else:
            meter.write(codes.RECORD_ATTEMPT, 0)
        return codes.HALTED if meter.halted else outcome

    def remote(self, amount_mp: int, counter: int = 0) -> int:
        """An authorised remote top-up; a bench has no counter."""
        meter = self.meter
        if meter.halted:
            return codes.HALTED
        if amount_mp <= 0:
            return codes.REFUSED
        outcome = self._check_amount(amount_mp)
        if outcome == codes.DONE:
            self._credit(amount_mp, counter, False)
        elif outcome not in self.told:  # it is sent again and again until it can be credited
            self.told.append(outcome)
            self._complain(outcome)
        return codes.HALTED if meter.halted else outcome

    def _check_amount(self, amount_mp: int) -> int:
        """T1, the last two checks."""
        meter = self.meter
        if amount_mp > meter.config.max_credit_mp:
            return codes.OVER_MAX_CREDIT
        if meter.debt.balance_after_mp(amount_mp, meter.protection.week()) > meter.config.max_balance_mp:
            return codes.OVER_MAX_BALANCE
        return codes.DONE

    def _complain(self, outcome: int) -> None:
        if outcome == codes.OVER_MAX_CREDIT:
            self.meter.alert(_ALERT_OVER_MAX_CREDIT)
        elif outcome == codes.OVER_MAX_BALANCE:
            self.meter.alert(_ALERT_OVER_MAX_BALANCE)

    def _credit(self, amount_mp: int, counter: int, local: bool) -> None:
        """T3: the used mark, the credit and the repayments are one record."""
        meter = self.meter
        meter.commit_use()
        if meter.halted:
            return
        self.told = []
        meter.debt.apply_top_up(amount_mp, meter.protection.week())
        if local:
            meter.alert(_ALERT_CREDIT_ADDED)
        meter.verdict.settle()
        meter.verdict.judge()
        kind = meter.debt.record_kind()
        meter.write(kind if local else kind | codes.BY_LINK, counter)
        if meter.halted:
            return
        balance_mp = meter.account.balance_mp
        meter.log(_LOG_TOP_UP, counter, amount_mp, balance_mp, amount_mp - meter.debt.to_balance_mp)
