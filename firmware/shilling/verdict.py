"""What an event changed: emergency credit, the supply, and the alerts that tell of it.

Takes the meter after each event; alerts tell changes, not states. Source: DOMAIN E4, S2-S4, S10, 15.
"""

from micropython import const

from shilling import codes, supply

# Alerts (15)
_ALERT_LOW_CREDIT = const(0x810D)
_ALERT_EC_AVAILABLE = const(0x8119)
_ALERT_TIME_DEBT_DONE = const(0x81A7)
_ALERT_PAYMENT_DEBT_DONE = const(0x81A9)
_ALERT_EC_EXHAUSTED = const(0x81AA)
_ALERT_NO_CREDIT = const(0x8F0F)
_ALERT_ARMED = const(0x8F32)
_ALERT_DISABLEMENT_SUSPENDED = const(0x8F83)


class Verdict:
    """`was_` is what was so after the event before."""

    def __init__(self, meter) -> None:
        self.meter = meter
        self.remember()

    def remember(self) -> None:
        """What is so now is no news."""
        meter = self.meter
        self.was_low = meter.account.balance_mp < meter.config.low_credit_mp
        self.was_ec = meter.account.ec_state()
        self.was_available = meter.account.is_credit_available()
        self.was_suspended = meter.is_suspended()
        self.had_payment = meter.account.payment_mp < 0
        self.had_time = meter.account.time_1_mp < 0

    def begin(self) -> None:
        """S10: at its very first start the meter was ENABLED and in credit, and S2 is applied."""
        self.remember()
        if not self.meter.started:
            self.was_available = True
            self.was_suspended = False

    def settle(self) -> bool:
        """E4, and the alerts of changed credit: True if there was a change."""
        meter = self.meter
        account = meter.account
        account.settle_ec()
        meter.step_mp = account.step_mp()
        self._tell_paid(account)
        is_low = account.balance_mp < meter.config.low_credit_mp
        if is_low and not self.was_low:
            meter.alert(_ALERT_LOW_CREDIT)
        ec = account.ec_state()
        changed = is_low != self.was_low or ec != self.was_ec
        self.was_low = is_low
        if ec != self.was_ec and ec == codes.EC_OFFERED:
            meter.alert(_ALERT_EC_AVAILABLE)
        if ec != self.was_ec and ec == codes.EC_EXHAUSTED:
            meter.alert(_ALERT_EC_EXHAUSTED)
        self.was_ec = ec
        return changed

    def _tell_paid(self, account) -> None:
        """Debts that are paid off."""
        if self.had_payment and account.payment_mp == 0:
            self.meter.alert(_ALERT_PAYMENT_DEBT_DONE)
        if self.had_time and account.time_1_mp == 0:
            self.meter.alert(_ALERT_TIME_DEBT_DONE)
        self.had_payment = account.payment_mp < 0
        self.had_time = account.time_1_mp < 0

    def judge(self, armed_alert: int = _ALERT_ARMED) -> bool:
        """S2-S4: True if the supply's state changed."""
        meter = self.meter
        available = meter.account.is_credit_available()
        if available:
            event = supply.CREDIT
        else:
            event = supply.NO_CREDIT_PROTECTED if meter.is_protected() else supply.NO_CREDIT
            if self.was_available:
                meter.alert(_ALERT_NO_CREDIT)
        self.was_available = available
        changed = meter.supply.take(event)
        if changed and meter.supply.state == codes.ARMED:
            meter.alert(armed_alert)
        suspended = meter.is_suspended()
        if suspended and not self.was_suspended:
            meter.alert(_ALERT_DISABLEMENT_SUSPENDED)
        self.was_suspended = suspended
        return changed
