"""The lab port's load, fingers and store are those of the simulated silicon, to the ms and the bit."""

import sys
import unittest

import chip_key
import chip_load
import chip_nor
import lab_house

# The VMs have the same arithmetic to show, and take ten times as long for numbers of many digits
CHANGES = 150 if sys.implementation.name == "cpython" else 40


class Clock:
    """The part of a World that a chip asks: the time, and the events to come."""

    def __init__(self):
        self.t_ms = 0
        self.events = []

    def at(self, instant_ms, action, argument):
        place = len(self.events)
        while place and self.events[place - 1][0] > instant_ms:
            place -= 1
        self.events.insert(place, (instant_ms, action, argument))

    def sense(self, pin):
        pass

    def go(self, t_ms):
        self.t_ms = t_ms
        while self.events and self.events[0][0] <= t_ms:
            _, action, argument = self.events.pop(0)
            action(argument)


def sequence(seed):
    """Numbers that look like chance, the same on every interpreter."""
    while True:
        seed = (seed * 75 + 74) % 65537
        yield seed


class LoadTest(unittest.TestCase):
    def both(self, imp_per_kwh, closed=True):
        self.clock = Clock()
        self.chip = chip_load.Load(self.clock, imp_per_kwh)
        self.chip.contact(closed)
        self.load = lab_house.Load(imp_per_kwh)
        self.load.contact(closed, 0)

    def at(self, t_ms):
        self.clock.t_ms = t_ms

    def compare(self, pulses):
        now = self.clock.t_ms
        self.assertEqual(self.load.count(now), self.chip.count())
        chip, lab = self.chip.due_ms(pulses), self.load.due_ms(pulses)
        self.assertEqual(min(lab, chip_load.FAR_MS), chip)

    def test_a_kettle_makes_a_pulse_each_1200_ms(self):
        self.both(1000)
        self.load.set_watts(3000, 0)
        self.assertEqual([self.load.due_ms(k) for k in (1, 2, 10)], [1200, 2400, 12000])
        self.assertEqual([self.load.count(t) for t in (1199, 1200, 1201, 2400)], [0, 1, 1, 2])

    def test_every_pulse_comes_at_the_chips_ms_whatever_load_contact_and_constant(self):
        for imp_per_kwh in (1, 7, 100, 800, 1000, 3200, 100000):
            self.both(imp_per_kwh)
            chance = sequence(imp_per_kwh % 65537)
            for _ in range(CHANGES):
                self.at(self.clock.t_ms + next(chance) * (1 + next(chance) % 50))
                kind, value = next(chance) % 4, next(chance)
                if kind == 0:
                    self.chip.set_watts(value)
                    self.load.set_watts(value, self.clock.t_ms)
                elif kind == 1:
                    self.chip.contact(value % 2 == 1)
                    self.load.contact(value % 2 == 1, self.clock.t_ms)
                elif kind == 2:
                    self.load.read = self.load.count(self.clock.t_ms)
                    self.assertEqual(self.load.read, self.chip.read_count())
                self.compare(1 + value % 40)

    def test_the_instant_of_a_pulse_is_the_first_ms_that_counts_it(self):
        for watts in (1, 7, 999, 3000, 99999):
            self.both(3200)
            self.load.set_watts(watts, 5)
            for pulses in (1, 2, 3, 1000):
                due_ms = self.load.due_ms(pulses)
                self.assertEqual(self.load.count(due_ms), pulses)
                self.assertEqual(self.load.count(due_ms - 1), pulses - 1)

    def test_injected_pulses_are_there_at_once_and_shift_none_of_the_loads(self):
        self.both(1000)
        self.load.set_watts(3000, 0)
        self.load.inject(40)
        self.assertEqual(self.load.count(0), 40)
        self.load.read = 40
        self.assertEqual(self.load.due_ms(1), 1200)


class FingersTest(unittest.TestCase):
    def test_a_touch_bounces_as_the_silicons_key_even_when_the_next_one_comes_within_it(self):
        clock = Clock()
        key = chip_key.Key(clock, 32)
        fingers = lab_house.Fingers()
        moves = {0: True, 200: False, 202: True, 300: False, 305: True, 500: False}
        seen = []
        for t_ms in range(520):
            self.assertEqual(fingers.next_ms() <= t_ms, bool(clock.events and clock.events[0][0] <= t_ms))
            clock.go(t_ms)
            fingers.move(t_ms)
            if t_ms in moves:
                key.move(moves[t_ms])
                fingers.touch(0, moves[t_ms], t_ms)
            level = 1 - key.level(chip_key.PULL_UP)
            self.assertEqual(fingers.down, level, "at %d ms" % t_ms)
            seen.append(level)
        self.assertEqual(seen[:10], [1, 0, 1, 1, 0, 1, 1, 0, 1, 1])
        self.assertEqual(seen[-1], 0)

    def test_keys_have_their_own_bits(self):
        fingers = lab_house.Fingers()
        for bit in range(6):
            fingers.touch(bit, True, 0)
        fingers.touch(2, False, 50)
        fingers.move(100)
        self.assertEqual(fingers.down, 0b111011)


class MemoryTest(unittest.TestCase):
    def test_programming_only_clears_bits_and_erasing_sets_one_sector(self):
        memory = lab_house.Memory()
        nor = chip_nor.Nor(bytearray(b"\xff" * 4 * chip_nor.SECTOR))
        for store in (memory, nor):
            store.program(store.sector + 8, bytes([0xF0, 0x3C, 0x81]))
            store.program(store.sector + 9, bytes([0x0F]))
            store.program(2 * store.sector, bytes([0]))
        self.assertEqual(self.read(memory, 6, 6), self.read(nor, 6, 6))
        self.assertEqual(self.read(memory, 6, 6), bytes([0xFF, 0xFF, 0xF0, 0x0C, 0x81, 0xFF]))
        memory.erase(1)
        nor.erase(1)
        self.assertEqual(self.read(memory, 8, 3), b"\xff\xff\xff")
        end = bytearray(1)
        memory.read(2 * memory.sector, end)
        self.assertEqual(end[0], 0)

    def read(self, store, at, length):
        buf = bytearray(length)
        store.read(store.sector + at, buf)
        return bytes(buf)

    def test_a_read_over_the_end_of_a_sector_is_refused(self):
        memory = lab_house.Memory()
        with self.assertRaises(ValueError):
            memory.read(memory.sector - 1, bytearray(2))
        self.assertEqual(memory.size, 4 * memory.sector)


if __name__ == "__main__":
    unittest.main()
