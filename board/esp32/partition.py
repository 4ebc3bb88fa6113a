"""The meter's store: the raw flash partition `ledger`.

Takes byte addresses; programming only clears bits (it never erases), erasing sets a sector of 4096
bytes to FF. Both block: about 1 ms for 64 bytes, 50 ms for a sector. Source: MicroPython 1.28
documentation, esp32.Partition.
"""

import esp32
from micropython import const

LABEL = "ledger"
_SECTOR = const(4096)
COUNT_OPERATION, ERASE_OPERATION = 4, 6


class Store:
    """size and sector in bytes. Raises OSError on a flash fault."""

    sector = _SECTOR

    def __init__(self) -> None:
        found: list[esp32.Partition] = esp32.Partition.find(
            esp32.Partition.TYPE_DATA, label=LABEL
        )
        if not found:
            raise RuntimeError("no flash partition named ledger: flash the board with make flash")
        self._partition = found[0]
        self.size = (self._partition.ioctl(COUNT_OPERATION, 0) or 0) * _SECTOR

    def read(self, addr: int, buf: bytearray) -> None:
        """Fills buf from addr."""
        self._partition.readblocks(addr // _SECTOR, buf, addr % _SECTOR)

    def program(self, addr: int, buf: bytes | bytearray | memoryview) -> None:
        """Clears the bits that are 0 in buf. The offset is what keeps writeblocks from erasing."""
        self._partition.writeblocks(addr // _SECTOR, buf, addr % _SECTOR)

    def erase(self, sector_index: int) -> None:
        """Sets a sector to FF."""
        self._partition.ioctl(ERASE_OPERATION, sector_index)
