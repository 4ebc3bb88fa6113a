"""What esptool asks a chip about itself: registers with the fuses, and the flash chip behind SPI.

Takes reads and writes of 32-bit registers; gives what an ESP32-D0WD, an ESP32-C3 or an ESP32-S3 would
say. Sources: esptool 5.6, loader.py and targets/*.py; W25Q32JV datasheet 8.1 (the chip's own ID).
"""

from collections import namedtuple

Chip = namedtuple("Chip", "magic chip_id spi usr usr2 mosi w0 boot_offset regs")

MAGIC_REG = 0x40001000
UART_HZ, ROM_BAUD = 40_000_000, 115200
UART_DIVIDER = UART_HZ // ROM_BAUD
CMD_USR = 1 << 18
RDID, RDSR, READ_SFDP = 0x9F, 0x05, 0x5A
WINBOND, W25Q = 0xEF, 0x40
MAC = 0x240AC4000001

CHIPS = {
    "esp32": Chip(
        0x00F01D83, None, 0x3FF42000, 0x1C, 0x24, 0x28, 0x80, 0x1000,
        {
            0x3FF40014: UART_DIVIDER,
            0x3FF5A004: MAC & 0xFFFFFFFF,
            0x3FF5A008: MAC >> 32,
            0x3FF5A00C: 1 << 9 | 1 << 15,  # package ESP32-D0WD, revision 1
            0x3FF5A010: 128,  # with the next one: the crystal has 40 MHz
            0x3FF5F06C: 800 << 7,
        },
    ),
    "esp32c3": Chip(
        None, 5, 0x60002000, 0x18, 0x20, 0x24, 0x58, 0,
        {0x60000014: UART_DIVIDER, 0x60008844: MAC & 0xFFFFFFFF, 0x60008848: MAC >> 32},
    ),
    "esp32s3": Chip(
        None, 9, 0x60002000, 0x18, 0x20, 0x24, 0x58, 0,
        {0x60000014: UART_DIVIDER, 0x60007044: MAC & 0xFFFFFFFF, 0x60007048: MAC >> 32},
    ),
}  # fmt: skip


class Registers:
    """The chip's address space as the ROM loader shows it; what nobody knows of reads as 0."""

    def __init__(self, name, flash_size):
        self.chip = CHIPS[name]
        self.flash_size = flash_size
        self._values = dict(self.chip.regs)
        if self.chip.magic is not None:
            self._values[MAGIC_REG] = self.chip.magic

    def read(self, addr):
        return self._values.get(addr, 0)

    def write(self, addr, value, mask):
        kept = self._values.get(addr, 0) & ~mask
        self._values[addr] = kept | value & mask
        if addr == self.chip.spi and value & CMD_USR:
            command = self._values.get(self.chip.spi + self.chip.usr2, 0) & 0xFF
            self._values[self.chip.spi + self.chip.w0] = self._flash_says(command)
            self._values[addr] = 0  # done

    def _flash_says(self, command):
        """The flash chip's answer to one command, lowest byte first."""
        if command == RDID:
            return WINBOND | W25Q << 8 | (self.flash_size.bit_length() - 1) << 16
        return 0xFFFFFFFF if command == READ_SFDP else 0
