"""Codes in every order, the power cut at every write of every entry: each is credited exactly once.

The orders are walked as a tree: what two of them begin with is entered once. After each cut the meter
starts again, the interrupted code is entered again, then some of those before and after it. Takes and
gives what every check of the evidence does; the codes are the vendor's, not the firmware's.
Source: RELIABILITY 7; DOMAIN T1, T3; UTRN.md (the window of 512 counters).
"""

from functools import lru_cache
from itertools import permutations
from random import Random

from chip_nor import PATTERNS, Nor
from evidence.findings import Findings
from recorder import Recorder, torn
from shilling import codes, ledger, remote
from small_core import Core, check_each_ring, erased, money_mp, set_up
from tools import utrn_vend

NAME = "orders"
EIGHT = (1, 2, 3, 4, 5, 6, 7, 8)
# What lies at the edges of the window, as seen from each other
APART = (
    (1, 200, 511, 512, 513, 700), (3, 515, 1023, 1024, 1025, 1535), (512, 1024, 1500, 1536, 2047, 2048),
)  # fmt: skip
ALL_ORDERS, QUICK_ORDERS = 40320, 1000
WINDOW = 512
SECTORS = 3  # of a ring: it wraps
MOST_FILL = 39  # records in the sector before the first code
KEYS = utrn_vend.keys_of({})


