# runs on: cpython
"""HARDWARE: the wiring table of board/README.md and board/esp32/pins.py say the same."""

import re
import unittest

import bench
import pins
from shilling import codes, ihd
from tools.interpreters import ROOT

ROW = re.compile(r"^\| ([A-Z_]+) \| (\d+) \|", re.MULTILINE)
NO_PINS = ("DISPLAY_LEFT", "DISPLAY_RIGHT", "CLOCK", "KEYS")  # bus addresses, and six pins in one
KEYS = ("KEY_A", "KEY_B", "KEY_LEFT", "KEY_RIGHT", "KEY_OK", "KEY_RETURN")
FORBIDDEN = {0, 2, 5, 12, 15, 1, 3, 6, 7, 8, 9, 10, 11}
INPUTS_ONLY = range(34, 40)


def numbers():
    """{name: GPIO} of pins.py."""
    found = {n: v for n, v in vars(pins).items() if n.isupper() and n not in NO_PINS}
    found.update(zip(KEYS, pins.KEYS, strict=True))
    return found


class Wiring(unittest.TestCase):
    def test_table_and_pins_agree(self):
        text = (ROOT / "board/README.md").read_text(encoding="utf-8")
        table = {name: int(number) for name, number in ROW.findall(text)}
        self.assertEqual(table, numbers())

    def test_no_pin_is_one_to_avoid_or_used_twice(self):
        used = list(numbers().values())
        self.assertEqual(set(used) & FORBIDDEN, set())
        self.assertEqual(len(used), len(set(used)))
        for name in (
            "RELAY_SET",
            "RELAY_RESET",
            "BUZZER",
            "SUPPLY_LED",
            "TEST_LED",
        ):
            self.assertNotIn(getattr(pins, name), INPUTS_ONLY)

    def test_keys_have_pull_ups_inside_and_the_order_of_their_bits(self):
        bits = [codes.KEY_A, codes.KEY_B, ihd.LEFT, ihd.RIGHT, ihd.OK, ihd.RETURN]
        self.assertEqual(bits, [1, 2, 4, 8, 16, 32])
        self.assertEqual([pin for _, pin in bench.KEY_PINS], list(pins.KEYS))
        self.assertEqual(set(pins.KEYS) & set(INPUTS_ONLY), set())


if __name__ == "__main__":
    unittest.main()
