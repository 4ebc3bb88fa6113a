"""Hostile people at the buttons: of all they type, nothing is ever credited.

They have old and used codes, codes of other meters and vendors, codes they have changed, guesses; they
pull the plug and try again. Lock-out is honoured, and ended by authority so that they can go on.
Now and then an honest code is credited, or a meter that refuses everything would pass. Takes and gives
what every check of the evidence does. Source: DOMAIN T1, 14; UTRN.md; RELIABILITY, the figures.
"""

from functools import lru_cache
from itertools import count
from random import Random

from chip_nor import PATTERNS, Nor, PowerLoss
from evidence.findings import Findings
from evidence.orders import KEYS, amount_mp, digits_of
from shilling import codes, ledger, remote
from small_core import Core, erased, money_mp, set_up
from tools import utrn_vend

NAME = "hostile"
GOAL = 10000000
ENTRIES = 2000  # of a unit
QUICK_UNITS, LONG_UNITS = 12, 200
ROUND = 100  # entries from one restart to the next
SECTORS = 3
WINDOW = 512
FREE = 5  # wrong codes until the first wait
OTHERS = (
    utrn_vend.Keys(KEYS.meter[::-1], KEYS.originator, KEYS.secret),
    utrn_vend.Keys(KEYS.meter, KEYS.originator[::-1], KEYS.secret),
    utrn_vend.Keys(KEYS.meter, KEYS.originator, KEYS.secret[::-1]),
)


def units(effort, seed):
    random = Random(seed)
    number = QUICK_UNITS if effort == "quick" else LONG_UNITS
    return [{"seed": random.getrandbits(30), "entries": ENTRIES} for _ in range(number)]


def more(seed):
    """Further people."""
    random = Random(-1 - seed)
    for _ in count():
        yield {"seed": random.getrandbits(30), "entries": ENTRIES}


def run(unit):
    """A failure's unit is the same life, up to the entry that failed."""
    findings = Findings("hostile_errors")
    attack = Attack(unit["seed"])
    for number in range(1, unit["entries"] + 1):
        before = len(findings.failures)
        with findings.watch(f"entry {number}", dict(unit, entries=number)):
            findings.add("hostile_entries", attack.entry(number))
        if len(findings.failures) > before:
            break  # what follows would be judged by a state that is wrong
    return findings.result()


def figures(counts):
    return [
        {"name": "hostile_entries", "goal": GOAL, "unit": "codes typed",
         "reached": counts.get("hostile_entries", 0)},
        {"name": "hostile_errors", "goal": 0, "unit": "codes credited",
         "reached": counts.get("hostile_errors", 0)},
    ]  # fmt: skip


