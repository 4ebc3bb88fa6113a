"""Wrong packets at the link, in every interpreter: nothing raises, nothing changes, the heap stays flat."""

import gc
import sys
import unittest

from chip_nor import Nor
from far_meter import Clock, FarMeter
from mac import hmac
from small_core import DAY, NOON_S, erased, figures, set_up
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET, Random

PACKETS = 600
HEAP_BYTES = 512
DOWN = hmac(TEST_SECRET, b"SHILLING-LINK-1 down")
UP = hmac(TEST_SECRET, b"SHILLING-LINK-1 up")
TOP_UP = 1


def packet(number, kind, body, key=DOWN, meter=TEST_METER, issuer=TEST_ORIGINATOR, version=1, low=0):
    head = bytes([version]) + meter + issuer + number.to_bytes(4, "big") + low.to_bytes(4, "big")
    head += bytes(4) + bytes([kind]) + body
    return head + hmac(key, head)[:16]


def top_up(number, **how):
    return packet(number, TOP_UP, (100000).to_bytes(4, "big"), **how)


class Fuzz(unittest.TestCase):
    def setUp(self):
        store = Nor(erased(3))
        set_up(store)
        self.sent = []
        self.meter = FarMeter(store, Clock(DAY * 86400 + NOON_S), self.sent.append)
        self.link = self.meter.app.link
        self.core = self.meter.app.meter
        self.random = Random(7)
        self.good = top_up(5)

    def standing(self):
        orders = self.core.orders
        return (
            figures(self.core), orders.highest, bytes(orders.bits), bytes(orders.results),
            self.core.text, self.meter.app.ledger.head.sequence,
        )  # fmt: skip

    def refusals(self):
        return sorted([alert for alert in self.core.alerts if alert in (0x8F63, 0x8F64)])

    def wrong(self):
        """A packet that is wrong in some way."""
        below = self.random.below
        how = below(9)
        if how == 0:
            return bytes([below(256) for _ in range((0, 1, 45, 46, 496, 497, 700)[below(7)])])
        if how == 1:
            return self.good[: below(len(self.good))]
        if how == 2:
            return self.good + bytes([below(256) for _ in range(1 + below(40))])
        if how == 3:
            return top_up(6, key=UP)
        if how == 4:
            return top_up(6, meter=TEST_METER[1:] + b"\0")
        if how == 5:
            return top_up(6, issuer=TEST_ORIGINATOR[1:] + b"\0")
        if how == 6:
            return top_up(6, version=below(2) * 2)
        if how == 7:
            return packet(0 if below(2) else 6, (0, 15, 127, 131, 255)[below(5)], bytes(below(20)))
        other = bytearray(self.good)
        other[below(len(other))] ^= 1 << below(8)
        return bytes(other)

    def test_nothing_changes_and_each_is_counted(self):
        before = self.standing()
        for number in range(PACKETS):
            wrong = self.wrong()
            self.link.take(wrong)
            self.assertEqual(self.link.refused, number + 1, wrong)
        self.assertEqual(self.standing(), before)
        self.assertEqual(self.link.answers, [])
        self.assertEqual(self.core.lockout.failures, 0)

    def test_each_kind_of_wrong_is_alerted_once_until_an_order_is_good(self):
        for _ in range(PACKETS // 4):
            self.link.take(self.wrong())
        self.assertEqual(self.refusals(), [0x8F63, 0x8F64])
        self.meter.receive(self.good)
        self.assertEqual(self.core.account.balance_mp, 100000)
        for _ in range(PACKETS // 4):
            self.link.take(self.wrong())
        self.assertEqual(self.refusals(), [0x8F63, 0x8F63, 0x8F64, 0x8F64])

    def test_every_single_bit_counts(self):
        before = self.standing()
        other = bytearray(self.good)
        for at in range(len(other)):
            other[at] ^= 1 << at % 8
            self.link.take(bytes(other))
            other[at] ^= 1 << at % 8
        self.assertEqual((self.link.refused, self.standing()), (len(other), before))
        self.link.take(bytes(other))
        self.assertEqual(self.core.account.balance_mp, 100000)

    def test_nonsense_under_the_right_key_never_raises(self):
        for number in range(PACKETS // 3):
            kind = 2 + number % 13 if number % 5 else self.random.below(256)
            if kind != TOP_UP:
                body = bytes([self.random.below(256) for _ in range(self.random.below(24))])
                self.meter.receive(packet(number + 1 if kind < 128 else 0, kind, body))
                self.assertEqual(self.core.order, 0)
                self.assertFalse(self.core.halted)
            self.sent.clear()
        self.assertTrue(self.core.account.is_balanced())

    def test_the_heap_stays_flat(self):
        if sys.implementation.name != "micropython" or sys.platform == "webassembly":
            return  # CPython: evidence/link_fuzz.py; the wasm VM collects when all Python has ended
        heap = []
        for _ in range(3):
            for _ in range(PACKETS // 4):
                self.link.take(self.wrong())
            gc.collect()
            heap.append(gc.mem_alloc())
        self.assertTrue(heap[2] - heap[1] <= HEAP_BYTES, heap)


if __name__ == "__main__":
    unittest.main()
