"""MicroPython's module `esp32` on the simulated silicon: the flash partition `ledger`.

Takes blocks of 4096 bytes and offsets into them. Source: MicroPython 1.28 documentation,
`esp32.Partition`: without an offset writeblocks erases first, with one it only programs; ioctl 4 =
number of blocks, 5 = block size, 6 = erase. Times: data sheet of Winbond W25Q32JV, typical. While
the flash is busy no code of it can run: of all pin interrupts one is kept.
"""

import world

LEDGER = "ledger"
ADDRESS = 0x300000
SUBTYPE_NVS, ANY = 2, 0xFF
PAGE, PROGRAM_US, ERASE_US = 256, 400, 45000
IRQ_KEPT = 1


class Partition:
    """One partition; found by find(), not made."""

    TYPE_APP, TYPE_DATA = 0, 1

    def __init__(self, flash):
        self._flash = flash

    @staticmethod
    def find(type=0, subtype=ANY, label=None):
        """-> list of the partitions that match; subtype 0xFF and label None match all."""
        fits = type == Partition.TYPE_DATA and subtype in (ANY, SUBTYPE_NVS)
        return [Partition(world.current.flash)] if fits and label in (None, LEDGER) else []

    def info(self):
        """-> (type, subtype, address, size, label, encrypted)."""
        return (Partition.TYPE_DATA, SUBTYPE_NVS, ADDRESS, self._flash.size, LEDGER, False)

    def readblocks(self, block, buf, offset=0):
        self._flash.read(block * self._flash.sector + offset, buf)

    def writeblocks(self, block, buf, offset=None):
        if offset is None:
            for sector in range(block, block + len(buf) // self._flash.sector):
                self._erase(sector)
            offset = 0
        address = block * self._flash.sector + offset
        self._flash.program(address, buf)
        pages = (address + len(buf) - 1) // PAGE - address // PAGE + 1
        world.current.spend_us(pages * PROGRAM_US, IRQ_KEPT)

    def _erase(self, sector):
        self._flash.erase(sector)
        world.current.spend_us(ERASE_US, IRQ_KEPT)

    def ioctl(self, operation, argument):
        if operation == 4:
            return self._flash.size // self._flash.sector
        if operation == 5:
            return self._flash.sector
        if operation == 6:
            self._erase(argument)
            return 0
        return None
