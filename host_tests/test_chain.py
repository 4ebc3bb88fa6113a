"""RELIABILITY 1, 5: what a start makes of a flash that refuses, or that reads otherwise each time."""

import unittest

from chip_nor import SECTOR, Nor
from shilling import codes, ledger, record
from shilling.meter import Meter
from test_ledger import Kept, blank, state

RECORD = record.RECORD_BYTES
PAGE = record.CHECKPOINT_BYTES


class Fading(Nor):
    """A flash with bytes that read right so many times, and wrong from then on."""

    def __init__(self, data, fades):
        super().__init__(bytearray(data))
        self.fades = fades  # {byte address: readings that are right}

    def read(self, addr, buf):
        super().read(addr, buf)
        for at in self.fades:
            if addr <= at < addr + len(buf):
                if not self.fades[at]:
                    buf[at - addr] ^= 1
                else:
                    self.fades[at] -= 1


def start(flash):
    """(how it opened, the meter, its ledger)."""
    meter = Meter()
    kept = ledger.Ledger(flash)
    return kept.recover(meter.parts), meter, kept


class Lived(unittest.TestCase):
    """A meter of £10 to which £1 came six times, all in the first sector of each ring."""

    def setUp(self):
        self.bench = bench = Kept(blank())
        for _ in range(6):
            self.assertEqual(bench.top_up.remote(100000), codes.DONE)
        self.ring_b = bench.flash.size // 2

    def slot(self, ring, number, offset=30):
        """Address of a byte of a record (1 = the first) of ring A (0) or B (1)."""
        return ring * self.ring_b + PAGE + (number - 1) * RECORD + offset

    def fading(self, fades):
        return start(Fading(self.bench.flash.data, fades))


class ReadsOtherwise(Lived):
    def test_a_checkpoint_that_fades_during_the_start_is_taken_from_the_other_ring(self):
        for at in (2, 700, self.ring_b + 2, self.ring_b + 700):
            for readings in range(8):
                opened, meter, _ = self.fading({at: readings})
                self.assertEqual(opened, ledger.OPENED, (at, readings))
                self.assertEqual(state(meter), state(self.bench.meter))

    def test_both_checkpoints_fading_is_no_reason_to_guess(self):
        opened, meter, _ = self.fading({700: 1, self.ring_b + 700: 1})
        self.assertEqual(opened, ledger.UNREADABLE)
        self.assertEqual(state(meter), state(Meter()))

    def test_a_record_that_fades_in_one_ring_is_taken_from_the_other(self):
        for ring in (0, 1):
            for number in range(1, 7):
                for readings in range(10):
                    offset = (6, 30)[readings % 2]  # its counter, its body
                    fades = {self.slot(ring, number, offset): readings // 2}
                    opened, meter, _ = self.fading(fades)
                    self.assertEqual(opened, ledger.OPENED, (ring, number, readings))
                    self.assertEqual(state(meter), state(self.bench.meter))

    def test_used_codes_are_taken_from_no_checkpoint_that_has_faded(self):
        self.bench.meter.window.mark(600)
        self.assertTrue(self.bench.ledger.open_sector(self.bench.meter.parts))
        for ring in (0, 1):
            for offset in range(16, 272, 3):  # up to the end of the window's bits
                at = ring * self.ring_b + SECTOR + offset
                opened, meter, _ = self.fading({at: 1})
                self.assertEqual(opened, ledger.OPENED, (ring, offset))
                self.assertEqual(state(meter), state(self.bench.meter))

    def test_a_last_record_that_fades_is_not_written_over(self):
        """Power went after it was in ring A: it never happened, and its place is not blank."""
        self.bench.flash.data[self.slot(1, 6, 0) : self.slot(1, 7, 0)] = b"\xff" * RECORD
        opened, meter, kept = self.fading({self.slot(0, 6): 1})
        self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1500000))
        self.assertEqual((kept.sector, kept.at), (1, PAGE))

    def test_a_flash_on_which_each_reading_says_less_is_not_trusted(self):
        """Each chain, read again, is shorter than the other was."""
        a, b = 0, 1
        opened, _, _ = self.fading({self.slot(b, 6): 0, self.slot(a, 5): 1, self.slot(b, 4): 1,
                                    self.slot(a, 3): 2})  # fmt: skip
        self.assertEqual(opened, ledger.UNREADABLE)


