"""Every kind of board comes up and works; one with nothing attached comes up too and says so."""

import unittest

import boot
import virtual_time
from variants import ALL, bench, parts, start

MINUTE_MS = 60000


class Each(unittest.TestCase):
    def test_it_starts_without_complaint_and_moves_nothing(self):
        for given in ALL:
            w, board = start(given)
            notes = ["Pulses by IRQ"] if given.get("chip") == "esp32c3" else []
            self.assertEqual(board.notes, notes)
            self.assertEqual((w.relay_operations, w.coil_faults), (0, 0))
            self.assertEqual(w.risky_pins, set())
            self.assertFalse(w.buzzer or w.supply_led or w.test_led)

    def test_keys_relay_pulses_and_display_work(self):
        for given in ALL:
            with self.subTest(given=given):
                w, board = start(given)
                self.works(w, board)

    def works(self, w, board):
        for bit, key in enumerate(("A", "B")):
            w.press(key)
            virtual_time.sleep_ms(8)
            self.assertEqual(board.keys(), 1 << bit)
            w.release(key)
            virtual_time.sleep_ms(8)
        for closed in (False, True, False, True):
            board.relay(closed)
            virtual_time.sleep_ms(1000)
            told = int(closed) if w.pins["FEEDBACK"] is not None else -1
            self.assertEqual((w.contact_closed, board.contact()), (closed, told))
        self.assertEqual(w.coil_faults, 0)
        w.set_load(3600)
        virtual_time.sleep_ms(3500)
        self.assertEqual(board.pulses(), 3)
        board.buzz(True)
        board.led(True)
        self.assertEqual(w.buzzer, w.pins["BUZZER"] is not None)
        self.assertEqual(w.supply_led, w.pins["SUPPLY_LED"] is not None)
        self.assertTrue(board.show("-1.20 2"))
        self.assertEqual(w.text(), "-1.20 2")

    def test_pins_of_ones_own_are_used(self):
        pins = {
            "SDA": 16, "SCL": 17, "KEYS": [13, 14], "RELAY_SET": 32, "RELAY_RESET": 33,
            "FEEDBACK": 36, "PULSE": 39, "BUZZER": None, "SUPPLY_LED": None, "TEST_LED": 4,
        }  # fmt: skip
        w, board = start({"pins": pins})
        self.assertEqual(board.notes, [])
        self.works(w, board)

    def test_a_plain_relay_lets_go_in_a_reset_and_a_latching_one_remembers(self):
        for given, remembers in (({}, True), ({"relay": "plain"}, False)):
            w, board = start(given)
            self.assertEqual(board.remembers, remembers)
            virtual_time.sleep_ms(1000)
            board.relay(True)
            virtual_time.sleep_ms(1000)
            w.reset_pins()
            virtual_time.sleep_ms(100)
            self.assertEqual(w.contact_closed, remembers)

    def test_the_pulse_of_a_coil_is_as_long_as_the_file_says(self):
        w, board = start({"pulse_ms": 60})
        virtual_time.sleep_ms(1000)
        began = w.t_ms
        board.relay(False)
        self.assertEqual((w.t_ms - began, w.contact_closed), (60, False))

    def test_the_lab_port_is_off_unless_the_file_says(self):
        self.assertFalse(start({})[1].lab)
        self.assertTrue(start({"lab": True})[1].lab)


class Bare(unittest.TestCase):
    """An emulated chip: nothing on I2C, every input reads 0, no pulse counter."""

    def test_every_kind_comes_up_at_once_and_says_what_is_missing(self):
        for given in ALL:
            w = bench(given, bare=True, counter=False)
            board = boot.board_class()(parts(given))
            # joining a network is the radio's: 200 ms of starting it
            self.assertTrue(w.t_ms <= (0 if given.get("clock") != "ntp" else 200))
            self.assertIn("Pulses by IRQ", board.notes)
            if given.get("display") != "max7219":
                self.assertIn("No display 1", board.notes)
                self.assertIn("No display 2", board.notes)
                self.assertIn("SCL low", board.notes)
            self.assertEqual("No clock" in board.notes, given.get("clock") != "ntp")
            self.assertEqual((w.relay_operations, w.coil_faults), (0, 0))

    def test_its_polls_cost_nothing_and_tell_nothing_that_is_not_so(self):
        w = bench({}, bare=True, counter=False)
        board = boot.board_class()(parts({}))
        for _ in range(600):
            before = w.t_ms
            board.elapsed_ms()
            self.assertEqual(board.pulses(), 0)
            self.assertFalse(board.show("at %d" % w.t_ms))
            self.assertEqual((board.rtc_read(), board.contact()), (2, 0))
            self.assertFalse(board.rtc_set(9820, 0))
            self.assertEqual(w.t_ms, before)
            virtual_time.sleep_ms(1000)
        self.assertEqual(board.keys(), 63)  # down, for ever: the shell finds them stuck

    def test_it_works_when_the_parts_come_later(self):
        w = bench({}, bare=False)
        for line in ("SDA", "SCL"):
            w.hold_line(line)
        board = boot.board_class()(parts({}))
        for line in ("SDA", "SCL"):
            w.free_line(line)
        virtual_time.sleep_ms(30000)
        board.elapsed_ms()
        self.assertEqual((board.show("here"), w.text(), board.rtc_read()), (True, "here", 0))
        self.assertEqual(board.notes, [])


if __name__ == "__main__":
    unittest.main()
