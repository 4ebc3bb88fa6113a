"""RELIABILITY 1: an older ledger is cut twice on its way to the present format, then takes orders once."""
# runs on: cpython

import unittest
from struct import pack

import chip_nor
from link_rig import ADJUST, Rig, packet
from support import POUND
from test_migration import WAS, figures, old_store, start


def cut(store, write, pattern):
    """A start whose power goes in that write. -> False: it has no such write."""
    store.cut_at(store.writes + write, pattern, write)
    try:
        start(store)
    except chip_nor.PowerLoss:
        return True
    return False


class Twice(unittest.TestCase):
    def test_a_cut_in_the_recovery_from_a_cut_loses_nothing_and_an_order_counts_once(self):
        for number in (1, 2, 3):
            pairs = 0
            for first in range(1, 20):
                for torn in chip_nor.PATTERNS:
                    for second in range(1, 20):
                        for again in chip_nor.PATTERNS:
                            store = old_store(number)
                            if not cut(store, first, torn) or not cut(store, second, again):
                                break
                            pairs += 1
                            self.check(number, store, (number, first, torn, second, again))
                        else:
                            continue
                        break
            self.assertTrue(pairs >= 100, pairs)

    def check(self, number, store, where):
        _, meter, _ = start(store)
        self.assertEqual(figures(meter), WAS[number], where)
        self.assertEqual((meter.orders.highest, any(meter.orders.bits)), (0, False))
        order = packet(ADJUST, 1, pack(">i", POUND), meter=WAS[number]["meter_id"])
        rig = Rig(store)
        balance_mp = rig.meter.account.balance_mp
        self.assertEqual(rig.tell(order), [(0, balance_mp + POUND, 0)], where)
        self.assertEqual(rig.tell(order), [(0, balance_mp + POUND, 1)], where)
        self.assertEqual(Rig(store).tell(order), [(0, balance_mp + POUND, 1)], where)


if __name__ == "__main__":
    unittest.main()