def units(effort, seed):
    """Quick: 1008 of the orders; long: all of them."""
    random = Random(seed)
    starts = list(permutations(EIGHT, 4))
    apart = [(counters, (first,)) for counters in APART for first in counters]
    if effort == "quick":
        starts = random.sample(starts, QUICK_ORDERS // 24 + 1)
        apart = [(APART[0], (512,)), (APART[2], (1024,))]  # both edges, from both sides
    return [
        {"counters": list(counters), "start": list(start), "fill": random.randint(0, MOST_FILL),
         "rests": random.random() < 0.8, "seed": random.getrandbits(24)}
        for counters, start in [(EIGHT, start) for start in starts] + apart
    ]  # fmt: skip


def run(unit):
    """All orders that begin with `start`; with a `cut`, that one in the last entry of `start`."""
    walk = Walk(unit)
    with walk.findings.watch(f"codes {unit['start']}", unit):
        walk.descend(set_up_image(unit["fill"]), [], [])
    return walk.findings.result()


def figures(counts):
    return [
        {"name": "code_orders", "goal": ALL_ORDERS, "unit": "orders of 8 codes",
         "reached": counts.get("code_orders", 0)},
        {"name": "code_window_orders", "goal": 720 * len(APART), "unit": "orders of 6 codes far apart",
         "reached": counts.get("code_window_orders", 0)},
        {"name": "code_order_cuts", "goal": "at every write", "unit": "cuts inside an entry",
         "reached": counts.get("code_order_cuts", 0)},
        {"name": "code_orders_errors", "goal": 0, "unit": "codes lost, doubled or refused",
         "reached": counts.get("code_orders_errors", 0)},
    ]  # fmt: skip


@lru_cache(maxsize=None)
def digits_of(counter):
    """Its code, over £1 and as many pence as its counter."""
    code = utrn_vend.make_code(KEYS, counter, "pence", amount_mp(counter) // 1000)
    return bytes(int(digit) for digit in code)


def amount_mp(counter):
    return (100 + counter) * 1000


@lru_cache(maxsize=None)
def set_up_image(fill):
    """The flash of a meter with no credit and so many records in its sector."""
    nor = Nor(erased(SECTORS))
    set_up(nor)
    core = Core(nor)
    for _ in range(fill):
        core.meter.write(codes.RECORD_CLOCK, 0)
    return bytes(nor.data)


def expected(counter, credited):
    """UTRN.md: a counter is read as the largest with its low 10 bits at most 512 above the highest
    one credited, or as the smallest there is."""
    limit = max(credited, default=0) + WINDOW
    readings = [each for each in range(counter % 1024, limit + 1, 1024) if each > 0]
    if counter != (readings[-1] if readings else counter % 1024 or 1024):
        return codes.NOT_AUTHENTIC
    return codes.DUPLICATE if counter in credited else codes.DONE


class Walk:
    """One unit. A node is the flash, the codes entered so far in their order, and those credited."""

    def __init__(self, unit):
        self.unit = unit
        self.findings = Findings("code_orders_errors")
        self.leaf = "code_orders" if tuple(unit["counters"]) == EIGHT else "code_window_orders"
        self.number = unit["seed"]  # of the cut: pattern, tear and the codes tried follow from it

    def descend(self, image, order, credited):
        """Every order that goes on from here, within `start`."""
        start, single = self.unit["start"], self.unit.get("cut")
        following = [each for each in self.unit["counters"] if each not in order]
        if len(order) < len(start):
            following = [start[len(order)]]
        elif single:
            return
        elif not following:
            self.findings.add(self.leaf)
        for counter in following:
            nor = Recorder(bytearray(image))
            core = Core(nor)
            began = len(nor.asked)
            outcome = self.enter(core, counter, credited)
            told = len(nor.asked)  # a cut in one of the writes that follow comes after the answer
            if self.unit["rests"]:
                core.rest()
            here = order + [counter]
            images = list(nor.images())
            cuts = []
            if not single:
                cuts = range(began, len(nor.asked))
            elif len(here) == len(start):
                cuts = [began + single[0]]
                self.number = single[1] - 1
            for write in cuts:
                self.number += 1
                self.findings.add("code_order_cuts")
                what = "codes %s, power cut in write %d of the last" % (here, write - began)
                cut = dict(self.unit, start=here, cut=[write - began, self.number])
                with self.findings.watch(what, cut):
                    left = torn(*images[write], PATTERNS[self.number % 5], self.number)
                    self.cut(left, here, credited, outcome if write >= told else None)
            done = [counter] if outcome == codes.DONE else []
            self.descend(bytes(nor.data), here, credited + done)

    def cut(self, nor, order, credited, told):
        """Start again, enter the interrupted code again and some others: every one counts once.
        told: the answer that was shown before the power went."""
        counter = order[-1]
        core = Core(nor)
        known = [counter] if counter_is_in(core, counter, credited) else []
        wanted = expected(counter, credited)
        assert not known or wanted == codes.DONE, "a refused code was credited"
        assert known or told != codes.DONE, "DONE was told, and the credit is gone"
        credited = credited + known
        places = range(self.number % 3, len(self.unit["counters"]), 3)
        for each in [counter] + [self.unit["counters"][place] for place in places]:
            if self.enter(core, each, credited) == codes.DONE:
                credited = credited + [each]
        check_money(core, credited)
        if self.number % 3 == 0:
            check_each_ring(core)
            check_money(Core(nor), credited)

    def enter(self, core, counter, credited):
        """Enter a code; the outcome, if it is as it must be."""
        outcome = core.enter(digits_of(counter))
        wanted = expected(counter, credited)
        if outcome != wanted:
            raise AssertionError("code %d after %s is %s, not %s" % (
                counter, credited, codes.OUTCOMES[outcome], codes.OUTCOMES[wanted]))  # fmt: skip
        if outcome == codes.NOT_AUTHENTIC:
            remote.clear_lockout(core.meter)
        return outcome


def counter_is_in(core, counter, credited):
    """Was the interrupted code credited? Nothing between yes and no is right."""
    assert core.opened == ledger.OPENED and not core.meter.halted, "halted after the cut"
    more_mp = money_mp(core.meter) - sum(map(amount_mp, credited))
    if more_mp not in (0, amount_mp(counter)):
        raise AssertionError("%d mp too much after the cut" % more_mp)
    return more_mp > 0


def check_money(core, credited):
    account = core.meter.account
    wanted_mp = sum(map(amount_mp, credited))
    if not money_mp(core.meter) == account.balance_mp == wanted_mp or not account.is_balanced():
        raise AssertionError("credit %d mp, money in %d mp, but codes for %d mp" % (
            account.balance_mp, money_mp(core.meter), wanted_mp))  # fmt: skip
