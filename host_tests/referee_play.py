"""Whole meters: the model writes a scenario, with what must be seen after each step, and the firmware
plays it on the simulated silicon (board/virtual/player.py), keys, display, relay, flash and all.

Takes a seed, gives a compiled scenario as tools/scenario does. Every pulse of the load is an event
of its own; what the keys do is told to the model at the very ms at which it takes effect.
"""

import random
from datetime import timedelta

import boot
import player
import referee_chance
import world
from model_texts import resting
from referee import KEYS, MS, day_second
from referee_duel import PENNY, next_edge
from referee_house import House
from shilling.provision import provision
from tools import utrn_vend
from tools.interpreters import ROOT

PRESS_MS = 400  # down and up
SHORT_MS = 233  # from the finger to what a short press does: up at 200, 8 of bounce, 25 to settle
SEND_MS = 2033  # the same for the held B that sends a code
HOLD_MS = 2700
SLEEP_MS = 60000  # after the last press the display sleeps
CODE_SLEEP_MS = 420000  # the code screen keeps its digits longer
LONG_S = 4 * 3600
WATTS = (300, 1000, 2750, 7360, 18000)


class Scenario:
    """Events become steps; after each one an `expect` with the model's figures."""

    def __init__(self, seed, kept=None):
        """kept: which of the events, by number; None is all of them."""
        chance = random.Random(seed)
        self.settings = referee_chance.settings(chance)
        self.settings["imp_per_kwh"] = chance.choice((1000, 1000, 800, 3200))
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
        given = dict(self.settings, meter_id=KEYS.meter.hex(), originator_id=KEYS.originator.hex(),
                     secret=KEYS.secret.hex())  # fmt: skip
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
                     "accumulated_mp": figures["accumulated_mp"]},
            "friendly": figures["friendly"], "energy_wh": figures["energy_wh"],
            "owed_to_restore_mp": figures["owed_to_restore_mp"], "ledger": "balanced",
            "relay": "closed" if self.house.contact else "open", "screen": resting(self.model),
        })  # fmt: skip

    def wait(self, ms):
        self.step("wait", ms=ms)
        self.house.run(ms)
        self.house.finish()

    def load(self, watts):
        self.step("load", w=watts)
        self.house.load(watts)

    def until_whole_second(self, ms):
        """Wait so long at least, to a whole second of true time."""
        passed = (self.house.now - self.house.start) // MS
        self.wait(ms + -(passed + ms) % 1000)

    def clear_of_edges(self, ms):
        """Wait until nothing falls due by itself for so long."""
        while [e for e in self.model.edges(self.model.now + ms * MS)
               if self.model.now - MS < e < self.model.now + ms * MS]:  # fmt: skip
            self.wait(ms)

    def event(self, chance):
        name = chance.choice(("use", "use", "use", "edge", "edge", "edge", "code", "code", "remote",
                              "accept", "enable", "enable", "order", "cut", "set"))  # fmt: skip
        getattr(self, name)(chance)

    def press(self, key, *effect):
        """A short press; the effect comes while it lasts."""
        self.step("press", key=key)
        self.house.run(SHORT_MS)
        result = self.house.tell(*effect) if effect else None
        self.house.run(PRESS_MS - SHORT_MS)
        return result

    def use(self, chance):
        self.load(chance.choice(WATTS))
        self.wait(chance.randrange(1, 2400) * 1000)
        if chance.random() < 0.3:
            self.remote(chance)
            self.wait(chance.randrange(1, 120) * 1000)
        self.load(chance.choice((0, 0, 300)))

    def edge(self, chance):
        """To an edge under load, or a second before or after."""
        edge = next_edge(self.model.now, chance.choice(("ten", "ten", "four", "midnight")))
        left_s = (edge - self.model.now) // (1000 * MS)
        if left_s > LONG_S:  # in the dark: a display that turns its pages for days takes long
            self.cut(chance, left_s - LONG_S // 2)
            left_s = (edge - self.model.now) // (1000 * MS)
        self.wait(max(left_s - chance.choice((10, 60, 600)), 1) * 1000)
        self.load(chance.choice(WATTS))
        left_s = (edge - self.model.now) // (1000 * MS) + chance.choice((-1, 0, 0, 1, 30))
        self.wait(max(left_s, 1) * 1000)
        if chance.random() < 0.7:
            self.load(0)

    def remote(self, chance):
        pence = chance.choice(referee_chance.AMOUNTS + (chance.randrange(1, 20000),))
        self.step("remote", name="top_up", value=pence * PENNY)
        self.house.tell("top_up", None, pence * PENNY)
        self.wait(1000)

    def order(self, chance):
        name = chance.choice(("disable", "arm", "arm", "clear_lockout"))
        self.step("remote", name=name, value=None)
        self.house.tell(name)
        self.wait(1000)

    def asleep(self, ms):
        """No load, nothing due for a while, and a whole second: time to touch the keys."""
        self.load(0)
        self.until_whole_second(1000)
        self.clear_of_edges(ms)

    def accept(self, chance):
        self.asleep(3000)
        self.press("A")
        self.press("A")
        offered = self.model.ec_offered()
        self.step("expect", expect={"screen": ["Accept EmCr" if offered else "Add credit"]})
        if offered:
            self.press("B", "accept_emergency")
        self.until_whole_second(SLEEP_MS)

    def enable(self, chance):
        self.asleep(3000)
        self.press("B", "enable")
        self.until_whole_second(SLEEP_MS)

    def code(self, chance):
        kind = chance.choice(("good", "good", "good", "duplicate", "forged"))
        pence = chance.choice(referee_chance.AMOUNTS)
        counter = self.counter = max(self.counter, self.model.highest) + chance.choice((1, 1, 2, 400))
        if kind == "duplicate" and self.used:
            counter, pence = chance.choice(self.used)
        digits = utrn_vend.make_code(KEYS, counter, *utrn_vend.carried(pence))
        if kind == "forged":
            number = utrn_vend.PPTD_BASE + (int(digits[:-1]) - utrn_vend.PPTD_BASE ^ 1)
            digits = str(number) + utrn_vend.check_digit(str(number))
        self.asleep(120000)
        self.step("enter", digits=digits)
        way = 4 if self.model.ec_offered() else 3  # A wakes, A to the screen (or two), B opens it
        self.house.run(PRESS_MS * (way + sum(int(digit) + 1 for digit in digits)) + SEND_MS)
        outcome = self.house.tell("enter", counter, pence * PENNY, True, kind != "forged")
        self.house.run(HOLD_MS - SEND_MS)
        if outcome == "done":
            self.used.append((counter, pence))
        self.until_whole_second(CODE_SLEEP_MS)

    def cut(self, chance, off_s=0):
        """After a quiet minute, so that all consumption is on flash."""
        self.load(0)
        self.until_whole_second(61000)
        off_s = off_s or chance.choice((1, 30, 3600, chance.randrange(1, 86400), 200000))
        self.step("power_cut", ms=off_s * 1000)
        self.house.power_cut(off_s * 1000)
        self.wait(2000)

    def set(self, chance):
        self.load(0)
        self.until_whole_second(1000)
        shift_s = chance.choice((0, 61, -61, 3600, -3600, 86400, chance.randrange(-90000, 900000)))
        instant = self.model.now + timedelta(seconds=shift_s)
        self.step("remote", name="set_time", value=list(day_second(instant)))
        self.house.tell("set_time", instant)
        self.wait(1000)


def play(scenario, make_world=world.World):
    """Play a compiled scenario in this interpreter: the lines the player reports."""
    settings = dict(scenario["given"])
    for name in ("meter_id", "originator_id", "secret"):
        settings[name] = bytes.fromhex(settings[name])
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
