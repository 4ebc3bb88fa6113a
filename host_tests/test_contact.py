"""S9, HARDWARE (relay feedback): what is a relay fault, when the relay is told again, rest after a start."""

import unittest

import boot
import world
from shilling import contact
from shilling.clock import Clock
from shilling.contact import Contact
from shilling.provision import provision
from shilling.supply import Supply

OPEN, CLOSED, NONE = 0, 1, -1
DAY, NOON = 9820, 43200  # 2026-11-20


def watched(unit, closed, feedback, seconds, pulses=0):
    """-> how often a fault began in so many seconds of one poll each."""
    return sum([unit.watch(1000, closed, feedback, pulses) for _ in range(seconds)])


def ordered():
    unit = Contact()
    unit.order()
    unit.tell()
    return unit


class Faults(unittest.TestCase):
    def test_a_contact_that_follows_is_none(self):
        for closed in (OPEN, CLOSED):
            unit = ordered()
            self.assertEqual(watched(unit, closed, closed, 100), 0)
            self.assertFalse(unit.fault or unit.wants_repeat() or unit.is_pending())

    def test_feedback_that_disagrees_for_10_s_is_one_and_told_once(self):
        for closed in (OPEN, CLOSED):
            unit = ordered()
            self.assertEqual(watched(unit, closed, 1 - closed, 9), 0)
            self.assertEqual(unit.next_ms(0), 1000)
            self.assertEqual(watched(unit, closed, 1 - closed, 1), 1)
            self.assertEqual(watched(unit, closed, 1 - closed, 100), 0)
            self.assertTrue(unit.fault)

    def test_ten_seconds_without_a_break(self):
        unit = ordered()
        for _ in range(5):
            self.assertEqual(watched(unit, OPEN, CLOSED, 9), 0)
            self.assertEqual(watched(unit, OPEN, OPEN, 1), 0)

    def test_it_is_over_when_the_feedback_agrees_again(self):
        unit = ordered()
        watched(unit, OPEN, CLOSED, 10)
        watched(unit, OPEN, OPEN, 1)
        self.assertFalse(unit.fault)

    def test_energy_through_an_open_contact_is_one_10_s_after_the_order(self):
        for feedback in (NONE, OPEN):
            unit = ordered()
            self.assertEqual(watched(unit, OPEN, feedback, 9, pulses=1), 0)
            self.assertEqual(watched(unit, OPEN, feedback, 1, pulses=1), 1)
            self.assertEqual(watched(unit, OPEN, feedback, 100), 0)
            self.assertTrue(unit.fault)  # until the next order: the feedback cannot be believed

    def test_energy_through_a_closed_one_is_none(self):
        unit = ordered()
        self.assertEqual(watched(unit, CLOSED, NONE, 100, pulses=3), 0)

    def test_an_order_ends_it(self):
        unit = ordered()
        watched(unit, OPEN, NONE, 10, pulses=1)
        unit.order()
        unit.tell()
        self.assertFalse(unit.fault)
        self.assertEqual(watched(unit, CLOSED, NONE, 100, pulses=1), 0)


class Repeats(unittest.TestCase):
    def test_after_a_start_only_for_a_contact_that_disagrees_or_that_nobody_sees(self):
        for closed in (OPEN, CLOSED):
            for feedback, wanted in ((closed, False), (1 - closed, True), (NONE, True)):
                unit = Contact()
                watched(unit, closed, feedback, 1)
                self.assertEqual(unit.wants_repeat(), wanted)

    def test_a_start_is_no_fault_before_the_relay_was_told_again(self):
        unit = Contact()
        self.assertEqual(watched(unit, OPEN, CLOSED, 59), 0)
        unit.tell()
        self.assertEqual(watched(unit, OPEN, CLOSED, 20), 1)

    def test_without_feedback_once(self):
        unit = Contact()
        watched(unit, CLOSED, NONE, 1)
        unit.tell()
        watched(unit, CLOSED, NONE, 100)
        self.assertFalse(unit.wants_repeat())

    def test_after_an_order_only_for_a_fault_and_three_times_with_it(self):
        unit = ordered()
        watched(unit, OPEN, CLOSED, 9)
        self.assertFalse(unit.wants_repeat())
        repeats = 0
        for _ in range(100):
            watched(unit, OPEN, CLOSED, 10)
            if unit.wants_repeat():
                unit.tell()
                repeats += 1
        self.assertEqual(repeats, 3)


