"""Whole flashes for the tests of the simulated dev board, made by the project's own tools.

Takes what shall be different; gives the bytes of a 4 MB flash, or the official image's path. Built once
for all tests of a process.
"""

import functools
import json
import random
from pathlib import Path

from tools import settings
from tools.flashing import files, image, whole
from tools.interpreters import ROOT

OFFICIAL = ROOT / ".venv/images/ESP32_GENERIC-20250415-v1.25.0.bin"
FLASH_BYTES = 4 << 20
TABLE_AT, APP_AT, LEDGER_AT, LEDGER_BYTES = 0x8000, 0x10000, 0x300000, 0x80000
IDENTITY = {
    "meter_id": bytes(range(1, 9)), "originator_id": bytes(range(2, 10)), "secret": bytes(range(32)),
}  # fmt: skip
SETTINGS = "profile: smart_payg\nbalance: 10.00\n"


@functools.cache
def official():
    """The Image that goes onto boards."""
    return image.load(OFFICIAL)


@functools.cache
def firmware():
    """{path on the board: bytes}."""
    return files.firmware()


def disk_at():
    """(address, bytes) of the vfs partition."""
    part = official().table["vfs"]
    return part.at, part.size


def flash(more=None):
    """A new board's flash; more: {path on the disk: bytes} beside the firmware."""
    wanted = {**firmware(), **(more or {})}
    made = official()
    return b"\xff" * made.chip.begin + whole.assemble(made, whole.parts(made, wanted))


def settings_json(folder, text=SETTINGS, **more):
    """/settings.json of a first start, as bytes; text: a settings file for people; more: as in
    provision()'s dict."""
    path = Path(folder, "settings.yaml")
    path.write_text(text, encoding="utf-8")
    found = {**settings.settings_of(path), **IDENTITY, **more}
    plain = {name: v.hex() if isinstance(v, bytes | bytearray) else v for name, v in found.items()}
    return json.dumps(plain).encode()


def damaged(data, seed=7):
    """A flash whose file system has become noise."""
    at, size = disk_at()
    return data[:at] + random.Random(seed).randbytes(size) + data[at + size :]
