"""What time brings to a meter whose clock is trusted: dues, days, months, tariffs, rates.

Takes the meter at each step, after the pulses of the time before; the supply is judged after it.
Source: DOMAIN 1 (order at one instant), 8, 13 (usage).
"""

from micropython import const

from shilling import codes
from shilling.calendar import month_end, week_of

_DUES_A_STEP = const(20)


class Schedule:
    """`has_turned`: a day, month or tariff began, which only a checkpoint can hold. `day`, `local_day`:
    until when time went by; day 0: it was set."""

    def __init__(self, meter) -> None:
        self.meter = meter
        self.has_turned = False
        self.day = 0
        self.local_day = 0

    def resume(self) -> None:
        """After the records were replayed: time goes on from the last of them."""
        meter = self.meter
        tariff = meter.tariff
        registers = meter.registers
        if not meter.clock.is_trusted():
            meter.clock.resume()
            self.day = meter.clock.day
            self.local_day = meter.protection.local().day
        if not tariff.month_end:  # formats 1 and 2 had one register
            registers.kwh = meter.energy.kwh
            registers.wh = meter.energy.wh
        tariff.resume(registers.rate())
        registers.select(tariff.rate, tariff.block)
        meter.dues.look()

    def owes(self) -> bool:
        """Something has fallen due that is not done yet."""
        clock = self.meter.clock
        return clock.is_trusted() and self.meter.dues.wait_s(clock.day, clock.second()) <= 0

    def settle(self) -> bool:
        """What fell due, each instant in its order, in the state before. So many at a time that the
        watchdog and the erased sectors last; True when all is done."""
        meter = self.meter
        dues = meter.dues
        if not dues.day:  # set up without a time (S10): it begins now
            dues.reach(meter.clock.day, meter.clock.second())
            meter.write(codes.RECORD_DUE, 0)
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
        if clock.day != self.day or local.day != self.local_day:
            self._go_on(clock.day, local.day)
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

    def _go_on(self, day: int, local_day: int) -> None:
        """Another day. If time alone brought a day, week or month, and what was begun last is still ahead,
        then a clock gone astray had begun that: nobody waits for it. One that was set says nothing yet:
        it may have been set back, and be set right again."""
        meter = self.meter
        tariff = meter.tariff
        if self.day:
            if self.local_day < local_day < meter.usage.day:
                meter.usage.day = local_day - 1
            if week_of(self.local_day) < week_of(local_day):
                meter.debt.begin_week(week_of(local_day))
                self.has_turned = True
            if month_end(self.day) < month_end(day) < tariff.month_end:
                meter.commit_use()
                tariff.begin_month(day)
                self.has_turned = True
        self.day = day
        self.local_day = local_day

    def next_ms(self, wait_ms: int) -> int:
        """Until the trusted clock may change something, wait_ms at most; below 1: it has."""
        meter = self.meter
        clock = meter.clock
        if not clock.is_trusted():
            return wait_ms
        day = clock.day
        second = clock.second()
        edge_s = min(meter.protection.edge_s(), meter.dues.wait_s(day, second))
        edge_s = min(edge_s, meter.tariff.starts(day, second))
        local = meter.protection.local()
        edge_s = local.sooner(day, second, meter.tariff.until_s(), second + edge_s) - second
        return min(wait_ms, edge_s * 1000 - clock.ms % 1000)
