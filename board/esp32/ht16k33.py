"""Driver of one HT16K33 backpack: 4 cells of 14 segments on I2C.

Takes the bus, an address and segment bytes. Every write says everything anew (oscillator, memory,
brightness, display on), so that a display that lost its supply or was plugged in late shows the
next text. Raises OSError when it does not answer. Source: Holtek HT16K33 data sheet v1.10.
"""

from micropython import const

from bus import Bus
from display import Chip

OSCILLATOR_ON = b"\x21"
DISPLAY_ON = b"\x81"  # on, not blinking
_DIMMING = const(0xE0)  # + sixteenths of full brightness, less one
_BYTES = const(8)  # 4 cells, two bytes each


class HT16K33(Chip):
    """write() takes about 0.4 ms at 400 kHz."""

    def __init__(self, bus: Bus, address: int) -> None:
        self._bus = bus
        self._address = address
        self._memory = bytearray(1 + _BYTES)  # the memory address 0, then the segments
        self._dimming = bytearray(1)

    def write(self, cells: bytearray, start: int) -> None:
        """Shows 8 bytes of `cells` from `start` on."""
        for i in range(_BYTES):
            self._memory[1 + i] = cells[start + i]
        self._dimming[0] = _DIMMING | (self.brightness - 1)
        self._bus.writeto(self._address, OSCILLATOR_ON)
        self._bus.writeto(self._address, self._memory)
        self._bus.writeto(self._address, self._dimming)
        self._bus.writeto(self._address, DISPLAY_ON)
