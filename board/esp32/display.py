"""The display as a whole: a row of cells on one chip or more, of 14 or of 7 segments.

Takes texts, brightness and the mark; tells the chips, and says in the board's notes which of them
does not answer. Such a one is asked again each second and with each new text, the others show their
part. Drivers and font are those that the board's parts name; the rest is not loaded.
"""

import time

import machine
from machine import Pin
from micropython import const

from bus import Bus
from parts import Parts

NORMAL, LOW = 16, 3  # brightness, sixteenths
_RETRY_MS = const(1000)
_BLINK_MS = const(1000)
_SPI_HZ = const(1000000)
_CHIP_BYTES = const(8)  # of segments that one display chip holds


class Chip:
    """What every chip of a display can do."""

    brightness = 16  # sixteenths, from the next write on

    def write(self, cells: bytearray, start: int) -> None:
        """Shows 8 bytes of `cells` from `start` on. Raises OSError when it does not answer."""


class Display:
    """note(text, is_so) takes findings. Blank at first."""

    def __init__(self, parts: Parts, bus: Bus | None, note) -> None:
        self._note = note
        if parts.display == "max7219":
            import font7

            self._chips: list[Chip] = [seven_segments(parts)]
            self._render, self._dot, cell_bytes = font7.render, font7.DOT, font7.CELL_BYTES
        else:
            import font14

            self._chips = fourteen_segments(parts, bus)
            self._render, self._dot, cell_bytes = font14.render, font14.DOT, font14.CELL_BYTES
        self._glyphs = bytearray(_CHIP_BYTES * len(self._chips))
        self.cells = len(self._glyphs) // cell_bytes
        self._text = ""  # what the chips were told last
        self._last = 0  # the last byte of _glyphs, without the mark
        self._silent = 0  # a bit for each chip that does not answer
        self._is_marked = False  # the mark is lit just now
        self._is_dim = False
        self._asked_ms = time.ticks_ms()
        self.tell()

    def show(self, text: str) -> bool:
        """Only a new text uses the bus. -> all chips answered."""
        if text != self._text:
            self._text = text
            self._render(text, self._glyphs)
            self._last = self._glyphs[-1]
            self.tell()
        elif self._silent and self._may_ask(time.ticks_ms()):
            self.tell()
        return not self._silent

    def dim(self, on: bool) -> None:
        """Low or normal brightness."""
        if on != self._is_dim:
            self._is_dim = on
            for chip in self._chips:
                chip.brightness = LOW if on else NORMAL
            self.tell()

    def tend(self, mark: int, now_ms) -> None:
        """Once a poll: the mark (0 none, 1 lit, 2 blinking), and whoever did not answer."""
        is_marked = mark == 1 or (mark == 2 and now_ms % _BLINK_MS < _BLINK_MS // 2)
        if is_marked != self._is_marked:
            self._is_marked = is_marked
            self.tell()
        elif self._silent and self._may_ask(now_ms):
            self.tell()

    def tell(self) -> None:
        """All there is to show goes to all chips."""
        self._asked_ms = time.ticks_ms()
        self._glyphs[-1] = self._last | (self._dot if self._is_marked else 0)
        silent = 0
        for i in range(len(self._chips)):
            if not self._tell_chip(i):
                silent |= 1 << i
        if silent != self._silent:
            self._silent = silent
            for i in range(len(self._chips)):
                self._note("No display %d" % (i + 1), silent >> i & 1 == 1)

    def _tell_chip(self, i: int) -> bool:
        """-> it answered; if not, the other ones still show their part."""
        try:
            self._chips[i].write(self._glyphs, i * _CHIP_BYTES)
        except OSError:
            return False
        return True

    def _may_ask(self, now_ms) -> bool:
        return not 0 <= time.ticks_diff(now_ms, self._asked_ms) < _RETRY_MS


def seven_segments(parts: Parts) -> Chip:
    """A MAX7219."""
    import max7219

    sck, mosi = Pin(parts.pin("SPI_SCK")), Pin(parts.pin("SPI_MOSI"))
    spi = machine.SPI(1, baudrate=_SPI_HZ, sck=sck, mosi=mosi, miso=None)
    return max7219.MAX7219(spi, Pin(parts.pin("SPI_CS"), Pin.OUT, value=1))


def fourteen_segments(parts: Parts, bus: Bus | None) -> list[Chip]:
    """Two or three HT16K33."""
    import ht16k33

    assert bus is not None  # there is one with such a display
    names = ["DISPLAY_LEFT", "DISPLAY_RIGHT"]
    if parts.display == "ht16k33-12":
        names.append("DISPLAY_THIRD")
    return [ht16k33.HT16K33(bus, parts.pin(name)) for name in names]
