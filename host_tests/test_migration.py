# runs on: cpython
"""RELIABILITY 1: a store in an older format is read as it was and gone on with in the present one.

host_tests/images/ledger_format_*.bin.gz were written by the firmware of that format: two rings of three
sectors, £9.00 and a debt of £30.00 with a cap of £5.00 a week, use, three codes, three days.
"""

import gzip
import unittest

import chip_nor
from shilling import codes, ledger, record
from shilling.meter import Meter
from shilling.topup import TopUp
from support import TEST_METER, make_code
from tools.interpreters import ROOT

SECTOR = 4096


def old_store(number):
    image = ROOT / f"host_tests/images/ledger_format_{number}.bin.gz"
    return chip_nor.Nor(bytearray(gzip.decompress(image.read_bytes())))


def start(store):
    meter = Meter()
    kept = ledger.Ledger(store)
    opened = kept.recover(meter.parts)
    meter.journal = lambda kind, counter: kept.commit(kind, counter, meter.parts)
    return opened, meter, kept


def figures(meter):
    account = meter.account
    return {
        "balance_mp": account.balance_mp, "payment_mp": account.payment_mp,
        "kwh": meter.energy.kwh, "wh": meter.energy.wh, "highest": meter.window.highest,
        "charged_until": meter.dues.day, "cap_used_mp": meter.debt.cap_used_mp,
        "money_in_pounds": account.money_in.pounds, "special_days": meter.config.special_days,
        "meter_id": meter.config.meter_id, "price": meter.tariff.price,
        "standing_mp": meter.config.standing_mp, "region": meter.config.region,
    }  # fmt: skip


WAS = {
    1: {
        "balance_mp": 2735692, "payment_mp": -2500000, "kwh": 3, "wh": 33, "highest": 3,
        "charged_until": 9823, "cap_used_mp": 500000, "money_in_pounds": -25,
        "special_days": b"\x26\x60\x01", "meter_id": TEST_METER, "price": 24500,
        "standing_mp": 30000, "region": 0,
    },
    2: {
        "balance_mp": 2394150, "payment_mp": -2250000, "kwh": 3, "wh": 7, "highest": 3,
        "charged_until": 9823, "cap_used_mp": 300000, "money_in_pounds": -25,
        "special_days": b"\x26\x60\x01", "meter_id": TEST_METER, "price": 31999,
        "standing_mp": 53210, "region": 1,
    },
    3: {
        "balance_mp": 2410532, "payment_mp": -2500000, "kwh": 4, "wh": 329, "highest": 3,
        "charged_until": 9829, "cap_used_mp": 500000, "money_in_pounds": -25,
        "special_days": b"\x26\x60\x01", "meter_id": TEST_METER, "price": 27350,
        "standing_mp": 41230, "region": 2,
    },
}  # fmt: skip


class Older:
    number = 0

    def test_nothing_is_lost(self):
        opened, meter, _ = start(old_store(self.number))
        self.assertEqual(opened, ledger.OPENED)
        self.assertEqual(figures(meter), WAS[self.number])
        self.assertTrue(meter.account.is_balanced())

    def test_it_goes_on_in_the_present_format_in_both_rings(self):
        store = old_store(self.number)
        _, _, kept = start(store)
        page = bytearray(record.CHECKPOINT_BYTES)
        for ring in kept.rings:
            store.read(ring.address(kept.sector), page)
            self.assertTrue(record.is_present(page))
        self.assertEqual(kept.repairs, 0)
        writes = store.writes
        _, meter, again = start(store)
        self.assertEqual((again.sector, again.at, store.writes), (kept.sector, kept.at, writes))
        self.assertEqual(figures(meter), WAS[self.number])

    def test_codes_used_then_are_used_and_others_are_not(self):
        _, meter, _ = start(old_store(self.number))
        meter.begin()
        top_up = TopUp(meter)
        for counter, value, expected in (
            (1, 500, codes.DUPLICATE), (2, 1000, codes.DUPLICATE), (3, 1000, codes.DUPLICATE),
            (4, 100, codes.DONE), (4, 100, codes.DUPLICATE),
        ):  # fmt: skip
            digits = make_code(meter.config, counter, value)
            self.assertEqual(top_up.begin(bytes(int(each) for each in digits)), codes.CHECKING)
            self.assertEqual(top_up.finish(), expected)
        share_mp = min(30000, 500000 - WAS[self.number]["cap_used_mp"])  # what the week's cap leaves
        self.assertEqual(meter.account.balance_mp, WAS[self.number]["balance_mp"] + 100000 - share_mp)

    def test_a_power_cut_at_any_write_of_the_migration_loses_nothing(self):
        whole = old_store(self.number)
        start(whole)
        self.assertTrue(whole.writes >= 2)
        for write in range(1, whole.writes + 1):
            for pattern in chip_nor.PATTERNS:
                for seed in range(20):
                    store = old_store(self.number)
                    store.cut_at(write, pattern, seed)
                    with self.assertRaises(chip_nor.PowerLoss):
                        start(store)
                    opened, meter, _ = start(store)
                    self.assertEqual(opened, ledger.OPENED, (write, pattern, seed))
                    self.assertEqual(figures(meter), WAS[self.number], (write, pattern, seed))

    def test_what_was_used_is_in_the_one_register_and_use_goes_on(self):
        _, meter, kept = start(old_store(self.number))
        meter.clock.take_reading(0, meter.clock.mark_day, meter.clock.mark_s)
        meter.begin()
        meter.step(0, 0, True)
        total_wh = meter.energy.total_wh()
        self.assertEqual(meter.registers.total_wh(0), total_wh)
        meter.usage.period(0)
        if self.number < 3:
            self.assertEqual(meter.usage.shown_wh, 0)  # what was used today is not known any more
        self.assertEqual(
            bytes(meter.usage.history) == bytes(len(meter.usage.history)), self.number < 3
        )
        meter.step(1000, 100, True)
        meter.commit_use()
        _, again, _ = start(kept.store)
        again.begin()
        self.assertEqual(again.registers.total_wh(0), total_wh + 100)
        self.assertEqual(again.energy.total_wh(), total_wh + 100)


class Format1(Older, unittest.TestCase):
    number = 1


class Format2(Older, unittest.TestCase):
    number = 2


class Format3(Older, unittest.TestCase):
    number = 3


class LaterFormat(unittest.TestCase):
    def test_a_store_of_a_later_format_is_left_alone(self):
        """Whatever a version from the future wrote: halt, and change nothing."""
        store = chip_nor.Nor(bytearray(b"\xff" * 6 * SECTOR))
        _, meter, kept = start(old_store(2))
        page = bytearray(record.CHECKPOINT_BYTES)
        record.seal_checkpoint(meter.parts, kept.head, page)
        page[0] += 1
        store.program(0, page)
        store.program(3 * SECTOR, page)
        before = bytes(store.data)
        opened, meter, _ = start(store)
        self.assertEqual(opened, ledger.UNREADABLE)
        self.assertEqual(bytes(store.data), before)
        self.assertEqual(meter.account.balance_mp, 0)


if __name__ == "__main__":
    unittest.main()
