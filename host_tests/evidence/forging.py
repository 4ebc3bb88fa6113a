"""Check: somebody types codes with a wrong MAC for 20 years, as fast as the lock-out lets him.

A unit is two of the years, each begun with the free tries; power goes after each try, or during the
waits. Counts macs, the codes whose MAC the meter looked at: each is right by chance once in 2^32.
Source: DOMAIN 14, RELIABILITY (figures).
"""

import random

from evidence.findings import Findings
from evidence.people import FLIP
from model import MINUTE
from referee import KEYS, MS, Core, Disagreement, model_of
from shilling import utrn
from tools import utrn_vend

NAME = "forging"
YEARS = 20
YEARS_A_UNIT = 2
CODES = 2**32
MAC = utrn.mac
SETTINGS = {"day": 9822, "second": 43200, "balance_mp": 1000000, "standing_mp": 0}


def units(effort, seed):
    """All 20 years with a cut after each try; some with cuts during the waits."""
    found = [{"cuts": "after each try", "years": YEARS_A_UNIT, "seed": f"{seed} {number}"}
             for number in range(YEARS // YEARS_A_UNIT)]  # fmt: skip
    return found + [{"cuts": "in the wait", "years": 1, "seed": f"{seed} wait {number}"}
                    for number in range(1 if effort == "quick" else YEARS)]  # fmt: skip


class Attack:
    """The meter, and the model that says when the next try may be looked at."""

    def __init__(self, unit):
        self.chance = random.Random(unit["seed"])
        self.core, self.model = Core(SETTINGS), model_of(SETTINGS)
        self.cuts, self.end = unit["cuts"], self.model.now + unit["years"] * 365.25 * 1440 * MINUTE
        self.macs = self.tries = 0

    def run(self):
        """Until the years are over; then somebody honest."""
        utrn.mac = self.count
        try:
            while self.model.now < self.end:
                self.forge()
                if self.cuts == "after each try":
                    self.cut()
                if self.model.locked:
                    self.wait_out()
            self.honest()
        finally:
            utrn.mac = MAC

    def count(self, *args):
        """Each look at a MAC is a chance for him."""
        self.macs += 1
        return MAC(*args)

    def forge(self):
        """One try: looked at exactly when the rule allows it, never credited."""
        counter = self.model.highest + 1
        digits = utrn_vend.make_code(KEYS, counter, "pounds", 149)
        number = utrn_vend.PPTD_BASE + (int(digits[:-1]) - utrn_vend.PPTD_BASE ^ self.flip())
        digits = str(number) + utrn_vend.check_digit(str(number))
        says, macs = self.core.enter(digits), self.macs
        should = self.model.enter(counter, 14900000, True, False)
        self.tries += 1
        if says != should:
            raise Disagreement(f"try {self.tries} at {self.model.now}: {says}, model {should}")
        if should == "locked" and self.macs != macs:
            raise Disagreement(f"try {self.tries}: a MAC was looked at during the wait")

    def flip(self):
        """Any wrong MAC."""
        return self.chance.randrange(1, FLIP << 5)

    def cut(self):
        self.core.power_cut(1000)
        self.model.power_cut(1000)
        longer = self.core.meter.lockout.left_s * 1000 * MS - self.model.locked
        if not 0 * MS <= longer <= MINUTE:
            raise Disagreement(f"a cut after try {self.tries} changed the wait by {longer}")
        self.model.locked += longer

    def wait(self, ms):
        """Powered time, in one step."""
        self.core.rtc += ms * MS
        self.core.poll(ms, 0)
        self.model.advance(ms)

    def wait_out(self):
        """A try too early by a second, then the rest of the wait."""
        if self.cuts == "in the wait":
            for _ in range(self.chance.randrange(1, 4)):
                self.wait(self.chance.randrange(1, max(self.model.locked // MS - 2000, 2)))
                self.cut()
        left_ms = self.model.locked // MS
        self.wait(max(left_ms - 1000, 1))
        self.forge()
        self.wait(self.model.locked // MS)

    def honest(self):
        """A genuine code is credited at once when no wait is running, and only once."""
        if self.model.locked:
            self.wait(self.model.locked // MS)
        counter = self.model.highest + 1
        for expected in ("done", "used"):
            says = self.core.enter(utrn_vend.make_code(KEYS, counter, "pence", 1000))
            should = self.model.enter(counter, 1000000)
            if not says == should == expected:
                raise Disagreement(f"a genuine code afterwards: {says}, model {should}")
        if self.core.figures() != self.model.figures():
            raise Disagreement(f"money: {self.core.figures()}, model {self.model.figures()}")


def run(unit):
    """A failure tells the try; the unit replays it."""
    found = Findings("forging_errors")
    with found.watch(unit["cuts"], unit):
        attack = Attack(unit)
        attack.run()
        found.add("tries", attack.tries)
        found.add("macs", attack.macs)
        if unit["cuts"] == "after each try":
            found.add("attack_years", unit["years"])
            found.add("attack_macs", attack.macs - 2)  # the genuine code, twice
    return found.result()


def figures(counts):
    """For 20 years of guesses."""
    years = max(counts.get("attack_years", 0), 1)
    chance = counts.get("attack_macs", 0) / CODES * YEARS / years
    return [
        {"name": "forging", "goal": 5e-6, "reached": float(f"{chance:.3g}"),
         "unit": "probability in 20 years, at most"},
        {"name": "forging_errors", "goal": 0, "reached": counts.get("forging_errors", 0),
         "unit": "tries otherwise than the rule"},
    ]  # fmt: skip
