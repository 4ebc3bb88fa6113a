"""What an event changed: emergency credit, the supply, and the alerts that tell of it.

Takes the meter after each event; alerts tell changes, not states. Source: DOMAIN E4, S2-S4, S10, 15.
"""

from shilling import codes, supply


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

    def presume_credit(self) -> None:
        """S10: at its very first start the meter was ENABLED and in credit, and S2 is applied."""
        self.was_available = True
        self.was_suspended = False

    def settle(self) -> bool:
        """E4, and the alerts of changed credit: True if there was a change."""
        meter = self.meter
        account = meter.account
        account.settle_ec()
        meter.step_mp = account.step_mp()
        is_low = account.balance_mp < meter.config.low_credit_mp
        if is_low and not self.was_low:
            meter.alert(codes.ALERT_LOW_CREDIT)
        ec = account.ec_state()
        changed = is_low != self.was_low or ec != self.was_ec
        self.was_low = is_low
        if ec != self.was_ec and ec == codes.EC_OFFERED:
            meter.alert(codes.ALERT_EC_AVAILABLE)
        if ec != self.was_ec and ec == codes.EC_EXHAUSTED:
            meter.alert(codes.ALERT_EC_EXHAUSTED)
        self.was_ec = ec
        return changed

    def judge(self, armed_alert: int) -> bool:
        """S2-S4: True if the supply's state changed."""
        meter = self.meter
        available = meter.account.is_credit_available()
        if available:
            event = supply.CREDIT
        else:
            event = supply.NO_CREDIT_PROTECTED if meter.is_protected() else supply.NO_CREDIT
            if self.was_available:
                meter.alert(codes.ALERT_NO_CREDIT)
        self.was_available = available
        changed = meter.supply.take(event)
        if changed and meter.supply.state == codes.ARMED:
            meter.alert(armed_alert)
        suspended = meter.is_suspended()
        if suspended and not self.was_suspended:
            meter.alert(codes.ALERT_DISABLEMENT_SUSPENDED)
        self.was_suspended = suspended
        return changed
