# runs on: cpython
"""The composition root: the oldest MicroPython it starts on, the marks, what an interrupt leaves behind."""

import sys
import types
import unittest

import machine

import boot
import world

boot.board_class()

import start  # noqa: E402  after the board has the world's time


class Starting(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9820, 43200)
        self.addCleanup(setattr, sys, "implementation", sys.implementation)

    def version(self, *numbers):
        sys.implementation = types.SimpleNamespace(name="micropython", version=numbers, _machine="")

    def test_a_micropython_before_1_25_is_refused_in_one_sentence(self):
        self.version(1, 24, 1, "")
        with self.assertRaises(RuntimeError) as caught:
            start.meter()
        self.assertEqual(str(caught.exception), "MicroPython 1.25 or newer is needed; this is 1.24")

    def test_from_1_25_on_it_starts(self):
        for numbers in ((1, 25, 0, ""), (1, 29, 0, ""), (2, 0, 0, "")):
            self.version(*numbers)
            self.assertTrue(start.meter().meter.halted)  # nobody has set it up

    def test_development_is_marked_and_production_is_not(self):
        for mark, notes in ((1, ["DEV"]), (0, [])):
            app = start.meter(mark)
            self.assertEqual((app.board.mark, app.board.notes), (mark, notes))
            self.w.sleep(10)
            app.poll()
            self.assertEqual(self.w.marked(), mark == 1)

    def test_a_folder_in_the_place_of_the_settings_is_noted_and_the_meter_goes_on(self):
        kept, start.SETTINGS = start.SETTINGS, "host_tests"
        self.addCleanup(setattr, start, "SETTINGS", kept)
        app = start.meter()
        self.assertEqual(app.board.notes, ["DEV", "settings.json stays"])
        app.poll()

    def test_who_interrupts_it_gets_an_hour_from_the_watchdog(self):
        given = []
        app = types.SimpleNamespace(run=self.interrupted, board=types.SimpleNamespace(lab=False))
        kept, machine.WDT = machine.WDT, lambda timeout: given.append(timeout)
        self.addCleanup(setattr, machine, "WDT", kept)
        with self.assertRaises(KeyboardInterrupt):
            start.run(app)
        self.assertEqual(given, [3600000])

    def test_who_interrupts_a_test_of_the_lab_port_ends_it(self):
        ended = []
        board = types.SimpleNamespace(lab=True, end=lambda: ended.append(1))
        kept, machine.WDT = machine.WDT, lambda timeout: None
        self.addCleanup(setattr, machine, "WDT", kept)
        with self.assertRaises(KeyboardInterrupt):
            start.run(types.SimpleNamespace(run=self.interrupted, board=board))
        self.assertEqual(ended, [1])

    def interrupted(self):
        raise KeyboardInterrupt


if __name__ == "__main__":
    unittest.main()
