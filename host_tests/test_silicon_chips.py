"""The simulated chips behave as their data sheets say, whatever the drivers ask of them."""

import unittest

import esp32
import machine

import virtual_time
import world

DISPLAY = 0x70
CLOCK = 0x68


def bus():
    return machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21), freq=400000)


class ChipTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9000, 3600)


class BusTest(ChipTest):
    def test_the_three_chips_answer_and_others_do_not(self):
        i2c = bus()
        self.assertEqual(i2c.scan(), [0x68, 0x70, 0x71])
        with self.assertRaises(OSError):
            i2c.writeto(0x72, b"\x21")

    def test_nothing_answers_on_other_pins(self):
        i2c = machine.I2C(0, scl=machine.Pin(21), sda=machine.Pin(22))
        with self.assertRaises(OSError):
            i2c.writeto(DISPLAY, b"\x21")


class DisplayTest(ChipTest):
    def send(self, *commands):
        for command in commands:
            bus().writeto(DISPLAY, command)

    def test_it_is_dark_until_oscillator_and_display_are_on(self):
        self.send(b"\x00\x06\x00")
        self.assertEqual(self.w.cells(), [0] * 8)
        self.send(b"\x81")
        self.assertEqual(self.w.cells(), [0] * 8)
        self.send(b"\x21")
        self.assertEqual(self.w.cells()[0], 0x0006)
        self.send(b"\x80")
        self.assertEqual(self.w.cells(), [0] * 8)

    def test_memory_never_written_is_not_blank(self):
        self.send(b"\x21", b"\x81")
        self.assertNotIn(0, self.w.cells()[:4])

    def test_the_memory_address_counts_on_and_wraps(self):
        self.send(b"\x21", b"\x81", b"\x00" + bytes(16), b"\x0e\x01\x02\x03\x04")
        self.assertEqual(self.w.cells()[:2], [0x0403, 0])

    def test_brightness_has_sixteen_steps(self):
        self.assertEqual(self.w.displays[0].brightness, 16)
        self.send(b"\xe0")
        self.assertEqual(self.w.displays[0].brightness, 1)


class ClockTest(ChipTest):
    def registers(self, first=0, count=0x13):
        buf = bytearray(count)
        bus().readfrom_mem_into(CLOCK, first, buf)
        return buf

    def write(self, first, *values):
        bus().writeto_mem(CLOCK, first, bytes(values))

    def test_it_counts_in_bcd(self):
        self.write(0, 0x58, 0x59, 0x23, 0x05, 0x31, 0x12, 0x26)
        virtual_time.sleep_ms(1999)
        self.assertEqual(self.registers(count=7), bytes([0x59, 0x59, 0x23, 5, 0x31, 0x12, 0x26]))
        virtual_time.sleep_ms(1)
        self.assertEqual(self.registers(count=7), bytes([0, 0, 0, 6, 0x01, 0x01, 0x27]))

    def test_it_knows_leap_years(self):
        for year, after in ((0x24, 0x29), (0x25, 0x01), (0x00, 0x29)):
            self.write(0, 0x59, 0x59, 0x23, 1, 0x28, 0x02, year)
            virtual_time.sleep_ms(1000)
            self.assertEqual(self.registers()[4], after)

    def test_the_century_bit_turns_after_99(self):
        self.write(0, 0x59, 0x59, 0x23, 1, 0x31, 0x12, 0x99)
        virtual_time.sleep_ms(1000)
        self.assertEqual(self.registers(count=7), bytes([0, 0, 0, 2, 0x01, 0x81, 0x00]))

    def test_the_twelve_hour_form_is_kept(self):
        # 11 pm to 12 am, 12 am to 1 am, 11 am to 12 pm: 40 = twelve hours, 20 = pm
        for hour, later in ((0x71, 0x52), (0x52, 0x41), (0x51, 0x72)):
            self.write(0, 0x59, 0x59, hour)
            virtual_time.sleep_ms(1000)
            self.assertEqual(self.registers()[2], later)

    def test_the_stop_flag_is_cleared_by_zero_and_set_by_nothing(self):
        self.write(0x0F, 0x80)
        self.assertEqual(self.registers()[0x0F], 0)
        self.w.rtc_lose()
        self.assertEqual(self.registers()[0x0F], 0x80)
        self.write(0x0F, 0x80)
        self.assertEqual(self.registers()[0x0F], 0x80)
        self.write(0x0F, 0x00)
        self.assertEqual(self.registers()[0x0F], 0)

    def test_losing_the_battery_starts_at_2000(self):
        self.w.rtc_lose()
        virtual_time.sleep_ms(61000)
        self.assertEqual(self.registers(count=7)[:7][0:3], bytes([1, 1, 0]))
        self.assertEqual(self.registers()[4:7], bytes([1, 1, 0]))

    def test_a_step_moves_it_without_a_flag(self):
        before = self.registers()
        self.w.rtc_step(-7200)
        after = self.registers()
        self.assertEqual((before[2], after[2], after[0x0F]), (0x01, 0x23, 0))


