"""The display chips on the bench do what their data sheets' tables and examples say."""

import unittest

import machine

import segments7
import world

OUT = machine.Pin.OUT


class Max7219Test(unittest.TestCase):
    """Maxim 19-4452. Digit 0 of the chip is the rightmost of the module."""

    def setUp(self):
        self.w = world.World(9000, 0, display="max7219")
        self.select = machine.Pin(4, OUT, value=1)
        self.spi = machine.SPI(1, baudrate=1000000, sck=machine.Pin(18), mosi=machine.Pin(23))

    def send(self, *words):
        for word in words:
            self.select.value(0)
            self.spi.write(bytes([word >> 8, word & 0xFF]))
            self.select.value(1)

    def test_at_power_up_it_is_shut_down_shows_one_digit_and_is_dimmest(self):
        self.send(0x01FF, 0x02FF)
        self.assertEqual(self.w.cells(), [0] * 8)
        self.send(0x0C01)
        self.assertEqual(self.w.cells(), [0] * 7 + [segments7.EVERY])
        self.assertEqual(self.w.displays[0].brightness, 1)

    def test_table_6_d7_is_the_dot_d6_is_a_d0_is_g(self):
        self.send(0x0B07, 0x0C01)
        for data, lit in ((0x80, 1 << 14), (0x40, 1), (0x20, 2), (0x02, 1 << 5), (0x01, 1 << 6)):
            self.send(0x0800 | data)
            self.assertEqual(self.w.cells()[0], lit)

    def test_table_5_code_b(self):
        self.send(0x09FF, 0x0B07, 0x0C01)
        self.send(*[(digit + 1) << 8 | 7 - digit for digit in range(8)])
        self.assertEqual(self.w.text(), "01234567")
        self.send(*[(digit + 1) << 8 | 15 - digit for digit in range(8)])
        self.assertEqual(self.w.text(), "89-EHLP")
        self.send(0x088A)
        self.assertEqual(self.w.text(), "-.9-EHLP")

    def test_table_4_decodes_only_the_digits_whose_bit_is_set(self):
        for mode, text in ((0x00, "HH"), (0x01, "H7"), (0x02, "7H"), (0x03, "77")):
            # 37 as segments is b c e f g, an H; its low nibble in code B is a 7
            self.send(0x0B01, 0x0C01, 0x0900 | mode, 0x0137, 0x0237)
            self.assertEqual(self.w.text().strip(), text)

    def test_table_8_the_scan_limit(self):
        self.send(0x0C01, *[(digit + 1) << 8 | 0x7F for digit in range(8)])
        for limit in range(8):
            self.send(0x0B00 | limit)
            self.assertEqual(self.w.text(), " " * (7 - limit) + "8" * (limit + 1))

    def test_table_7_the_intensity(self):
        for value in (0, 7, 15):
            self.send(0x0A00 | value)
            self.assertEqual(self.w.displays[0].brightness, value + 1)

    def test_display_test_lights_all_in_shutdown_and_changes_nothing(self):
        self.send(0x0F01)
        self.assertEqual(self.w.cells(), [segments7.EVERY] * 8)
        self.send(0x0F00)
        self.assertEqual(self.w.cells(), [0] * 8)

    def test_shutdown_keeps_the_data(self):
        self.send(0x0B07, 0x0C01, 0x0830, 0x0C00)
        self.assertEqual(self.w.cells(), [0] * 8)
        self.send(0x0C01)
        self.assertEqual(self.w.text(), "1")

    def test_a_no_op_does_nothing_and_the_high_nibble_is_not_looked_at(self):
        self.send(0x0B07, 0xFC01, 0x0830, 0x007F, 0x00FF)
        self.assertEqual(self.w.text(), "1")

    def test_the_last_16_bits_before_load_rises_count(self):
        self.send(0x0B07, 0x0C01)
        self.select.value(0)
        self.spi.write(b"\x08\x7f\x08\x30")  # the first pair goes out at DOUT
        self.assertEqual(self.w.text(), "")
        self.select.value(1)
        self.assertEqual(self.w.text(), "1")

    def test_the_wrong_clock_phase_shows_nonsense(self):
        self.spi = machine.SPI(
            1, baudrate=1000000, phase=1, sck=machine.Pin(18), mosi=machine.Pin(23)
        )
        self.send(0x0B07, 0x0C01, 0x0830)
        self.assertNotEqual(self.w.text(), "1")

    def test_without_supply_it_is_dark_and_comes_back_as_at_power_up(self):
        self.send(0x0B07, 0x0C01, 0x0830)
        self.w.unplug(0x70)
        self.send(0x0C01)
        self.assertEqual(self.w.text(), "")
        self.w.plug(0x70)
        self.assertEqual(self.w.text(), "")
        self.send(0x0B07, 0x0C01, 0x0830)
        self.assertEqual(self.w.text(), "1")

    def test_on_other_pins_nobody_listens(self):
        spi = machine.SPI(2, baudrate=1000000, sck=machine.Pin(14), mosi=machine.Pin(13))
        self.select.value(0)
        spi.write(b"\x0f\x01")
        self.select.value(1)
        self.assertEqual(self.w.cells(), [0] * 8)
        self.assertEqual((self.w.spi_transfers, self.w.spi_bytes), (1, 2))


