"""Fingers that scenarios cannot write: both keys at once, and one before the other.

The whole firmware runs on the simulated silicon. Source: DOMAIN 13. Runs on every interpreter.
"""

import unittest

import boot
import world
from shilling.provision import provision

DAY = 9820  # 2026-11-20
MORNING_S = 11 * 3600


class BothKeys(unittest.TestCase):
    def play(self, script):
        """Run script(world, look); look() is what can be observed."""
        w = world.World(DAY, MORNING_S)
        provision(
            boot.store(w),
            {"day": DAY, "second": MORNING_S, "balance_mp": 100000},
        )
        start = boot.starter(w, ".")
        w.run(start, script(w, lambda: start.globals()["meter"].observe()))

    def press(self, w, keys, down_ms):
        """Press the keys together and release them together."""
        for key in keys:
            w.press(key)
        yield down_ms
        for key in keys:
            w.release(key)
        yield 500

    def to_code(self, w):
        """Wake it, pass the offer by, and open the code screen."""
        for key in "AAAB":
            yield from self.press(w, key, 200)
            yield 1500

    def test_two_keys_are_nobodys_press(self):
        seen = []

        def script(w, look):
            yield from self.press(w, "AB", 200)
            seen.append(look()["screen"])
            yield from self.to_code(w)
            seen.append(look()["screen"])
            yield from self.press(w, "AB", 200)
            yield from self.press(w, "BA", 3000)
            seen.append(look()["screen"])

        self.play(script)
        # Asleep it does not wake; in the code no digit moves, none is taken and nothing is sent
        self.assertEqual(seen, ["Credit £1.00 LOW", "Code 1 0", "Code 1 0"])

    def test_the_second_key_spoils_the_first_until_both_are_up(self):
        seen = []

        def script(w, look):
            yield from self.to_code(w)
            w.press("B")
            yield 500
            w.press("A")
            yield 3000
            w.release("A")
            yield 3000
            w.release("B")
            yield 500
            seen.append(look()["screen"])
            yield from self.press(w, "A", 200)
            seen.append(look()["screen"])

        self.play(script)
        self.assertEqual(seen, ["Code 1 0", "Code 1 1"])

    def test_two_keys_accept_no_emergency_credit(self):
        seen = []

        def script(w, look):
            for key in "AA":
                yield from self.press(w, key, 200)
                yield 1500
            seen.append(look()["screen"])
            yield from self.press(w, "AB", 200)
            seen.append(look()["emergency"]["state"])

        self.play(script)
        self.assertEqual(seen, ["Accept EmCr", "offered"])

    def test_a_contact_that_bounces_is_pressed_once(self):
        seen = []

        def script(w, look):
            yield from self.to_code(w)
            for _ in range(7):
                w.press("A")
                yield 60
                w.release("A")
                yield 60
            seen.append(look()["screen"])

        self.play(script)
        self.assertEqual(seen, ["Code 1 7"])
