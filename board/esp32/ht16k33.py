"""Driver of one HT16K33 backpack: 4 cells of 14 segments on I2C.

Takes the bus, an address and segment bytes. Every write says everything anew (oscillator, memory,
brightness, display on), so that a display that lost its supply or was plugged in late shows the
next text. Raises OSError when it does not answer. Source: Holtek HT16K33 data sheet v1.10.
"""

from machine import I2C
from micropython import const

OSCILLATOR_ON = b"\x21"
DISPLAY_ON = b"\x81"  # on, not blinking
_DIMMING = const(0xE0)  # + sixteenths of full brightness, less one
_BYTES = const(8)  # 4 cells, two bytes each


class HT16K33:
    """write() takes about 0.4 ms at 400 kHz."""

    def __init__(self, i2c: I2C, address: int) -> None:
        self._i2c = i2c
        self._address = address
        self._memory = bytearray(1 + _BYTES)  # the memory address 0, then the segments
        self._brightness = bytearray([_DIMMING | 15])

    def write(self, cells: bytearray, start: int) -> None:
        """Shows 8 bytes of `cells` from `start` on."""
        for i in range(_BYTES):
            self._memory[1 + i] = cells[start + i]
        self._i2c.writeto(self._address, OSCILLATOR_ON)
        self._i2c.writeto(self._address, self._memory)
        self._i2c.writeto(self._address, self._brightness)
        self._i2c.writeto(self._address, DISPLAY_ON)

    def dim(self, sixteenths: int) -> None:
        """Brightness 1..16 from now on."""
        self._brightness[0] = _DIMMING | (sixteenths - 1)
        self._i2c.writeto(self._address, self._brightness)
