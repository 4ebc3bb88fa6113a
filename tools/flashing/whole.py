"""The whole flash of a board as one file, from the bootloader to the last byte, and its read-back.

Takes an Image and the disk's files; gives the parts {name: (address, bytes)} and the file. nvs, phy_init,
the ledger and what is behind it are erased flash. The file begins where an official one does (0x1000;
0x0 for the ESP32-C3), so that esptool knows it for an image.
"""

from pathlib import Path

from tools.errors import UserError
from tools.flashing import disk, image, table

ERASED = ("nvs", "phy_init", "ledger")


def parts(made, files):
    """{name: (address, bytes)} of everything that is written to a board."""
    vfs = made.table["vfs"]
    return {**made.parts, "vfs": (vfs.at, disk.build(files, vfs.size))}


def assemble(made, pieces):
    """The flash from the chip's first address on, everything that is not in a piece erased."""
    flash = bytearray(b"\xff" * table.FLASH_BYTES)
    for at, data in pieces.values():
        flash[at : at + len(data)] = data
    return bytes(flash[made.chip.begin :])


def write(path, made, files, for_me_alone=False):
    """Write the file and compare every part of it, read back; gives one line for each of them.
    for_me_alone: nobody else may read it, there is a key in it."""
    pieces = parts(made, files)
    path = Path(path)
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600 if for_me_alone else 0o666)
        unfinished.write_bytes(assemble(made, pieces))
        lines = compare(unfinished, made, pieces, files)
        unfinished.replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return lines


def compare(path, made, pieces, files):
    """Read a whole image back, as a bootloader and MicroPython would; UserError names what differs."""
    data = b"\xff" * made.chip.begin + path.read_bytes()
    if len(data) != table.FLASH_BYTES:
        raise UserError(f"{path} has {len(data)} bytes of flash instead of {table.FLASH_BYTES}")
    again = image.load(path)
    if (again.chip, again.version) != (made.chip, made.version) or again.table != made.table:
        raise UserError(f"{path} reads back with another partition table")
    lines = []
    for name, (at, piece) in pieces.items():
        if data[at : at + len(piece)] != piece:
            raise UserError(f"{path} does not read back: {name} at {at:#x}")
        lines.append(f"{name:<16} {at:#9x} {len(piece):>9} bytes")
    for name in ERASED:
        row = made.table[name]
        if data[row.at : row.at + row.size].strip(b"\xff"):
            raise UserError(f"{path}: {name} is not erased")
        lines.append(f"{name:<16} {row.at:#9x} {row.size:>9} bytes, erased")
    vfs = made.table["vfs"]
    if disk.read(data[vfs.at : vfs.at + vfs.size]) != files:
        raise UserError(f"{path}: the files do not read back from the vfs")
    lines.append(f"{len(files)} files in the vfs, {sum(map(len, files.values()))} bytes")
    return lines
