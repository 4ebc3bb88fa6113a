"""RELIABILITY 1, SPEC: the bytes of a record and of a checkpoint, and numbers of 32 bits in them."""

import unittest

from chip_nor import SECTOR, Nor
from shilling import chain, codes, layout, ledger, record
from shilling.meter import Meter
from shilling.table import flat
from shilling.usage import HISTORY_BYTES

TOP = 0xFFFFFFFF
HALF = 0x80000000
TWO_BLOCKS = b"\x01\x02" + b"\x64\x00" + b"\x01\x02\x03" + b"\x04\x05\x06" + b"\x00"  # from 100 kWh


def head_at(sequence):
    head = record.Head()
    head.sequence = sequence
    return head


def sealed(meter, kind, counter, head):
    buf = bytearray(b"\xa5" * record.RECORD_BYTES)
    record.seal(meter.parts, kind, counter, head, buf)
    return buf


def page_of(meter, head):
    page = bytearray(b"\xa5" * record.CHECKPOINT_BYTES)
    record.seal_checkpoint(meter.parts, head, page)
    return page


class Bytes(unittest.TestCase):
    def test_what_a_record_does_not_use_is_zero(self):
        buf = sealed(Meter(), codes.RECORD_CLOCK, 0, head_at(0))
        self.assertEqual(bytes(buf[18:60]), bytes(42))

    def test_what_a_checkpoint_does_not_use_is_zero_and_its_size_stays(self):
        meter = Meter()
        short = page_of(meter, head_at(0))
        self.assertEqual(bytes(short[614:1532]), bytes(918))
        meter.config.special_days = b"\x26\x5c\x01\x27\x5c\x02"
        page = page_of(meter, head_at(0))
        self.assertEqual(len(page), record.CHECKPOINT_BYTES)
        self.assertEqual(bytes(page[614:1532]), bytes(918))
        other = Meter()
        record.replay_checkpoint(other.parts, record.Head(), page)
        self.assertEqual(other.config.special_days, meter.config.special_days)


    def test_what_is_behind_the_keys_comes_back_each_in_its_place(self):
        meter, other = Meter(), Meter()
        meter.config.special_days = b"\x26\x5c\x01"
        meter.tariff.set(TWO_BLOCKS)
        meter.tariff.coming = b"\x70\x26\x10\x0e\x00\x00" + flat(31999)
        meter.registers.all_kwh[31] = 77
        meter.usage.history[:] = bytes([each & 255 for each in range(1, HISTORY_BYTES + 1)])
        record.replay_checkpoint(other.parts, record.Head(), page_of(meter, head_at(0)))
        self.assertEqual(other.config.special_days, meter.config.special_days)
        self.assertEqual(other.tariff.table.packed, TWO_BLOCKS)
        self.assertEqual(other.tariff.coming, meter.tariff.coming)
        self.assertEqual(other.registers.all_kwh, [0] * 31 + [77])
        self.assertEqual(other.usage.history, meter.usage.history)

    def test_of_an_older_format_nothing_is_taken_from_behind_the_special_days(self):
        for version in (1, 2):
            page = bytearray(record.CHECKPOINT_BYTES)
            page[0:2] = bytes((version, record.CHECKPOINT))
            lists_at = 16 + layout.find(record._state(version), "") + 112
            page[lists_at:] = b"\x01" * (record.CHECKPOINT_BYTES - lists_at)
            meter = Meter()
            record.replay_checkpoint(meter.parts, record.Head(), page)
            self.assertEqual(meter.config.special_days, b"\x01")
            self.assertEqual(meter.tariff.table.packed, flat(0))
            self.assertEqual((meter.tariff.coming, meter.registers.all_kwh), (b"", [0] * 32))
            self.assertEqual(meter.usage.history, bytes(HISTORY_BYTES))


class LargeNumbers(unittest.TestCase):
    def test_a_sequence_goes_up_by_one_and_after_the_last_comes_0(self):
        for before, after in ((0, 1), (41, 42), (HALF - 1, HALF), (HALF, HALF + 1), (TOP - 1, TOP), (TOP, 0)):
            head = head_at(before)
            buf = sealed(Meter(), codes.RECORD_CLOCK, 0, head)
            self.assertEqual(head.sequence, after)
            self.assertTrue(record.is_next(buf, head_at(before)))
            self.assertFalse(record.is_next(buf, head_at(after)))
            head = head_at(before)
            page = page_of(Meter(), head)
            self.assertEqual(head.sequence, after)
            found = record.Head()
            record.take_head(found, page)
            self.assertEqual((found.sequence, found.hash), (after, head.hash))

    def test_a_counter_may_have_32_bits(self):
        for counter in (1, HALF - 1, HALF, TOP):
            meter, other = Meter(), Meter()
            buf = sealed(meter, codes.RECORD_TOP_UP, counter, head_at(0))
            self.assertEqual(record.counter_of(buf), counter)
            record.replay(other.parts, buf)
            self.assertEqual(other.window.highest, counter)
            self.assertTrue(other.window.is_used(counter))
            meter.window.mark(counter)
            record.replay_checkpoint(other.parts, record.Head(), page_of(meter, head_at(0)))
            self.assertEqual(other.window.highest, counter)

    def test_the_clock_mark_may_be_in_another_century(self):
        for day in (24854, 24856, 40000):
            for is_page in (False, True):
                meter, other = Meter(), Meter()
                meter.clock.mark_day, meter.clock.mark_s = day, 86399
                if is_page:
                    record.replay_checkpoint(other.parts, record.Head(), page_of(meter, head_at(0)))
                else:
                    record.replay(other.parts, sealed(meter, codes.RECORD_CLOCK, 0, head_at(0)))
                self.assertEqual((other.clock.mark_day, other.clock.mark_s), (day, 86399))


class Sequences(unittest.TestCase):
    def test_half_of_all_are_after_and_half_are_not(self):
        for sequence, other, after in (
            (5, 5, False), (6, 5, True), (5, 6, False), (0, TOP, True), (TOP, 0, False),
            (HALF - 1, 0, True), (HALF, 0, False), (HALF + 1, 0, False), (HALF, 1, True),
        ):  # fmt: skip
            self.assertEqual(chain.is_after(sequence, other), after, (sequence, other))

    def test_a_life_goes_on_over_the_half_and_over_the_end(self):
        for first in (HALF - 50, TOP - 50):
            flash = Nor(bytearray(b"\xff" * 6 * SECTOR))
            meter = Meter()
            kept = ledger.Ledger(flash)
            kept.head.sequence = first
            self.assertTrue(kept.create(meter.parts))
            for count in range(100):
                meter.account.spend("balance_mp", "money_in", -1)
                self.assertTrue(kept.commit(codes.RECORD_TOP_UP, 0, meter.parts))
                again = Meter()
                self.assertEqual(ledger.Ledger(flash).recover(again.parts), ledger.OPENED)
                self.assertEqual(again.account.balance_mp, count + 1)

    def test_the_first_checkpoint_of_a_meter_has_number_1(self):
        kept = ledger.Ledger(Nor(bytearray(b"\xff" * 6 * SECTOR)))
        self.assertTrue(kept.create(Meter().parts))
        self.assertEqual((kept.head.sequence, kept.sector, kept.repairs), (1, 0, 0))


if __name__ == "__main__":
    unittest.main()
