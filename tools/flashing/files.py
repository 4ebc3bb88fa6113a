"""The files on a board's disk: the firmware of this tree, and what the user adds to it.

Takes board.json and settings, gives {path on the board: bytes}. What is compiled is plain bytecode of
format 6 with small integers of 31 bits, which MicroPython 1.25 and later load on either chip.
"""

import importlib
from pathlib import Path

from tools import interpreters
from tools.device.payload import firmware_files
from tools.errors import UserError

HEAD = b"M\x06\x00\x1f"  # format 6, no machine code, 31 bits
BOARD = "/board.json"
SETTINGS = "/settings.json"


def firmware():
    """What every board has: main.py, and everything else compiled below /lib."""
    files = dict(firmware_files())
    wrong = [path for path in files if path.endswith(".mpy") and not files[path].startswith(HEAD)]
    if wrong:
        raise UserError(f"mpy-cross made what MicroPython 1.25 does not load: {', '.join(wrong)}")
    return files


def board_file(path, chip):
    """The bytes of a board.json that the board will accept; UserError has each fault."""
    try:
        data = Path(path).read_bytes()
        text = data.decode()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is no UTF-8 text") from None
    why = board_faults(text, chip)
    if why:
        raise UserError(f"{path}: {why}")
    return data


def board_faults(text, chip):
    """What the board's own check says of the text of a board.json; "" when nothing is wrong."""
    with interpreters.importable():
        checks, parts = importlib.import_module("board_file"), importlib.import_module("parts")
        try:
            checks.parts_of(text, chip)
        except parts.BoardError as fault:
            return str(fault)
    return ""
