"""DOMAIN 13: short and long presses, bounce, both keys at once, a key held for ever."""

import unittest

from shilling import codes
from shilling.buttons import Buttons

A, B = codes.KEY_A, codes.KEY_B


def play(*moves):
    """Presses told while each (keys, ms) lasts, sampled each 5 ms."""
    buttons = Buttons()
    told = []
    for keys, lasts_ms in moves:
        for _ in range(lasts_ms // 5):
            press = buttons.poll(keys, 5)
            if press:
                told.append(press)
    return told


class Presses(unittest.TestCase):
    def test_short_until_two_seconds_and_long_from_there(self):
        self.assertEqual(play((A, 200), (0, 200)), [codes.SHORT_A])
        self.assertEqual(play((B, 1990), (0, 200)), [codes.SHORT_B])
        self.assertEqual(play((B, 2000), (0, 200)), [codes.LONG_B])
        self.assertEqual(play((A, 3000), (0, 200)), [codes.LONG_A])

    def test_a_long_press_is_told_while_the_key_is_still_down(self):
        self.assertEqual(play((B, 2100)), [codes.LONG_B])

    def test_a_touch_shorter_than_25_ms_is_no_press(self):
        self.assertEqual(play((A, 20), (0, 200)), [])

    def test_bounce_is_one_press(self):
        bounce = ((A, 5), (0, 5), (A, 10), (0, 5))
        self.assertEqual(play(*bounce, (A, 100), (0, 5), (A, 5), (0, 100)), [codes.SHORT_A])

    def test_both_keys_at_once_are_nobodys_press(self):
        self.assertEqual(play((A | B, 300), (0, 100)), [])
        self.assertEqual(play((A, 100), (A | B, 300), (B, 100), (0, 100)), [])
        self.assertEqual(play((A, 100), (A | B, 3000), (0, 100), (B, 100), (0, 50)), [codes.SHORT_B])

    def test_a_key_held_for_ever_is_stuck_and_ignored(self):
        self.assertEqual(play((B, 60000), (0, 100)), [codes.LONG_B, codes.STUCK])
        self.assertEqual(play((A | B, 60000), (0, 100)), [codes.STUCK])

    def test_the_wait_asked_for_is_never_too_long(self):
        """Polled only when asked, the same is told as at each 5 ms."""
        buttons = Buttons()
        told = []
        for keys, lasts_ms in ((B, 2500), (0, 200), (A, 200), (0, 300)):
            left_ms = lasts_ms
            told.append(buttons.poll(keys, 0))
            while left_ms:
                wait_ms = min(left_ms, buttons.next_ms())
                left_ms -= wait_ms
                told.append(buttons.poll(keys, wait_ms))
        self.assertEqual([t for t in told if t], [codes.LONG_B, codes.SHORT_A])


if __name__ == "__main__":
    unittest.main()
