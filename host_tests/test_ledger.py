"""RELIABILITY 1-3, as far as one ring goes: records, checkpoints, recovery, a torn record."""

import unittest

from chip_nor import SECTOR, Nor
from shilling import codes, layout, ledger, record
from shilling.meter import Meter
from shilling.provision import provision
from support import TEST_METER, TEST_SECRET, Bench


def blank(sectors=3):
    """Two rings of so many sectors."""
    return Nor(bytearray(b"\xff" * 2 * sectors * SECTOR))


def state(meter):
    """Everything a checkpoint holds, as bytes."""
    buf = bytearray(record.CHECKPOINT_BYTES)
    record.seal_checkpoint(meter.parts, record.Head(), buf)
    return bytes(buf)


class Kept(Bench):
    """A bench whose records go to a flash, and which can be started again from it."""

    def __init__(self, flash, **settings):
        super().__init__(**settings)
        self.flash = flash
        self.ledger = ledger.Ledger(flash)
        assert self.ledger.create(self.meter.parts)

    def keep(self, kind, counter):
        self.records.append(kind)
        return not hasattr(self, "ledger") or self.ledger.commit(kind, counter, self.meter.parts)

    def again(self):
        meter = Meter()
        opened = ledger.Ledger(self.flash).recover(meter.parts)
        return opened, meter


