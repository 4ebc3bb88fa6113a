"""What power cuts, resets and the watchdog do to a firmware in the simulated world."""

import unittest

import machine

import virtual_time
import world
from poller import Firmware, instants


class OutageTest(unittest.TestCase):
    def play(self, script, **how):
        w = world.World(9000, 86400 - 10)
        firmware = Firmware(w, **how)
        w.run(firmware, script(w))
        return w, firmware

    def test_a_power_cut_takes_its_time_and_boots_again(self):
        def script(w):
            yield 1000
            w.cut_power(30000)
            yield 40000

        w, firmware = self.play(script)
        self.assertEqual([boot[0] for boot in firmware.boots], [0, 31000])
        self.assertEqual(w.t_ms, 41000)
        self.assertEqual(w.utc(), (9001, 31))

    def test_the_script_goes_on_after_the_first_poll_when_it_was_due_in_the_dark(self):
        def script(w):
            yield 1000
            w.cut_power(30000)
            yield 0
            seen.append(w.t_ms)

        seen = []
        w, firmware = self.play(script)
        self.assertEqual(seen, [31000])
        self.assertEqual(instants(firmware.polls)[-1], 31000)

    def test_a_script_that_ends_with_a_cut_still_sees_the_firmware_start(self):
        def script(w):
            yield 5
            w.cut_power(10)

        w, firmware = self.play(script)
        self.assertEqual(len(firmware.boots), 2)

    def test_the_load_rests_in_the_dark_and_starts_at_phase_zero(self):
        def script(w):
            w.set_load(3000)
            yield 2399  # a ms before the second pulse
            w.cut_power(10000)
            yield 10000 + 1200

        w, firmware = self.play(script, pulses=1)
        # Counters start at zero, and the first pulse comes 1200 ms after the power.
        self.assertEqual(firmware.boots[-1][0], 12399)
        after = [poll for poll in firmware.polls if poll[0] >= 12399]
        self.assertEqual([poll[0] for poll in after if poll[1] == 1][0], 12399 + 1200)

    def test_what_has_no_battery_forgets(self):
        def script(w):
            yield 100
            bus = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
            for command in (b"\x21", b"\x00" + b"\xff" * 16, b"\x81"):
                bus.writeto(0x70, command)
            machine.Pin(27, machine.Pin.OUT, value=1)
            w.flash.program(5, b"\x12")
            self.assertTrue(w.buzzer and w.text().startswith("\x7f\x7f\x7f\x7f"))
            w.cut_power(None)
            yield 50
            dark.append((w.buzzer, w.cells()))
            w.restore_power()
            yield 10

        dark = []
        w, firmware = self.play(script)
        self.assertEqual(dark, [(False, [0] * 8)])
        self.assertEqual(w.cells(), [0] * 8)
        self.assertEqual((w.flash.data[5], w.contact_closed), (0x12, True))

    def test_an_outage_of_unknown_length_lasts_until_the_script_ends_it(self):
        def script(w):
            yield 100
            w.cut_power()
            for _ in range(7):
                yield 1000
                lives.append(len(firmware.boots))
            w.restore_power()
            yield 10

        lives = []
        w = world.World(9000, 0)
        firmware = Firmware(w)
        w.run(firmware, script(w))
        self.assertEqual(lives, [1] * 7)
        self.assertEqual([boot[0] for boot in firmware.boots], [0, 7100])


class ResetTest(unittest.TestCase):
    def test_a_firmware_that_feeds_lives_through_long_waits(self):
        w = world.World(9000, 0)
        firmware = Firmware(w, wait_ms=3600000, feeds=True)
        w.run(firmware, iter((0, 86400000)))
        self.assertEqual(len(firmware.boots), 1)

    def test_a_firmware_that_stops_feeding_is_started_again(self):
        class Hung(Firmware):
            def __call__(self):
                if self.boots:
                    Firmware.__call__(self)
                self.boots.append((0, machine.reset_cause()))
                machine.WDT(timeout=10000)
                while True:
                    self.w.idle(1000, 1)

        def script():
            yield 60000
            w.cut_power(1000)
            yield 10000

        w = world.World(9000, 0)
        firmware = Hung(w, feeds=True)
        w.run(firmware, script())
        causes = [machine.PWRON_RESET, machine.WDT_RESET, machine.PWRON_RESET]
        self.assertEqual(firmware.boots, list(zip((0, 11000, 61000), causes)))

    def test_a_firmware_that_blocks_too_long_is_started_again(self):
        world.World(9000, 0)
        machine.WDT(timeout=10000)
        virtual_time.sleep_ms(10000)
        with self.assertRaises(world.Reset):
            virtual_time.sleep_ms(1)

    def test_a_reset_keeps_what_has_its_own_power(self):
        class Restless(Firmware):
            def __call__(self):
                if len(self.boots) == 1:
                    self.boots.append((self.w.t_ms, machine.reset_cause()))
                    while self.w.t_ms < 1000:
                        self.w.idle(1000, 1)
                    machine.Pin(27, machine.Pin.OUT, value=1)
                    machine.reset()
                Firmware.__call__(self)

        w = world.World(9000, 0)
        firmware = Restless(w)
        firmware.boots.append(None)
        w.run(firmware, iter((0, 5000)))
        self.assertEqual(firmware.boots[1:], [(0, machine.PWRON_RESET), (1000, machine.HARD_RESET)])
        self.assertFalse(w.buzzer)
        self.assertTrue(w.powered)


if __name__ == "__main__":
    unittest.main()
