"""What the ESP32's ROM and bootloader make of a flash: the app they would start, and its partitions.

Takes a flash (devkit_flash.py) and the chip's boot offset; gives partitions, or the text a board prints
on its way to the next try. Sources: ESP-IDF, 'Partition Tables' and 'App Image Format'.
"""

import hashlib
import struct
from collections import namedtuple

TABLE, TABLE_SIZE, ENTRY = 0x8000, 0xC00, 32
ENTRY_MAGIC, MD5_MAGIC = b"\xaa\x50", b"\xeb\xeb"
IMAGE_MAGIC, CHECKSUM_SEED = 0xE9, 0xEF
APP, DATA, FACTORY = 0, 1, 0

Partition = namedtuple("Partition", "type subtype offset size name flags")


class CannotBoot(Exception):
    """Its argument is what the board prints before it tries again."""


def partitions(flash):
    """The partitions in the table's order; CannotBoot when the table is not whole."""
    table = flash.read(TABLE, TABLE_SIZE)
    found = []
    for at in range(0, TABLE_SIZE, ENTRY):
        entry = table[at : at + ENTRY]
        if entry[:2] == MD5_MAGIC:
            if entry[16:] != hashlib.md5(table[:at]).digest():
                raise CannotBoot("E (57) flash_parts: MD5 checksum of the partition table is wrong")
            return found
        if entry == b"\xff" * ENTRY and found:
            return found
        if entry[:2] != ENTRY_MAGIC:
            magic = struct.unpack_from("<H", entry)[0]
            raise CannotBoot(
                f"E (57) flash_parts: partition {len(found)} invalid magic number 0x{magic:x}"
            )
        kind, subtype, offset, size = struct.unpack_from("<BBII", entry, 2)
        if offset + size > flash.size:
            raise CannotBoot(
                f"E (57) flash_parts: partition {len(found)} invalid - offset 0x{offset:x} size "
                f"0x{size:x} exceeds flash chip size 0x{flash.size:x}"
            )
        name = entry[12:28].rstrip(b"\0").decode("latin-1")
        found.append(Partition(kind, subtype, offset, size, name, entry[28]))
    return found


def check_image(flash, offset):
    """CannotBoot unless there is a whole program at offset: its checksum, and its digest if it has one."""
    head = flash.read(offset, 24)
    magic, segments, with_digest = head[0], head[1], head[23]
    if magic != IMAGE_MAGIC:
        raise CannotBoot(
            f"E (75) esp_image: image at 0x{offset:x} has invalid magic byte 0x{magic:x}"
        )
    at, sum_found = offset + 24, CHECKSUM_SEED
    for _ in range(segments):
        length = struct.unpack("<I", flash.read(at + 4, 4))[0]
        if at + 8 + length > flash.size:
            raise CannotBoot(f"E (75) esp_image: segment length 0x{length:x} is invalid")
        sum_found ^= fold(flash.read(at + 8, length))
        at += 8 + length
    end = offset + ((at - offset) // 16 + 1) * 16  # the last of these bytes is the checksum
    if flash.read(end - 1, 1)[0] != sum_found:
        raise CannotBoot("E (75) esp_image: Checksum failed")
    digest = hashlib.sha256(flash.read(offset, end - offset)).digest()
    if with_digest and flash.read(end, 32) != digest:
        raise CannotBoot("E (75) esp_image: Image hash failed - image is corrupt")


def fold(data):
    """All bytes combined by exclusive or."""
    padded = data + bytes(-len(data) % 8)
    words = struct.unpack(f"<{len(padded) // 8}Q", padded)
    found = 0
    for word in words:
        found ^= word
    for shift in (32, 16, 8):
        found ^= found >> shift
    return found & 0xFF


def start(flash, boot_offset):
    """The partitions of a flash that a board starts from; CannotBoot otherwise."""
    magic = flash.read(boot_offset, 4)
    if magic[0] != IMAGE_MAGIC:
        raise CannotBoot("invalid header: 0x" + magic[::-1].hex())
    try:
        check_image(flash, boot_offset)
    except CannotBoot:  # the ROM looks at the checksum only, and says this
        raise CannotBoot("csum err:0x80!=0xef\r\nets_main.c 384") from None
    found = partitions(flash)
    apps = [part for part in found if part.type == APP and part.subtype == FACTORY]
    if not apps:
        raise CannotBoot("E (83) boot: No bootable app partitions in the partition table")
    check_image(flash, apps[0].offset)
    return found
