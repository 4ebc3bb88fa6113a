"""DOMAIN 13: short and long presses, bounce, both keys at once, a key held for ever."""

import unittest

from shilling import codes, ihd
from shilling.buttons import Buttons

A, B, LONG = codes.KEY_A, codes.KEY_B, codes.LONG
EACH = (A, B, ihd.LEFT, ihd.RIGHT, ihd.OK, ihd.RETURN)


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
        self.assertEqual(play((A, 200), (0, 200)), [A])
        self.assertEqual(play((B, 1990), (0, 200)), [B])
        self.assertEqual(play((B, 2000), (0, 200)), [B | LONG])
        self.assertEqual(play((A, 3000), (0, 200)), [A | LONG])

    def test_each_key_tells_its_own_bit(self):
        for key in EACH:
            self.assertEqual(play((key, 200), (0, 200)), [key])
            self.assertEqual(play((key, 2500), (0, 200)), [key | LONG])

    def test_a_long_press_is_told_while_the_key_is_still_down(self):
        self.assertEqual(play((B, 2100)), [B | LONG])

    def test_a_touch_shorter_than_25_ms_is_no_press(self):
        self.assertEqual(play((A, 20), (0, 200)), [])

    def test_bounce_is_one_press(self):
        bounce = ((A, 5), (0, 5), (A, 10), (0, 5))
        self.assertEqual(play(*bounce, (A, 100), (0, 5), (A, 5), (0, 100)), [A])

    def test_any_two_keys_at_once_are_nobodys_press(self):
        for one in EACH:
            for other in EACH:
                if one != other:
                    self.assertEqual(play((one | other, 300), (0, 100)), [])
                    self.assertEqual(play((one, 100), (other, 100), (0, 100)), [])
        self.assertEqual(play((A | B, 300), (0, 100)), [])
        self.assertEqual(play((A, 100), (A | B, 300), (B, 100), (0, 100)), [])
        self.assertEqual(play((A, 100), (A | B, 3000), (0, 100), (B, 100), (0, 50)), [B])

    def test_a_key_held_for_ever_is_stuck_and_ignored(self):
        self.assertEqual(play((B, 60000), (0, 100)), [B | LONG, codes.STUCK])
        self.assertEqual(play((A | B, 60000), (0, 100)), [codes.STUCK])

    def test_the_wait_asked_for_is_never_too_long(self):
        """Polled only when asked, the same is told as at each 5 ms."""
        buttons = Buttons()
        told = []
        for keys, lasts_ms in ((B, 2500), (0, 200), (A, 200), (0, 300), (B, 11000), (0, 100)):
            left_ms = lasts_ms
            told.append(buttons.poll(keys, 0))
            while left_ms:
                wait_ms = min(left_ms, buttons.next_ms())
                left_ms -= wait_ms
                told.append(buttons.poll(keys, wait_ms))
        self.assertEqual([t for t in told if t], [B | LONG, A, B | LONG, codes.STUCK])

    def test_the_wait_is_until_the_key_is_believed_then_long_then_stuck(self):
        buttons = Buttons()
        asked = []
        for elapsed_ms in (0, 10, 15, 500, 1500, 3000, 5000):
            buttons.poll(A, elapsed_ms)
            asked.append(buttons.next_ms())
        self.assertEqual(asked, [25, 15, 2000, 1500, 8000, 5000, 0x0FFFFFFF])


if __name__ == "__main__":
    unittest.main()
