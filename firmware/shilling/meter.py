"""The core: what time and pulses do to the meter, and how every event ends in one record.

Takes elapsed ms and pulses; gives alerts and, through `journal`, a record an event. Reads no clock
and no pin. Source: DOMAIN 1 (order at one instant), 3-5, 10, 15.
"""

from micropython import const

from shilling import codes, invariants, supply, utrn
from shilling.account import Account
from shilling.clock import Clock
from shilling.config import Config
from shilling.contact import Contact
from shilling.debt import Debt
from shilling.dues import Dues
from shilling.energy import Energy, Power
from shilling.friendly import Protection
from shilling.lockout import Lockout
from shilling.orders import Orders
from shilling.registers import Registers
from shilling.schedule import Schedule
from shilling.tariff import Tariff
from shilling.usage import Usage
from shilling.verdict import Verdict

_MP_PER_PENNY = const(1000)
_WH_PER_KWH = const(1000)
_ALERT_STORE_FAULT = const(0x81AE)
_SILENT_MS = const(60000)  # consumption is committed so long after the last pulse
_HOUR_MS = const(3600000)
_MOST_MS = const(0x0FFFFFFF)
_MAX_ALERTS = const(64)


def keep_nothing(kind: int, counter: int) -> bool:
    """The journal of a meter that has no store yet."""
    return True


def log_nothing(code: int, number: int, amount_mp: int, left_mp: int, rest: int) -> None:
    """The log of a meter without a link."""


