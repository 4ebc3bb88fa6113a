"""DOMAIN 14: what locks code entry, what does not, and what ends it."""

import unittest

from shilling import codes, commands
from shilling.lockout import wait_s
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
        commands.set_time(meter, meter.clock.day + 1, 0)
        self.bench.meter.step(0, 0, True)
        self.assertEqual(self.lockout.minutes_left(), 10)
        self.assertTrue(commands.clear_lockout(meter))
        self.assertEqual((self.lockout.failures, self.lockout.left_s), (0, 0))

    def test_a_minute_of_waiting_is_a_record(self):
        for _ in range(5):
            self.bench.enter(FORGED)
        self.bench.records.clear()
        for _ in range(60):
            self.bench.wait(1)
        self.assertEqual(self.bench.records, [codes.RECORD_ATTEMPT])


if __name__ == "__main__":
    unittest.main()
