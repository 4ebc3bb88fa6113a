"""The benches that a hobbyist may have: other chips, pins, displays, relays; and an emulated chip."""

import sys
import unittest

import machine

import bench
import virtual_time
import wiring
import world

IN, OUT = machine.Pin.IN, machine.Pin.OUT


class WiringTest(unittest.TestCase):
    def test_no_wire_of_a_bench_is_on_a_pin_that_cannot_have_it(self):
        for board, wires in (("esp32", wiring.ESP32), ("esp32c3", wiring.ESP32C3)):
            chip = wiring.CHIPS[board]
            bad = chip["strapping"] + chip["flash"] + chip["serial"]
            outputs = ("RELAY_SET", "RELAY_RESET", "RELAY", "BUZZER", "SUPPLY_LED", "TEST_LED",
                       "SDA", "SCL", "SPI_SCK", "SPI_MOSI", "SPI_CS")  # fmt: skip
            for wire in wires:
                pins = wires[wire] if wire == "KEYS" else (wires[wire],)
                for pin in pins:
                    if pin is None:
                        continue
                    self.assertTrue(pin in chip["pins"] and pin not in bad, (board, wire))
                    needs_more = wire in outputs or wire == "KEYS"
                    self.assertFalse(needs_more and pin in chip["inputs"], (board, wire))

    def test_no_two_wires_of_one_bench_share_a_pin(self):
        for board in wiring.CHIPS:
            for display in wiring.DISPLAYS:
                for relay in ("latching", "plain"):
                    wires = wiring.table(board, display, relay, True, None)
                    used = [pin for wire in wires for pin in self.pins(wires, wire)]
                    self.assertEqual(len(used), len(set(used)), (board, display, relay))

    def pins(self, wires, wire):
        value = wires[wire]
        if value is None:
            return ()
        return value if wire == "KEYS" else (value,)

    def test_the_default_bench_is_the_esp32s(self):
        w = world.World(9000, 0)
        self.assertEqual((w.pins["SDA"], w.pins["SCL"]), (bench.SDA, bench.SCL))
        self.assertEqual(w.pins["FEEDBACK"], bench.FEEDBACK)
        self.assertEqual(len(w.cells()), 8)

    def test_a_wire_can_be_elsewhere(self):
        w = world.World(9000, 0, pins={"BUZZER": 5, "SUPPLY_LED": None})
        machine.Pin(27, OUT, value=1)
        self.assertFalse(w.buzzer)
        machine.Pin(5, OUT, value=1)
        self.assertTrue(w.buzzer)
        self.assertFalse(w.supply_led)
        self.assertEqual(w.risky_pins, {5})  # it decides how the chip starts

    def test_what_is_no_bench_is_refused(self):
        for wrong in ({"display": "lcd"}, {"relay": "ssr"}):
            with self.assertRaises(ValueError):
                world.World(9000, 0, **wrong)


class PinTest(unittest.TestCase):
    def refused(self, numbers, *how):
        for number in numbers:
            with self.assertRaises(ValueError):
                machine.Pin(number, *how)

    def test_an_esp32_has_the_pins_it_has(self):
        world.World(9000, 0)
        self.refused((-1, 20, 24, 28, 31, 40), IN)
        self.refused((34, 39), OUT)
        self.refused((35,), machine.Pin.OPEN_DRAIN)

    def test_an_esp32_c3_ends_at_21_and_all_its_pins_have_pulls(self):
        world.World(9000, 0, board="esp32c3")
        self.refused((22, 25, 34), IN)
        machine.Pin(0, IN, machine.Pin.PULL_UP)
        machine.Pin(21, OUT)

    def test_the_flashs_pins_stop_the_chip(self):
        for board, number in (("esp32", 6), ("esp32", 11), ("esp32c3", 12)):
            world.World(9000, 0, board=board)
            with self.assertRaises(RuntimeError):
                machine.Pin(number, OUT)

    def test_an_esp32_c3_has_no_counter_one_spi_one_i2c(self):
        w = world.World(9000, 0, board="esp32c3")
        self.assertFalse(hasattr(machine, "Counter"))
        sda, scl = machine.Pin(6), machine.Pin(7)
        self.assertEqual(machine.I2C(0, scl=scl, sda=sda).scan(), [0x68, 0x70, 0x71])
        with self.assertRaises(ValueError):
            machine.I2C(1, scl=scl, sda=sda)
        with self.assertRaises(ValueError):
            machine.SPI(2, sck=scl, mosi=sda)
        self.assertEqual(len(w.keys), 2)
        world.World(9000, 0)
        self.assertTrue(hasattr(machine, "Counter"))

    def test_micropython_1_25_has_no_counter_on_any_chip(self):
        world.World(9000, 0, counter=False)
        self.assertFalse(hasattr(machine, "Counter"))
        world.World(9000, 0)
        self.assertIn("Counter", dir(sys.modules["machine"]))


class PlainRelayTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9000, 0, relay="plain")
        self.coil = machine.Pin(25, OUT, value=0)
        self.feedback = machine.Pin(35, IN)

    def seen(self):
        return self.w.contact_closed, self.feedback.value(), self.w.relay_operations

    def test_it_is_open_until_its_pin_is_high_and_takes_10_ms(self):
        self.assertEqual(self.seen(), (False, 0, 0))
        self.coil.value(1)
        virtual_time.sleep_ms(9)
        self.assertEqual(self.seen(), (False, 0, 0))
        virtual_time.sleep_ms(1)
        self.assertEqual(self.seen(), (True, 1, 1))

    def test_the_house_has_current_while_it_is_closed_only(self):
        self.w.set_load(3600)
        counter = machine.Counter(0, machine.Pin(34, IN))
        virtual_time.sleep_ms(5000)
        self.assertEqual(counter.value(), 0)
        self.coil.value(1)
        virtual_time.sleep_ms(3500)
        self.coil.value(0)
        virtual_time.sleep_ms(5000)
        self.assertEqual(counter.value(), 3)

    def test_a_reset_opens_it(self):
        self.coil.value(1)
        virtual_time.sleep_ms(100)
        self.w.reset_pins()
        virtual_time.sleep_ms(10)
        self.assertEqual(self.seen()[:2], (False, 0))

    def test_the_coils_of_a_latching_one_are_not_there(self):
        machine.Pin(26, OUT, value=1)
        virtual_time.sleep_ms(100)
        self.assertEqual(self.seen(), (False, 0, 0))


class BareTest(unittest.TestCase):
    def test_an_emulated_chip_reads_0_everywhere_and_its_bus_hangs(self):
        w = world.World(9000, 0, bare=True, counter=False)
        for number in (21, 22, 32, 33, 34, 35):
            pull = machine.Pin.PULL_UP if number in (32, 33) else -1
            self.assertEqual(machine.Pin(number, IN, pull).value(), 0)
        i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
        with self.assertRaises(OSError):
            i2c.writeto(0x70, b"\x21")
        self.assertEqual(w.t_ms, 200)


class ResetTest(unittest.TestCase):
    """The causes that a start may find, and what each leaves."""

    def test_each_reset_tells_its_cause_and_keeps_the_memory_but_a_power_cut_does_not(self):
        def start():
            kept = machine.RTC().memory()
            lives.append((machine.reset_cause(), kept, w.t_ms))
            machine.RTC().memory(b"kept")
            while True:
                w.idle(1000, 1)

        def script():
            yield 1500
            for cause in (world.HARD, world.WATCHDOG, world.BROWN_OUT):
                w.reset(cause)
                yield 1000
            w.cut_power(250)
            yield 1000

        lives = []
        w = world.World(9000, 0)
        w.run(start, script())
        pwron, hard, wdt = machine.PWRON_RESET, machine.HARD_RESET, machine.WDT_RESET
        self.assertEqual(lives, [
            (pwron, b"", 0), (hard, b"kept", 1500), (wdt, b"kept", 2500), (pwron, b"kept", 3500),
            (pwron, b"", 4750),
        ])  # fmt: skip


if __name__ == "__main__":
    unittest.main()
