"""RELIABILITY, fault model: power cut inside every write of a life, in five torn patterns, and again
inside the recovery: what was acknowledged is there, what was not may be, nothing is in between."""

import sys
import unittest

from chip_nor import PATTERNS, SECTOR
from recorder import Recorder, torn
from shilling import ledger
from shilling.meter import Meter
from support import Bench, Random, make_code

EVENTS = 60 if sys.implementation.name == "cpython" else 12


def figures(meter):
    """What the consumer would notice."""
    account = meter.account
    return (
        account.balance_mp, account.emergency_mp, account.payment_mp, account.accumulated_mp,
        account.ec_activated, meter.supply.state, meter.window.highest, bytes(meter.window.bits),
        meter.lockout.failures, meter.dues.day,
    )  # fmt: skip


class Life:
    """A bench on a recording flash; `known` are the figures after each record, oldest first."""

    def __init__(self):
        self.flash = Recorder(bytearray(b"\xff" * 6 * SECTOR))
        self.bench = bench = Bench(balance_mp=900000, payment_mp=3000000, standing_mp=30000)
        self.ledger = ledger.Ledger(self.flash)
        assert self.ledger.create(bench.meter.parts)
        self.flash.forget()
        self.known = [figures(bench.meter)]
        self.marks = []  # operations done when each entry of `known` was acknowledged
        bench.meter.journal = self.keep

    def keep(self, kind, counter):
        began = len(self.flash.asked)
        assert self.ledger.commit(kind, counter, self.bench.meter.parts)
        self.marks.append((began, len(self.flash.asked)))
        self.known.append(figures(self.bench.meter))
        return True

    def live(self, random):
        bench = self.bench
        for count in range(EVENTS):
            what = random.below(6)
            if what < 2:
                bench.use(10 + random.below(120))
                bench.meter.commit_use()
            elif what == 2:
                bench.enter(make_code(bench.meter.config, count + 1, 100 + random.below(900)))
            elif what == 3:
                bench.enter(make_code(bench.meter.config, 1 + random.below(count + 1), 100))
            elif what == 4:
                bench.wait(3600 * (1 + random.below(30)))
            else:
                bench.top_up.remote(1000 * (100 + random.below(300)))
            self.ledger.prepare()


class Cuts(unittest.TestCase):
    def recovered(self, flash, allowed, what):
        meter = Meter()
        self.assertEqual(ledger.Ledger(flash).recover(meter.parts), ledger.OPENED, what)
        self.assertTrue(meter.account.is_balanced(), what)
        self.assertIn(figures(meter), allowed, what)
        return meter

    def test_every_write_cut_in_five_patterns(self):
        life = Life()
        life.live(Random(4))
        cuts = 0
        for number, (image, at, data) in enumerate(life.flash.images()):
            allowed = self.allowed(life, number)
            for pattern in PATTERNS:
                flash = torn(image, at, data, pattern, number)
                meter = self.recovered(flash, allowed, (number, pattern))
                again = self.recovered(flash, [figures(meter)], (number, pattern, "again"))
                self.assertTrue(again.account.is_within_bounds())
                cuts += 1
        self.assertTrue(cuts >= 5 * 2 * len(life.marks))

    def allowed(self, life, number):
        """Figures before the record being written, and after it once it is whole in ring A."""
        done = 0
        while done < len(life.marks) and life.marks[done][1] <= number:
            done += 1
        allowed = [life.known[done]]
        if done < len(life.marks) and life.marks[done][0] <= number:
            allowed.append(life.known[done + 1])
        return allowed

    def test_a_second_cut_inside_the_recovery(self):
        life = Life()
        life.live(Random(6))
        step = 3 if sys.implementation.name == "cpython" else 17
        for number, (image, at, data) in enumerate(life.flash.images()):
            if number % step:
                continue
            allowed = self.allowed(life, number)
            left = torn(image, at, data, PATTERNS[number % 5], number)
            first = Recorder(left.data)
            ledger.Ledger(first).recover(Meter().parts)
            for second, (image_2, at_2, data_2) in enumerate(first.images()):
                for pattern in PATTERNS:
                    flash = torn(image_2, at_2, data_2, pattern, number + second)
                    self.recovered(flash, allowed, (number, at_2, pattern))


if __name__ == "__main__":
    unittest.main()
