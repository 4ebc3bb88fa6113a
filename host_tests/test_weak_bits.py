"""RELIABILITY, fault model: a torn write leaves bits that read differently each time. A start takes
one reading of each, and what it has taken stays so."""

import sys
import unittest

import test_cuts
from chip_nor import SECTOR
from recorder import torn
from shilling import ledger
from shilling.meter import Meter
from support import Random

SEEDS = 6 if sys.implementation.name == "cpython" else 1


def weaken(flash, at, data, seed):
    """One or two of the bits that this write was to change are now neither 0 nor 1."""
    random = Random(seed)
    size = SECTOR if data is None else len(data)
    left = 1 + random.below(2)
    while left:
        offset = random.below(size)
        mask = 1 << random.below(8)
        if data is None or not data[offset] & mask:
            flash.weak[at + offset] = mask
            left -= 1


class Weak(unittest.TestCase):
    def test_what_a_start_has_read_stays_so(self):
        life = test_cuts.Life()
        life.live(Random(11))
        cuts = 0
        for number, (image, at, data) in enumerate(life.flash.images()):
            allowed = test_cuts.Cuts.allowed(self, life, number)
            for seed in range(SEEDS):
                pattern = ("all", "all", "subset", "all", "prefix", "all")[seed % 6]
                flash = torn(image, at, data, pattern, number + seed)
                weaken(flash, at, data, number * SEEDS + seed)
                first = None
                for _ in range(3):
                    meter = Meter()
                    opened = ledger.Ledger(flash).recover(meter.parts)
                    self.assertEqual(opened, ledger.OPENED, (number, pattern, seed))
                    self.assertTrue(meter.account.is_balanced(), (number, pattern, seed))
                    self.assertIn(test_cuts.figures(meter), allowed, (number, pattern, seed))
                    if first:
                        self.assertEqual(test_cuts.figures(meter), first, (number, pattern, seed))
                    first = test_cuts.figures(meter)
                cuts += 1
        self.assertTrue(cuts > 10)


if __name__ == "__main__":
    unittest.main()
