"""A flash that remembers every write, so that each can be cut afterwards, in any pattern.

Takes the bytes of a flash; gives the image before each write, and what a cut in it leaves.
"""

from chip_nor import SECTOR, Nor, PowerLoss


class Recorder(Nor):
    """`asked` are the writes since forget(): (address, data), data None for an erase."""

    def __init__(self, data):
        super().__init__(data)
        self.forget()

    def forget(self):
        """What was written so far is where it starts."""
        self.first = bytes(self.data)
        self.asked = []

    def program(self, addr, buf):
        self.asked.append((addr, bytes(buf)))
        super().program(addr, buf)

    def erase(self, sector_index):
        self.asked.append((sector_index * SECTOR, None))
        super().erase(sector_index)

    def images(self):
        """-> for each write, oldest first: the image before it, its address, its data."""
        flash = Nor(bytearray(self.first))
        for addr, data in self.asked:
            yield bytes(flash.data), addr, data
            again(flash, addr, data)


def again(flash, addr, data):
    """The write, on another flash."""
    if data is None:
        flash.erase(addr // SECTOR)
    else:
        flash.program(addr, data)


def torn(image, addr, data, pattern, seed):
    """-> the flash after power went in the middle of this write."""
    flash = Nor(bytearray(image))
    flash.cut_at(1, pattern, seed)
    try:
        again(flash, addr, data)
    except PowerLoss:
        pass
    return flash
