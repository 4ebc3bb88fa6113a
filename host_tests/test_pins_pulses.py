"""The relay at work through wires.STARTS interruptions, many of them in the middle of a pulse: one coil at a
time, pulses of 80 to 120 ms, at least 60 s from one to the next, and the contact as the store says."""
# runs on: cpython


import unittest

import boot
import wires
import world
from shilling import codes
from shilling.provision import provision
from support import Random
from test_pins_starts import COILS, DAY, ROOT, SECOND, settings

INTERRUPTIONS = wires.STARTS
LIVES = 5
SHORTEST_MS, LONGEST_MS = 80, 120
APART_MS = 60000
MOST_A_DAY = 15


class Life:
    """A person and a head-end who want the supply off and on again, and a mains that fails."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.w = world.World(DAY, SECOND)
        provision(boot.store(self.w), settings(100000000))
        self.scope = wires.Scope(self.w, COILS)
        self.start = boot.starter(self.w, ROOT)
        self.disagreed = []

    def live(self, interruptions):
        self.w.run(self.start, self._script(interruptions))
        return self.scope

    def _end(self):
        kind = wires.ENDS[self.random.below(4)]
        off_ms = 1 + self.random.below(50) if kind == "brown-out" else self.random.below(100000)
        return wires.ended(kind, off_ms)

    def _script(self, interruptions):
        random, scope = self.random, self.scope
        while scope.starts < interruptions:
            yield from self._want()
            before = scope.starts
            if random.below(3):  # in the next pulse, or just after it
                seen = len(scope.pulses)
                while len(scope.pulses) == seen and scope.starts == before:
                    scope.next_pulse = (random.below(130), self._end())
                    yield 5000
                    if random.below(20) == 0:
                        break
                scope.next_pulse = None
            else:
                scope.end_after(random.below(90000), self._end())
            while scope.starts == before and random.below(10):
                yield 10000
            if random.below(4) == 0:
                yield from self._settle()
            if self._meter().supply.operations > MOST_A_DAY:  # it would not close again today
                yield 86400000
        yield from self._settle()

    def _want(self):
        """Off, or on again by the person's B."""
        state = self._meter().supply.state
        if state == codes.ENABLED:
            self._command("disable")
        elif state == codes.ARMED:
            self.w.press("B")
            yield 200
            self.w.release("B")
        else:
            self._command("arm")
        yield 1000

    def _command(self, name):
        self.start.globals()["meter"].command(name, None)

    def _settle(self):
        """Three minutes of quiet: then contact and store agree."""
        begin = self.scope.starts
        while self.w.t_ms < 3 * APART_MS:
            yield 1000
        yield 3 * APART_MS
        supply = self._meter().supply
        if self.scope.starts == begin and self.w.contact_closed != (supply.closed == 1):
            self.disagreed.append(self.w.t_ms)

    def _meter(self):
        return self.start.globals()["meter"].meter


class PulsesTest(unittest.TestCase):
    def test_one_coil_80_to_120_ms_a_minute_apart_whatever_interrupts(self):
        interruptions = cut = 0
        for seed in range(LIVES):
            life = Life(seed + 1)
            scope = life.live(INTERRUPTIONS // LIVES)
            interruptions += scope.starts
            self.assertEqual((scope.both_high, life.disagreed), (0, []))
            last_ms = -APART_MS
            for pulse in scope.pulses:
                length_ms = pulse.end_ms - pulse.start_ms
                cut += pulse.cut
                self.assertTrue(length_ms <= LONGEST_MS, pulse)
                self.assertTrue(length_ms >= SHORTEST_MS or pulse.cut, pulse)
                self.assertTrue(pulse.start_ms - last_ms >= APART_MS, (seed, last_ms, pulse))
                last_ms = pulse.start_ms
        self.assertTrue(interruptions >= INTERRUPTIONS)
        self.assertTrue(cut >= INTERRUPTIONS // 20, cut)  # or nothing was tried

    def test_a_relay_that_browns_the_board_out_is_not_told_each_second(self):
        """The contact disagrees, and each pulse ends in a reset before it can do anything."""
        for end in ("brown-out", "watchdog"):
            w = world.World(DAY, SECOND, closed=False)
            provision(boot.store(w), settings(100000000))
            scope = wires.Scope(w, COILS)
            scope.each_pulse = (5, wires.ended(end, 30))
            w.run(boot.starter(w, ROOT), iter([1000] * 1800))
            starts_ms = [pulse.start_ms for pulse in scope.pulses]
            self.assertTrue(len(starts_ms) > 3, starts_ms)
            for i in range(1, len(starts_ms)):
                self.assertTrue(starts_ms[i] - starts_ms[i - 1] >= APART_MS, starts_ms[: i + 1])


if __name__ == "__main__":
    unittest.main()
