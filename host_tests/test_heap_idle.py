# runs on: micropython, wasm
"""RELIABILITY 4: keys held, screens that wait and steps of power take nothing from the heap."""

import unittest

import micropython

from shilling import codes, ihd
from shilling.buttons import Buttons
from shilling.config import Config
from shilling.energy import Energy, Power
from shilling.menu import Menu


def locked(action):
    micropython.heap_lock()
    try:
        action()
    finally:
        micropython.heap_unlock()


class Idle(unittest.TestCase):
    def test_steps_of_an_unsteady_load(self):
        power = Power(Energy(Config()))
        power.take(0, 60000, False)
        power.take(1, 5, True)  # the first pulse of all tells what one is worth

        def measure():
            for turn in range(40):
                for _ in range(8):
                    power.take(1, 1000 + turn * 37 % 200, True)
                power.take(0, 30000, False)
            power.take(0, 300000, False)

        locked(measure)
        self.assertTrue(power.steps >= 39, power.steps)

    def test_keys_and_menu(self):
        buttons = Buttons()
        menu = Menu(Config())
        menu.awake = True
        menu.go(codes.SCREEN_USAGE)
        told = bytearray(1)

        def hold():
            for _ in range(100):
                told[0] |= buttons.poll(ihd.RETURN, 5)
                menu.wait(5)
                buttons.next_ms()
                menu.next_ms()
            for _ in range(10):
                told[0] |= buttons.poll(0, 5)

        locked(hold)
        self.assertEqual(told[0], ihd.RETURN)


if __name__ == "__main__":
    unittest.main()