class RelayTest(ChipTest):
    def setUp(self):
        ChipTest.setUp(self)
        self.set = machine.Pin(25, machine.Pin.OUT, value=0)
        self.reset = machine.Pin(26, machine.Pin.OUT, value=0)
        self.feedback = machine.Pin(35, machine.Pin.IN)

    def pulse(self, pin, ms):
        pin.value(1)
        virtual_time.sleep_ms(ms)
        pin.value(0)

    def seen(self):
        w = self.w
        return w.contact_closed, self.feedback.value(), w.relay_operations, w.coil_faults

    def test_fifty_ms_operate_it_and_less_does_nothing(self):
        self.pulse(self.reset, 49)
        virtual_time.sleep_ms(100)
        self.assertEqual(self.seen(), (True, 1, 0, 0))
        self.pulse(self.reset, 50)
        self.assertEqual(self.seen(), (False, 0, 1, 0))
        self.pulse(self.set, 100)
        self.assertEqual(self.seen(), (True, 1, 2, 0))

    def test_short_pulses_do_not_add_up(self):
        for _ in range(5):
            self.pulse(self.reset, 30)
        virtual_time.sleep_ms(100)
        self.assertEqual(self.seen(), (True, 1, 0, 0))

    def test_both_coils_are_a_fault_and_do_nothing_until_both_are_off(self):
        self.set.value(1)
        virtual_time.sleep_ms(10)
        self.reset.value(1)
        virtual_time.sleep_ms(100)
        self.set.value(0)
        virtual_time.sleep_ms(100)
        self.assertEqual(self.seen(), (True, 1, 0, 1))
        self.reset.value(0)
        self.pulse(self.reset, 50)
        self.assertEqual(self.seen(), (False, 0, 1, 1))

    def test_the_contact_moves_while_the_coil_is_on(self):
        self.w.set_load(3600)  # a pulse each second
        virtual_time.sleep_ms(975)
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        self.pulse(self.reset, 100)
        self.assertEqual(counter.value(), 1)  # at 1000; the contact opened at 1025
        virtual_time.sleep_ms(10000)
        self.assertEqual(counter.value(), 1)

    def test_a_reset_lets_go_of_the_coil(self):
        self.reset.value(1)
        virtual_time.sleep_ms(20)
        self.w.reset_pins()
        virtual_time.sleep_ms(200)
        self.assertEqual(self.seen()[0], True)


class PinTest(ChipTest):
    def test_a_key_without_pull_up_cannot_be_read(self):
        floating = machine.Pin(33, machine.Pin.IN)
        self.assertEqual(floating.value(), 0)
        pulled = machine.Pin(33, machine.Pin.IN, machine.Pin.PULL_UP)
        self.assertEqual(pulled.value(), 1)
        self.w.press("B")
        self.assertEqual(pulled.value(), 0)

    def test_pins_from_34_are_inputs_without_pulls(self):
        with self.assertRaises(ValueError):
            machine.Pin(35, machine.Pin.OUT)
        with self.assertRaises(ValueError):
            machine.Pin(34, machine.Pin.IN, machine.Pin.PULL_UP)

    def test_an_input_cannot_be_written(self):
        pin = machine.Pin(35, machine.Pin.IN)
        pin.value(0)
        self.assertEqual(pin.value(), 1)


class FlashTest(ChipTest):
    def setUp(self):
        self.w = world.World(9000, 0, flash=bytearray(b"\xff" * 8192))
        self.part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="ledger")[0]

    def read(self, block, offset, count):
        buf = bytearray(count)
        self.part.readblocks(block, buf, offset)
        return bytes(buf)

    def test_it_is_found_by_its_name(self):
        self.assertEqual(esp32.Partition.find(esp32.Partition.TYPE_DATA, label="vfs"), [])
        self.assertEqual(esp32.Partition.find(esp32.Partition.TYPE_APP), [])
        self.assertEqual(self.part.info()[3:5], (8192, "ledger"))

    def test_programming_only_clears_bits(self):
        self.part.writeblocks(0, b"\xf0\x0f", 100)
        self.part.writeblocks(0, b"\x3c\xff", 100)
        self.assertEqual(self.read(0, 99, 4), b"\xff\x30\x0f\xff")
        self.assertEqual((self.w.flash.programs, self.w.flash.erases), (2, 0))

    def test_without_an_offset_a_block_is_erased_first(self):
        self.part.writeblocks(1, b"\x00", 4095)
        self.part.writeblocks(1, b"\xa5" * 4096)
        self.assertEqual(self.read(1, 4090, 6), b"\xa5" * 6)
        self.assertEqual(self.w.flash.sector_erases, [0, 1])

    def test_erasing_takes_one_sector(self):
        self.part.writeblocks(0, b"\x00\x00", 4095)
        self.part.ioctl(6, 0)
        self.assertEqual((self.read(0, 4095, 1), self.read(1, 0, 1)), (b"\xff", b"\x00"))
        self.assertEqual((self.part.ioctl(4, 0), self.part.ioctl(5, 0)), (2, 4096))

    def test_nothing_outside_can_be_reached(self):
        for block, offset in ((2, 0), (1, 4096), (-1, 0)):
            with self.assertRaises(ValueError):
                self.part.readblocks(block, bytearray(1), offset)
        with self.assertRaises(ValueError):
            self.part.writeblocks(1, b"\x00\x00", 4095)


if __name__ == "__main__":
    unittest.main()
