"""The core: what time and pulses do to the meter, and how every event ends in one record.

Takes elapsed ms and pulses; gives alerts and, through `journal`, a record an event. Reads no clock
and no pin. Source: DOMAIN 1 (order at one instant), 3-5, 10, 15.
"""

from micropython import const

from shilling import calendar, codes, invariants, supply, utrn
from shilling.account import ACCUMULATED, STANDING, Account
from shilling.clock import Clock
from shilling.config import Config
from shilling.debt import NO_WEEK, Debt
from shilling.energy import Energy, Power
from shilling.friendly import Protection
from shilling.lockout import Lockout
from shilling.tariff import Tariff
from shilling.units import MP_PER_PENNY
from shilling.usage import Today
from shilling.verdict import Verdict

_SILENT_MS = const(60000)  # consumption is committed so long after the last pulse
_HOUR_MS = const(3600000)
_DAYS_A_STEP = const(20)
_MAX_ALERTS = const(64)


def keep_nothing(kind: int, counter: int) -> bool:
    """The journal of a meter that has no store yet."""
    return True


class Meter:
    """`parts` are what records name; `started` is 0 until the first step of a new meter."""

    def __init__(self) -> None:
        self.config = Config()
        self.clock = Clock()
        self.energy = Energy(self.config)
        self.power = Power()
        self.tariff = Tariff(self.config)
        self.today = Today()
        self.account = Account(self.config)
        self.debt = Debt(self.config, self.account)
        self.supply = supply.Supply()
        self.protection = Protection(self.config, self.clock)
        self.window = utrn.Window()
        self.lockout = Lockout()
        self.standing_day = 0  # the last UTC day whose midnight was charged
        self.started = 0
        self.is_set_up = True
        self.halted = False  # store or invariant broken: money stands still, supply as it is
        self.alerts: list = []  # the last ones since the start
        self.alert_count = 0
        self.journal = keep_nothing  # (kind, counter) -> kept; the shell's commit
        self.parts = {
            "meter": self, "config": self.config, "clock": self.clock, "energy": self.energy,
            "tariff": self.tariff, "today": self.today, "account": self.account,
            "debt": self.debt, "supply": self.supply, "window": self.window,
            "lockout": self.lockout, "charged": self.account.charged,
            "money_in": self.account.money_in, "standing": self.account.standing,
            "opening": self.account.opening,
        }  # fmt: skip
        self.uncommitted = 0  # pulses since the last record of them
        self.unwritten_mp = 0  # what they brought due, taken or not (D3)
        self.step_mp = 1  # charge until a penny shown or a rule may change
        self.silent_ms = 0  # since the last pulse
        self.commit_ms = 0  # since the last record of any kind
        self.was_protected = True  # at the last step
        self.fault = 0  # the last broken invariant (invariants.py)
        self.verdict = Verdict(self)
        self.invariants = invariants.Invariants(self)

    def begin(self) -> None:
        """After the records were replayed, before the first step."""
        self.invariants.remember()
        if self.invariants.broken(0):
            self.halt(self.invariants.broken(0))
        if not self.clock.is_trusted():
            self.clock.resume()
        self.step_mp = self.account.step_mp()
        self.verdict.remember()
        if not self.started:
            self.verdict.presume_credit()

    def is_suspended(self) -> bool:
        """A non-disablement period is what keeps the supply on (F)."""
        return self.supply.state == codes.ENABLED and not self.account.is_credit_available()

    def is_protected(self) -> bool:
        """S5, S6: nobody is cut off now."""
        return self.protection.is_on()

    def week(self) -> int:
        """The local week (Monday-Sunday) for the cap."""
        if not self.clock.is_trusted():
            return NO_WEEK
        return (calendar.local_day(self.clock.day, self.clock.second()) + 5) // 7

    def alert(self, code: int) -> None:
        if len(self.alerts) >= _MAX_ALERTS:
            del self.alerts[: _MAX_ALERTS // 2]
        self.alerts.append(code)
        self.alert_count += 1

    def step(self, elapsed_ms: int, pulses: int, exact: bool) -> None:
        """The clock has run on by elapsed_ms, and `pulses` came since the last step."""
        self.power.take(pulses, elapsed_ms, exact)
        self.supply.rest(elapsed_ms)
        self.silent_ms = 0 if pulses else min(self.silent_ms + elapsed_ms, _HOUR_MS)
        self.commit_ms += elapsed_ms
        if self.halted:
            return
        if pulses:
            self._flow(pulses)
        if self.uncommitted and (self.silent_ms >= _SILENT_MS or self.commit_ms >= _HOUR_MS):
            self.commit_use()
        elif self.commit_ms >= _HOUR_MS:
            self.write(codes.RECORD_CLOCK, 0)
        if self.lockout.wait(elapsed_ms):
            self.write(codes.RECORD_ATTEMPT, 0)
        if self._owes_days() and not self._charge_days():
            return  # more of them next time; the supply is judged once, afterwards
        if self.verdict.judge(codes.ALERT_ARMED) or not self.started:
            self.started = 1
            self.record_supply()
        self.was_protected = self.is_protected()
        if self.clock.is_trusted():
            self.today.turn(self.protection.friendly.local_day)

    def _flow(self, pulses: int) -> None:
        """Book and charge pulses; commit when a rule has changed, and before a penny of use is not
        on flash. They came before now: it is the protection and the day of then that count."""
        self.uncommitted += pulses
        cost_mp = 0
        while pulses:
            part = min(pulses, self.config.imp_per_kwh)  # at most 1 kWh at a time
            pulses -= part
            part_mp = self.tariff.cost_mp(self.energy.take(part))
            cost_mp += self.account.charge(part_mp, self.was_protected)
            self.unwritten_mp += part_mp
        self.today.add(cost_mp)
        self.step_mp -= cost_mp
        is_due = self.unwritten_mp > self._room_mp()
        if self.step_mp <= 0 or is_due:
            is_due = self.verdict.settle() or is_due
            is_due = self.verdict.judge(codes.ALERT_ARMED) or is_due
        if is_due:
            self.commit_use()

    def _room_mp(self) -> int:
        """Use that need not be on flash: with the next pulse it is a penny at the most."""
        return MP_PER_PENNY - self.tariff.pulse_mp()

    def commit_use(self) -> None:
        """Write consumption that is not on flash yet, so that other records stand on it."""
        if self.uncommitted:
            self.uncommitted = 0
            self.unwritten_mp = 0
            self.write(codes.RECORD_CHARGE, 0)

    def _owes_days(self) -> bool:
        return self.clock.is_trusted() and self.clock.day > self.standing_day

    def _charge_days(self) -> bool:
        """D2: each midnight passed is charged once, in its order, in the state before. So many at a
        time that the watchdog and the erased sectors last; True when all are done."""
        self.commit_use()
        standing_mp = self.config.standing_mp
        if not standing_mp:
            self.standing_day = self.clock.day
        for _ in range(min(_DAYS_A_STEP, self.clock.day - self.standing_day)):
            self.standing_day += 1
            if self.supply.closed:
                self.account.draw(STANDING, standing_mp)
            else:
                self.account.spend(ACCUMULATED, STANDING, standing_mp)
            # midnight UTC is in the local day of the same number: London is never behind UTC
            self.today.turn(self.standing_day)
            self.today.add(standing_mp)
            self.verdict.settle()
            self.write(codes.RECORD_DAY, 0)
            if self.halted:
                return False
        return not self._owes_days()

    # --- records

    def record_supply(self) -> None:
        """The supply's state has changed, or the relay is about to be operated."""
        self.commit_use()
        self.write(codes.RECORD_SUPPLY, 0)

    def write(self, kind: int, counter: int) -> None:
        """Make one event durable, and mark its counter as used; what must not be is not written."""
        if kind != codes.RECORD_CHARGE:
            self.commit_use()  # the record may open a sector, whose checkpoint holds all use
        if self.halted:
            return
        self.commit_ms = 0
        self.clock.mark()
        fault = self.invariants.broken(counter)
        if fault:
            self.halt(fault)
            return
        if counter:
            self.window.mark(counter)
        if not self.journal(kind, counter):
            self.halt()
        self.invariants.remember()

    def halt(self, fault: int = invariants.SOUND) -> None:
        """Safe state: nothing is charged, credited or switched any more. Of a broken invariant word
        is left on flash, nothing else of its event."""
        if self.halted:
            return
        self.halted = True
        self.supply.take(supply.BREAK_DOWN)
        self.alert(codes.ALERT_STORE_FAULT)
        if fault:
            self.fault = fault
            self.journal(codes.RECORD_ALERT, 0)

    # --- when to look again

    def next_ms(self) -> int:
        """Until time alone may change something."""
        clock = self.clock
        if self.halted:
            return _HOUR_MS
        if self._owes_days():
            return 1
        wait_ms = _HOUR_MS - self.commit_ms
        if self.uncommitted:
            wait_ms = min(wait_ms, _SILENT_MS - self.silent_ms)
        if self.supply.rest_ms and self.supply.wants_closed() != self.supply.closed:
            wait_ms = min(wait_ms, self.supply.rest_ms)
        if self.lockout.is_locked():
            wait_ms = min(wait_ms, self.lockout.next_ms())
        if clock.is_trusted():
            wait_ms = min(wait_ms, self.protection.edge_ms())
        return max(wait_ms, 1)

    def next_pulses(self) -> int:
        """Pulses until a penny shown or a rule may change."""
        step_mp = min(
            self.step_mp - self.account.due_mp, self._room_mp() + 1 - self.unwritten_mp
        )
        wh = self.tariff.wh_for(max(1, step_mp))
        return self.energy.pulses_for(min(wh, 10000))
