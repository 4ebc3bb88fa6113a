"""An official MicroPython image: checked, and with the meter's partitions in its table.

Takes a .bin file of micropython.org, gives an Image: its chip, its version and the parts of the flash
that it fills, as {name: (address, bytes)}. The partition table is changed by mp-image-tool-esp32, checked
by esptool and read back here. What is wrong with a file is one sentence.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

from tools.errors import UserError
from tools.flashing import table
from tools.interpreters import ROOT

FOLDER = ROOT / ".venv/images"
PATTERN = "ESP32_GENERIC-2*.bin"  # by their date; no variant
OLDEST = (1, 25)
CHIP_ID_AT = 12  # u16 in the header of every ESP32 image
BANNER = re.compile(rb"v(\d+)\.(\d+)\.(\d+)(-preview[.\w]*)? on \d{4}-\d\d-\d\d")
TIMEOUT_S = 60

# Name in board.json and for esptool: number in an image's header, where its file begins, name of people
Chip = namedtuple("Chip", "name number begin said image")
CHIPS = (
    Chip("esp32", 0, 0x1000, "ESP32", "ESP32_GENERIC"),
    Chip("esp32c3", 5, 0x0, "ESP32-C3", "ESP32_GENERIC_C3"),
)
OTHERS = {2: "ESP32-S2", 9: "ESP32-S3", 12: "ESP32-C2", 13: "ESP32-C6", 16: "ESP32-H2"}

PRODUCTION = b"Shilling production"  # tools/image.py names its board so

Image = namedtuple("Image", "path chip version table parts is_production")


def newest():
    """The image that came with the tools, the latest of several."""
    found = sorted(FOLDER.glob(PATTERN))
    if not found:
        raise UserError(
            "no MicroPython image here: take ESP32_GENERIC from micropython.org/download and say"
            " --image FILE"
        )
    return found[-1]


def load(path):
    """The Image of a file, every check passed."""
    data = _bytes(path)
    chip = _chip(path, data)
    version = _version(path, data)
    _info(path, path, "its bootloader")
    before = _table(path, data[table.AT - chip.begin :])
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder, "image.bin")
        changed.write_bytes(data)
        if not table.is_ours(before):
            _add_partitions(path, changed)
        data = changed.read_bytes()
        found = _table(path, data[table.AT - chip.begin :])
        if not _is_kept(before, found):
            raise UserError(f"the partition table of {path} has no room for the meter's ledger: take"
                            f" the plain {chip.image} image")  # fmt: skip
        parts = _parts(path, chip, found, data)
        Path(folder, "app.bin").write_bytes(parts["factory"][1])
        _info(path, Path(folder, "app.bin"), "its program")
    return Image(Path(path), chip, version, found, parts, PRODUCTION in data)


def _bytes(path):
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) < 0x20000 or data[:1] != b"\xe9":
        raise UserError(f"{path} is no image of an ESP32: take a .bin of micropython.org")
    return data


def _chip(path, data):
    number = int.from_bytes(data[CHIP_ID_AT : CHIP_ID_AT + 2], "little")
    for chip in CHIPS:
        if chip.number == number:
            return chip
    name = OTHERS.get(number, f"chip {number}")
    raise UserError(f"{path} is for the {name}; the meter runs on the ESP32 and the ESP32-C3")


def _version(path, data):
    """v1.25.0, from the text that MicroPython greets with."""
    found = BANNER.search(data)
    if not found:
        raise UserError(f"{path} has no MicroPython in it: take a .bin of micropython.org")
    version = found[0].decode().partition(" ")[0]
    if (int(found[1]), int(found[2])) < OLDEST:
        raise UserError(f"{path} is MicroPython {version}; the meter needs v1.25.0 or newer")
    return version


def _table(path, data):
    try:
        return table.parse(data[: table.SIZE])
    except table.Fault as fault:
        raise UserError(f"{path} has no partition table: {fault}") from None


def _is_kept(before, after):
    """The new table has our two partitions, and every other one as it was."""
    ours = ("vfs", "ledger")
    return table.is_ours(after) and all(
        after.get(name) == row for name, row in before.items() if name not in ours
    ) and set(after) == set(before) | set(ours)  # fmt: skip


def _add_partitions(path, changed):
    """Make room for the ledger in the table of the file `changed`."""
    name, _, _, at, size = table.LEDGER
    done = _run(
        ["-c", "import sys; from mp_image_tool_esp32.main import main; sys.exit(main())",
         str(changed), "-o", str(changed) + ".new", "--resize", f"vfs={table.VFS[4]:#x}",
         "--add", f"{name}:nvs:{at:#x}:{size:#x}"],
    )  # fmt: skip
    made = Path(str(changed) + ".new")
    if done.returncode or not made.exists():
        raise UserError(f"the partition table of {path} cannot take the ledger: {_last(done)}")
    made.replace(changed)


def _parts(path, chip, found, data):
    """{name: (address, bytes)} of what MicroPython's file brings, the table as it is now."""
    app = found.get("factory")
    if app is None:
        raise UserError(f"{path} is no plain image, it has no partition factory")
    begin = chip.begin
    spans = {
        "bootloader": (begin, table.AT),
        "partition table": (table.AT, table.AT + table.SIZE),
        "factory": (app.at, app.at + app.size),
    }
    return {name: (at, _trimmed(data[at - begin : end - begin])) for name, (at, end) in spans.items()}


def _trimmed(data):
    """Without the erased sectors behind it."""
    length = len(data.rstrip(b"\xff"))
    return data[: -(-length // 4096) * 4096].ljust(-(-length // 4096) * 4096, b"\xff")


def _info(path, file, what):
    """esptool accepts it."""
    done = _run(["-m", "esptool", "image-info", str(file)])
    valid = done.stdout.count("(valid)")
    if done.returncode or valid < 2:  # checksum and hash
        raise UserError(f"{path} is damaged, esptool refuses {what}: {_last(done)}")


def _run(args):
    return subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, timeout=TIMEOUT_S,
        env=dict(os.environ, COLUMNS="200", NO_COLOR="1", PYTHONUTF8="1"),
    )  # fmt: skip


def _last(done):
    """The last line that a tool said."""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[-1] if lines else f"exit status {done.returncode}"
