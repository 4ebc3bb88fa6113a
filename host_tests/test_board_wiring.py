# runs on: cpython
"""HARDWARE: the wiring table of board/README.md and board/esp32/pins.py say the same."""

import re
import unittest

import pins
from tools.interpreters import ROOT

ROW = re.compile(r"^\| ([A-Z_]+) \| (\d+) \|", re.MULTILINE)
NO_PINS = ("DISPLAY_LEFT", "DISPLAY_RIGHT", "CLOCK")  # bus addresses
FORBIDDEN = {0, 2, 5, 12, 15, 1, 3, 6, 7, 8, 9, 10, 11}
INPUTS_ONLY = range(34, 40)


class Wiring(unittest.TestCase):
    def test_table_and_pins_agree(self):
        text = (ROOT / "board/README.md").read_text(encoding="utf-8")
        table = {name: int(number) for name, number in ROW.findall(text)}
        numbers = {n: v for n, v in vars(pins).items() if n.isupper() and n not in NO_PINS}
        self.assertEqual(table, numbers)

    def test_no_pin_is_one_to_avoid_or_used_twice(self):
        numbers = [v for n, v in vars(pins).items() if n.isupper() and n not in NO_PINS]
        self.assertEqual(set(numbers) & FORBIDDEN, set())
        self.assertEqual(len(numbers), len(set(numbers)))
        for name in (
            "RELAY_SET",
            "RELAY_RESET",
            "BUZZER",
            "SUPPLY_LED",
            "TEST_LED",
            "KEY_A",
            "KEY_B",
        ):
            self.assertNotIn(getattr(pins, name), INPUTS_ONLY)


if __name__ == "__main__":
    unittest.main()
