"""RELIABILITY 3, 4, 5: going from sector to sector, what a start finds there, sectors made ready."""

import unittest

from chip_nor import SECTOR, Nor, PowerLoss
from shilling import codes, ledger, record
from shilling.meter import Meter
from test_chain import start
from test_ledger import Kept, blank

RECORDS = (SECTOR - record.CHECKPOINT_BYTES) // record.RECORD_BYTES  # of one sector


class Turning(unittest.TestCase):
    def lived(self, records, sectors=3):
        """A meter with so many records behind its first checkpoint; each brought 1 mp."""
        bench = Kept(blank(sectors))
        self.go_on(bench.ledger, bench.meter, records)
        return bench

    def go_on(self, kept, meter, records):
        for _ in range(records):
            meter.account.spend("balance_mp", "money_in", -1)
            self.assertTrue(kept.commit(codes.RECORD_TOP_UP, 0, meter.parts))

    def test_a_cut_before_the_next_checkpoint_loses_nothing_and_takes_the_next_sector(self):
        for sector in range(3):
            for is_ready in (False, True):
                bench = self.lived(sector * RECORDS + RECORDS - 1)
                while is_ready and bench.ledger.ready < 2:
                    bench.ledger.prepare()
                bench.flash.cut_at(3, "nothing")
                with self.assertRaises(PowerLoss):
                    self.go_on(bench.ledger, bench.meter, 1)
                opened, meter, kept = start(bench.flash)
                expected = 1000000 + (sector + 1) * RECORDS
                self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, expected))
                self.assertEqual((kept.sector, kept.at), ((sector + 1) % 3, record.CHECKPOINT_BYTES))
                self.assertEqual(kept.repairs, 0)
                self.go_on(kept, meter, 2 * RECORDS)
                self.assertEqual(start(bench.flash)[1].account.balance_mp, expected + 2 * RECORDS)

    def test_a_checkpoint_torn_in_ring_A_leaves_the_chain_before_it(self):
        """Also when ring B has lost the last record of that chain."""
        bench = self.lived(RECORDS - 1)
        bench.flash.cut_at(3, "prefix", 4)
        with self.assertRaises(PowerLoss):
            self.go_on(bench.ledger, bench.meter, 1)
        bench.flash.flip(4 * SECTOR - 40, 1)
        opened, meter, _ = start(bench.flash)
        self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1000000 + RECORDS))

    def test_a_checkpoint_lost_in_both_rings_with_a_record_behind_it_is_a_halt(self):
        for turns in range(6):
            bench = self.lived(turns * RECORDS + 1)
            for ring in bench.ledger.rings:
                bench.flash.flip(ring.address(bench.ledger.sector) + 700, 1)
            before = bytes(bench.flash.data)
            opened, meter, _ = start(bench.flash)
            # the very first one has no chain before it
            self.assertEqual((opened, meter.account.balance_mp), (ledger.UNREADABLE, 0))
            self.assertEqual(bytes(bench.flash.data), before)

    def test_one_byte_is_enough_not_to_be_blank(self):
        for at in (0, 1):
            for ring in (0, 3):
                flash = blank()
                flash.flip((ring + 1) * SECTOR + at, 16)
                self.assertEqual(start(flash)[0], ledger.UNREADABLE)

    def test_a_used_code_that_only_one_ring_has_stays_used(self):
        bench = Kept(blank())
        bench.meter.window.mark(9)
        bench.keep(codes.RECORD_TOP_UP, 9)
        for ring in (0, 3):
            flash = Nor(bytearray(bench.flash.data))
            flash.data[ring * SECTOR : (ring + 3) * SECTOR] = b"\xff" * 3 * SECTOR
            opened, meter, _ = start(flash)
            self.assertEqual(opened, ledger.OPENED)
            self.assertTrue(meter.window.is_used(9))

    def test_each_sector_left_early_is_counted_once(self):
        bench = self.lived(3, sectors=5)
        bench.flash.dead.update((0, 1, 2))
        self.go_on(bench.ledger, bench.meter, 1)
        self.assertEqual((bench.ledger.sector, bench.ledger.repairs), (3, 3))
        bench.flash.dead.add(3)
        self.go_on(bench.ledger, bench.meter, 1)
        self.assertEqual((bench.ledger.sector, bench.ledger.repairs), (4, 4))


class MadeReady(unittest.TestCase):
    def erased(self, kept):
        return [sector for sector in range(kept.count)
                if kept.rings[0].is_erased(sector) and kept.rings[1].is_erased(sector)]  # fmt: skip

    def test_two_sectors_are_kept_erased_and_never_the_one_in_use(self):
        for sectors, expected in ((1, 0), (2, 1), (3, 2), (5, 2)):
            with self.subTest(sectors):
                bench = Kept(blank(sectors))
                for _ in range(sectors * RECORDS + 5):
                    self.assertTrue(bench.ledger.commit(codes.RECORD_CLOCK, 0, bench.meter.parts))
                for _ in range(10):
                    bench.ledger.prepare()
                kept = bench.ledger
                self.assertEqual(kept.ready, expected)
                following = sorted((kept.sector + n + 1) % sectors for n in range(expected))
                self.assertEqual(self.erased(kept), following)
                opened, meter, _ = start(bench.flash)
                self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1000000))

    def test_a_new_meter_on_used_flash_erases_what_it_needs(self):
        flash = Nor(bytearray(b"\x5a" * 6 * SECTOR))
        kept = ledger.Ledger(flash)
        self.assertTrue(kept.create(Meter().parts))
        self.assertEqual((kept.sector, kept.repairs), (0, 0))


if __name__ == "__main__":
    unittest.main()
