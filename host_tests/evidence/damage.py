"""The faults of a flash, one case after another: a text, and a check that raises what is wrong.

Takes the states of a life (household.py) and a unit of sectors.py; a check that is true has found a
safe halt. One fault in one ring is recovered from exactly, and life goes on from there.
Source: RELIABILITY, the fault model.
"""

from random import Random

from chip_nor import Nor
from evidence.household import RING, SECTORS, Household, check_goes_on, check_is_halted, start
from evidence.orders import digits_of
from shilling import codes, ledger
from small_core import SECTOR, Core, check_each_ring, difference

LAP = 130  # records that go once round the ring
EVERY_LONG = 4  # of the destroyed sectors: so many lives go on for a lap
EVERY_SHORT = 16  # of the flipped bits: so many lives go on at all
CONTENTS = {"kept": None, "FF": b"\xff", "00": b"\x00", "noise": b""}
FAULTS = (
    ("kept", "dead"), ("kept", "failing"), ("kept", "unreadable"), ("FF", ""), ("00", ""), ("noise", ""),
    ("FF", "dead"), ("00", "dead"), ("noise", "dead"), ("noise", "failing"),
)  # fmt: skip


def sector_cases(lived, unit):
    state = lived[unit["state"]]
    for sector in range(2 * SECTORS):
        for number, (content, fault) in enumerate(FAULTS):
            nor = Nor(bytearray(state.image))
            destroy(nor, sector, content, fault)
            records = LAP if (unit["state"] + sector + number) % EVERY_LONG == 0 else 0
            yield (f"sector {sector} {content} {fault}",
                   lambda nor=nor, records=records: goes_on(state, nor, records))  # fmt: skip


def destroy(nor, sector, content, fault):
    """content: of what can be read there from now on; fault: what else happens there."""
    fill = CONTENTS[content]
    if fill is not None:
        noise = Random(sector).randbytes(SECTOR)
        nor.data[sector * SECTOR : (sector + 1) * SECTOR] = fill * SECTOR if fill else noise
    if fault:
        getattr(nor, fault).add(sector)


def goes_on(state, nor, records, alone=True):
    check_goes_on(start(state, nor), state, records, alone)


def later_cases(lived, unit):
    """The fault comes while the meter lives; a restart comes afterwards."""
    state = lived[unit["state"]]
    random = Random(unit["state"])
    for ring in (0, RING):
        for _ in range(3):
            near = ring + state.sector * SECTOR + random.randrange(SECTOR)
            yield f"bit of byte {near} later", lambda at=near: struck(
                state, lambda nor: nor.flip(at, 1 << at % 8))  # fmt: skip
        for sector in range(SECTORS):
            content, fault = random.choice(FAULTS)
            yield f"sector {sector + ring // SECTOR} {content} {fault} later", lambda each=(
                sector + ring // SECTOR, content, fault): struck(
                state, lambda nor: destroy(nor, *each))  # fmt: skip


def struck(state, fault):
    core = start(state)
    fault(core.nor)
    check_goes_on(core, state, 20)


def skip_cases(lived, unit):
    """Each write of some further life reports success and does nothing."""
    state = lived[unit["state"]]
    core = start(state)
    check_goes_on(core, state, 45)
    for write in range(1, core.nor.writes + 1):
        yield f"write {write} does nothing", lambda write=write: struck_write(state, write)


class Struck(Core):
    """One write does nothing; what is acknowledged next is in both rings all the same."""

    struck = None  # number of the write

    def _commit(self, kind, counter):
        kept = super()._commit(kind, counter)
        if kept and self.struck and self.nor.writes >= self.struck:
            self.struck = None
            check_each_ring(self)
        return kept


def struck_write(state, write):
    core = Struck(Nor(bytearray(state.image)), state.day, state.second)
    core.struck = core.nor.writes + write
    core.nor.skip_at(write)
    check_goes_on(core, state, 45, True)


def ring_cases(lived, unit):
    """Ring A of one time and ring B of another: the later one counts, and all its codes."""
    for other in range(0, len(lived), 7):
        for a, b in ((unit["state"], other), (other, unit["state"])):
            nor = Nor(bytearray(lived[a].image[:RING] + lived[b].image[RING:]))
            newest = lived[max(a, b)]
            yield f"ring A of {a}, B of {b}", lambda nor=nor, newest=newest: goes_on(newest, nor, 0)


