"""RELIABILITY, fault model: power cut inside every write of a life, in five torn patterns, and again
inside the recovery: what was acknowledged is there, what was not may be, nothing is in between."""

import sys
import unittest

from shilling import ledger
from shilling.meter import Meter
from support import Bench, Random, make_code
from test_ledger import SECTOR, Flash

PATTERNS = ("nothing", "prefix", "suffix", "subset", "all")
EVENTS = 60 if sys.implementation.name == "cpython" else 12


class Recorder(Flash):
    """Remembers the image before each operation, and the operation."""

    def __init__(self, sectors=3):
        super().__init__(sectors)
        self.operations = []

    def program(self, at, buf):
        self.operations.append((bytes(self.cells), at, bytes(buf)))
        super().program(at, buf)

    def erase(self, sector):
        self.operations.append((bytes(self.cells), sector * SECTOR, None))
        super().erase(sector)


def tear(image, at, data, pattern, random):
    """The image after power went in the middle of programming data at `at` (None: erasing)."""
    flash = Flash(len(image) // SECTOR // 2)
    flash.cells[:] = image
    size = SECTOR if data is None else len(data)
    middle = random.below(size)
    for offset in range(size):
        old = image[at + offset]
        new = 255 if data is None else old & data[offset]
        if pattern == "all" or (pattern == "prefix" and offset < middle):
            mixed = new
        elif pattern == "nothing" or pattern == "prefix" or (pattern == "suffix" and offset < middle):
            mixed = old
        elif pattern == "suffix":
            mixed = new
        else:
            mask = random.below(256)  # bits that made it
            mixed = new & mask | old & ~mask
        flash.cells[at + offset] = mixed
    return flash


def figures(meter):
    """What the consumer would notice."""
    account = meter.account
    return (
        account.balance_mp, account.emergency_mp, account.payment_mp, account.accumulated_mp,
        account.ec_activated, meter.supply.state, meter.window.highest, bytes(meter.window.bits),
        meter.lockout.failures, meter.standing_day,
    )  # fmt: skip


class Life:
    """A bench on a recording flash; `known` are the figures after each record, oldest first."""

    def __init__(self):
        self.flash = Recorder()
        self.bench = bench = Bench(balance_mp=900000, payment_mp=3000000, standing_mp=30000)
        self.ledger = ledger.Ledger(self.flash)
        assert self.ledger.create(bench.meter.parts)
        self.flash.operations.clear()
        self.known = [figures(bench.meter)]
        self.marks = []  # operations done when each entry of `known` was acknowledged
        bench.meter.journal = self.keep

    def keep(self, kind, counter):
        began = len(self.flash.operations)
        assert self.ledger.commit(kind, counter, self.bench.meter.parts)
        self.marks.append((began, len(self.flash.operations)))
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
        random = Random(5)
        cuts = 0
        for number, (image, at, data) in enumerate(life.flash.operations):
            allowed = self.allowed(life, number)
            for pattern in PATTERNS:
                flash = tear(image, at, data, pattern, random)
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
        random = Random(7)
        step = 3 if sys.implementation.name == "cpython" else 17
        for number in range(0, len(life.flash.operations), step):
            image, at, data = life.flash.operations[number]
            allowed = self.allowed(life, number)
            torn = tear(image, at, data, PATTERNS[number % 5], random)
            first = Recorder()
            first.cells[:] = torn.cells
            ledger.Ledger(first).recover(Meter().parts)
            for image_2, at_2, data_2 in first.operations:
                for pattern in PATTERNS:
                    flash = tear(image_2, at_2, data_2, pattern, random)
                    self.recovered(flash, allowed, (number, at_2, pattern))


if __name__ == "__main__":
    unittest.main()
