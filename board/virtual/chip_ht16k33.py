"""A HT16K33 LED driver on a 4-character 14-segment backpack, as seen from its I2C bus.

Takes write and read transactions; gives the lit segments of its 4 cells. The backpack has one
character on each common line: low byte = segments a..g2, high byte = h..n and dot. Source: Holtek
HT16K33 data sheet v1.10, command table.
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
        self._pointer = 0
        self._oscillator = self._display = False
        self.blinking = 0  # 0 steady, 1 2 Hz, 2 1 Hz, 3 0.5 Hz
        self.brightness = 16  # sixteenths

    def i2c_write(self, data):
        """One write transaction: a command byte, after a memory address also data."""
        if not data:
            return  # its address was called, and it answered
        command = data[0]
        kind = command & 0xF0
        if kind == 0x00:
            self._pointer = command
            for i in range(1, len(data)):
                self._ram[(command + i - 1) % RAM_BYTES] = data[i]
        elif kind == 0x20:
            self._oscillator = bool(command & 1)
        elif kind == 0x80:
            self._display = bool(command & 1)
            self.blinking = command >> 1 & 3
        elif kind == 0xE0:
            self.brightness = (command & 0x0F) + 1

    def i2c_read(self, buf):
        """One read transaction: display memory from the address that was written last."""
        for i in range(len(buf)):
            buf[i] = self._ram[(self._pointer + i) % RAM_BYTES]

    def cells(self):
        """-> 4 integers, a bit for each lit segment; dark unless oscillator and display are on."""
        if not (self._oscillator and self._display):
            return [0] * CELLS
        ram = self._ram
        return [(ram[i] | ram[i + 1] << 8) & ALL_SEGMENTS for i in range(0, 2 * CELLS, 2)]
