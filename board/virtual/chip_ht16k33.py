"""A HT16K33 LED driver on a 4-character 14-segment backpack, as seen from its I2C bus.

Takes write transactions; gives the lit segments of its 4 cells. The backpack has one character on
each common line: low byte = segments a..g2, high byte = h..n and dot. Source: Holtek HT16K33 data
sheet v1.10, command table.
"""

CELLS = 4
RAM_BYTES = 16
ALL_SEGMENTS = 0x7FFF  # the 16th output is not connected
UNDEFINED = 0x55  # what the display memory happens to hold after power-on


class HT16K33:
    """After power-on: oscillator off, display off, memory undefined, full brightness."""

    def __init__(self):
        self.lose_power()

    def lose_power(self):
        """The supply goes; what is here afterwards is what a chip starts with."""
        self._ram = bytearray([UNDEFINED] * RAM_BYTES)
        self._oscillator = self._display = False
        self.brightness = 16  # sixteenths

    def i2c_write(self, data):
        """One write transaction: a command byte, after a memory address also data."""
        command = data[0]
        kind = command & 0xF0
        if kind == 0x00:
            for i in range(1, len(data)):
                self._ram[(command + i - 1) % RAM_BYTES] = data[i]
        elif kind == 0x20:
            self._oscillator = bool(command & 1)
        elif kind == 0x80:
            self._display = bool(command & 1)
        elif kind == 0xE0:
            self.brightness = (command & 0x0F) + 1

    def cells(self):
        """-> 4 integers, a bit for each lit segment; dark unless oscillator and display are on."""
        if not (self._oscillator and self._display):
            return [0] * CELLS
        ram = self._ram
        return [(ram[i] | ram[i + 1] << 8) & ALL_SEGMENTS for i in range(0, 2 * CELLS, 2)]
