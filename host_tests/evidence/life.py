"""One meter's life at core speed: the firmware's core and the model through the same events.

Takes settings (as provision() does) and, from a check, what happens; compares after each event and
each power cut (darkness.py). Raises Disagreement. Source: RELIABILITY (the simulator).
"""

from chip_nor import Nor, PowerLoss
from evidence.darkness import Darkness
from evidence.house import Pulses
from model import DAY, MINUTE
from referee import MS, Core, Disagreement, model_of
from shilling import record
from shilling.ledger import Ledger
from shilling.meter import Meter

FLASH_BYTES = 8 * 4096
SPARSE_MS = 60000  # pulses further apart than this are looked at one by one
NOT_ALWAYS_KEPT = ("lockout", "today")  # their running minute and what only informs
UP_TO = (("dues", "day"), ("dues", "second"))  # an instant at which nothing was due is no record


class Life(Darkness):
    """`log`: what was done to the model, from which it can be built anew. `tail`: the end of it,
    since `kept`, the model as it was when all consumption was last on flash."""

    def __init__(self, settings, flash=None):
        self.settings = settings
        self.core = Core(settings, flash or Nor(bytearray(b"\xff" * FLASH_BYTES)))
        self.model = model_of(settings)
        self.pulses = Pulses(self.model.imp_per_kwh)
        self.log, self.tail, self.kept = [], [], dict(vars(self.model))
        self.steps = self.cuts = self.torn = 0
        self.unsure_until = None  # an operation whose day nobody can tell: its count is not compared
        self.off_ms = 1000  # of the next cut in the middle of a write
        self.twice = None  # a cut of the start after it: write, pattern, seed
        self.was_locked = False  # code entry, when power went
        self.weak = self.weak_at = 0  # bits that it leaves weak, and of which byte
        self.compare("the start")

    # --- comparing

    def differences(self):
        """What the meter has otherwise than the model, as texts."""
        says, should = self.core.figures(), self.model.figures()
        meter, model = self.core.meter, self.model
        says["failures"], should["failures"] = meter.lockout.failures, model.failures
        says["locked_ms"] = meter.lockout.left_s * 1000 - (
            meter.lockout.part_ms if meter.lockout.left_s else 0
        )
        should["locked_ms"] = model.locked // MS
        says["highest"], should["highest"] = meter.window.highest, model.highest
        says["rest_ms"] = meter.supply.rest_ms
        should["rest_ms"] = max(model.operated + MINUTE - model.now, 0 * MS) // MS
        if self.unsure_until is None and model.trusted:
            day = meter.clock.day
            says["operations"] = meter.supply.count(day)
            is_today = model.operations_day == model.now.date()
            should["operations"] = model.operations if is_today else 0
        if says == should:
            return []
        return [f"{name}: meter {says[name]}, model {should[name]}"
                for name in says if says[name] != should[name]]  # fmt: skip

    def compare(self, event):
        self.steps += 1
        differ = self.differences()
        if differ:
            raise Disagreement(f"after {event} at {self.model.now}: " + "; ".join(differ))
        account = self.core.meter.account
        if not account.is_within_bounds():
            raise Disagreement(f"after {event}: past the bounds")

    # --- one event

    def tell(self, method, *args):
        """Let it happen to the model, and note it."""
        self.tail.append((method, args))
        result = self.apply(method, args)
        self.keep()
        return result

    def apply(self, method, args):
        return getattr(self.model, method)(*args)

    def keep(self):
        """All consumption is on flash: no cut can lose what is in the log by now."""
        if not self.core.meter.uncommitted:
            self.log += self.tail
            self.tail = []
            self.kept = dict(vars(self.model))

    def happen(self, act, method, *args):
        """An event comes to both. A cut in the middle of it: None, and both live on after it."""
        try:
            says = act()
        except PowerLoss:
            self.tear(method, args)
            return None
        should = self.tell(method, *args)
        if says is not None and says != should:
            raise Disagreement(f"{method}{args} at {self.model.now}: meter {says}, model {should}")
        self.look_at_day()
        self.compare((method, *args))
        return should

    def command(self, name):
        """A press or an order; the answer is compared where the model gives one too."""
        def act():
            answer = self.core.command(name)
            return answer if name == "accept_emergency" else None

        return self.happen(act, name)

    def look_at_day(self):
        """The count of operations can be told again a day after the clock was last in doubt."""
        if not self.model.trusted:
            self.unsure_until = self.model.now + 2 * DAY
        elif self.unsure_until is not None and self.model.now > self.unsure_until:
            self.unsure_until = None

    # --- time and energy

    def live(self, ms):
        """Time passes under the present load, until a cut in the middle of a write if one comes
        -> ms that have passed."""
        cuts, left_ms = self.cuts, ms
        while left_ms > 0 and self.cuts == cuts:
            part_ms, count = self.next_step(min(left_ms, self.core.meter.next_ms()))
            left_ms -= part_ms
            if self.core.meter.supply.closed:
                self.pulses.take(part_ms, count)
            else:
                self.pulses.load(self.pulses.watts)  # what was under way to a pulse is lost
            self.advance(part_ms, count)
        return ms - left_ms

    def next_step(self, limit_ms):
        """(ms, pulses) of the next step: to the pulse that the core asks for, or to the last one
        before time alone may change something, or to that."""
        meter, pulses = self.core.meter, self.pulses
        if not (meter.supply.closed and pulses.watts):
            return limit_ms, 0
        asked = 1 if pulses.ms_until(2) - pulses.ms_until(1) >= SPARSE_MS else meter.next_pulses()
        asked_ms = pulses.ms_until(asked)
        if asked_ms <= limit_ms:
            return asked_ms, asked
        count = pulses.within(limit_ms)
        return (pulses.ms_until(count), count) if count else (limit_ms, 0)

    def advance(self, ms, pulses):
        core = self.core
        core.rtc += ms * MS
        self.happen(lambda: core.poll(ms, pulses), "advance", ms, pulses)

    def set_time(self, instant):
        self.happen(lambda: self.core.set_time(instant), "set_time", instant)

    # --- at the end

    def rebuild(self):
        """The model anew from the whole list of events; the flash anew from its bytes."""
        self.cut(1000)
        self.model = model_of(self.settings)
        for method, args in self.log + self.tail:
            self.apply(method, args)
        self.compare("everything, anew")
        again = Meter()
        Ledger(self.core.flash).recover(again.parts)
        alive = self.core.meter.parts
        differ = [(part, name) for part, name, _ in record.STATE
                  if part not in NOT_ALWAYS_KEPT and (part, name) not in UP_TO
                  and getattr(again.parts[part], name) != getattr(alive[part], name)]  # fmt: skip
        if differ:
            raise Disagreement(f"not on flash at the end: {differ}")