class Rest(unittest.TestCase):
    def rest(self, day, second, operated=DAY, trusted=True):
        clock, supply = Clock(), Supply()
        clock.set(DAY, NOON)
        clock.day, clock.ms = day, second * 1000
        if not trusted:
            clock = Clock()
            clock.day = day
        supply.operations_day = operated
        return contact.rest_ms(supply, clock)

    def test_S9_what_is_left_of_a_minute_since_the_last_record(self):
        # of two whole seconds nobody knows the rest: one less may have passed
        for second, left_ms in ((0, 60000), (1, 60000), (2, 59000), (60, 1000), (61, 0), (3600, 0)):
            self.assertEqual(self.rest(DAY, NOON + second), left_ms)
        self.assertEqual(self.rest(DAY + 1, 0), 0)
        self.assertEqual(self.rest(DAY + 400, NOON), 0)

    def test_S9_a_whole_one_where_nobody_knows_the_time(self):
        self.assertEqual(self.rest(DAY, NOON + 3600, trusted=False), 60000)

    def test_S9_none_where_the_relay_has_not_moved_for_days(self):
        self.assertEqual(self.rest(DAY, NOON, operated=DAY - 2), 0)
        self.assertEqual(self.rest(DAY, NOON, operated=DAY - 1), 60000)


class Start(unittest.TestCase):
    """The whole meter on the virtual board."""

    def played(self, script, closed=True, garbled=None):
        silicon = world.World(DAY, NOON, closed=closed)
        silicon.rtc_garble(garbled)
        provision(boot.store(silicon), {"day": DAY, "second": NOON, "balance_mp": 1000000})
        start = boot.starter(silicon, ".")
        silicon.run(start, script(silicon, lambda: start.globals()["meter"]))

    def test_S9_a_contact_that_disagrees_is_told_once_and_after_a_start_at_once_only_if_it_rested(self):
        seen = []

        def script(silicon, meter):
            yield 2000
            seen.append((silicon.contact_closed, silicon.relay_operations))

        self.played(script, closed=False)
        self.assertEqual(seen, [(True, 1)])  # it has never moved, as far as the records know

    def test_S9_two_operations_are_a_minute_apart_whatever_the_mains_do(self):
        moved_ms = []

        def script(silicon, meter):
            operate = silicon.relay_operations
            for turn in range(60):
                meter().command("arm" if turn % 2 else "disable", None)
                yield 20
                silicon.press("B")
                yield 100
                silicon.release("B")
                for _ in range(turn * 10):
                    if silicon.relay_operations != operate:
                        operate = silicon.relay_operations
                        moved_ms.append(silicon.t_ms)
                    yield 200
                silicon.cut_power(100 * turn)
                yield 1
            yield 0

        self.played(script)
        self.assertTrue(len(moved_ms) > 10)
        for before, after in zip(moved_ms, moved_ms[1:]):
            self.assertTrue(after - before >= 59800, (before, after))  # each is seen up to 200 ms late

    def test_S9_a_minute_apart_too_when_nobody_knew_the_time_of_the_first(self):
        moved_ms = []

        def script(silicon, meter):
            yield 3600000  # by its own clock, which nobody trusts
            meter().command("disable", None)
            yield 200
            self.assertEqual((silicon.relay_operations, meter().observe()["clock"]), (1, "invalid"))
            moved_ms.append(silicon.t_ms)
            silicon.rtc_garble()
            silicon.cut_power(5000)
            yield 2000
            self.assertEqual(meter().observe()["clock"], "valid")
            meter().command("arm", None)
            yield 2000
            silicon.press("B")
            yield 100
            silicon.release("B")
            while silicon.relay_operations == 1:
                yield 200
            moved_ms.append(silicon.t_ms)

        self.played(script, garbled={2: 0xFF})
        self.assertTrue(59800 <= moved_ms[1] - moved_ms[0] < 80000, moved_ms)


if __name__ == "__main__":
    unittest.main()
