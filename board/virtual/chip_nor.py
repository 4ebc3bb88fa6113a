"""NOR flash: programming only clears bits, erasing sets a sector of 4096 bytes to FF.

Takes byte addresses; gives the content, which survives power cuts. It has the methods of a board's
store (size, sector, read, program, erase), to provision a meter that has not started yet.
"""

SECTOR = 4096


class Nor:
    """The flash behind the partition `ledger`; the caller's bytearray is changed in place."""

    def __init__(self, data):
        if len(data) == 0 or len(data) % SECTOR:
            raise ValueError("flash is whole sectors of 4096 bytes")
        self.data = data
        self.size = len(data)
        self.sector = SECTOR
        self.programs = 0
        self.erases = 0
        self.sector_erases = [0] * (self.size // SECTOR)

    def read(self, addr, buf):
        """Fills buf from addr."""
        self._check(addr, len(buf))
        buf[:] = memoryview(self.data)[addr : addr + len(buf)]

    def program(self, addr, buf):
        """Clears the bits that are 0 in buf; sets none."""
        self._check(addr, len(buf))
        self.programs += 1
        data = self.data
        for i in range(len(buf)):
            data[addr + i] &= buf[i]

    def erase(self, sector_index):
        """Sets one sector to FF."""
        self._check(sector_index * SECTOR, SECTOR)
        self.erases += 1
        self.sector_erases[sector_index] += 1
        self.data[sector_index * SECTOR : (sector_index + 1) * SECTOR] = b"\xff" * SECTOR

    def _check(self, addr, length):
        if addr < 0 or addr + length > self.size:
            raise ValueError("outside the flash")
