"""A MAX7219 LED driver with 8 seven-segment digits, as on the usual module, seen from its wires.

Takes bits on DIN, clocked, and the level of LOAD (CS); gives the lit segments from left to right:
digit 7 of the chip is the leftmost of the module. It has no way to answer. Source: Maxim 19-4452
(MAX7219/MAX7221): 16 bits, first D15, the last 16 before LOAD rises count; tables 2 to 10.
"""

DIGITS = 8
DECODE, INTENSITY, SCAN_LIMIT, SHUTDOWN, TEST = 9, 10, 11, 12, 15
DOT = 0x80
SEEN_DOT = 1 << 14  # where World.cells() has it
EVERY = 0x7F | SEEN_DOT
# Code B (table 5): 0..9 - E H L P blank, as D6..D0 = a b c d e f g
CODE_B = b"\x7e\x30\x6d\x79\x33\x5b\x5f\x70\x7f\x7b\x01\x4f\x37\x0e\x67\x00"
MAX_HZ = 10000000


class MAX7219:
    """After power-on: shut down, one digit, no decoding, least brightness, all blank."""

    def __init__(self):
        self.powered = True
        self.lose_power()

    def lose_power(self):
        """The supply goes; what is here afterwards is what a chip starts with."""
        self._shift = 0
        self._last = 0  # the bit before
        self._registers = bytearray(16)
        self._load = 0

    def spi_write(self, data, is_late):
        """Bits come in, whatever LOAD is (a MAX7221 would want it low). is_late: the master puts
        out each bit at the very edge that this chip looks at (SPI modes 1 and 2): it sees the bit
        before it."""
        for byte in data:
            if is_late:
                byte, self._last = (byte >> 1) | (self._last << 7 & 0x80), byte & 1
            self._shift = (self._shift << 8 | byte) & 0xFFFF

    def pin_changed(self, _pin, level):
        """LOAD rises: the last 16 bits are a register address and its value."""
        if level and not self._load and self.powered:
            self._registers[self._shift >> 8 & 0x0F] = self._shift & 0xFF
        self._load = level

    @property
    def brightness(self):
        """Sixteenths; the chip's own steps are 1/32, 3/32 .. 31/32."""
        return (self._registers[INTENSITY] & 0x0F) + 1

    def cells(self):
        """-> 8 integers from left to right: bit 0 = a .. bit 6 = g, bit 14 = dot."""
        registers = self._registers
        if not self.powered:
            return [0] * DIGITS
        if registers[TEST] & 1:  # before shutdown
            return [EVERY] * DIGITS
        if not registers[SHUTDOWN] & 1:
            return [0] * DIGITS
        shown = (registers[SCAN_LIMIT] & 7) + 1
        return [self._seen(digit) if digit < shown else 0 for digit in range(DIGITS - 1, -1, -1)]

    def _seen(self, digit):
        value = self._registers[1 + digit]
        if self._registers[DECODE] >> digit & 1:
            value = value & DOT | CODE_B[value & 0x0F]
        lit = SEEN_DOT if value & DOT else 0
        for segment in range(7):  # a is D6
            lit |= (value >> 6 - segment & 1) << segment
        return lit
