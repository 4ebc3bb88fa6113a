"""A chip's flash in memory behind the calls of tools/flashing/rom.py, and a ledger with money in it.

Sectors are erased before they are written, and power may go after any of them.
"""

import functools
import sys

from tools.flashing import image, rom, table
from tools.interpreters import ROOT, import_path

OFFICIAL = sorted(image.FOLDER.glob(image.PATTERN))[-1:]
SECTOR = 4096


class PowerCut(Exception):
    pass


class Chip:
    """A Rom over a bytearray; `left`: sectors that may still be erased or written."""

    url = "chip"

    def __init__(self, flash=b"\xff" * table.FLASH_BYTES, size=table.FLASH_BYTES):
        self.flash, self.size, self.left = bytearray(flash), size, None
        self.touched = []

    def identify(self):
        return rom.Facts("ESP32", "24:0a:c4:00:00:01", self.size)

    def read(self, at, size):
        return bytes(self.flash[at : at + size])

    def differing(self, parts):
        return [n for n, (at, data) in parts.items() if self.read(at, len(data)) != data]

    def write(self, at, data):
        assert at % SECTOR == 0 and len(data) % SECTOR == 0
        self.erase(at, len(data))
        for start in range(0, len(data), SECTOR):
            self._step(at + start, data[start : start + SECTOR])

    def erase(self, at, size):
        for start in range(at, at + size, SECTOR):
            self._step(start, b"\xff" * SECTOR)

    def _step(self, at, data):
        if self.left == 0:
            self.flash[at : at + SECTOR // 2] = data[: SECTOR // 2]  # the sector that is cut in half
            raise PowerCut
        if self.left is not None:
            self.left -= 1
        self.touched.append(at)
        self.flash[at : at + SECTOR] = data


@functools.cache
def made():
    return image.load(OFFICIAL[0])


@functools.cache
def meters_flash():
    """The ledger of a real meter, made by the firmware's own provisioning."""
    sys.path[:0] = [str(ROOT / folder) for folder in import_path("cpython")]
    try:
        from shilling.provision import provision as made_by

        memory = bytearray(b"\xff" * 0x80000)

        class Store:
            size, sector = 0x80000, SECTOR

            def read(self, addr, buf):
                buf[:] = memory[addr : addr + len(buf)]

            def program(self, addr, buf):
                for i, byte in enumerate(buf):
                    memory[addr + i] &= byte

            def erase(self, sector):
                memory[sector * SECTOR : (sector + 1) * SECTOR] = b"\xff" * SECTOR

        made_by(Store(), {"balance_mp": 1_234_000, "meter_id": bytes.fromhex("0123456789ABCDEF"),
                          "originator_id": bytes(8), "secret": bytes(32)})  # fmt: skip
    finally:
        del sys.path[: len(import_path("cpython"))]
    return bytes(memory)
