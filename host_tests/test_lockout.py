"""DOMAIN 14: what locks code entry, what does not, and what ends it."""

import unittest

from shilling import codes, remote
from shilling.lockout import Lockout, wait_s
from support import Bench, make_code, with_check_digit

FORGED = with_check_digit("7394333345718904332")  # a good check digit and a wrong MAC


class LockOut(unittest.TestCase):
    def setUp(self):
        self.bench = Bench()
        self.lockout = self.bench.meter.lockout

    def code(self, counter, value=100):
        return make_code(self.bench.meter.config, counter, value)

    def test_the_waits(self):
        minutes = [wait_s(failures) // 60 for failures in range(13)]
        self.assertEqual(minutes, [0, 0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 512, 512])

    def test_five_wrong_macs_lock_for_ten_minutes(self):
        for _ in range(4):
            self.assertEqual(self.bench.enter(FORGED), codes.NOT_AUTHENTIC)
        self.assertEqual(self.bench.alerts(), [0x8F63] * 4)
        self.assertEqual(self.bench.enter(FORGED), codes.NOT_AUTHENTIC)
        self.assertEqual(self.bench.alerts(), [0x8F63, 0x81C4])
        self.assertEqual(self.bench.enter(self.code(1)), codes.LOCKED)
        self.assertEqual(self.bench.alerts(), [0x81C5])
        self.assertEqual(self.bench.figures(), (1000000, 0, 0))
        self.bench.wait(599)
        self.assertEqual(self.lockout.minutes_left(), 1)
        self.assertEqual(self.bench.enter(self.code(1)), codes.LOCKED)
        self.bench.wait(1)
        self.assertEqual(self.bench.enter(self.code(1)), codes.DONE)

    def test_each_further_one_locks_for_longer(self):
        for _ in range(5):
            self.bench.enter(FORGED)
        for minutes in (10, 20, 40, 80):
            self.assertEqual(self.lockout.minutes_left(), minutes)
            self.bench.wait(minutes * 60)
            self.bench.enter(FORGED)

    def test_a_wrong_form_or_a_duplicate_is_no_guess(self):
        self.assertEqual(self.bench.enter(self.code(1)), codes.DONE)
        wrong = self.code(2)
        wrong = wrong[:5] + str((int(wrong[5]) + 1) % 10) + wrong[6:]
        for _ in range(10):
            self.assertEqual(self.bench.enter(wrong), codes.WRONG_CHECK_DIGIT)
            self.assertEqual(self.bench.enter(self.code(1)), codes.DUPLICATE)
        self.assertEqual((self.lockout.failures, self.lockout.left_s), (0, 0))

    def test_the_attempt_is_recorded_before_the_mac_is_checked(self):
        self.bench.records.clear()
        self.assertEqual(self.bench.top_up.begin(bytes([int(d) for d in FORGED])), codes.CHECKING)
        self.assertEqual(self.bench.records, [codes.RECORD_ATTEMPT])
        self.assertEqual(self.lockout.failures, 1)

    def test_use_is_recorded_before_an_attempt_counts_or_is_taken_back(self):
        """RELIABILITY 3: the record of use may open a sector, and its checkpoint holds all there is."""
        known = []
        meter = self.bench.meter
        meter.journal = lambda kind, counter: known.append((kind, self.lockout.failures)) or True
        self.bench.use(1)
        self.assertEqual(self.bench.top_up.begin(bytes(map(int, self.code(1)))), codes.CHECKING)
        self.bench.use(1)
        self.assertEqual(self.bench.top_up.finish(), codes.DONE)
        self.bench.enter(FORGED)
        self.bench.use(1)
        self.assertTrue(remote.clear_lockout(meter))
        self.assertEqual(known, [
            (codes.RECORD_CHARGE, 0), (codes.RECORD_ATTEMPT, 1),
            (codes.RECORD_CHARGE, 1), (codes.RECORD_TOP_UP, 0), (codes.RECORD_ATTEMPT, 1),
            (codes.RECORD_CHARGE, 1), (codes.RECORD_ATTEMPT, 0),
        ])  # fmt: skip

    def test_an_authentic_code_lowers_the_step_by_one_and_a_duplicate_does_not(self):
        self.bench.enter(self.code(1))
        for _ in range(3):
            self.bench.enter(FORGED)
        self.bench.enter(self.code(1))
        self.assertEqual(self.lockout.failures, 3)
        self.bench.enter(self.code(2))
        self.assertEqual(self.lockout.failures, 2)

    def test_the_clock_ends_nothing_and_a_command_ends_all(self):
        for _ in range(5):
            self.bench.enter(FORGED)
        meter = self.bench.meter
        remote.set_time(meter, meter.clock.day + 1, 0)
        self.bench.meter.step(0, 0, True)
        self.assertEqual(self.lockout.minutes_left(), 10)
        self.assertTrue(remote.clear_lockout(meter))
        self.assertEqual((self.lockout.failures, self.lockout.left_s), (0, 0))

    def test_a_minute_of_waiting_is_a_record(self):
        for _ in range(5):
            self.bench.enter(FORGED)
        self.bench.records.clear()
        for _ in range(60):
            self.bench.wait(1)
        self.assertEqual(self.bench.records, [codes.RECORD_ATTEMPT])


class PoweredTime(unittest.TestCase):
    """A wait alone, in ms."""

    def setUp(self):
        self.lockout = Lockout()

    def lock(self, wrong=5):
        for _ in range(wrong):
            self.lockout.attempt()

    def test_without_a_wait_nothing_passes(self):
        self.assertFalse(self.lockout.is_locked() or self.lockout.wait(120000))
        self.assertEqual((self.lockout.left_s, self.lockout.minutes_left()), (0, 0))

    def test_parts_of_a_second_add_up(self):
        self.lock()
        for elapsed_ms, left_s in ((1500, 599), (499, 599), (1, 598), (2999, 596), (1, 595)):
            self.lockout.wait(elapsed_ms)
            self.assertEqual(self.lockout.left_s, left_s)

    def test_a_wait_taken_up_after_a_restart_begins_with_a_whole_second(self):
        self.lockout.left_s = 2
        self.assertFalse(self.lockout.wait(999))
        self.assertEqual(self.lockout.left_s, 2)
        self.assertTrue(self.lockout.wait(1001))
        self.assertFalse(self.lockout.is_locked())

    def test_a_further_attempt_begins_a_whole_wait(self):
        self.lock()
        self.lockout.wait(600999)
        self.lockout.attempt()
        self.assertEqual(self.lockout.left_s, 1200)
        self.lockout.wait(999)
        self.assertEqual(self.lockout.left_s, 1200)

    def test_each_full_minute_is_told_once_and_is_foreseen_to_the_ms(self):
        self.assertEqual(self.lockout.next_ms(77), 77)
        self.lock()
        self.lockout.wait(250)
        self.assertEqual(self.lockout.next_ms(1 << 30), 59750)
        told = 0
        while self.lockout.is_locked():
            minutes = self.lockout.minutes_left()
            ahead_ms = self.lockout.next_ms(1 << 30)
            self.assertFalse(self.lockout.wait(ahead_ms - 1))
            self.assertEqual((self.lockout.minutes_left(), self.lockout.next_ms(1 << 30)), (minutes, 1))
            self.assertTrue(self.lockout.wait(1))
            self.assertEqual(self.lockout.minutes_left(), minutes - 1)
            told += 1
        self.assertEqual(told, 10)

    def test_the_step_rises_no_further_than_the_longest_wait(self):
        self.lock(30)
        self.assertEqual(self.lockout.minutes_left(), 512)
        self.lockout.take_back(True, self.lockout.failures)
        self.assertEqual(wait_s(self.lockout.failures), 320 * 60)
        self.assertFalse(self.lockout.is_locked())


if __name__ == "__main__":
    unittest.main()
