"""DOMAIN 2, 8: energy is booked where it was active; what a checkpoint holds of it."""

import unittest

from shilling import registers
from shilling.registers import Registers


class Booking(unittest.TestCase):
    def test_a_new_meter_has_used_nothing_in_the_first(self):
        found = Registers()
        self.assertEqual((found.at, found.kwh, found.wh, found.rate()), (0, 0, 0, 0))
        self.assertEqual([found.total_wh(rate) for rate in range(8)], [0] * 8)

    def test_rate_and_block_have_their_own(self):
        found = Registers()
        self.assertFalse(found.select(0, 0))
        wh = 1
        for rate in range(8):
            for block in range(4):
                self.assertEqual(found.select(rate, block), (rate, block) != (0, 0))
                self.assertFalse(found.select(rate, block))
                self.assertEqual((found.at, found.rate()), (4 * rate + block, rate))
                found.book(wh)
                wh *= 2
        wh = 1
        for rate in range(8):
            self.assertEqual(found.total_wh(rate), 15 * wh)
            for block in range(4):
                self.assertEqual(found.block_wh(rate, block), wh)
                wh *= 2

    def test_a_thousand_Wh_are_a_kWh(self):
        found = Registers()
        for wh, kwh, rest_wh in (
            (999, 0, 999), (1, 1, 0), (1, 1, 1), (998, 1, 999), (1001, 3, 0), (5000, 8, 0),
        ):  # fmt: skip
            found.book(wh)
            self.assertEqual((found.kwh, found.wh), (kwh, rest_wh))
            self.assertEqual(found.block_wh(0, 0), 1000 * kwh + rest_wh)

    def test_records_see_the_active_one(self):
        found = Registers()
        found.select(1, 2)
        found.kwh, found.wh = 12, 345
        self.assertEqual((found.all_kwh[6], found.all_wh[6]), (12, 345))
        self.assertEqual(found.block_wh(1, 2), 12345)
        found.select(1, 1)
        self.assertEqual((found.kwh, found.wh), (0, 0))


class Checkpoint(unittest.TestCase):
    def test_each_has_six_bytes_in_its_place(self):
        self.assertEqual(registers.BYTES, 192)
        found = Registers()
        for at in range(32):
            found.all_kwh[at] = 0xF0000000 + at
            found.all_wh[at] = 900 + at
        page = bytearray(10 + 192 + 10)
        found.put(page, 10)
        self.assertEqual(bytes(page[:10]) + bytes(page[202:]), bytes(20))
        self.assertEqual(bytes(page[10:22]), b"\x00\x00\x00\xf0\x84\x03" + b"\x01\x00\x00\xf0\x85\x03")
        self.assertEqual(bytes(page[196:202]), b"\x1f\x00\x00\xf0\xa3\x03")
        other = Registers()
        other.take(page, 10)
        self.assertEqual((other.all_kwh, other.all_wh), (found.all_kwh, found.all_wh))


if __name__ == "__main__":
    unittest.main()