class Records(unittest.TestCase):
    def test_every_kind_fits_its_body(self):
        for kind in record.KINDS:
            size = sum(layout.WIDTHS[width] for _, _, width in record.KINDS[kind])
            self.assertTrue(size <= record.CRC_AT - record.BODY_AT, kind)

    def test_every_field_of_every_kind_is_in_the_checkpoint_once(self):
        fields = set()
        for kind in record.KINDS:
            fields.update(record.KINDS[kind])
        # of the registers and of the results of orders a checkpoint has all, behind its state
        active = {("registers", "kwh", "<I"), ("registers", "wh", "<H"), ("orders", "outcome", "<B")}
        self.assertEqual(fields - set(record.STATE), active)
        self.assertEqual(len(record.STATE), len(set(record.STATE)))

    def test_a_checkpoint_gives_back_the_whole_state(self):
        bench = Bench(standing_mp=12345, payment_mp=5000000, rate_mp=31999, region=2)
        bench.use(12)
        bench.meter.window.mark(77)
        bench.meter.config.special_days = b"\x26\x5c\x01"
        buf = bytearray(record.CHECKPOINT_BYTES)
        record.seal_checkpoint(bench.meter.parts, record.Head(), buf)
        self.assertTrue(record.is_checkpoint(buf))
        other = Meter()
        record.replay_checkpoint(other.parts, record.Head(), buf)
        self.assertEqual(state(other), state(bench.meter))
        self.assertEqual(other.config.secret, TEST_SECRET)
        buf[700] ^= 1
        self.assertFalse(record.is_checkpoint(buf))

    def test_each_flipped_bit_of_a_record_is_seen(self):
        bench = Bench()
        buf = bytearray(record.RECORD_BYTES)
        record.seal(bench.meter.parts, codes.RECORD_TOP_UP, 5, record.Head(), buf)
        self.assertTrue(record.is_next(buf, record.Head()))
        for bit in range(record.RECORD_BYTES * 8):
            buf[bit // 8] ^= 1 << bit % 8
            self.assertFalse(record.is_next(buf, record.Head()), bit)
            buf[bit // 8] ^= 1 << bit % 8


class Recovery(unittest.TestCase):
    def live(self, bench, rounds):
        for count in range(rounds):
            bench.use(200)
            if count % 3 == 0:
                bench.top_up.remote(100000)
            bench.wait(3600)
            if count % 5 == 0:
                bench.wait(86400)

    def test_the_meter_starts_again_as_it_was_after_each_of_many_wraps(self):
        bench = Kept(blank(), standing_mp=50000, balance_mp=20000000, payment_mp=3000000)
        for _ in range(8):
            self.live(bench, 12)
            bench.meter.commit_use()
            opened, meter = bench.again()
            self.assertEqual(opened, ledger.OPENED)
            self.assertEqual(state(meter), state(bench.meter))
            self.assertTrue(meter.account.is_balanced())
        self.assertTrue(len(bench.records) > 3 * 120)

    def test_an_accepted_counter_stays_used(self):
        bench = Kept(blank())
        bench.meter.window.mark(9)
        bench.keep(codes.RECORD_TOP_UP, 9)
        _, meter = bench.again()
        self.assertTrue(meter.window.is_used(9))

    def test_a_record_torn_in_ring_A_never_happened_and_is_not_written_over(self):
        bench = Kept(blank())
        bench.top_up.remote(100000)
        at = bench.ledger.sector * SECTOR + bench.ledger.at
        before = bench.meter.account.balance_mp
        untorn = bytes(bench.flash.data)
        bench.top_up.remote(100000)
        torn = bench.flash.data[at : at + 32]
        bench.flash.data[:] = untorn
        bench.flash.data[at : at + 32] = torn
        opened, meter = bench.again()
        self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, before))
        fresh = ledger.Ledger(bench.flash)
        fresh.recover(meter.parts)
        self.assertEqual(fresh.at, record.CHECKPOINT_BYTES)
        self.assertTrue(fresh.commit(codes.RECORD_CLOCK, 0, meter.parts))

    def test_a_record_whole_in_ring_A_alone_did_happen(self):
        bench = Kept(blank())
        bench.top_up.remote(100000)
        half = bench.flash.size // 2
        ring_b = bytes(bench.flash.data[half:])
        bench.top_up.remote(100000)
        bench.flash.data[half:] = ring_b
        opened, meter = bench.again()
        self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1200000))
        opened, meter = bench.again()
        self.assertEqual(meter.account.balance_mp, 1200000)

    def test_a_sector_that_dies_is_left_and_the_event_is_kept(self):
        for dead in range(6):
            bench = Kept(blank())
            bench.flash.dead.add(dead)
            for _ in range(130):
                bench.keep(codes.RECORD_CLOCK, 0)
            self.assertEqual(bench.top_up.remote(100000), codes.DONE)
            opened, meter = bench.again()
            self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1100000))
            self.assertTrue(bench.ledger.repairs > 0)

    def test_records_lost_in_both_rings_are_no_reason_to_guess(self):
        bench = Kept(blank())
        for _ in range(6):
            bench.top_up.remote(100000)
        at = bench.ledger.sector * SECTOR + record.CHECKPOINT_BYTES + 2 * record.RECORD_BYTES
        for ring in (0, bench.flash.size // 2):
            bench.flash.data[ring + at + 20] ^= 1
        before = bytes(bench.flash.data)
        self.assertEqual(bench.again()[0], ledger.UNREADABLE)
        self.assertEqual(bytes(bench.flash.data), before)

    def test_any_sector_destroyed_loses_nothing(self):
        bench = Kept(blank(), balance_mp=20000000)
        self.live(bench, 30)
        bench.meter.commit_use()
        expected = bench.meter.account.balance_mp
        whole = bytes(bench.flash.data)
        for sector in range(6):
            for content in (b"\x00", b"\xff", b"\x5a"):
                bench.flash.data[:] = whole
                bench.flash.data[sector * SECTOR : (sector + 1) * SECTOR] = content * SECTOR
                opened, meter = bench.again()
                self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, expected))

    def test_any_bit_of_the_last_record_flipped_loses_nothing(self):
        bench = Kept(blank())
        bench.top_up.remote(100000)
        at = bench.ledger.sector * SECTOR + bench.ledger.at - record.RECORD_BYTES
        whole = bytes(bench.flash.data)
        for ring in (0, bench.flash.size // 2):
            for bit in range(0, record.RECORD_BYTES * 8, 3):
                bench.flash.data[:] = whole
                bench.flash.data[ring + at + bit // 8] ^= 1 << bit % 8
                opened, meter = bench.again()
                self.assertEqual((opened, meter.account.balance_mp), (ledger.OPENED, 1100000))

    def test_a_store_that_does_not_keep_is_told_at_once(self):
        bench = Kept(blank())
        bench.flash.dead.update(range(6))
        bench.top_up.remote(100000)
        self.assertTrue(bench.meter.halted)

    def test_blank_is_not_unreadable(self):
        self.assertEqual(ledger.Ledger(blank()).recover(Meter().parts), ledger.BLANK)
        flash = blank()
        flash.data[0:64] = bytes(range(64))
        self.assertEqual(ledger.Ledger(flash).recover(Meter().parts), ledger.UNREADABLE)

    def test_no_commit_erases_when_a_sector_was_made_ready(self):
        bench = Kept(blank(4))
        for _ in range(200):
            bench.ledger.prepare()
            erases = bench.flash.erases
            bench.keep(codes.RECORD_CLOCK, 0)
            self.assertEqual(bench.flash.erases, erases)


class Provisioning(unittest.TestCase):
    def test_a_new_meter_opens_with_its_settings_and_sums_to_zero(self):
        flash = blank()
        provision(flash, {"balance_mp": 350000, "payment_mp": 5000000, "rate_mp": 30000,
                          "meter_id": TEST_METER, "secret": TEST_SECRET, "day": 9820,
                          "second": 40000, "ec_activated": 1, "ec_left_mp": 310000})  # fmt: skip
        meter = Meter()
        self.assertEqual(ledger.Ledger(flash).recover(meter.parts), ledger.OPENED)
        self.assertEqual(meter.account.balance_mp, 350000)
        self.assertEqual(meter.account.ec_owed_mp(), 190000)
        self.assertEqual(meter.tariff.table.prices, [30000])
        self.assertEqual((meter.clock.mark_day, meter.clock.mark_s), (9820, 40000))
        self.assertTrue(meter.account.is_balanced())

    def test_a_bad_setting_names_itself_and_writes_nothing(self):
        for settings, word in (
            ({"share": 101}, "share must be 0 to 100, not 101"), ({"secret": b"x"}, "secret"),
            ({"colour": 1}, "colour"), ({"balance_mp": 1000000001}, "balance_mp"),
        ):  # fmt: skip
            flash = blank()
            with self.assertRaises(ValueError) as caught:
                provision(flash, settings)
            self.assertIn(word, str(caught.exception))
            self.assertEqual(flash.data, b"\xff" * flash.size)

    def test_a_meter_that_lives_is_not_provisioned_over(self):
        flash = blank()
        provision(flash, {"balance_mp": 1})
        before = bytes(flash.data)
        with self.assertRaises(ValueError):
            provision(flash, {"balance_mp": 0})
        self.assertEqual(bytes(flash.data), before)


if __name__ == "__main__":
    unittest.main()
