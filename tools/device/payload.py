"""The firmware as it lies on a board's disk: /main.py as it is, all else compiled below /lib.

Gives {absolute path: bytes}; the same files for flashing, updating and the virtual board.
"""

import functools
import tempfile
from pathlib import Path

from tools.checks import mpy
from tools.errors import UserError
from tools.interpreters import ROOT

MAIN = "/main.py"
LIB = "/lib"
# A build freezes these instead of copying them
FROZEN_ONLY = ("firmware/_boot.py", "firmware/main.py")


@functools.cache
def firmware_files():
    """{path on the board: bytes}, /main.py last: the order in which they are to be written."""
    files = {}
    with tempfile.TemporaryDirectory(prefix="shilling") as folder:
        _, faults = mpy.build(ROOT, folder)
        if faults:
            raise UserError(f"the firmware does not compile: {faults[0]}")
        for source in mpy.sources(ROOT):
            if str(source) not in FROZEN_ONLY:
                compiled = Path(folder, source).with_suffix(".mpy")
                files[on_board(source)] = compiled.read_bytes()
    files = dict(sorted(files.items()))
    files[MAIN] = (ROOT / "firmware/main.py").read_bytes()
    return files


def on_board(source):
    """Where a source of the repository (relative to its root) lies once it is compiled."""
    for folder in mpy.FOLDERS:
        if source.is_relative_to(folder):
            return f"{LIB}/{source.relative_to(folder).with_suffix('.mpy').as_posix()}"
    raise ValueError(source)
