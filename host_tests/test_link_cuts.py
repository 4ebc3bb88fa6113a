# runs on: cpython
"""RELIABILITY 3, REMOTE: power lost inside any write of an order: once or not at all, and a repeat tells."""

import unittest
from struct import pack

import chip_nor
from link_rig import (
    ACTIVATE_EC,
    ADJUST,
    CLEAR_LOCKOUT,
    DISABLE,
    PAY_DEBT,
    SESSION,
    SET_DEBT,
    SET_SETTINGS,
    SET_TARIFF,
    SET_TIME,
    SPECIAL_DAYS,
    TEXT,
    TOP_UP,
    Rig,
    packet,
    rig,
)
from shilling import codes
from small_core import DAY, NOON_S, figures
from support import POUND

FLAT = b"\1\1" + (30000).to_bytes(3, "little") + b"\0"
ORDERS = {
    "top up": (TOP_UP, pack(">i", 7 * POUND)),
    "pay debt": (PAY_DEBT, pack(">Bi", 0, POUND)),
    "adjust": (ADJUST, pack(">i", -POUND)),
    "set debt": (SET_DEBT, pack(">Bi", 1, 9 * POUND)),
    "settings": (SET_SETTINGS, pack(">BI", 7, 25)),
    "tariff": (SET_TARIFF, pack(">HI", 0, 0) + FLAT),
    "special days": (SPECIAL_DAYS, pack(">HB", DAY, 1)),
    "disable": (DISABLE, b""),
    "emergency credit": (ACTIVATE_EC, b""),
    "time": (SET_TIME, pack(">HIII", DAY, NOON_S + 5, SESSION, 0)),
    "refused": (TEXT, b"\xff"),
    "lock-out": (CLEAR_LOCKOUT, b""),
}


def meter(full):
    """£4.00 of credit, debts; `full`: the order's record is the last of its sector, or the one before."""
    core = rig(balance_mp=4 * POUND, payment_mp=5 * POUND, time_1_mp=3 * POUND)
    core.meter.lockout.attempt()
    core.meter.write(codes.RECORD_ATTEMPT, 0)
    if full is not None:
        while core.ledger.at < 4096 - 64 * (1 + full):
            core.meter.write(codes.RECORD_CLOCK, 0)
            core.rest()
    return core


def seen(core):
    """What must be as before or as after, and nothing between."""
    meter = core.meter
    core.wait(0)  # the relay follows
    return figures(meter), meter.supply.state, meter.config.special_days, meter.text, meter.clock.mark_s


class Cuts(unittest.TestCase):
    def test_an_order_is_whole_or_never_was_and_its_repeat_completes_it_once(self):
        for name, (kind, body) in ORDERS.items():
            for full in (None, 0, 1):
                with self.subTest(name, full=full):
                    self.cut_everywhere(kind, body, full)

    def cut_everywhere(self, kind, body, full):
        image = bytes(meter(full).nor.data)
        order = packet(kind, 1, body)
        core = Rig(chip_nor.Nor(bytearray(image)))
        first = core.tell(order)[0]
        writes = core.nor.writes
        whole = seen(core)
        self.assertTrue(writes >= 2)
        for write in range(1, writes + 1):
            for pattern in chip_nor.PATTERNS:
                nor = chip_nor.Nor(bytearray(image))
                core = Rig(nor)
                nor.cut_at(nor.writes + write, pattern, write)
                try:
                    core.tell(order)
                except chip_nor.PowerLoss:
                    pass
                core = Rig(nor)
                was_used = (core.meter.orders if kind != TOP_UP else core.meter.window).is_used(1)
                outcome, balance_mp, flags = core.tell(order)[0]
                self.assertEqual(flags, 1 if was_used else 0, (write, pattern))
                self.assertEqual((outcome, balance_mp), first[:2])
                self.assertEqual(core.tell(order), [(outcome, balance_mp, 1)])
                self.assertEqual(seen(core), whole, (write, pattern))
                self.assertTrue(core.meter.account.is_balanced() and not core.meter.halted)


if __name__ == "__main__":
    unittest.main()
