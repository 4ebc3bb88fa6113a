"""The flash chip of the simulated dev board: a file that keeps NOR rules, and loses power on demand.

Takes a path and a size in bytes (a missing file is a blank chip). Another process may read and write
the file while this one does not; what is written is in the file at once, whoever is killed then.
The planned power cut is in a file beside it (devkit_plan.py).
"""

import mmap

import chip_nor
from devkit_plan import CutPlan

SECTOR = chip_nor.SECTOR
PAGE = 256  # bytes programmed by one command of the chip


class FlashFile:
    """Addresses wrap round at the chip's end, as on the chip."""

    def __init__(self, path, size):
        with open(path, "ab") as file:
            missing = size - file.tell()
            file.write(b"\xff" * max(0, missing))
        self._file = open(path, "r+b")  # noqa: SIM115  open as long as the board exists
        self.size = size
        self.nor = chip_nor.Nor(mmap.mmap(self._file.fileno(), size))
        self.plan = CutPlan(f"{path}.plan")

    def read(self, addr, length):
        """The bytes from addr on."""
        data = self.nor.data
        addr %= self.size
        if addr + length <= self.size:
            return data[addr : addr + length]
        return bytes(data[(addr + at) % self.size] for at in range(length))

    def program(self, addr, data):
        """Clear bits, page by page; whatever was not erased before keeps its zeros."""
        at = 0
        while at < len(data):
            start = (addr + at) % self.size
            step = min(len(data) - at, PAGE - start % PAGE)
            self.plan.spend(self.nor)
            self.nor.program(start, data[at : at + step])
            at += step

    def erase(self, addr, length):
        """Every sector that is touched."""
        for sector in range(addr // SECTOR, (addr + length + SECTOR - 1) // SECTOR):
            self.plan.spend(self.nor)
            self.nor.erase(sector % (self.size // SECTOR))
