"""The flash of a live meter in files of the host: the ledger, and a disk for the firmware's files.

Takes paths. What is programmed or erased is in the file before the call returns, so that killing
the process at any moment is a power cut.
"""

import chip_nor

SECTOR = chip_nor.SECTOR


class FileFlash(chip_nor.Nor):
    """NOR flash whose content is a file; a missing one is made, erased."""

    def __init__(self, path, size):
        try:
            self._file = open(path, "r+b")
        except OSError:
            with open(path, "wb") as new:
                new.write(b"\xff" * size)
            self._file = open(path, "r+b")
        super().__init__(bytearray(self._file.read()))

    def _save(self, addr, length):
        self._file.seek(addr)
        self._file.write(memoryview(self.data)[addr : addr + length])
        self._file.flush()

    def program(self, addr, buf):
        try:
            super().program(addr, buf)
        finally:  # of a write that is cut, what is left of it
            self._save(addr, len(buf))

    def erase(self, sector_index):
        try:
            super().erase(sector_index)
        finally:
            self._save(sector_index * SECTOR, SECTOR)


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
