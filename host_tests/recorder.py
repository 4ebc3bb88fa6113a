"""A flash that remembers every write, so that each can be cut afterwards, in any pattern.

Takes the bytes of a flash; gives the image before each write, and what a cut in it leaves.
"""

from chip_nor import SECTOR, Nor, PowerLoss


class Recorder(Nor):
    """`asked` are the writes since forget(): (address, data or None for an erase, what came of
    it)."""

    def __init__(self, data):
        super().__init__(data)
        self.forget()

    def forget(self):
        """What was written so far is where it starts."""
        self.first = bytes(self.data)
        self.asked = []

    def program(self, addr, buf):
        try:
            super().program(addr, buf)
        finally:
            self.asked.append((addr, bytes(buf), bytes(self.data[addr : addr + len(buf)])))

    def erase(self, sector_index):
        addr = sector_index * SECTOR
        try:
            super().erase(sector_index)
        finally:
            self.asked.append((addr, None, bytes(self.data[addr : addr + SECTOR])))

    def images(self):
        """-> for each write, oldest first: the image before it, its address, its data."""
        image = bytearray(self.first)
        for addr, data, left in self.asked:
            yield bytes(image), addr, data
            image[addr : addr + len(left)] = left


def torn(image, addr, data, pattern, seed):
    """-> the flash after power went in the middle of this write."""
    flash = Nor(bytearray(image))
    flash.cut_at(1, pattern, seed)
    try:
        if data is None:
            flash.erase(addr // SECTOR)
        else:
            flash.program(addr, data)
    except PowerLoss:
        pass
    return flash
