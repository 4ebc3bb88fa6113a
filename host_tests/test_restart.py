"""The power goes after every single record of random lives: what starts again is what was there.

Each record's flash is copied; a second meter starts from the copy at the same instant. Its ledger sums
to zero, it stands before or after the event that was on its way, an acknowledged credit is there, the
supply is as it was, and no more than a penny of use is lost, in the consumer's favour.
SHILLING_RESTARTS: lives of the core (48), and of whole meters a twelfth of that.
"""
# runs on: cpython

import os

import pytest

import boot
import referee_chance
import referee_duel
import referee_play
import world
from chip_nor import Nor
from referee import Core
from referee_play import Scenario
from shilling import codes, ledger, record
from shilling.config import BY_PARTS
from shilling.dues import Dues
from shilling.meter import Meter
from tools.interpreters import ROOT

FIRST = int(os.environ.get("SHILLING_FIRST", "0"))
LIVES = int(os.environ.get("SHILLING_RESTARTS", "48"))
WHOLE = LIVES // 12
PARTS = 4
PENNY = 1000
TELLING = ("usage", "today", "week", "month")  # parts that a checkpoint alone holds
OF_USE = {
    "balance_mp", "ec_left_mp", "ec_owed_mp", "energy_wh", "owed_to_restore_mp", "registers",
    "left_kwh", "block", "price_mp",
}  # fmt: skip


def fields(meter):
    """All that a checkpoint holds, by name; without what may be late or lost."""
    found = {(part, name): getattr(meter.parts[part], name) for part, name, _ in record.STATE}
    found["used codes"] = bytes(meter.window.bits)
    del found["lockout", "left_s"]  # may be a minute more
    # where nothing fell due nothing was written
    if not (meter.dues.behind_mp or meter.config.recovery == BY_PARTS):
        del found["dues", "second"]
        if not meter.config.standing_mp:
            del found["dues", "day"]
    return {name: found[name] for name in found if name[0] not in TELLING}


def opened(cells):
    """A core's parts as recovered from a copy of a flash."""
    meter = Meter()
    assert ledger.Ledger(Nor(bytearray(cells))).recover(meter.parts) == ledger.OPENED
    assert meter.account.is_balanced()
    return meter


def same_but_for_a_penny(again, alive):
    """Figures that differ, other than by at most 1 p of use that is not on flash."""
    differ = {name for name in again if again[name] != alive[name]}
    lost_mp = sum(again[name] - alive[name] for name in ("balance_mp", "ec_left_mp"))
    if again["energy_wh"] < alive["energy_wh"] and 0 <= lost_mp <= PENNY:
        return differ - OF_USE
    return differ


def is_on_the_way(again, before, alive):
    """Of a burst of pulses through several blocks, each of which ends in a record of its own."""
    money = [each["balance_mp"] + each["ec_left_mp"] for each in (before, again, alive)]
    energy = before["energy_wh"] < again["energy_wh"] <= alive["energy_wh"]
    return energy and money == sorted(money, reverse=True)


class Again(Core):
    """A second life from a copy of flash and clock."""

    def __init__(self, cells, rtc, rtc_runs):
        self.flash, self.rtc, self.rtc_runs = Nor(bytearray(cells)), rtc, rtc_runs
        self.start()


class Watched(Core):
    """Keeps a copy of the flash after each record; looks at all of them after each act."""

    cuts = 0

    def start(self):
        self.copies = []
        super().start()
        self.look(self.figures())

    def commit(self, kind, counter):
        kept = super().commit(kind, counter)
        cells = bytes(self.flash.data)
        if kind != codes.RECORD_ATTEMPT:  # that one does not wait for use to be committed
            there, then = fields(opened(cells)), fields(self.meter)
            late = {name for name in then if there[name] != then[name]} - {("lockout", "failures")}
            assert not late, f"record {kind} leaves {late} to a later one"
        self.copies.append((cells, self.rtc, self.rtc_runs, kind))
        return kept

    def look(self, before):
        """Every copy made during an act stands before it or after it, by its figures."""
        alive, copies = self.figures(), self.copies
        self.copies = []
        for cells, rtc, rtc_runs, kind in copies:
            again = Again(cells, rtc, rtc_runs).figures()
            Watched.cuts += 1
            for figures in (again, alive, before):
                if alive["contact"] != (alive["supply"] == "enabled"):
                    figures["contact"] = None  # its minute does not outlast a cut
            if kind == codes.RECORD_CHARGE and is_on_the_way(again, before, alive):
                continue
            differ = same_but_for_a_penny(again, alive)
            assert not differ or not same_but_for_a_penny(again, before), (
                f"cut after record {kind} at {rtc}: {differ}\n{again}\n{alive}\n{before}"
            )


def acting(name):
    """The method of Core, and a look at the copies afterwards."""
    act = getattr(Core, name)

    def watched(self, *args):
        before = self.figures()
        result = act(self, *args)
        if result == "done":
            credited = fields(opened(self.flash.data))
            assert credited["used codes"] == bytes(self.meter.window.bits)
            assert credited["money_in", "pounds"] == self.meter.account.money_in.pounds
        self.look(before)
        return result

    return watched


for name in ("enter", "remote", "command", "set_time", "pay_debt", "set_tariff"):
    setattr(Watched, name, acting(name))


def in_steps(self, ms, pulses=0):
    """One poll at a time, so that what a copy is compared with is of the same instant."""
    while ms:
        part_ms = min(ms, self.meter.next_ms())
        ms -= part_ms
        before = self.figures()
        Core.advance(self, part_ms, 0 if ms else pulses)
        self.look(before)


