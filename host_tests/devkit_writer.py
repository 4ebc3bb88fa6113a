"""One write of the serial loader: inflates if need be, erases ahead, programs, keeps to its size.

Takes the blocks of esptool in order; works on a flash (devkit_flash.py). Raises WriteError with the
loader's number. Source: Espressif's stub flasher: it erases as it writes and trims the last block.
"""

import zlib

from devkit_flash import SECTOR

BAD_DEFLATE, TOO_MUCH = 0xC7, 0xC9


class WriteError(Exception):
    """Its argument is the number the loader answers with."""


class FlashWriter:
    """size, offset in bytes; offset is where a sector starts."""

    def __init__(self, flash, offset, size, compressed):
        self.flash, self.offset = flash, offset
        self.left = size
        self.inflate = zlib.decompressobj() if compressed else None
        self.erased_to = offset

    def erase_to(self, end):
        """Everything before `end` is erased that was not yet."""
        while self.erased_to < end:
            self.flash.erase(self.erased_to, 1)
            self.erased_to = (self.erased_to // SECTOR + 1) * SECTOR

    def take(self, block):
        """The next block; of an uncompressed one what is beyond the size is padding."""
        if self.inflate is None:
            data = block[: self.left]
        else:
            try:
                data = self.inflate.decompress(block)
            except zlib.error:
                raise WriteError(BAD_DEFLATE) from None
            if len(data) > self.left:
                raise WriteError(TOO_MUCH)
        self.left -= len(data)
        while data:
            step = min(len(data), SECTOR - self.offset % SECTOR)
            self.erase_to(self.offset + step)
            self.flash.program(self.offset, data[:step])
            self.offset += step
            data = data[step:]
