"""The flash of a live meter in files of the host: the ledger, and a disk for the firmware's files.

Takes paths. What is programmed or erased is in the file before the call returns, so that killing
the process at any moment is a power cut.
"""

import chip_nor

SECTOR = chip_nor.SECTOR
BLANK = b"\xff" * SECTOR


class FileFlash(chip_nor.Nor):
    """NOR flash whose content is a file, or `size` bytes of it from `base` on; a missing one is
    made, erased. plan: see Plan."""

    def __init__(self, path, size, base=0, plan=None):
        try:
            self._file = open(path, "r+b")
        except OSError:
            with open(path, "wb") as new:
                new.write(b"\xff" * (base + size))
            self._file = open(path, "r+b")
        self._base, self._plan = base, plan
        self._file.seek(base)
        super().__init__(bytearray(self._file.read(size)))

    def _save(self, addr, length):
        self._file.seek(self._base + addr)
        self._file.write(memoryview(self.data)[addr : addr + length])
        self._file.flush()

    def program(self, addr, buf):
        last = self._plan is not None and self._plan.spend(self)
        try:
            super().program(addr, buf)
        finally:  # of a write that is cut, what is left of it
            self._save(addr, len(buf))
            if last:
                self._plan.cut()

    def erase(self, sector_index):
        last = self._plan is not None and self._plan.spend(self)
        try:
            if last or self.dead or self.failing or self.weak or self.is_cut_planned:
                super().erase(sector_index)
            else:  # the same, but it takes nothing from a heap that may be as small as the chip's
                self.erases += 1
                self.sector_erases[sector_index] += 1
                self.data[sector_index * SECTOR : (sector_index + 1) * SECTOR] = BLANK
        finally:
            self._save(sector_index * SECTOR, SECTOR)
            if last:
                self._plan.cut()


class Plan:
    """A power cut that is planned in a file, for whichever process writes to the flash then: three
    numbers, how many writes are left (0: no plan), which pattern of chip_nor.PATTERNS, the seed."""

    WIDTH = 12

    def __init__(self, path, cut):
        """cut: called when the last write is in the file; it does not come back."""
        self._file = open(path, "r+b")
        self.cut = cut

    def spend(self, flash):
        """One write begins. -> True if power goes in the middle of it."""
        self._file.seek(0)
        fields = self._file.read(3 * self.WIDTH)
        left, pattern, seed = [int(fields[at * self.WIDTH :][: self.WIDTH]) for at in range(3)]
        if not left:
            return False
        self._file.seek(0)
        self._file.write(b"%*d" % (self.WIDTH, left - 1))
        self._file.flush()
        if left == 1:
            flash.cut_at(1, chip_nor.PATTERNS[pattern], seed)
        return left == 1


class Disk:
    """A block device as littlefs wants it (MicroPython documentation, vfs.AbstractBlockDev)."""

    def __init__(self, path, size):
        self._flash = FileFlash(path, size)

    def readblocks(self, block, buf, offset=0):
        self._flash.read(block * SECTOR + offset, buf)

    def writeblocks(self, block, buf, offset=0):
        self._flash.program(block * SECTOR + offset, buf)

    def ioctl(self, operation, argument):
        if operation == 4:
            return self._flash.size // SECTOR
        if operation == 5:
            return SECTOR
        if operation == 6:
            self._flash.erase(argument)
        return 0
