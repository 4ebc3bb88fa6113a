"""The same starts on the other boards: an ESP32-C3, a plain relay, no feedback; whose pins are
told what the store says, and nothing else."""
# runs on: cpython


import unittest

import boot
import variants
import wires
from shilling import codes
from shilling.app import App
from shilling.provision import provision
from test_pins_pulses import APART_MS, LONGEST_MS, SHORTEST_MS
from test_pins_starts import cut_starts, settings

STARTS = wires.STARTS
IN_CREDIT = 10000000


class Start:
    """Switches a meter with the parts of a board.json on, as main.py does with the default ones."""

    def __init__(self, given):
        self.given = given
        self.app = None

    def __call__(self):
        self.app = App(boot.board_class()(variants.parts(self.given)))
        self.app.run()


def meter(given, balance_mp, **more):
    w = variants.bench(given, **more)
    provision(boot.store(w), settings(balance_mp))
    return w, Start(given)


class VariantsTest(unittest.TestCase):
    def test_an_esp32c3_moves_no_coil_at_a_start(self):
        for given in ({"chip": "esp32c3"}, {"chip": "esp32c3", "display": "ht16k33-12"}):
            w, start = meter(given, IN_CREDIT)
            scope = cut_starts(w, start, (4, 5), 5, STARTS // 4)
            self.assertEqual((scope.pulses, w.contact_closed), ([], True))

    def test_a_max7219_board_moves_no_coil_at_a_start(self):
        w, start = meter({"display": "max7219"}, IN_CREDIT)
        scope = cut_starts(w, start, (25, 26), 6, STARTS // 4)
        self.assertEqual((scope.pulses, w.contact_closed), ([], True))

    def test_a_plain_relay_stays_open_at_each_start_of_a_meter_without_credit(self):
        given = {"relay": "plain"}
        w, start = meter(given, 0)
        w.run(start, iter((61000, 61000)))  # it opens
        self.assertEqual(start.app.meter.supply.state, codes.DISABLED)
        scope = cut_starts(w, start, (25,), 7, STARTS // 8)
        self.assertEqual((scope.pulses, w.contact_closed), ([], False))

    def test_a_plain_relay_closes_once_a_start_of_a_meter_in_credit(self):
        w, start = meter({"relay": "plain"}, IN_CREDIT)
        scope = cut_starts(w, start, (25,), 8, STARTS // 8)
        self.assertLessEqual(len(scope.pulses), scope.starts + 1)
        self.assertGreater(len(scope.pulses), scope.starts // 8)
        self.assertTrue(w.contact_closed)
        for pulse in scope.pulses[:-1]:
            self.assertTrue(pulse.cut, pulse)  # only the end of a life lets go of it

    def test_without_feedback_a_latching_relay_is_told_its_own_position_a_minute_apart(self):
        w, start = meter({"feedback": False}, IN_CREDIT)
        scope = cut_starts(w, start, (25, 26), 9, STARTS // 4)
        last_ms = -APART_MS
        for pulse in scope.pulses:
            self.assertEqual(pulse.pin, 25)  # the coil that closes, as the store says
            self.assertGreaterEqual(pulse.start_ms - last_ms, APART_MS)
            length_ms = pulse.end_ms - pulse.start_ms
            self.assertTrue(SHORTEST_MS <= length_ms <= LONGEST_MS or pulse.cut, pulse)
            last_ms = pulse.start_ms
        self.assertEqual(scope.both_high, 0)


if __name__ == "__main__":
    unittest.main()
