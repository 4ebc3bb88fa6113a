"""wires.STARTS starts, of every kind and cut short anywhere: no pulse reaches a coil of the relay."""
# runs on: cpython

import unittest

import boot
import wires
import world
from shilling.provision import provision
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET, Random

ROOT = "."
DAY, SECOND = 9820, 39600  # 2026-11-20 11:00:00 UTC
COILS = (25, 26)  # the wiring table of board/README.md: set, reset
STARTS = wires.STARTS
MOST_OPERATIONS = 400  # a start and some polls do about so many things with the silicon


def blank():
    return world.World(DAY, SECOND)


def in_credit():
    w = world.World(DAY, SECOND)
    provision(boot.store(w), settings(10000000))
    return w


def without_credit():
    """The relay has opened, and the store says so."""
    w = world.World(DAY, SECOND)
    provision(boot.store(w), settings(0))
    w.run(boot.starter(w, ROOT), iter((61000, 61000)))
    assert not w.contact_closed
    return w


def with_a_broken_store():
    w = world.World(DAY, SECOND)
    provision(boot.store(w), settings(10000000))
    for addr in range(0, w.flash.size, w.flash.sector):
        w.flash.program(addr, bytes(64))
    return w


def settings(balance_mp):
    return {
        "day": DAY, "second": SECOND, "balance_mp": balance_mp, "meter_id": TEST_METER,
        "originator_id": TEST_ORIGINATOR, "secret": TEST_SECRET,
    }  # fmt: skip


def cut_starts(w, start, pins, seed, starts):
    """So many starts of one world, most of them cut short -> the scope on these pins."""
    random = Random(seed)
    scope = wires.Scope(w, pins)

    def script():
        while scope.starts < starts:
            kind = wires.ENDS[random.below(4)]
            off_ms = 1 + random.below(50) if kind == "brown-out" else 1000 * random.below(100)
            if random.below(4):
                scope.cut(kind, off_ms, 1 + random.below(MOST_OPERATIONS))
            else:  # in the middle of nothing
                scope.end_after(random.below(3000), wires.ended(kind, off_ms))
            before = scope.starts
            while scope.starts == before:
                yield 1000
        yield 61000

    w.run(start, script())
    return scope


class StartsTest(unittest.TestCase):
    def silent(self, make, seed):
        w = make()
        closed, operations = w.contact_closed, w.relay_operations
        scope = cut_starts(w, boot.starter(w, ROOT), COILS, seed, STARTS // 4)
        self.assertTrue(scope.starts >= STARTS // 4, scope.starts)
        self.assertEqual(scope.pulses, [])
        seen = (w.contact_closed, w.relay_operations, w.coil_faults)
        self.assertEqual(seen, (closed, operations, 0))

    def test_a_meter_in_credit(self):
        self.silent(in_credit, 1)

    def test_a_meter_without_credit(self):
        self.silent(without_credit, 2)

    def test_a_meter_that_is_not_set_up(self):
        self.silent(blank, 3)

    def test_a_meter_whose_store_is_broken(self):
        self.silent(with_a_broken_store, 4)

    def test_the_scope_sees_a_pulse_and_both_coils(self):
        w = blank()
        scope = wires.Scope(w, COILS)
        board = boot.board_class()()
        board.relay(False)
        self.assertEqual([repr(p) for p in scope.pulses], ["26: 0..100"])
        w.write_pin(25, 1)
        w.write_pin(26, 1)
        self.assertEqual(scope.both_high, 1)
        w.reset_pins()
        self.assertTrue(scope.pulses[1].cut and scope.pulses[2].cut)


if __name__ == "__main__":
    unittest.main()
