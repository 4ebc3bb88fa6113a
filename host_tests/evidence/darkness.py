"""Power cuts in a life (life.py): between two events, or in the middle of a write of one.

Such an event is wholly there, or in whole records, or not at all; each way is tried on the model until
one is what the meter says. Consumption that was not on flash is taken from the model: 1 p at most.
Source: RELIABILITY 3, 6, 7 and the fault model; S7.
"""

from chip_nor import PATTERNS, PowerLoss
from model import CONSEQUENCES, MINUTE
from referee import MS, Disagreement
from referee_duel import PENNY
from shilling import record

# What may be on flash of what fell due at one instant, all of it first
PARTLY = (
    CONSEQUENCES, ("charge_days", "judge"), ("judge", "follow"), ("charge_days",), ("judge",), (),
)  # fmt: skip


class Darkness:
    """The part of a Life that is about power: it needs its core, model, tail, kept and counts."""

    def cut(self, ms, keeps_time=True):
        """Between two events."""
        self.cuts += 1
        self.restart(ms, keeps_time, [[]])

    def plan(self, chance, off_ms):
        """Power will go in the middle of one of the next writes; some bits may be weak then."""
        self.off_ms = off_ms
        self.weak = chance.randrange(1, 256) if chance.random() < 0.25 else 0
        self.weak_at = chance.randrange(record.RECORD_BYTES)
        self.core.flash.cut_at(chance.randrange(1, 7), chance.choice(PATTERNS), chance.getrandbits(30))
        self.plan_twice(chance)

    def plan_twice(self, chance):
        """Now and then power will go again, in the middle of a write of the start."""
        self.twice = None
        if chance.random() < 0.3:
            self.twice = chance.randrange(1, 6), chance.choice(PATTERNS), chance.getrandbits(30)

    def weaken(self):
        """In the copy that was being written: bits that were to go to 0 read at random."""
        ledger, flash = self.core.ledger, self.core.flash
        for ring in ledger.rings[::-1]:
            at = ring.address(ledger.sector) + ledger.at
            there = flash.data[at : at + record.RECORD_BYTES]
            if there and there != b"\xff" * len(there):
                mask = self.weak & ~ledger.buf[self.weak_at]
                if mask and ledger.at < flash.sector:
                    flash.weak[at + self.weak_at] = mask
                return

    def tear(self, method, args):
        """Power went in the middle of a write of this event."""
        self.cuts += 1
        self.torn += 1
        if self.weak:
            self.weaken()
        self.restart(self.off_ms, True, self.ways(method, args))

    def restart(self, ms, keeps_time, ways):
        """Start again, perhaps more than once; then the model goes the way that was found."""
        again = [[("power_cut", (ms, keeps_time))]]
        self.was_locked = self.model.locked > 0 * MS
        self.core.flash.cut_at(*self.twice or (None,))
        self.twice = None
        try:
            self.core.power_cut(ms, keeps_time)
            self.core.flash.cut_at(None)
        except PowerLoss:
            self.cuts += 1
            self.torn += 1
            self.core.power_cut(self.off_ms)
            once_more = ("power_cut", (self.off_ms, True))
            again = [[("power_cut", (ms, keeps_time, done)), once_more] for done in PARTLY]
        lost_mp = self.go([[*way, *cuts] for way in ways for cuts in again])
        dearest_mp = max(price for rate in self.model.tariff.prices for price in rate)
        if lost_mp > max(PENNY, dearest_mp * self.model.energy_of(1)):
            raise Disagreement(f"a cut lost {float(lost_mp)} mp of use")
        self.look_at_day()
        self.compare("a power cut")
        self.keep()

    def ways(self, method, args):
        """What may have happened of an event, each a list of what to tell the model."""
        hold = [("hold", (True,)), (method, args), ("hold", (False,))]
        if method in ("advance", "set_time"):
            found = [[(method, (*args, done))] for done in PARTLY]
            return found if method == "advance" else [*found, []]
        if method == "enter":
            return [[(method, args)], hold, [("attempt", ())], []]
        return [[(method, args)], hold, []]

    def go(self, ways):
        """Take the way after which the model says what the meter says -> mp of use lost on it."""
        first = None
        for way in ways:
            tail = self.tail + way
            known = self.kept["pulses"] + sum(args[1] for method, args in tail if method == "advance")
            lost = known - self.core.pulses()
            fewer = without(tail, lost)
            if fewer is None:
                continue
            used_mp = self.live_through(tail) if lost else None
            tail, kept_mp = fewer, self.live_through(fewer)
            tail += self.wait_longer()
            differ = self.differences()
            if not differ:
                self.tail = tail
                return used_mp - kept_mp if lost else 0
            first = first or differ
        told = "; ".join(first or ["consumption that was on flash is lost"])
        raise Disagreement(f"after a power cut in {ways[0]} at {self.model.now}: {told}")

    def live_through(self, events):
        """Let the model live from where all use was last on flash -> what all its use costs."""
        vars(self.model).update(self.kept)
        for method, args in events:
            self.apply(method, args)
        return self.model.cost

    def wait_longer(self):
        """A wait of code entry goes on after a cut, no shorter, and at most a minute longer."""
        left_s = self.core.meter.lockout.left_s
        longer = left_s * 1000 * MS - self.model.locked
        if self.was_locked and 0 * MS < longer <= MINUTE:
            event = ("wait_again", (left_s * 1000,))
            self.apply(*event)
            return [event]
        return []


def without(events, lost):
    """The events without the last `lost` pulses; None if there are not so many."""
    events = list(events)
    place = len(events)
    while lost > 0 and place:
        place -= 1
        method, args = events[place]
        if method == "advance":
            taken = min(lost, args[1])
            events[place] = (method, (args[0], args[1] - taken, *args[2:]))
            lost -= taken
    return None if lost else events
