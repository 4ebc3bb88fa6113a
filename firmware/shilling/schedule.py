"""What time brings to a meter whose clock is trusted: dues, days, months, tariffs, rates.

Takes the meter at each step, after the pulses of the time before; the supply is judged after it.
Source: DOMAIN 1 (order at one instant), 8, 13 (usage).
"""

from micropython import const

from shilling import codes

_DUES_A_STEP = const(20)


class Schedule:
    """`has_turned`: a day, month or tariff began, which only a checkpoint can hold."""

    def __init__(self, meter) -> None:
        self.meter = meter
        self.has_turned = False

    def owes(self) -> bool:
        """Something has fallen due that is not done yet."""
        clock = self.meter.clock
        return clock.is_trusted() and self.meter.dues.wait_s(clock.day, clock.second()) <= 0

    def settle(self) -> bool:
        """What fell due, each instant in its order, in the state before. So many at a time that the
        watchdog and the erased sectors last; True when all is done."""
        meter = self.meter
        dues = meter.dues
        for _ in range(_DUES_A_STEP):
            if not self.owes():
                return True
            meter.commit_use()
            if not dues.next_s:
                # midnight UTC is in the local day of the same number: London is never behind UTC
                self.has_turned = meter.usage.turn(dues.next_day) or self.has_turned
            if dues.settle(not meter.supply.closed):
                meter.verdict.settle()
                meter.write(codes.RECORD_DUE, 0)
                if meter.halted:
                    return False
        return not self.owes()

    def turn(self) -> None:
        """Days, months and tariffs that begin, and the rate by the local clock."""
        meter = self.meter
        clock = meter.clock
        tariff = meter.tariff
        local = meter.protection.local()
        self.has_turned = meter.usage.turn(local.day) or self.has_turned
        if tariff.is_month_over(clock.day):
            meter.commit_use()
            tariff.begin_month(clock.day)
            self.has_turned = True
        if not tariff.starts(clock.day, clock.second()):
            meter.commit_use()
            tariff.follow()
            self.has_turned = True
        rate = tariff.rate_at(local, meter.protection.friendly)
        if rate != tariff.rate:
            meter.commit_use()
            tariff.rate = rate
            tariff.find_block()
        is_other = meter.registers.select(tariff.rate, tariff.block)
        if self.has_turned:
            self.has_turned = False
            meter.write(codes.RECORD_CHECKPOINT, 0)
        elif is_other:
            meter.write(codes.RECORD_CHARGE, 0)

    def edge_s(self) -> int:
        """Seconds until the trusted clock may change something."""
        meter = self.meter
        day = meter.clock.day
        second = meter.clock.second()
        edge_s = min(meter.protection.edge_s(), meter.dues.wait_s(day, second))
        edge_s = min(edge_s, meter.tariff.starts(day, second))
        local = meter.protection.local()
        return local.sooner(day, second, meter.tariff.until_s(), second + edge_s) - second
