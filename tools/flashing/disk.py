"""The board's disk: a littlefs image with the firmware's files, and the files of such an image.

Takes {path: bytes}, paths from the root on ("/lib/start.mpy"); gives the bytes of the vfs partition.
Geometry as MicroPython mounts it (VfsLfs2: 32, 32, 32), disk version 2.0, which every littlefs 2 reads.
A file that fits into a directory must fit into the reader's cache too: 128 bytes on the board.
"""

import posixpath

from littlefs import LittleFS, LittleFSError

from tools.errors import UserError

BLOCK = 4096
VERSION = 0x00020000
CACHE = 128  # four reads, as extmod/vfs_lfs.c has it


def _open(data, size, **more):
    disk = LittleFS(
        block_size=BLOCK, block_count=size // BLOCK, read_size=32, prog_size=32, lookahead_size=32,
        cache_size=CACHE, mount=False, **more,
    )  # fmt: skip
    if data is not None:
        disk.context.buffer = bytearray(data)
    return disk


def build(files, size):
    """A file system of exactly `size` bytes with these files and their folders."""
    disk = _open(None, size, disk_version=VERSION)
    disk.format()
    disk.mount()
    try:
        for path in sorted(files):
            folder = posixpath.dirname(path)
            if folder != "/":
                disk.makedirs(folder, exist_ok=True)
            with disk.open(path, "wb") as file:
                file.write(files[path])
    except LittleFSError:
        total = sum(map(len, files.values()))
        raise UserError(f"{total} bytes of files do not fit on the board's disk of {size}") from None
    disk.unmount()
    return bytes(disk.context.buffer)


def read(data):
    """{path: bytes} of an image of any size, or None if it holds no file system of that size."""
    disk = _open(data, len(data))
    try:
        disk.mount()
        stat = disk.fs_stat()
        if (stat.block_size, stat.block_count) != (BLOCK, len(data) // BLOCK):
            return None
        files = {}
        for folder, _, names in disk.walk("/"):
            for name in names:
                path = posixpath.join(folder, name)
                with disk.open(path, "rb") as file:
                    files[path] = file.read()
    except LittleFSError:
        return None
    return files