class Meter:
    """`parts` are what records name; `started` is 0 until the first step of a new meter."""

    def __init__(self) -> None:
        self.config = Config()
        self.clock = Clock()
        self.energy = Energy(self.config)
        self.power = Power(self.energy)
        self.tariff = Tariff(self.energy)
        self.registers = Registers()
        self.account = Account(self.config)
        self.usage = Usage(self.energy, self.account)
        self.debt = Debt(self.config, self.account)
        self.dues = Dues(self.account, self.debt)
        self.supply = supply.Supply()
        self.contact = Contact()
        self.protection = Protection(self.config, self.clock)
        self.window = utrn.Window()
        self.orders = Orders()
        self.lockout = Lockout()  # of the keypad
        self.link_lockout = Lockout()
        self.order = 0  # the counter of the command that is being carried out
        self.started = 0
        self.is_set_up = True
        self.halted = False  # store or invariant broken: money stands still, supply as it is
        self.alerts: list = []  # the last ones since the start
        self.notes: list = []  # what the board found at the start
        self.alert_count = 0
        self.journal = keep_nothing  # (kind, counter) -> kept; the shell's commit
        self.log = log_nothing  # what happened to money, for the head-end's log
        self.link = None  # to the head-end
        self.text = ""  # from the head-end
        self.parts = {
            "meter": self, "config": self.config, "clock": self.clock, "energy": self.energy,
            "tariff": self.tariff, "registers": self.registers, "account": self.account,
            "debt": self.debt, "dues": self.dues,
            "supply": self.supply, "window": self.window, "lockout": self.lockout,
            "orders": self.orders, "link_lockout": self.link_lockout,
            "charged": self.account.charged, "money_in": self.account.money_in,
            "standing": self.account.standing, "opening": self.account.opening,
            "usage": self.usage, "today": self.usage.today, "week": self.usage.week,
            "month": self.usage.month,
        }  # fmt: skip
        self.uncommitted = 0  # pulses since the last record of them
        self.is_used = False  # they, or Wh of one that a record fell into, are not on flash
        self.unwritten_mp = 0  # what they brought due, taken or not (D3)
        self.step_mp = 1  # charge until a penny shown or a rule may change
        self.silent_ms = 0  # since the last pulse
        self.commit_ms = 0  # since the last record of any kind
        self.was_protected = True  # at the last step
        self.fault = 0  # the last broken invariant (invariants.py)
        self.schedule = Schedule(self)
        self.verdict = Verdict(self)
        self.invariants = invariants.Invariants(self)

    def begin(self) -> None:
        """After the records were replayed, before the first step."""
        self.invariants.remember()
        if self.invariants.broken(0, 0):
            self.halt(self.invariants.broken(0, 0))
        self.schedule.resume()
        self.step_mp = self.account.step_mp()
        self.verdict.begin()

    def is_suspended(self) -> bool:
        """A non-disablement period is what keeps the supply on (F)."""
        return self.supply.state == codes.ENABLED and not self.account.is_credit_available()

    def is_protected(self) -> bool:
        """S5, S6: nobody is cut off now."""
        return self.protection.is_on()

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
        self.commit_ms = min(self.commit_ms + elapsed_ms, _MOST_MS)
        if self.halted:
            return
        if pulses or self.energy.whole_wh():
            self._flow(pulses)
        if self.is_used and (self.silent_ms >= _SILENT_MS or self.commit_ms >= _HOUR_MS):
            self.commit_use()
        elif self.commit_ms >= _HOUR_MS:
            self.write(codes.RECORD_CLOCK, 0)
        if self.lockout.wait(elapsed_ms) | self.link_lockout.wait(elapsed_ms):
            self.write(codes.RECORD_ATTEMPT, 0)
        if self.clock.is_trusted():
            if not self.schedule.settle():
                return  # more of them next time; the supply is judged once, afterwards
            self.schedule.turn()
        if self.verdict.judge() or not self.started:
            self.started = 1
            self.record_supply()
        self.was_protected = self.is_protected()

    def _flow(self, pulses: int) -> None:
        """Book and charge pulses; commit when a rule has changed, and before a penny of use is not
        on flash. They came before now: it is the protection and the rate of then that count."""
        self.is_used = True  # also without a whole Wh
        wh = self.energy.whole_wh()
        while pulses or wh:
            if wh:
                self._charge(min(wh, self.tariff.left_wh(), _WH_PER_KWH))
            else:
                part = min(pulses, self.energy.most_pulses())
                pulses -= part
                self.uncommitted += part
                self.energy.take(part)
            wh = self.energy.whole_wh()
        is_due = self.unwritten_mp > self._room_mp()
        if self.step_mp <= 0 or is_due:
            is_due = self.verdict.settle() or is_due
            is_due = self.verdict.judge() or is_due
        if is_due:
            self.commit_use()

    def _charge(self, wh: int) -> None:
        """Wh of one register; the last of a block ends it."""
        self.energy.book(wh)
        self.registers.book(wh)
        self.is_used = True
        cost_mp = self.tariff.cost_mp(wh)
        self.step_mp -= self.account.charge(cost_mp, self.was_protected)
        self.unwritten_mp += cost_mp
        if not self.tariff.left_wh():
            self.commit_use()
            self.tariff.find_block()
            self.registers.select(self.tariff.rate, self.tariff.block)
            self.write(codes.RECORD_CHARGE, 0)  # before another register is used

    def _room_mp(self) -> int:
        """Use that need not be on flash: with the next pulse it is a penny at the most."""
        return _MP_PER_PENNY - self.tariff.pulse_mp()

    def commit_use(self) -> None:
        """Write consumption that is not on flash yet, so that other records stand on it."""
        if self.is_used:
            self.is_used = False
            self.uncommitted = 0
            self.unwritten_mp = 0
            self.write(codes.RECORD_CHARGE, 0)

    # --- records

    def record_supply(self) -> None:
        """The supply's state has changed, or the relay is about to be operated."""
        self.write(codes.RECORD_SUPPLY, 0)

    def write(self, kind: int, counter: int) -> None:
        """Make one event durable, and mark its counter as used; what must not be is not written."""
        if kind != codes.RECORD_CHARGE:
            self.commit_use()  # the record may open a sector, whose checkpoint holds all use
        if self.halted:
            return
        self.commit_ms = 0
        self.clock.mark()
        fault = self.invariants.broken(kind, counter)
        if fault:
            self.halt(fault)
            return
        if counter:
            self.orders.take(self.window, kind, counter, self.account.balance_mp)
        if not self.journal(kind, counter):
            if counter:
                self.orders.doubt()
            self.halt()
        self.invariants.remember()

    def halt(self, fault: int = invariants.SOUND) -> None:
        """Safe state: nothing is charged, credited or switched any more. Of a broken invariant word
        is left on flash, nothing else of its event."""
        if self.halted:
            return
        self.halted = True
        self.supply.take(supply.BREAK_DOWN)
        self.alert(_ALERT_STORE_FAULT)
        if fault:
            self.fault = fault
            self.journal(codes.RECORD_ALERT, 0)

    # --- when to look again

    def next_ms(self) -> int:
        """Until time alone may change something."""
        if self.halted:
            return _HOUR_MS
        wait_ms = _HOUR_MS - self.commit_ms
        if self.is_used:
            wait_ms = min(wait_ms, _SILENT_MS - self.silent_ms)
        wait_ms = self.link_lockout.next_ms(self.lockout.next_ms(self.supply.next_ms(wait_ms)))
        return max(self.schedule.next_ms(wait_ms), 1)

    def next_pulses(self) -> int:
        """Pulses until a penny shown or a rule may change."""
        step_mp = min(self.step_mp - self.account.due_mp, self._room_mp() + 1 - self.unwritten_mp)
        return self.energy.pulses_for(self.tariff.wh_for(max(1, step_mp)))
