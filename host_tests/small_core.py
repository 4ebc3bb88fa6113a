"""The firmware's core on a simulated flash and nothing else: no keys, no display, no relay.

Takes a chip_nor.Nor and digits (bytes 0..9), seconds and pulses; gives outcomes of codes.py and the
figures that a power cut must not change. What the shell does around the core is done here: records
go to the ledger, sectors are erased at leisure, a store that cannot be trusted halts the meter.
"""

from chip_nor import Nor
from shilling import codes, ledger
from shilling.config import SETTINGS
from shilling.meter import Meter
from shilling.provision import provision
from shilling.topup import TopUp
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET

DAY, NOON_S = 9820, 43200  # Friday 2026-11-20 12:00 UTC: no friendly hours
SECTOR = 4096
ACCOUNT = (
    "balance_mp", "emergency_mp", "payment_mp", "time_1_mp", "time_2_mp", "accumulated_mp",
    "ec_activated", "due_mp",
)  # fmt: skip
TOTALS = ("money_in", "charged", "standing", "opening")
CONFIG = tuple([row[0] for row in SETTINGS]) + ("meter_id", "originator_id", "secret")
TARIFF = ("part", "coming", "rate", "block", "month_end", "month_kwh", "month_wh")


def erased(sectors):
    """The bytes of two rings of so many sectors."""
    return bytearray(b"\xff" * (2 * sectors * SECTOR))


def set_up(nor, **settings):
    """A new meter with the test set of keys, Friday noon."""
    given = {
        "day": DAY, "second": NOON_S, "meter_id": TEST_METER, "originator_id": TEST_ORIGINATOR,
        "secret": TEST_SECRET,
    }  # fmt: skip
    given.update(settings)
    provision(nor, given)


def renumber(nor, sequence):
    """The same new meter, but its records are numbered on from `sequence`."""
    parts = Meter().parts
    assert ledger.Ledger(nor).recover(parts) == ledger.OPENED
    nor.data[:] = b"\xff" * nor.size
    book = ledger.Ledger(nor)
    book.head.sequence = sequence
    assert book.create(parts)


class Core:
    """One life, from a start to the next power cut. `acknowledged` are the figures that hold
    whatever happens to the power now, `found` those of the start; day, second: of the clock chip,
    rtc: what it says of them."""

    def __init__(self, nor, day=DAY, second=NOON_S, rtc=0):
        self.nor = nor
        self.meter = meter = Meter()
        self.ledger = ledger.Ledger(nor)
        self.opened = self.ledger.recover(meter.parts)
        self.kinds = []  # of the records written in this life
        self.found = self.acknowledged = figures(meter)
        meter.journal = self._commit
        if self.opened != ledger.OPENED:
            meter.is_set_up = self.opened != ledger.BLANK
            meter.halt()
        meter.clock.take_reading(rtc, day, second)
        meter.begin()
        self.top_up = TopUp(meter)
        self.wait(0)

    def _commit(self, kind, counter):
        kept = self.ledger.commit(kind, counter, self.meter.parts)
        if kept:
            self.kinds.append(kind)
            self.acknowledged = figures(self.meter)
        return kept

    def enter(self, digits):
        """A typed code: its outcome."""
        outcome = self.top_up.begin(digits)
        if outcome == codes.CHECKING:
            outcome = self.top_up.finish()
        return outcome

    def wait(self, seconds, pulses=0):
        """Powered time passes in one step; the pulses come at its end, and what they cost is
        written at once, so that every figure has its record; the relay follows."""
        self.poll(seconds * 1000)
        if pulses:
            self.meter.step(0, pulses, True)
            self.follow()

    def live(self, ms, pulses=0):
        """The same, polling when the core asks for it; the pulses come with the last poll."""
        while ms > 0:
            part_ms = min(ms, self.meter.next_ms())
            ms -= part_ms
            self.poll(part_ms, 0 if ms else pulses)
            pulses = pulses if ms else 0
            self.rest()
        self.poll(0, pulses)
        while self.meter.next_ms() <= 1:  # much fell due at once
            self.poll(0)

    def poll(self, ms, pulses=0):
        self.meter.clock.advance(ms)
        self.meter.step(ms, pulses, True)
        self.follow()

    def follow(self):
        meter = self.meter
        if not meter.halted:
            meter.commit_use()
        if not meter.halted and meter.supply.may_operate(meter.clock.day):
            meter.supply.operate(meter.clock.day)
            meter.record_supply()

    def rest(self):
        """A poll in which nothing was written: erase what comes next."""
        self.ledger.prepare()


def figures(meter):
    """Everything that a start must find again, as a tuple; not what was used today, which the
    display alone needs."""
    account, supply, lockout = meter.account, meter.supply, meter.lockout
    window, energy = meter.window, meter.energy
    values = [getattr(account, name) for name in ACCOUNT]
    for name in TOTALS:
        total = getattr(account, name)
        values += [total.pounds, total.rest_mp]
    values += [getattr(meter.config, name) for name in CONFIG]
    values += [getattr(meter.tariff, name) for name in TARIFF]
    values += [meter.tariff.table.packed, meter.config.special_days]
    values += meter.registers.all_kwh + meter.registers.all_wh
    values += [
        supply.state, supply.closed, supply.operations, supply.operations_day, lockout.failures,
        lockout.left_s, window.highest, bytes(window.bits), energy.kwh, energy.wh, energy.part,
        meter.debt.cap_week, meter.debt.cap_used_mp, meter.debt.weekly_due_mp,
        meter.dues.behind_mp, meter.dues.day, meter.dues.second, meter.started,
        meter.clock.mark_day, meter.clock.mark_s,
        meter.link_lockout.failures, meter.link_lockout.left_s, meter.orders.highest,
        bytes(meter.orders.bits), bytes(meter.orders.refused), bytes(meter.orders.results),
    ]  # fmt: skip
    return tuple(values)


def registers(meter):
    """(rate, block) -> Wh, of those that have any."""
    every = [(rate, block) for rate in range(8) for block in range(4)]
    return {each: meter.registers.block_wh(*each) for each in every if meter.registers.block_wh(*each)}


def money_mp(meter):
    """What was ever credited."""
    total = meter.account.money_in
    return -(total.pounds * 100000 + total.rest_mp)


def check_each_ring(core):
    """Both rings have it all: each alone gives exactly what was acknowledged."""
    clock = core.meter.clock
    half = core.nor.size // 2
    for first in (0, half):
        image = bytearray(core.nor.data)
        image[first : first + half] = b"\xff" * half
        alone = Core(Nor(image), clock.day, clock.second())
        assert alone.opened == ledger.OPENED, "one ring alone halts"
        if alone.found != core.acknowledged:
            raise AssertionError("one ring alone: %s" % difference(alone.found, core.acknowledged))


def difference(found, wanted):
    """The first figures that differ."""
    places = [place for place in range(len(wanted)) if found[place] != wanted[place]]
    return "; ".join("%d: %r for %r" % (at, found[at], wanted[at]) for at in places[:3])