def fork_cases(lived, unit):
    """Two lives since one state, a ring of each: no code of either is ever credited again. And a
    record of the one life behind those of the other: it does not follow."""
    state = lived[unit["state"]]
    for events in (3, 9, 40):
        one, other = (lived_on(state, events + more, unit["state"] * 100 + more) for more in (0, 3))
        yield f"after {events} events", lambda lives=(one, other): forked(*lives)
        yield f"after {events} events, exchanged", lambda lives=(other, one): forked(*lives)
    for ring in (0, RING):
        yield f"a record of another life in ring {ring // RING}", lambda ring=ring, lives=(
            one.states, other.states): spliced(*lives, ring)  # fmt: skip


def lived_on(state, events, seed):
    """The life after so many events that are others with each seed."""
    life = Household(Nor(bytearray(state.image)), day=state.day, second=state.second)
    life.credited += state.credited
    life.commands += state.commands
    random = Random(seed)
    for _ in range(events):
        life.live(random)
    return life


def forked(one, other):
    clock = one.meter.clock
    nor = Nor(one.nor.data[:RING] + other.nor.data[RING:])
    image = bytes(nor.data)
    core = Core(nor, clock.day, clock.second())
    if core.opened != ledger.OPENED:
        check_is_halted(core, image)
        return True
    core.meter.lockout.clear()  # a life may stand in the middle of a wait
    for counter in sorted({*one.credited, *other.credited}):
        outcome = core.enter(digits_of(counter))
        assert outcome == codes.DUPLICATE, f"code {counter} is {codes.OUTCOMES[outcome]}"
    for number in {*one.commands, *other.commands}:
        assert core.meter.orders.is_used(number), f"command {number} is not used"
    return False


def spliced(ones, others, ring):
    """The first record of one life, and behind it the second of the other."""
    state, other = ones[0], others[1]
    if not state.sector == other.sector == others[0].sector or ones[0].image == others[0].image:
        return False  # a sector was opened, or both lives began alike
    nor = Nor(bytearray(state.image))
    at = ring + other.sector * SECTOR + other.end
    nor.data[at - 64 : at] = other.image[at - 64 : at]
    image = bytes(nor.data)
    core = start(state, nor)
    if core.opened != ledger.OPENED:
        check_is_halted(core, image)
        return True
    assert core.found == state.figures, difference(core.found, state.figures)
    return False


def bit_cases(lived, unit):
    state = lived[unit["state"]]
    for bit in range(8 * unit["size"]):
        at = unit["first"] + bit // 8
        yield f"bit {bit % 8} of byte {at}", lambda at=at, bit=bit: flipped(state, at, bit)


def flipped(state, at, bit):
    nor = Nor(bytearray(state.image))
    nor.flip(at, 1 << bit % 8)
    core = start(state, nor)
    if bit % EVERY_SHORT == 0:
        check_goes_on(core, state)
    elif core.opened != ledger.OPENED or core.found != state.figures:
        raise AssertionError("opened %d, %s" % (
            core.opened, difference(core.found, state.figures)))  # fmt: skip


def weak_cases(lived, unit):
    """Bits of the last record or its checkpoint that read now so, now so, in one ring."""
    state = lived[unit["state"]]
    random = Random(unit["state"])
    for ring in (0, RING):
        start_at = ring + state.sector * SECTOR
        for at in (start_at + random.randrange(200), start_at + state.end - random.randrange(1, 65)):
            nor = Nor(bytearray(state.image), unit["state"])
            nor.weak[at] = 1 << random.randrange(8)
            yield f"byte {at} weak", lambda nor=nor: goes_on(state, nor, 0)


def pair_cases(lived, unit):
    """One bit in both copies of a record."""
    state = lived[unit["state"]]
    before = lived[unit["state"] - 1] if unit["first"] % RING % SECTOR + 64 == state.end else None
    for bit in range(8 * unit["size"]):
        yield f"bit {bit}", lambda bit=bit: both_flipped(state, before, unit["first"], bit, unit["size"])


def both_flipped(state, before, first, bit, size):
    nor = Nor(bytearray(state.image))
    nor.flip(first + bit // 8, 1 << bit % 8)
    other = bit * 37 % (8 * size)  # another bit of the other copy
    nor.flip(RING + first + other // 8, 1 << other % 8)
    image = bytes(nor.data)
    core = start(state, nor)
    if core.opened != ledger.OPENED:
        check_is_halted(core, image)
        return True
    known = [each.figures for each in (state, before) if each]
    assert core.found in known, difference(core.found, state.figures)
    return False


CASES = {
    "sectors": ("sectors", sector_cases), "later": ("sectors", later_cases),
    "skips": ("sectors", skip_cases), "rings": ("sectors", ring_cases),
    "forks": ("sectors", fork_cases), "bits": ("bits", bit_cases), "weak": ("bits", weak_cases),
    "pairs": ("bits", pair_cases),
}  # fmt: skip
