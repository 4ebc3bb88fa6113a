"""A life that writes every kind of record, and the flash as it was after each of them.

Takes a seed; gives states: the flash, the figures acknowledged, the place of the last record, the
codes credited, the clock. Two rings of three sectors are gone round twice, so that there is a state
for every place of the head. Also how life goes on from such a flash, and what a halt must be.
"""

from collections import namedtuple
from functools import lru_cache
from random import Random

from chip_nor import Nor
from evidence.orders import KEYS, digits_of
from shilling import codes, commands, ledger, remote
from small_core import SECTOR, Core, check_each_ring, difference, erased, renumber, set_up
from tools import utrn_vend

SECTORS = 3  # of a ring
RING = SECTORS * SECTOR  # bytes
ROUNDS = 2
BEFORE_WRAP = 60  # records, then their 32-bit sequence begins again at 0
FOREIGN = utrn_vend.Keys(KEYS.meter[::-1], KEYS.originator, KEYS.secret)
State = namedtuple("State", "image figures kind sector end credited day second")


class Household(Core):
    """A core whose every acknowledged record leaves a state."""

    def __init__(self, nor, **clock):
        self.states = []
        self.credited = []
        super().__init__(nor, **clock)

    def _commit(self, kind, counter):
        before = self.ledger.sector
        kept = super()._commit(kind, counter)
        if kept:
            if counter:
                self.credited.append(counter)
            book, clock = self.ledger, self.meter.clock
            kind = kind if book.sector == before else CHECKPOINT
            self.states.append(State(
                bytes(self.nor.data), self.acknowledged, kind, book.sector, book.at,
                tuple(self.credited), clock.day, clock.second(),
            ))  # fmt: skip
        return kept

    def live(self, random):
        """One thing that happens in a house."""
        what = random.randrange(9)
        meter = self.meter
        if what < 2:
            self.wait(random.randrange(1, 900), random.randrange(1, 60))
        elif what == 2:
            self.enter(digits_of(max(self.credited, default=0) + random.randrange(1, 4)))
        elif what == 3:
            self.enter(foreign_digits(random.randrange(1, 1000)))
            if meter.lockout.is_locked():
                remote.clear_lockout(meter)
        elif what == 4:
            self.wait(3600 * random.randrange(1, 30))
        elif what == 5:
            self.top_up.remote(1000 * random.randrange(100, 300))
        elif what == 6:
            commands.accept_emergency(meter)
            commands.next_level(meter)
        elif what == 7:
            remote.disable(meter)
            remote.arm(meter)
            commands.enable(meter)
        else:
            self.wait(60)
        if random.random() < 0.7:
            self.rest()


CHECKPOINT = -1  # the kind of a state whose last write is a sector's checkpoint


def foreign_digits(counter):
    """A code for another meter."""
    code = utrn_vend.make_code(FOREIGN, counter, "pence", 1000)
    return bytes(int(digit) for digit in code)


@lru_cache(maxsize=4)
def states(seed):
    """All states of one life, oldest first."""
    nor = Nor(erased(SECTORS))
    set_up(nor, balance_mp=400000, standing_mp=12345, payment_mp=3000000, share=30)
    renumber(nor, 2**32 - BEFORE_WRAP)
    home = Household(nor)
    random = Random(seed)
    sectors = [home.ledger.sector]
    while len(sectors) <= SECTORS * ROUNDS:
        home.live(random)
        assert not home.meter.halted, "halted in a life without faults"
        if home.ledger.sector != sectors[-1]:
            sectors.append(home.ledger.sector)
    return home.states


def start(state, nor=None):
    """A life that begins at a state, or on another flash at the time of the state."""
    nor = Nor(bytearray(state.image)) if nor is None else nor
    return Core(nor, state.day, state.second)


def check_goes_on(core, state, records=0, alone=False):
    """Recovered exactly; used codes stay used, new ones are credited, and a restart knows it all.
    alone: each ring by itself knows it too."""
    assert core.opened == ledger.OPENED, "halted"
    if core.found != state.figures:
        raise AssertionError("found %s" % difference(core.found, state.figures))
    remote.clear_lockout(core.meter)
    used = state.credited[-1:]
    for counter in used:
        outcome = core.enter(digits_of(counter))
        assert outcome == codes.DUPLICATE, "used code: " + codes.OUTCOMES[outcome]
    outcome = core.enter(digits_of(max(used, default=0) + 1))
    assert outcome == codes.DONE, "new code: " + codes.OUTCOMES[outcome]
    for _ in range(records):
        core.meter.write(codes.RECORD_CLOCK, 0)
        core.rest()
    core.wait(60, 30)
    assert not core.meter.halted, "halted while life went on"
    if alone:
        check_each_ring(core)
    clock = core.meter.clock
    again = Core(core.nor, clock.day, clock.second())
    assert again.opened == ledger.OPENED, "halted at the next start"
    if again.found != core.acknowledged:
        raise AssertionError("next start: %s" % difference(again.found, core.acknowledged))


def check_is_halted(core, image):
    """The supply as it is, codes and money refused, and not a bit written."""
    meter = core.meter
    closed = meter.supply.closed
    assert meter.halted and core.opened == ledger.UNREADABLE
    assert core.enter(digits_of(900)) == codes.HALTED and core.top_up.remote(1000) == codes.HALTED
    core.wait(90000, 1000)
    core.rest()
    assert meter.supply.state == codes.FAULT and meter.supply.closed == closed == 1
    assert bytes(core.nor.data) == image, "a halted meter changed its store"
