"""The simulated I2C bus does with faults what the ESP32 port does: blocks, gives up, costs time."""

import unittest

import machine

import virtual_time
import world

DISPLAY, CLOCK = 0x70, 0x68
SDA, SCL = 21, 22


def bus(hz=400000):
    return machine.I2C(0, scl=machine.Pin(SCL), sda=machine.Pin(SDA), freq=hz)


class BusTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9000, 3600)
        self.i2c = bus()

    def fails(self, work, *arguments):
        """-> (errno, ms that it took) of a transfer that fails."""
        begin = self.w.t_ms
        with self.assertRaises(OSError) as caught:
            work(*arguments)
        return caught.exception.args[0], self.w.t_ms - begin

    def levels(self):
        return machine.Pin(SDA).value(), machine.Pin(SCL).value()


class HeldTest(BusTest):
    def test_nobody_there_is_enodev_at_once(self):
        self.w.unplug(DISPLAY)
        self.assertEqual(self.fails(self.i2c.writeto, DISPLAY, b"\x21"), (19, 0))
        self.w.plug(DISPLAY)
        self.assertEqual(self.i2c.writeto(DISPLAY, b"\x21"), 1)

    def test_a_held_line_blocks_100_ms_and_as_much_for_each_byte(self):
        for line in ("SDA", "SCL"):
            self.w.hold_line(line)
            self.assertEqual(self.fails(self.i2c.writeto, DISPLAY, b""), (116, 100))
            self.assertEqual(self.fails(self.i2c.writeto, DISPLAY, bytes(17)), (116, 1800))
            read = self.fails(self.i2c.readfrom_mem_into, CLOCK, 0, bytearray(16))
            self.assertEqual(read, (116, 1800))
            self.w.free_line(line)
            self.assertEqual(self.i2c.writeto(DISPLAY, b"\x21"), 1)
        self.assertEqual(self.w.bus.blocked_ms, 2 * 3700)

    def test_the_levels_tell_which_line_is_held(self):
        self.assertEqual(self.levels(), (1, 1))
        self.w.hold_line("SDA")
        self.assertEqual(self.levels(), (0, 1))
        self.w.hold_line("SCL")
        self.w.free_line("SDA")
        self.assertEqual(self.levels(), (1, 0))

    def test_a_scan_of_a_held_bus_outlasts_the_watchdog(self):
        self.w.hold_line("SDA")
        machine.WDT(timeout=10000)
        with self.assertRaises(world.Reset):
            self.i2c.scan()

    def test_time_passes_in_a_blocked_transfer_and_pulses_count(self):
        self.w.set_load(3600)  # one a second
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        self.w.hold_line("SCL")
        self.fails(self.i2c.writeto, DISPLAY, bytes(29))
        self.assertEqual(counter.value(), 3)


class RecoveryTest(BusTest):
    def clocks(self, count):
        scl = machine.Pin(SCL, machine.Pin.OPEN_DRAIN, value=1)
        for _ in range(count):
            scl.value(0)
            virtual_time.sleep_us(5)
            scl.value(1)
            virtual_time.sleep_us(5)

    def test_a_chip_in_the_middle_of_a_byte_lets_go_after_its_clocks(self):
        for needed in (1, 5, 9):
            self.w.hold_line("SDA", needed)
            self.clocks(needed - 1)
            self.assertEqual(self.levels(), (0, 1))
            self.clocks(1)
            self.assertEqual(self.levels(), (1, 1))

    def test_clocks_do_not_mend_a_short_circuit(self):
        self.w.hold_line("SDA")
        self.clocks(20)
        self.assertEqual(self.levels(), (0, 1))

    def test_nor_do_they_reach_anybody_when_scl_itself_is_held(self):
        self.w.hold_line("SDA", 3)
        self.w.hold_line("SCL")
        self.clocks(9)
        self.w.free_line("SCL")
        self.assertEqual(self.levels(), (0, 1))

    def test_a_pin_that_was_a_gpio_is_the_units_again_when_the_i2c_is_made_anew(self):
        self.clocks(9)
        self.assertEqual(self.fails(self.i2c.writeto, DISPLAY, b"\x21"), (116, 200))
        self.assertEqual(bus().writeto(DISPLAY, b"\x21"), 1)

    def test_an_open_drain_pulls_low_and_lets_go(self):
        sda = machine.Pin(SDA, machine.Pin.OPEN_DRAIN, value=0)
        self.assertEqual(self.levels(), (0, 1))
        self.w.hold_line("SDA")
        sda.value(1)
        self.assertEqual(self.levels(), (0, 1))
        self.w.free_line("SDA")
        self.assertEqual(self.levels(), (1, 1))

    def test_a_reset_of_the_processor_lets_go_of_the_lines_but_frees_no_chip(self):
        machine.Pin(SCL, machine.Pin.OPEN_DRAIN, value=0)
        self.w.hold_line("SDA", 4)
        self.w.reset_pins()
        self.assertEqual(self.levels(), (0, 1))

    def test_microseconds_come_together_to_milliseconds(self):
        virtual_time.sleep_us(600)
        self.assertEqual((self.w.t_ms, virtual_time.ticks_us()), (0, 600))
        virtual_time.sleep_us(600)
        self.assertEqual((self.w.t_ms, virtual_time.ticks_us()), (1, 1200))


class CountTest(BusTest):
    def test_transfers_and_bytes_are_counted_by_hand(self):
        self.i2c.writeto(DISPLAY, b"\x21")  # address, 1 byte
        self.i2c.writeto(DISPLAY, b"\x00" + bytes(16))  # address, 17 bytes
        self.i2c.readfrom_mem_into(CLOCK, 0, bytearray(7))  # address, register, address, 7 bytes
        self.fails(self.i2c.writeto, 0x50, b"\x00")  # address, which nobody takes
        w = self.w
        self.assertEqual((w.bus.transfers, w.bus.bytes), (4, 2 + 18 + 10))
        self.assertEqual(w.bus.by_address, {DISPLAY: 2, CLOCK: 1, 0x50: 1})
        # 20, 164, 92 and 11 bits of 2.5 us
        self.assertEqual(w.bus.busy_us, 50 + 410 + 230 + 28)
        self.assertEqual(w.t_ms, 0)

    def test_a_world_that_takes_time_lets_it_pass(self):
        w = world.World(9000, 3600, takes_time=True)
        slow = bus(100000)
        for _ in range(10):
            slow.writeto(DISPLAY, b"\x00" + bytes(16))  # 164 bits, 1.64 ms
        self.assertEqual((w.t_ms, w.now_us()), (16, 16400))

    def test_flash_takes_time_there_too(self):
        import esp32

        w = world.World(9000, 3600, takes_time=True)
        part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="ledger")[0]
        part.ioctl(6, 0)
        self.assertEqual(w.t_ms, 45)
        for at in range(0, 300, 60):  # the last crosses a page's end
            part.writeblocks(0, bytes(60), at)
        self.assertEqual(w.now_us(), 45000 + 6 * 400)


if __name__ == "__main__":
    unittest.main()