class Attack:
    """One meter, and what has been typed into it."""

    def __init__(self, seed):
        self.random = random = Random(seed)
        self.nor = Nor(erased(SECTORS))
        set_up(self.nor)
        self.core = Core(self.nor)
        self.used = []
        self.wrong = 0  # at least so many wrong codes count towards the lock-out
        counter = random.randrange(1, 20)
        for _ in range(random.randrange(10, 40)):
            self.honest(counter)
            counter += random.choice((1, 1, 2, 3, 40, 100))

    @property
    def highest(self):
        return self.used[-1]

    def honest(self, counter):
        self.unlock()
        outcome = self.core.enter(digits_of(counter))
        assert outcome == codes.DONE, f"honest code {counter}: {codes.OUTCOMES[outcome]}"
        self.used.append(counter)

    def unlock(self):
        remote.clear_lockout(self.core.meter)
        self.wrong = 0

    def entry(self, number):
        """One hostile entry and what belongs to it; the number of codes typed and judged."""
        random, core = self.random, self.core
        if number % ROUND == 0:
            self.restart()
            self.honest(self.highest + random.randrange(1, 4))
            return 0
        digits, allowed = random.choice(WAYS)(self)
        if number % ROUND == ROUND // 2:
            self.pull_the_plug(digits)
            core = self.core
        outcome = core.enter(digits)
        if outcome == codes.LOCKED:
            self.unlock()
            outcome = core.enter(digits)
        assert self.wrong < FREE, f"checked after {self.wrong} wrong codes"
        self.wrong += outcome == codes.NOT_AUTHENTIC
        self.judge(digits, outcome, allowed)
        core.rest()
        return 1

    def judge(self, digits, outcome, allowed):
        meter = self.core.meter
        text = "".join(map(str, digits))
        if outcome not in allowed:
            raise AssertionError(f"{text} is {codes.OUTCOMES[outcome]}")
        money = sum(map(amount_mp, self.used))
        if not meter.account.balance_mp == money_mp(meter) == money:
            raise AssertionError(f"{text}: {meter.account.balance_mp} mp, not {money}")
        if meter.window.highest != self.highest:
            raise AssertionError(f"{text} moved the window")

    def pull_the_plug(self, digits):
        """In the middle of a write, as the code is checked, or right after it."""
        random = self.random
        self.nor.cut_at(random.randrange(1, 6), random.choice(PATTERNS), random.getrandbits(20))
        try:
            self.core.enter(digits)
        except PowerLoss:
            pass
        self.nor.cut_at(None)
        self.restart()

    def restart(self):
        failures = self.core.meter.lockout.failures
        self.core = Core(self.nor)
        assert self.core.opened == ledger.OPENED, "halted"
        kept = self.core.meter.lockout.failures
        assert kept >= failures - 1, f"{failures} wrong codes, after the start {kept}"

    # What they type: digits, and the outcomes that are right

    def unused(self):
        return digits_of(self.highest + self.random.randrange(1, 200))

    def used_code(self):
        counter = self.random.choice(self.used)
        known = self.highest - counter < WINDOW
        return digits_of(counter), (codes.DUPLICATE if known else codes.NOT_AUTHENTIC,)

    def too_old(self):
        counter = self.highest - WINDOW - self.random.randrange(300)
        return (digits_of(counter), WRONG) if counter > 0 else self.guess()

    def of_another(self):
        counter = self.highest + self.random.randrange(-20, 20)
        code = other_code(self.random.randrange(len(OTHERS)), max(1, counter))
        return as_digits(code), WRONG

    def changed_bits(self):
        """A good code, used or not, with bits of its number flipped and its check digit right."""
        code = self.unused() if self.random.random() < 0.7 else digits_of(self.random.choice(self.used))
        number = int("".join(map(str, code[:19]))) - utrn_vend.PPTD_BASE
        for bit in self.random.sample(range(57), self.random.choice((1, 1, 1, 2, 5))):
            number ^= 1 << bit
        return checked(number), REFUSALS

    def changed_digits(self):
        code = bytearray(self.unused())
        place, other = self.random.sample(range(20), 2)
        if self.random.random() < 0.5 and code[place] != code[other]:
            code[place], code[other] = code[other], code[place]
        else:
            code[place] = (code[place] + self.random.randrange(1, 10)) % 10
        return bytes(code), REFUSALS

    def guess(self):
        """Any number with the right form and check digit."""
        return checked(self.random.getrandbits(57)), REFUSALS

    def noise(self):
        digits = self.random.choices(range(10), k=self.random.choice((0, 1, 19, 20, 20, 20, 21)))
        return bytes(digits), REFUSALS


WRONG = (codes.NOT_AUTHENTIC,)
REFUSALS = (
    codes.MALFORMED, codes.WRONG_CHECK_DIGIT, codes.RESERVED_CLASS, codes.NOT_AUTHENTIC,
)  # fmt: skip


@lru_cache(maxsize=4096)
def other_code(who, counter):
    return utrn_vend.make_code(OTHERS[who], counter, "pence", 1000)


def as_digits(text):
    return bytes(int(digit) for digit in text)


def checked(number):
    """The code of a PTUT number, with its check digit."""
    text = str(utrn_vend.PPTD_BASE + number)
    return as_digits(text + utrn_vend.check_digit(text))


WAYS = (
    Attack.used_code, Attack.used_code, Attack.too_old, Attack.of_another, Attack.changed_bits,
    Attack.changed_bits, Attack.changed_digits, Attack.guess, Attack.noise,
)  # fmt: skip
