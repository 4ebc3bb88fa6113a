"""One event at a time to the core and to the model, and the comparison after it.

Takes event tuples, the first item says which method below; gives nothing, raises Disagreement.
Events mean something in any order, so that a failing sequence can be made shorter.
"""

from model import DAY, MINUTE
from model_tariff import of_bytes
from referee import KEYS, MS, Core, Disagreement, model_of
from referee_edges import next_edge
from tools import utrn_vend

PENNY = 1000
MANY = 8  # operations, of the 20 a day has
MOST_KWH = 20  # at once, so that no register comes near its limit


class Duel:
    """A meter of the firmware and its referee. `log`: what was done to the model, with what came
    of it, from which it can be built anew."""

    def __init__(self, settings):
        self.settings = settings
        self.core = Core(settings)
        self.model = model_of(settings)
        self.log = []
        self.steps, self.seen = 0, set()  # comparisons, and the states and outcomes that came up
        self.counter, self.skipped, self.used = 0, [], []
        self.was_lost = False  # the clock
        self.lock_doubt = 0 * MS  # the wait that a power cut may have made longer
        self.compare(())

    def play(self, events):
        for event in events:
            self.do(event)

    def do(self, event):
        getattr(self, event[0])(*event[1:])
        self.compare(event)

    def compare(self, event):
        self.steps += 1
        says, should = self.core.figures(), self.model.figures()
        if says != should:
            differ = [f"{name}: meter {says[name]}, model {should[name]}"
                      for name in says if says[name] != should[name]]  # fmt: skip
            raise Disagreement(f"after {event} at {self.model.now}: " + "; ".join(differ))
        self.seen |= {("supply", should["supply"], should["contact"]), ("ec", should["ec_state"]),
                      ("friendly", should["friendly"]), ("trusted", should["trusted"]),
                      ("locked", bool(self.model.locked)), ("due", self.model.uncharged >= 1),
                      ("many", self.model.operations >= 20), ("profile", self.model.profile),
                      ("weekly due", should["weekly_due_mp"] > 0), ("behind", self.model.behind > 0),
                      ("time debt", should["time1_mp"] > 0), ("block", should["block"]),
                      ("rate", should["rate"])}  # fmt: skip

    def same(self, event, says, should):
        if says != should:
            raise Disagreement(f"{event} at {self.model.now}: meter {says}, model {should}")
        self.seen.add((event, should))

    def judged(self, method, *args):
        """Let it happen to the model, and note it."""
        before = self.model.figures()
        result = getattr(self.model, method)(*args)
        self.log.append((method, args, self.model.figures() != before))
        return result

    # Time and energy

    def wait(self, ms, pulses=0):
        """Time passes; the pulses come at its end, if the contact is closed then."""
        pulses = min(pulses, int(MOST_KWH / self.model.energy_of(1)))
        free = max(ms * MS - self.model.locked, 0 * MS)  # of that time no wait is running
        self.lock_doubt = max(self.lock_doubt - free, 0 * MS)
        for part_ms in (ms - 1, 1):
            self.core.advance(part_ms, pulses if part_ms == 1 and self.core.meter.supply.closed else 0)
            self.judged("advance", part_ms, pulses if part_ms == 1 and self.model.contact else 0)

    def to(self, edge, offset_ms, pulses=0):
        """Wait until an edge, or a little before or after. pulses "all": those that use up what is
        there come just then."""
        if pulses == "all":
            pulses = self.pulses_for(self.model.credit()) + 1
        ms = (self.edge(edge) - self.model.now) // MS + offset_ms
        self.wait(max(ms, 1), pulses)

    def edge(self, name):
        """The next instant of that name: due is when debt or a charge is, tariff when one comes."""
        model = self.model
        if name == "due":
            return model.instants(model.now, model.now + 2 * DAY)[0][0]
        if name == "tariff":
            is_ahead = model.next_tariff and model.next_tariff[0] > model.now
            return model.next_tariff[0] if is_ahead else next_edge(model.now, "midnight")
        return next_edge(model.now, name)

    def drain(self, aim, more):
        """Use what is there down to an edge: so many pulses more or less."""
        model = self.model
        spare = {"nothing": model.credit(), "threshold": model.balance - model.ec_threshold,
                 "low": model.balance - 200000}[aim]  # fmt: skip
        self.wait(1000, max(self.pulses_for(spare) + more, 0))

    def pulses_for(self, amount):
        """Pulses that cost about so many mp."""
        model = self.model
        return -(-amount // max(int(model.price() * model.energy_of(1)), 1))

    def cut(self, ms, keeps_time=True):
        """Mains off, and on again. While the clock is not trusted nobody can say on which day the
        relay operates: no lost clock where that might matter (S9)."""
        keeps_time = keeps_time or self.model.operations >= MANY
        self.was_lost = self.was_lost or not keeps_time
        self.core.power_cut(ms, keeps_time)
        self.forget()
        if self.model.locked or self.lock_doubt:
            self.lock_doubt += MINUTE
        self.judged("power_cut", ms, keeps_time)

    def forget(self):
        """Take from the model the consumption that the cut has lost: 1 p, and never across an event
        that was recorded."""
        lost, cost = self.model.pulses - self.core.pulses(), self.model.cost
        if lost < 0:
            raise Disagreement(f"a cut made {-lost} pulses")
        place = len(self.log)
        while lost:
            place -= 1
            method, args, changed = self.log[place]
            if method == "advance":
                taken = min(lost, args[1])
                self.log[place] = (method, (args[0], args[1] - taken), changed)
                lost -= taken
            elif changed:
                raise Disagreement(f"a cut lost {lost} pulses from before {method}")
        self.model = model_of(self.settings)
        for method, args, _ in self.log:
            getattr(self.model, method)(*args)
        if cost - self.model.cost > PENNY:
            raise Disagreement(f"a cut lost {cost - self.model.cost} mp of use")

    def set(self, shift_s):
        """An authorised set-time, that far from the true time."""
        instant = self.model.now.replace(microsecond=0) + shift_s * 1000 * MS
        self.core.set_time(instant)
        self.judged("set_time", instant)

    def set_to(self, edge, offset_s):
        now = self.model.now.replace(microsecond=0)
        self.set((self.edge(edge) - now) // (1000 * MS) + offset_s)

    # Money

    def sell(self, kind, pence, skip):
        """-> (counter, pence, kind) of a code from the till."""
        if kind == "late" and self.skipped:
            return self.skipped.pop(skip % len(self.skipped))
        if kind == "duplicate" and self.used:
            return self.used[skip % len(self.used)]
        first = max(self.counter, self.model.highest) + 1
        counter = first + skip
        if kind == "far":
            return self.model.highest + 513 + skip, pence
        if kind in ("good", "late"):
            self.counter = counter
            self.skipped += [(each, pence) for each in range(first, counter)]
        return counter, pence

    def code(self, kind, pence, skip=0):
        """A code is typed: good, late (an older one not used yet), duplicate, far (outside the
        window), forged, typo or class (reserved)."""
        if self.lock_doubt and not self.model.locked:
            return
        counter, pence = self.sell(kind, pence, skip)
        value_class, value = utrn_vend.carried(pence)
        digits = utrn_vend.make_code(KEYS, counter, value_class, value)
        if kind in ("forged", "class"):
            flip = 1 << 5 if kind == "forged" else 1 << 46
            number = utrn_vend.PPTD_BASE + (int(digits[:-1]) - utrn_vend.PPTD_BASE ^ flip)
            digits = str(number) + utrn_vend.check_digit(str(number))
        if kind == "typo":
            digits = digits[:7] + str((int(digits[7]) + 1) % 10) + digits[8:]
        says = self.core.enter(digits)
        should = self.judged(
            "enter", counter, pence * PENNY, kind not in ("typo", "class"), kind != "forged"
        )
        self.same(kind, says, should)
        if should == "done" and counter not in [used for used, _ in self.used]:
            self.used.append((counter, pence))

    def guess(self, times, late_ms):
        """Forged codes, the next one about when the wait is over."""
        for _ in range(times):
            self.code("forged", 1000)
            self.compare(("guess",))
            if self.model.locked:
                self.wait(max(self.model.locked // MS + late_ms, 1))

    def remote(self, mp):
        self.same("remote", self.core.remote(mp), self.judged("top_up", None, mp))

    def pay(self, register, part):
        """W8. part: of what is owed, in thousandths; more than 1000 is refused."""
        owed = self.model.figures()[register + "_mp"]
        mp = owed * part // 1000 + (part > 1000)
        says = self.core.pay_debt(register, mp)
        self.same("pay", says, self.judged("pay_debt", register, mp))

    def tariff(self, packed, edge, offset_s):
        """Prices that come, at once if the offset leads to the past."""
        now = self.model.now.replace(microsecond=0)
        instant = now + (self.edge(edge) - now) // (1000 * MS) * 1000 * MS + offset_s * 1000 * MS
        self.core.set_tariff(packed, instant)
        self.judged("set_tariff", of_bytes(packed), instant)

    # People

    def accept(self):
        self.same("accept", self.core.command("accept_emergency"), self.judged("accept_emergency"))

    def enable(self):
        self.core.command("enable")
        self.judged("enable")

    def disable(self):
        self.core.command("disable")
        self.judged("disable")

    def arm(self):
        self.core.command("arm")
        self.judged("arm")

    def clear_lockout(self):
        self.core.command("clear_lockout")
        self.judged("clear_lockout")
        self.lock_doubt = 0 * MS

    def flap(self, times):
        """Off by command and on by hand, a minute apart, again and again."""
        for _ in range(0 if self.was_lost else times):
            for event in (self.disable, self.arm, self.enable):
                event()
                self.compare(("flap",))
                self.wait(61000)
