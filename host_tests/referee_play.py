"""Whole meters: the model writes a scenario, with what must be seen after each step, and the firmware
plays it on the simulated silicon (board/virtual/player.py), keys, display, relay, flash and all.

Takes a seed, gives a compiled scenario as tools/scenario does. Every pulse of the load is an event
of its own; what the keys do is told to the model at the very ms at which it takes effect.
"""

import random

import boot
import player
import referee_chance
import world
from model_texts import resting
from referee import KEYS, MS
from referee_acts import NAMES, Acts
from referee_house import House
from shilling.provision import provision
from tools.interpreters import ROOT


class Scenario(Acts):
    """Events become steps; after each one an `expect` with the model's figures."""

    def __init__(self, seed, kept=None):
        """kept: which of the events, by number; None is all of them."""
        chance = random.Random(seed)
        self.settings = referee_chance.settings(chance)
        self.settings["imp_per_kwh"] = chance.choice((1000, 1000, 800, 3200))
        if "tariff" not in self.settings:
            self.settings["rate_mp"] = chance.choice((24500, 31999, 60001))
        self.kept = tuple(range(chance.randrange(4, 14))) if kept is None else kept
        self.house = House(self.settings)
        self.model = self.house.model
        self.steps, self.counter, self.used = [], 0, []
        self.house.finish()
        self.wait(2000)
        self.expect()
        for number in self.kept:
            self.event(random.Random(f"{seed} {number}"))
            self.expect()

    def compiled(self):
        given = dict(self.settings, meter_id=KEYS.meter, originator_id=KEYS.originator,
                     secret=KEYS.secret)  # fmt: skip
        given = {name: value.hex() if isinstance(value, bytes) else value
                 for name, value in given.items()}  # fmt: skip
        return {"name": "duel", "file": "", "given": given, "steps": self.steps,
                "imp_per_kwh": self.settings["imp_per_kwh"]}  # fmt: skip

    def step(self, do, **what):
        self.steps.append(dict(n=len(self.steps) + 1, line=0, do=do, **what))

    def expect(self):
        figures = self.model.figures()
        self.step("expect", expect={
            "balance_mp": figures["balance_mp"], "supply": figures["supply"],
            "emergency": {"state": figures["ec_state"], "left_mp": figures["ec_left_mp"],
                          "owed_mp": figures["ec_owed_mp"]},
            "debt": {"payment_mp": figures["payment_mp"], "total_mp": figures["total_debt_mp"],
                     "accumulated_mp": figures["accumulated_mp"], "time1_mp": figures["time1_mp"]},
            "weekly_due_mp": figures["weekly_due_mp"], "registers": self.registers(),
            "rate": {"number": figures["rate"], "block": figures["block"],
                     "price_mp": figures["price_mp"]},
            "friendly": figures["friendly"], "energy_wh": figures["energy_wh"],
            "owed_to_restore_mp": figures["owed_to_restore_mp"], "ledger": "balanced",
            "relay": "closed" if self.house.contact else "open", "screen": resting(self.model),
        })  # fmt: skip

    def registers(self):
        """Wh of each block, by the number of the rate as people count."""
        tariff, booked = self.model.tariff, self.model.registers
        return {str(rate + 1): [booked.get((rate, block), 0) for block in range(len(tariff.blocks))]
                for rate in range(len(tariff.prices))}  # fmt: skip

    def wait(self, ms):
        self.step("wait", ms=ms)
        self.house.run(ms)
        self.house.finish()

    def load(self, watts):
        self.step("load", w=watts)
        self.house.load(watts)

    def until_whole_second(self, ms):
        """Wait so long at least, to a whole second of true time; once more if the relay moved at it."""
        while ms:
            passed = (self.house.now - self.house.start) // MS
            self.wait(ms + -(passed + ms) % 1000)
            ms = -((self.house.now - self.house.start) // MS) % 1000

    def clear_of_edges(self, ms):
        """Wait until nothing falls due by itself for so long."""
        while [e for e in self.model.edges(self.model.now + ms * MS)
               if self.model.now - MS < e < self.model.now + ms * MS]:  # fmt: skip
            self.wait(ms)

    def event(self, chance):
        getattr(self, chance.choice(NAMES))(chance)


def play(scenario, make_world=world.World):
    """Play a compiled scenario in this interpreter: the lines the player reports."""
    settings = player.settings_of(scenario)
    silicon = make_world(settings["day"], settings["second"], scenario["imp_per_kwh"])
    provision(boot.store(silicon), settings)
    lines = []
    player.Player(silicon, boot.starter(silicon, str(ROOT)), scenario, lines.append).run()
    assert silicon.coil_faults == 0
    return lines


def first_failure(scenario):
    """The first line of the play that is not as expected, or None."""
    lines = play(scenario)
    wrong = [line for line in lines if not line["ok"]]
    if wrong or len(lines) == len(scenario["steps"]):
        return wrong[0] if wrong else None
    return dict(lines[-1], failed="the play ended early")


def find(seeds):
    """(text of the first failure with its shortest replay or None, expectations compared)."""
    compared = 0
    for seed in seeds:
        scenario = Scenario(seed)
        compiled = scenario.compiled()
        if first_failure(compiled) is None:
            compared += sum(step["do"] == "expect" for step in compiled["steps"])
            continue
        kept = scenario.kept
        for number in scenario.kept:
            fewer = tuple(each for each in kept if each != number)
            if first_failure(Scenario(seed, fewer).compiled()):
                kept = fewer
        compiled = Scenario(seed, kept).compiled()
        line = first_failure(compiled)
        steps = [step for step in compiled["steps"][: line["n"]] if step["do"] != "expect"]
        return (f"Scenario({seed}, {kept}) at step {line['n']}: {line['failed']}\n"
                f"given {compiled['given']}\n" + "\n".join(map(str, steps))), compared  # fmt: skip
    return None, compared
