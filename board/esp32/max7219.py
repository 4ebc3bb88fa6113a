"""Driver of one MAX7219 with eight 7-segment digits on SPI.

Takes the bus, the chip select and segment bytes, left cell first. Every write says everything anew
(no decoding, eight digits, brightness, test off, on), so that a chip that lost its supply or caught
a disturbance shows the next text. It cannot answer: nobody knows whether it is there. Source: Maxim
MAX7219 data sheet 19-4452, tables 1-10.
"""

from machine import SPI, Pin
from micropython import const

from display import Chip

CELLS = const(8)
# Registers; the digits are 8 (left on the usual modules) down to 1
DECODE_MODE, INTENSITY, SCAN_LIMIT, SHUTDOWN, DISPLAY_TEST = 0x09, 0x0A, 0x0B, 0x0C, 0x0F


class MAX7219(Chip):
    """write() takes about 1 ms at 1 MHz."""

    def __init__(self, spi: SPI, select: Pin) -> None:
        self._spi = spi
        self._select = select
        self._packet = bytearray(2)

    def write(self, cells: bytearray, start: int) -> None:
        """Shows 8 bytes of `cells` from `start` on."""
        self._tell(DISPLAY_TEST, 0)
        self._tell(DECODE_MODE, 0)
        self._tell(SCAN_LIMIT, CELLS - 1)
        self._tell(INTENSITY, self.brightness - 1)
        for i in range(CELLS):
            self._tell(CELLS - i, cells[start + i])
        self._tell(SHUTDOWN, 1)

    def _tell(self, register: int, value: int) -> None:
        """16 bits; the rising select takes them over."""
        self._packet[0] = register
        self._packet[1] = value
        self._select.value(0)
        self._spi.write(self._packet)
        self._select.value(1)
