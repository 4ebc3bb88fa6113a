"""A life that writes every kind of record, and the flash as it was after each of them.

Takes a seed; gives states: the flash, the figures acknowledged, the place of the last record, the codes
credited, the commands carried out or refused, the clock. Two rings of three sectors are gone round twice, so
that there is a state for every place of the head. Also how life goes on from such a flash, and what a halt
must be.
"""

from collections import namedtuple
from functools import lru_cache
from random import Random
from struct import pack

import link_rig
from chip_nor import Nor
from evidence.orders import KEYS, digits_of
from shilling import codes, commands, ledger, remote
from small_core import DAY, SECTOR, Core, check_each_ring, difference, erased, renumber, set_up
from tools import utrn_vend

SECTORS = 3  # of a ring
RING = SECTORS * SECTOR  # bytes
ROUNDS = 2
BEFORE_WRAP = 60  # records, then their 32-bit sequence begins again at 0
FOREIGN = utrn_vend.Keys(KEYS.meter[::-1], KEYS.originator, KEYS.secret)
State = namedtuple("State", "image figures kind sector end credited commands day second")
# What the head-end orders, so that each kind of record is there: (kind, body) by a Random
ORDERS = (
    lambda random: (link_rig.PAY_DEBT, pack(">Bi", 0, 1000 * random.randrange(1, 90))),
    lambda random: (link_rig.ADJUST, pack(">i", random.randrange(-9000, 90000))),
    lambda random: (link_rig.SET_DEBT, pack(">Bi", random.randrange(2), 1000 * random.randrange(4000))),
    lambda random: (link_rig.TEXT, b"\xff"),  # refused: a record that only answers
    lambda random: (link_rig.DISABLE, b""),
    lambda random: (link_rig.ARM, b""),
    lambda random: (link_rig.CLEAR_LOCKOUT, b""),
)  # fmt: skip
IN_CHECKPOINTS = (  # no record holds what these change: each opens a sector
    lambda random: (link_rig.SET_SETTINGS, pack(">BI", 7, random.randrange(101))),
    lambda random: (link_rig.SPECIAL_DAYS, pack(">HB", DAY + random.randrange(400), 1)),
)  # fmt: skip


class Household(link_rig.Rig):
    """A core with a link whose every acknowledged record leaves a state."""

    def __init__(self, nor, **clock):
        self.states = []
        self.credited = []
        self.commands = []
        super().__init__(nor, **clock)

    def _commit(self, kind, counter):
        before = self.ledger.sector
        kept = super()._commit(kind, counter)
        if kept:
            if counter:
                (self.commands if kind & codes.COMMAND else self.credited).append(counter)
            book, clock = self.ledger, self.meter.clock
            kind = kind if book.sector == before else CHECKPOINT
            self.states.append(State(
                bytes(self.nor.data), self.acknowledged, kind, book.sector, book.at,
                tuple(self.credited), tuple(self.commands), clock.day, clock.second(),
            ))  # fmt: skip
        return kept

    def live(self, random):
        """One thing that happens in a house."""
        what = random.randrange(12)
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
        elif what == 8:
            self.wait(60)
        else:
            self.be_told(random)
        if random.random() < 0.7:
            self.rest()


    def be_told(self, random):
        """An order over the link: a top-up, or the next command or one that comes late."""
        if random.random() < 0.3:
            number = max(self.credited, default=0) + random.randrange(1, 4)
            self.tell(link_rig.top_up(number, 1000 * random.randrange(1, 99)))
            return
        number = max(1, max(self.commands, default=0) + random.randrange(-2, 4))
        kind, body = random.choice(ORDERS if random.random() < 0.93 else IN_CHECKPOINTS)(random)
        self.tell(link_rig.packet(kind, number, body))
        if kind == link_rig.DISABLE:  # a house whose supply stays off uses nothing
            remote.arm(self.meter)
            commands.enable(self.meter)


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