Watched.advance = in_steps


def life(seed):
    """A random life without long waits of a lock-out, which are a record a minute."""
    given, events = referee_chance.sequence(seed)
    return given, [event for event in events if event[0] != "guess" or event[1] < 5]


@pytest.mark.parametrize("part", range(PARTS))
def test_core_stands_before_or_after_each_event_after_a_cut_at_any_record(part, monkeypatch):
    monkeypatch.setattr(referee_duel, "Core", Watched)
    Watched.cuts = 0
    seeds = range(FIRST + LIVES * part // PARTS, FIRST + LIVES * (part + 1) // PARTS)
    for seed in seeds:
        failure, at = referee_chance.fails(referee_duel.Duel, *life(seed))
        assert failure is None, (
            f"seed {seed}: {failure}\nafter {life(seed)[1][:at]} of {life(seed)[0]}"
        )
    assert Watched.cuts > 20 * len(seeds)


def copies_of(scenario):
    """Play it; flash, contact and the clock chip's time after each program of the flash, even
    between the two copies of a record."""
    copies = []

    class Watching(world.World):
        def __init__(self, *args):
            super().__init__(*args)
            program = self.flash.program

            def keep(at, buf):
                program(at, buf)
                copies.append((bytes(self.flash.data), self.contact_closed, self.rtc._now()))

            self.flash.program = keep

    lines = referee_play.play(scenario, Watching)
    assert all(line["ok"] for line in lines)
    return copies[2:]  # without the provisioning


def started(cells, closed, now, imp_per_kwh):
    """A whole meter soon after the power came back, when its relay has rested: (what it said, its
    world)."""
    silicon = world.World(*now, imp_per_kwh, closed, bytearray(cells))
    start = boot.starter(silicon, str(ROOT))
    seen = []

    def script():
        yield 1500
        seen.append(start.globals()["meter"].observe())
        if silicon.contact_closed != (seen[0]["supply"] == "enabled"):
            yield 61000

    silicon.run(start, script())
    return seen[0], silicon


@pytest.mark.parametrize("part", range(PARTS))
def test_whole_meter_starts_from_any_record_as_it_was(part):
    for seed in range(FIRST + WHOLE * part // PARTS, FIRST + WHOLE * (part + 1) // PARTS):
        scenario = Scenario(seed).compiled()
        for number, (cells, closed, now) in enumerate(copies_of(scenario)):
            there = opened(cells)
            seen, silicon = started(cells, closed, now, scenario["imp_per_kwh"])
            told = f"Scenario({seed}), program {number} of flash at {now}: {seen}"
            assert seen["ledger"] == "balanced" and seen["clock"] != "invalid", told
            assert seen["energy_wh"] == there.energy.total_wh(), told
            assert -seen["debt"]["payment_mp"] == there.account.payment_mp, told
            was = codes.SUPPLY_NAMES[there.supply.state]
            ended = was == "enabled" and not there.account.is_credit_available()
            assert seen["supply"] == was or (ended and seen["supply"] == "disabled"), told
            if not ended and there.supply.operations < 20:
                assert silicon.contact_closed == (was == "enabled"), told
            moved = closed != silicon.contact_closed
            assert (silicon.relay_operations, silicon.coil_faults) == (moved, 0), told


# Defects, planted: the test above has to find each of them


def plant_debts_missing_in_a_top_up(patch):
    fields_left = [field for field in record.KINDS[codes.RECORD_TOP_UP] if field[1] != "payment_mp"]
    patch(record, "KINDS", {**record.KINDS, codes.RECORD_TOP_UP: tuple(fields_left)})


def plant_supply_missing_in_its_record(patch):
    fields_left = [field for field in record.KINDS[codes.RECORD_SUPPLY] if field[1] != "state"]
    patch(record, "KINDS", {**record.KINDS, codes.RECORD_SUPPLY: tuple(fields_left)})


def plant_counter_in_no_record(patch):
    seal = record.seal
    patch(record, "seal", lambda parts, kind, counter, head, buf: seal(parts, kind, 0, head, buf))


def plant_use_not_committed_before_a_top_up(patch):
    write = Meter.write

    def late(meter, kind, counter):
        if kind != codes.RECORD_CHARGE or meter.silent_ms:
            write(meter, kind, counter)

    patch(Meter, "write", late)


def plant_midnight_marked_before_it_is_charged(patch):
    settle = Dues.settle

    def early(dues, is_open):
        was = dues.day, dues.second
        dues.day, dues.second = dues.next_day, dues.next_s
        journal[0](codes.RECORD_DUE, 0)
        dues.day, dues.second = was
        return settle(dues, is_open)

    journal = []
    begin = Meter.begin
    patch(Meter, "begin", lambda meter: (journal.insert(0, meter.journal), begin(meter)))
    patch(Dues, "settle", early)


PLANTS = {name[6:]: plant for name, plant in list(globals().items()) if name.startswith("plant_")}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_defect_is_found(name, monkeypatch):
    monkeypatch.setattr(referee_duel, "Core", Watched)
    PLANTS[name](monkeypatch.setattr)
    assert any(referee_chance.fails(referee_duel.Duel, *life(seed))[0] for seed in range(40))


def test_a_clock_that_is_not_trusted_is_not_below_the_mark():
    """Section 10: a persisted high-water mark below which time never goes."""
    core = Core({"day": 10784, "second": 43200, "balance_mp": 1000000})
    core.power_cut(1000, keeps_time=False)
    assert core.meter.clock.day == 10784
