"""A folder of small files on the chip's disk, for the link's log: what is lost there is no money.

Takes names, places and bytes; raises OSError where the disk is missing, full or fails. A write blocks
for about 0.1 s: littlefs copies the file's last block. Loaded only by a board with a link.
"""

import os

FOLDER = "/log"


class Files:
    """One is enough."""

    def __init__(self) -> None:
        try:
            os.mkdir(FOLDER)
        except OSError:  # it is there, or the first write will say what is wrong
            pass

    def names(self) -> list:
        return os.listdir(FOLDER)

    def size(self, name: str) -> int:
        return os.stat(FOLDER + "/" + name)[6]

    def read(self, name: str, at: int, buf) -> None:
        """Fills buf from there, as far as there is something."""
        with open(FOLDER + "/" + name, "rb") as file:
            file.seek(at)
            file.readinto(buf)

    def write(self, name: str, at: int, data) -> None:
        """At 0, or where there is no such file, it begins anew."""
        try:
            file = open(FOLDER + "/" + name, "r+b" if at else "wb")
        except OSError:
            file = open(FOLDER + "/" + name, "wb")
        with file:
            file.seek(at)
            file.write(data)

    def remove(self, name: str) -> None:
        try:
            os.remove(FOLDER + "/" + name)
        except OSError:  # it is gone
            pass
