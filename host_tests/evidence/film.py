"""One scenario played to its end on the virtual board, with every flash write and record on a Reel.

Takes a compiled scenario, how many records its sector holds before it begins, the sectors of a ring and
a write that silently does nothing. `end` is what the meter stands at in the end. Source: SCENARIO.md.
"""

import boot
import world
from chip_nor import SECTOR
from evidence.reel import Reel, watched
from evidence.standing import behind, money_in_mp, standing
from player import Player, settings_of
from shilling import codes, ledger
from shilling.meter import Meter
from shilling.provision import provision
from tools.interpreters import ROOT


class Act(Player):
    """Tells the film which step it is at."""

    film = None

    def _act(self, step):
        self.film.step = step
        yield from super()._act(step)


class Film(Reel):
    """Playing happens in the making. `credits`: step -> (digits, counter, mp of money in before it, and
    after) of the code it credited; `sold` are the counters that the scenario's till has used."""

    def __init__(self, scenario, fill=0, sectors=3, skip=None):
        self.scenario = scenario
        settings = settings_of(scenario)
        self.silicon = silicon = world_of(scenario, settings["day"], settings["second"],
                                          bytearray(b"\xff" * (2 * sectors * SECTOR)))  # fmt: skip
        provision(silicon.flash, settings)
        fill_up(silicon.flash, fill)
        super().__init__(silicon.flash.data)
        silicon.flash = self.flash
        self.skip = skip
        self.flash.skip_at(None if skip is None else skip + 1)
        self.steps = []
        self.start = boot.starter(silicon, str(ROOT))
        self.act = Act(silicon, self.start, scenario, self.end_of_step)
        self.act.film = self
        with watched(self):
            self.act.run()
        self.end = standing(self.act.meter().meter.parts)
        self.find_credits()
        if not self.steps or not all(step["ok"] for step in self.steps):
            self.wrong.append("the scenario does not hold without any cut")
        if silicon.coil_faults:
            self.wrong.append("both coils were on at once")

    @property
    def starting(self):
        return "meter" not in self.start.globals()

    def end_of_step(self, told):
        """What was shown, acknowledged and switched in this step is in a record, but for a penny."""
        self.steps.append(told)
        meter = self.act.meter().meter
        if self.records and not meter.halted:
            wrong = behind(self.records[-1].alive, standing(meter.parts))
            if wrong:
                self.wrong.append(f"after step {told['n']}: {wrong}")

    def find_credits(self):
        self.sold = set()
        for step in self.scenario["steps"]:
            if step["do"] == "vend":
                self.sold.add(step["counter"])
            elif step.get("name") == "top_up":
                self.sold.add(step.get("number", 0))
        self.credits, step, last_mp = {}, None, money_in_mp(self.found)
        for record in self.records:
            if record.step is not step:
                step, before_mp = record.step, last_mp
            last_mp = money_in_mp(record.alive)
            if record.counter and step["do"] == "enter":
                digits = bytes(int(digit) for digit in step["digits"])
                self.credits[step["n"]] = (digits, record.counter, before_mp, last_mp)


def world_of(scenario, day, second, data, closed=True):
    return world.World(day, second, scenario["imp_per_kwh"], closed=closed, flash=data)


def fill_up(flash, count):
    """So many records of no consequence, so that the sector ends at another place of the scenario."""
    meter, store = Meter(), ledger.Ledger(flash)
    store.recover(meter.parts)
    for _ in range(count):
        store.prepare()
        assert store.commit(codes.RECORD_CLOCK, 0, meter.parts)
