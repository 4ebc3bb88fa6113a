"""Cuts the power in every write of short lives, five patterns each; prints a line for each cut.

A line: life, write, pattern; what the start found of the interrupted event (before, after: none or
all of it; wrong: anything else); some figures and a hash of the flash after it was done again.
"""

from hashlib import sha256

from chip_nor import PATTERNS
from recorder import Recorder, torn
from shilling import codes, commands, ledger, remote
from small_core import Core, erased, figures, money_mp, set_up
from support import make_code

SECTORS = 3  # of a ring
FULL = 39  # records after which the next one is the last but one of its sector
POUND = 100000


def code(core, counter):
    """Its outcome as text."""
    digits = make_code(core.meter.config, counter, 100 + counter)
    return codes.OUTCOMES[core.enter(bytes([int(digit) for digit in digits]))]


def wrong_code(core):
    digits = make_code(core.meter.config, 1, 100)
    foreign = make_code(core.meter.config, 1025, 100)  # read as counter 1: the MAC is wrong
    assert digits != foreign
    return codes.OUTCOMES[core.enter(bytes([int(digit) for digit in foreign]))]


def by_remote(core):
    return codes.OUTCOMES[core.top_up.remote(POUND)]


def nearly_locked(core):
    for _ in range(4):
        wrong_code(core)


def full_sector(core):
    for _ in range(FULL - 2):
        core.meter.write(codes.RECORD_CLOCK, 0)


def full_sector_and_rest(core):
    full_sector(core)
    core.rest()
    core.rest()


def nothing(core):
    pass


def use(core):
    core.wait(60, 90)
    return "used"


def midnight(core):
    core.wait(86400)
    return "waited"


def relay(core):
    done = remote.disable(core.meter)
    core.wait(0)
    return str(done)


def emergency(core):
    return str(commands.accept_emergency(core.meter))


def first_code(core):
    return code(core, 1)


# name, settings, what came before, what is cut and done again
LIVES = (
    ("code", {}, nothing, first_code),
    ("code with debt", {"payment_mp": 300000, "share": 30}, nothing, first_code),
    ("code in the next sector", {}, full_sector, first_code),
    ("code in a sector made ready", {}, full_sector_and_rest, first_code),
    ("fifth wrong code", {}, nearly_locked, wrong_code),
    ("use", {"balance_mp": POUND}, nothing, use),
    ("use up to the end", {"balance_mp": 2000}, nothing, use),
    ("midnight", {"balance_mp": POUND, "standing_mp": 40000}, nothing, midnight),
    ("relay", {"balance_mp": POUND}, nothing, relay),
    ("emergency credit", {"balance_mp": POUND}, nothing, emergency),
    ("remote top-up", {"accumulated_mp": 30000}, nothing, by_remote),
)  # fmt: skip


class Watched(Core):
    """Knows after which write each record was acknowledged, and with which figures."""

    def __init__(self, nor):
        self.known = []
        Core.__init__(self, nor)
        self.known.append((len(nor.asked), figures(self.meter)))

    def _commit(self, kind, counter):
        kept = Core._commit(self, kind, counter)
        self.known.append((len(self.nor.asked), self.acknowledged))
        return kept


def sweep(name, settings, before, event):
    nor = Recorder(erased(SECTORS))
    set_up(nor, **settings)
    before(Core(nor))
    nor.forget()
    core = Watched(nor)
    began = len(nor.asked)
    event(core)
    core.rest()
    images = list(nor.images())
    for write in range(began, len(images)):
        for place in range(len(PATTERNS)):
            left = torn(*images[write], PATTERNS[place], write * 5 + place)
            print("%s, %d %s: %s" % (name, write - began, PATTERNS[place],
                                     after_the_cut(left, core.known, write, event)))  # fmt: skip


def after_the_cut(nor, known, write, event):
    """What the start found; and how the same event, done again, ends."""
    allowed = [each for done, each in known if done <= write][-1:]
    allowed += [each for done, each in known if done > write][:1]
    core = Core(nor)
    found = "wrong"
    if core.opened == ledger.OPENED and core.found in allowed:
        found = "before" if core.found == allowed[0] else "after"
    outcome = event(core)
    core.rest()
    meter = core.meter
    again = Core(nor)
    if again.found != core.acknowledged:
        found = "wrong at the next start"
    return "%s %s; %d mp, %d mp in, %d failures, counter %d, %s, flash %s" % (
        found, outcome, meter.account.balance_mp, money_mp(meter), meter.lockout.failures,
        meter.window.highest, codes.SUPPLY_NAMES[meter.supply.state],
        sha256(nor.data).digest()[:4].hex(),
    )  # fmt: skip


for life in LIVES:
    sweep(*life)