class Refuses(Lived):
    def test_a_sector_that_cannot_be_read_is_not_blank(self):
        for sector in range(6):
            flash = blank()
            flash.unreadable.add(sector)
            self.assertEqual(start(flash)[0], ledger.UNREADABLE)

    def test_any_sector_that_cannot_be_read_loses_nothing(self):
        for sector in range(6):
            flash = Nor(bytearray(self.bench.flash.data))
            flash.unreadable.add(sector)
            opened, meter, kept = start(flash)
            self.assertEqual(opened, ledger.OPENED, sector)
            self.assertEqual(state(meter), state(self.bench.meter))
            self.live_on(kept, meter)
            opened, meter, _ = start(flash)
            self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1600001))

    def test_any_sector_that_refuses_to_be_written_is_left(self):
        for sector in range(6):
            flash = Nor(bytearray(self.bench.flash.data))
            flash.failing.add(sector)
            _, meter, kept = start(flash)
            self.live_on(kept, meter)
            self.assertTrue(kept.repairs > 0)
            opened, meter, _ = start(flash)
            self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1600001))

    def test_what_can_be_read_but_not_gone_on_with_is_a_halt(self):
        flash = Nor(bytearray(self.bench.flash.data))
        flash.flip(self.slot(1, 6), 1)  # ring B lacks a record: the start has to write
        for sector in (1, 2, 4, 5):
            flash.program(sector * SECTOR + 2048, bytes(RECORD))  # not erased
        flash.dead.update(range(6))
        opened, _, halted = start(flash)
        self.assertEqual(opened, ledger.UNREADABLE)
        flash.dead.clear()
        erases = flash.erases
        halted.prepare()
        self.assertEqual(flash.erases, erases)  # a halted meter leaves its store alone
        opened, meter, _ = start(flash)
        self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1600000))

    def live_on(self, kept, meter):
        """Records for twice around the rings; the last one brings 1 mp."""
        for count in range(250):
            if count % 2:
                kept.prepare()
            self.assertTrue(kept.commit(codes.RECORD_CLOCK, 0, meter.parts))
        meter.account.spend("balance_mp", "money_in", -1)
        self.assertTrue(kept.commit(codes.RECORD_TOP_UP, 0, meter.parts))


class TwoChains(Lived):
    def test_a_code_that_only_the_shorter_one_knows_stays_used(self):
        flash, half = self.bench.flash, self.ring_b
        before = bytes(flash.data)
        _, meter, kept = start(flash)
        meter.window.mark(9)
        self.assertTrue(kept.commit(codes.RECORD_TOP_UP, 9, meter.parts))
        short = bytes(flash.data)
        flash.data[:] = before
        _, meter, kept = start(flash)
        for _ in range(3):
            self.assertTrue(kept.commit(codes.RECORD_CLOCK, 0, meter.parts))
        for mixed in (bytes(flash.data[:half]) + short[half:], short[:half] + bytes(flash.data[half:])):
            opened, meter, _ = start(Nor(bytearray(mixed)))
            self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1600000))
            self.assertTrue(meter.window.is_used(9))
            self.assertFalse(meter.window.is_used(8))

    def test_rings_of_two_meters_are_not_mixed(self):
        other = Kept(blank())
        other.meter.config.meter_id = bytes(8)
        other.ledger.open_sector(other.meter.parts)
        mixed = bytes(self.bench.flash.data[: self.ring_b]) + bytes(other.flash.data[self.ring_b :])
        flash = Nor(bytearray(mixed))
        opened, meter, _ = start(flash)
        self.assertEqual(opened, ledger.UNREADABLE)
        self.assertEqual(state(meter), state(Meter()))
        self.assertEqual(bytes(flash.data), mixed)


class NotBelieved(Lived):
    def test_an_alert_is_a_record_and_never_a_checkpoint(self):
        bench, expected = self.bench, state(self.bench.meter)
        bench.meter.account.balance_mp += 1
        self.assertTrue(bench.ledger.commit(codes.RECORD_ALERT, 0, bench.meter.parts))
        opened, meter = bench.again()
        self.assertEqual((opened, state(meter)), (ledger.OPENED, expected))

    def test_an_alert_that_is_not_kept_opens_no_sector(self):
        bench, expected = self.bench, state(self.bench.meter)
        bench.flash.dead.add(0)
        bench.meter.account.balance_mp += 1
        self.assertFalse(bench.ledger.commit(codes.RECORD_ALERT, 0, bench.meter.parts))
        self.assertEqual(bytes(bench.flash.data[SECTOR : SECTOR + 64]), b"\xff" * 64)
        opened, meter = bench.again()
        self.assertEqual((opened, state(meter)), (ledger.OPENED, expected))


if __name__ == "__main__":
    unittest.main()
