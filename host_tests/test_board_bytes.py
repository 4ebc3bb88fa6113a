"""The drivers' bytes, one by one, as the data sheets' tables and examples have them."""

import unittest

import boot

boot.board_class()  # the drivers are loaded with the world's clock

import ds3231  # noqa: E402
import font14  # noqa: E402
import ht16k33  # noqa: E402
import max7219  # noqa: E402


class Wires:
    """An I2C bus, an SPI bus and a select pin that write down what they are told."""

    def __init__(self):
        self.told = []
        self.registers = bytearray(16)

    def writeto(self, address, buf):
        self.told.append((address, bytes(buf)))

    def readfrom_mem_into(self, address, register, buf):
        self.told.append((address, register, len(buf)))
        buf[:] = self.registers[register : register + len(buf)]

    def write(self, buf):
        self.told.append(bytes(buf))

    def value(self, level):
        self.told.append(level)


class Noisy(Wires):
    """A register is wrong in transfer number `noisy`; None: in each, and each time otherwise."""

    def __init__(self, register, noisy):
        super().__init__()
        self.register, self.noisy = register, noisy

    def readfrom_mem_into(self, address, register, buf):
        super().readfrom_mem_into(address, register, buf)
        count = len(self.told)
        if self.noisy is None:
            buf[self.register] ^= count % 3 + 1
        elif self.noisy == count:
            buf[self.register] ^= 8


class Displays(unittest.TestCase):
    def test_ht16k33(self):
        """Holtek v1.10: system setup 0x21, display data from address 0, dimming 0xE0 + 0..15, display
        setup 0x81. Segment outputs: A on bit 0 of an even byte; "8." of 14 segments."""
        wires = Wires()
        chip = ht16k33.HT16K33(wires, 0x71)
        cells = bytearray(16)
        font14.render("8.A\u00a3 ", cells)
        chip.write(cells, 0)
        data = b"\x00" + b"\xff\x40" + b"\xf7\x00" + b"\xc8\x14" + b"\x00\x00"
        told = [(0x71, b"\x21"), (0x71, data), (0x71, b"\xef"), (0x71, b"\x81")]
        self.assertEqual(wires.told, told)
        chip.brightness = 1
        del wires.told[:]
        chip.write(cells, 8)
        self.assertEqual(wires.told[1:3], [(0x71, bytes(9)), (0x71, b"\xe0")])

    def test_max7219(self):
        """Maxim 19-4452: 16 bits, address then data, taken over as LOAD rises (figure 1); registers of
        table 2, no decode (4), full intensity 0x0F (7), all digits (8), normal operation (3, 10)."""
        wires = Wires()
        chip = max7219.MAX7219(wires, wires)
        chip.write(bytearray(b"\x7e\x30\x6d\x79\x33\x5b\x5f\xf0"), 0)  # 0 1 2 3 4 5 6 7.
        words = (
            0x0F00, 0x0900, 0x0B07, 0x0A0F,
            0x087E, 0x0730, 0x066D, 0x0579, 0x0433, 0x035B, 0x025F, 0x01F0,
            0x0C01,
        )  # fmt: skip
        told = []
        for word in words:
            told += [0, bytes([word >> 8, word & 0xFF]), 1]
        self.assertEqual(wires.told, told)


class Clock(unittest.TestCase):
    def test_ds3231_is_set(self):
        """Maxim 19-5170, figure 1: seconds, minutes, hours, day 1-7, date, month, year in BCD from
        register 0; then control 0x1C (power-on value) and the status with OSF cleared."""
        wires = Wires()
        ds3231.DS3231(wires).set(9820, 39600 + 61)  # Friday 2026-11-20 11:01:01
        told = [
            (0x68, b"\x00\x01\x01\x11\x05\x20\x11\x26"),
            (0x68, b"\x0e\x1c\x00"),
        ]
        self.assertEqual(wires.told, told)

    def test_ds3231_is_read_whole_and_another_time_twice(self):
        wires = Wires()
        wires.registers[:7] = b"\x59\x59\x23\x04\x31\x12\x99"
        clock = ds3231.DS3231(wires)
        self.assertEqual((clock.read(), clock.day, clock.second), (0, 36524, 86399))
        self.assertEqual(wires.told, [(0x68, 0, 16)] * 2)
        wires.registers[0] = 0x58
        self.assertEqual((clock.read(), clock.second), (0, 86398))
        self.assertEqual(wires.told, [(0x68, 0, 16)] * 4)
        self.assertEqual((clock.read(), clock.second), (0, 86398))
        self.assertEqual(wires.told, [(0x68, 0, 16)] * 5)

    def test_10_a_wrong_reading_of_the_ds3231_is_no_time(self):
        """Whatever byte of the date noise changes, in one transfer or in each."""
        for register in range(7):
            for noisy in (1, 2, 3, 4, 5):
                wires = Noisy(register, noisy)
                wires.registers[:7] = b"\x05\x10\x11\x05\x20\x11\x26"
                clock = ds3231.DS3231(wires)
                clock.read()
                wires.registers[1] = 0x11
                for _ in range(3):
                    self.assertEqual((clock.read(), clock.day, clock.second), (0, 9820, 40265))
                wires.noisy = None
                self.assertEqual(clock.read(), ds3231.ABSENT)


if __name__ == "__main__":
    unittest.main()
