"""The partition table of an ESP32: where everything is in the flash.

Takes the 4096 bytes at 0x8000, gives {name: Partition}; a Fault says why they are no table. Read here
apart from the tool that writes it, as the bootloader does: entries, their MD5, then nothing.
Source: ESP-IDF, partition tables.
"""

import hashlib
import struct
from collections import namedtuple

AT = 0x8000
SIZE = 0x1000
LAST_ENTRY = 0xC00  # the bootloader reads no further
ENTRY = struct.Struct("<2sBBII16sI")
MAGIC = b"\xaa\x50"
MD5_MAGIC = b"\xeb\xeb" + b"\xff" * 14
BLANK = b"\xff" * ENTRY.size
DATA, NVS, FAT = 1, 0x02, 0x81  # type, and subtypes of it

# What the meter asks of the table; everything else stays as MicroPython has it
VFS = ("vfs", DATA, FAT, 0x200000, 0x100000)
LEDGER = ("ledger", DATA, NVS, 0x300000, 0x80000)  # any subtype would do: it is found by its name
FLASH_BYTES = 0x400000

Partition = namedtuple("Partition", "name type subtype at size flags", defaults=(0,))


class Fault(Exception):
    """Why the bytes are no partition table, as the end of a sentence."""


def parse(data):
    """{name: Partition} in the order of the table; a Fault if the bootloader would refuse it."""
    found = {}
    for at in range(0, LAST_ENTRY, ENTRY.size):
        row = data[at : at + ENTRY.size]
        if row.startswith(MAGIC):
            _, kind, subtype, offset, size, label, flags = ENTRY.unpack(row)
            name = label.rstrip(b"\0").decode("latin-1")
            found[name] = Partition(name, kind, subtype, offset, size, flags)
        elif row.startswith(MD5_MAGIC) and found:
            if row[16:] != hashlib.md5(data[:at]).digest():
                raise Fault("its MD5 is wrong")
            after = data[at + ENTRY.size : at + 2 * ENTRY.size]
            if after != BLANK:
                raise Fault("it does not end")
            return found
        else:
            break
    raise Fault("it is empty" if not data.strip(b"\xff") else "it is cut off")


def is_ours(found):
    """The table has the vfs and the ledger that the meter needs, at their places."""
    return all(found.get(row[0]) == Partition(*row) for row in (VFS, LEDGER))