class SevenSegmentsTest(unittest.TestCase):
    def cells(self, *names):
        return [segments7.EVERY & sum([1 << "abcdefg".index(n) for n in name]) for name in names]

    def test_what_looks_the_same_is_read_by_its_neighbour(self):
        five, nought, two = "acdfg", "abcdef", "abdeg"
        for names, text in (
            ((five, "bcdef", "abefg", "abefg"), "SUPP"),
            (("bc", nought, two), "102"),
            ((five, nought), "50"),
            (("def", nought), "LO"),
            (("adeg", five), "£5"),
        ):
            self.assertEqual(segments7.decode(self.cells(*names)), text)

    def test_a_text_is_shown_if_each_cell_can_be_read_so(self):
        cells = self.cells("acdfg", "abcdef")
        self.assertTrue(segments7.shows(cells, "SO"))
        self.assertTrue(segments7.shows(cells + [0, 0], "50"))
        self.assertFalse(segments7.shows(cells, "SOS"))
        self.assertFalse(segments7.shows(cells, "S8"))
        cells[0] |= segments7.DOT
        self.assertTrue(segments7.shows(cells, "5.0"))
        self.assertFalse(segments7.shows(cells, "50"))


class Ht16k33Test(unittest.TestCase):
    """Holtek HT16K33 v1.10, command table and figures of the write operation."""

    def setUp(self):
        self.w = world.World(9000, 0, display="ht16k33-12")
        self.i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21), freq=400000)

    def send(self, *commands):
        for command in commands:
            self.i2c.writeto(0x72, command)

    def test_the_third_of_twelve_cells_is_at_0x72(self):
        self.assertEqual(self.i2c.scan(), [0x68, 0x70, 0x71, 0x72])
        self.send(b"\x21", b"\x81", b"\x00\x06" + bytes(15))
        self.assertEqual(self.w.cells(), [0] * 8 + [6, 0, 0, 0])

    def test_an_address_alone_is_acknowledged_and_changes_nothing(self):
        self.send(b"\x21", b"\x81", b"\x00" + bytes(16), b"")
        self.assertEqual(self.w.cells(), [0] * 12)

    def test_blinking_has_three_speeds(self):
        for command, kind in ((b"\x81", 0), (b"\x83", 1), (b"\x85", 2), (b"\x87", 3)):
            self.send(command)
            self.assertEqual(self.w.displays[2].blinking, kind)

    def test_dimming_has_16_steps(self):
        for command, duty in ((b"\xe0", 1), (b"\xe7", 8), (b"\xef", 16)):
            self.send(command)
            self.assertEqual(self.w.displays[2].brightness, duty)

    def test_the_memory_can_be_read_back_from_the_pointer_on(self):
        self.send(b"\x00" + bytes(range(16)), b"\x0e")
        self.assertEqual(self.i2c.readfrom(0x72, 4), b"\x0e\x0f\x00\x01")

    def test_silent_it_goes_on_showing_unplugged_it_forgets(self):
        self.send(b"\x21", b"\x81", b"\x00\x06" + bytes(15))
        self.w.silence(0x72)
        with self.assertRaises(OSError):
            self.send(b"\x80")
        self.assertEqual(self.w.cells()[8], 6)
        self.w.silence(0x72, False)
        self.w.unplug(0x72)
        self.assertEqual(self.w.cells()[8], 0)
        self.w.plug(0x72)
        self.assertEqual(self.w.cells()[8], 0)


if __name__ == "__main__":
    unittest.main()
