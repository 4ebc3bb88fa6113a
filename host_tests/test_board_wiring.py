"""HARDWARE: the firmware's pins and those of the bench, written twice, are the same and can be used."""

import unittest

import board_file
import parts
import pins
import pins_c3
import wiring
from shilling import codes, ihd

ADDRESSES = ("DISPLAY_LEFT", "DISPLAY_RIGHT", "DISPLAY_THIRD", "CLOCK")
TABLES = ((pins, wiring.ESP32), (pins_c3, wiring.ESP32C3))


class Wiring(unittest.TestCase):
    def test_pins_are_those_of_the_bench(self):
        for own, bench in TABLES:
            for signal in bench:
                self.assertEqual(getattr(own, signal), bench[signal], signal)
            for signal in board_file.SIGNALS:
                self.assertIn(signal, bench)

    def test_addresses_are_those_of_the_bench(self):
        for own, _ in TABLES:
            found = tuple(getattr(own, name) for name in ADDRESSES)
            self.assertEqual(found, wiring.DISPLAYS["ht16k33-12"] + (wiring.CLOCK,))

    def test_no_default_pin_is_one_to_avoid_or_used_twice(self):
        for chip in ("esp32", "esp32c3"):
            for relay in ("latching", "plain"):
                text = '{"chip": "%s", "relay": "%s"}' % (chip, relay)
                self.assertEqual(board_file.parts_of(text, "").chip, chip)

    def test_what_the_chips_pins_can_do_is_known_twice(self):
        for chip in (parts.ESP32, parts.C3):
            known = wiring.CHIPS[chip]
            self.assertEqual(board_file.PINS[chip], known["pins"])
            taken = [pin for group, _ in board_file.TAKEN[chip] for pin in group]
            serial = () if chip == parts.C3 else known["serial"]
            self.assertEqual(sorted(taken), sorted(known["strapping"] + known["flash"] + serial))
        self.assertEqual(board_file.C3_SERIAL, wiring.CHIPS[parts.C3]["serial"])
        self.assertEqual(tuple(board_file.INPUTS_ONLY), wiring.CHIPS[parts.ESP32]["inputs"])

    def test_keys_have_pull_ups_inside_and_the_order_of_their_bits(self):
        bits = [codes.KEY_A, codes.KEY_B, ihd.LEFT, ihd.RIGHT, ihd.OK, ihd.RETURN]
        self.assertEqual(bits, [1, 2, 4, 8, 16, 32])
        names = [name[4:].lower() for name in board_file.KEY_NAMES]
        self.assertEqual(names, [name.lower() for name in wiring.KEY_NAMES])


if __name__ == "__main__":
    unittest.main()
