"""RELIABILITY 6: a watchdog reset loses no use, a power cut 1 p at most, and nothing counts twice."""

import unittest

from quiet import start
from shilling import commands
from shilling.app import App
from shilling.residue import BYTES, Residue, crc16


class Head:
    sequence = 0x89ABCDEF
    hash = b"\1\2\3\4"


class Memory:
    """What a board keeps over a reset."""

    def __init__(self):
        self.kept = b""

    def residue_write(self, buf):
        self.kept = bytes(buf)

    def residue_read(self, buf):
        if len(self.kept) != len(buf):
            return False
        buf[:] = self.kept
        return True


class Bytes(unittest.TestCase):
    def setUp(self):
        self.memory = Memory()
        self.residue = Residue(self.memory)
        self.residue.keep(Head(), 41)

    def test_it_counts_for_the_same_head_only(self):
        self.assertEqual(Residue(self.memory).pulses(Head()), 41)
        other = Head()
        other.sequence = Head.sequence + 1
        self.assertEqual(self.residue.pulses(other), 0)
        other = Head()
        other.hash = b"\1\2\3\5"
        self.assertEqual(self.residue.pulses(other), 0)

    def test_any_flipped_bit_is_noticed(self):
        whole = self.memory.kept
        for bit in range(BYTES * 8):
            spoilt = bytearray(whole)
            spoilt[bit // 8] ^= 1 << bit % 8
            self.memory.kept = bytes(spoilt)
            self.assertEqual(self.residue.pulses(Head()), 0)

    def test_memory_that_was_lost_holds_no_use(self):
        for kept in (b"", bytes(BYTES), b"\xff" * BYTES):
            self.memory.kept = kept
            self.assertEqual(self.residue.pulses(Head()), 0)

    def test_the_crc_is_the_one_that_is_named(self):
        self.assertEqual(crc16(bytearray(b"123456789"), 9), 0x29B1)


class Resets(unittest.TestCase):
    """24.5 mp a Wh: 41 pulses are 1 p."""

    def setUp(self):
        self.app = start()
        self.app.poll()

    def use(self, pulses):
        self.app.board.now_ms += 1000
        self.app.board.new_pulses = pulses
        self.app.poll()

    def reset(self, forgets=False):
        """The processor starts again; a power cut also clears its memory."""
        if forgets:
            self.app.board.kept = bytearray(BYTES)
        self.app = App(self.app.board)
        self.app.poll()

    def figures(self):
        seen = self.app.observe()
        return seen["balance_mp"], seen["energy_wh"], seen["ledger"]

    def test_a_watchdog_reset_loses_nothing(self):
        for count in range(60):
            self.use(7)
            before = self.figures()
            self.assertEqual(before[:2], (1000000 - 49 * 7 * (count + 1) // 2, 7 * (count + 1)))
            self.reset()
            self.assertEqual(self.figures(), before)
            self.reset()
            self.assertEqual(self.figures(), before)

    def test_a_reset_after_another_record_loses_nothing(self):
        self.use(7)
        before = self.figures()
        self.app.top_up.begin(b"\1" * 20)
        self.app.command("clear_lockout", None)
        self.use(0)
        self.reset()
        self.assertEqual(self.figures(), before)

    def test_a_record_that_opens_a_sector_leaves_nothing_to_count_again(self):
        """Its checkpoint holds all use; 40 presses come to the end of a sector at least once."""
        places = []
        for _ in range(45):
            self.use(7)
            before = self.figures()
            commands.next_level(self.app.meter)
            self.use(0)
            places.append(self.app.ledger.at)
            self.reset()
            self.assertEqual(self.figures(), before)
        self.assertNotEqual(places, sorted(places))  # the sector was opened anew

    def test_D3_holds_for_a_pulse_that_comes_while_the_meter_starts(self):
        """Friday 13:53, 10 mp left: they are used up, and emergency credit is still offered."""
        self.app = start(balance_mp=10)
        self.app.poll()
        self.app = App(self.app.board)
        self.use(1)
        seen = self.app.observe()
        self.assertEqual((seen["balance_mp"], seen["emergency"]["state"]), (0, "offered"))

    def test_a_power_cut_loses_a_penny_at_most_in_the_customers_favour(self):
        for _ in range(60):
            self.use(7)
            before = self.figures()
            self.reset(forgets=True)
            after = self.figures()
            self.assertTrue(0 <= after[0] - before[0] <= 1000)
            self.assertTrue(0 <= before[1] - after[1] <= 41)
            self.assertEqual(after[2], "balanced")


if __name__ == "__main__":
    unittest.main()
