"""shilling flash --port with the real esptool: a simulated dev board, and ports that are no good.

What each fault says, that it is one sentence with exit status 2, and that a second run finishes.
"""
# runs on: cpython

import os
import pty

import pytest
import serial

from devkit import Devkit
from tools import cli, interpreters
from tools.flashing import disk, files, image, rom, table

OFFICIAL = sorted(image.FOLDER.glob(image.PATTERN))[-1:]
pytestmark = pytest.mark.skipif(not OFFICIAL, reason="make setup found no official image")


def sentence(text):
    """The one line that a failed run ends with."""
    lines = [line for line in text.splitlines() if line.startswith("shilling:")]
    assert len(lines) == 1 and "Traceback" not in text, text
    return lines[0]


def flash(kit, *words):
    return kit.tool("tools.cli", "flash", "--port", kit.url, *words, limit_s=300)


@pytest.mark.skipif(interpreters.available("micropython") is not None, reason="needs the unix VM")
def test_the_cable_is_pulled_and_a_second_run_finishes(tmp_path):
    path = tmp_path / "flash"
    with Devkit(path) as kit:
        kit.do("cut_at_write", n=2000)
        status, text = flash(kit)
        assert status == 2 and "broke while writing" in sentence(text), text
        assert "run this again" in sentence(text)
        kit.do("plug")
        status, text = flash(kit)
        assert status == 0, text
        assert "blank: the meter is not set up" in text and "set to the present" in text
        assert kit.meter()["screen"] == "Not set up"
    data = path.read_bytes()
    assert table.is_ours(table.parse(data[0x8000:0x9000]))
    assert disk.read(data[0x200000:0x300000]) == files.firmware()
    assert data[0x300000:0x380000].strip(b"\xff") == b"", "a meter that is not set up wrote nothing"


def test_another_chip_is_refused_and_nothing_written(tmp_path):
    with Devkit(tmp_path / "flash", chip="esp32s3", no_vm=True) as kit:
        status, text = flash(kit)
    assert status == 2
    assert "is an ESP32-S3, and the image is for the ESP32" in sentence(text)
    assert (tmp_path / "flash").read_bytes().strip(b"\xff") == b""


def test_a_flash_of_2_mb_is_refused(tmp_path):
    with Devkit(tmp_path / "flash", size=2, no_vm=True) as kit:
        status, text = flash(kit)
    assert status == 2 and "has 2 MB of flash; the meter needs 4 MB" in sentence(text)


def test_a_port_that_is_not_there(capsys):
    assert cli.main(["flash", "--port", "/dev/ttyNONE"]) == 2
    assert "there is no port /dev/ttyNONE" in sentence(capsys.readouterr().err)
    assert cli.main(["flash", "--port", "rfc2217://127.0.0.1:9"]) == 2
    assert "127.0.0.1:9" in sentence(capsys.readouterr().err)


def test_a_port_that_somebody_else_has(capsys):
    _, end = pty.openpty()
    with serial.Serial(os.ttyname(end), exclusive=True):
        assert cli.main(["flash", "--port", os.ttyname(end)]) == 2
    assert "is in use by another program" in sentence(capsys.readouterr().err)


def test_a_port_where_nobody_answers(capsys):
    _, end = pty.openpty()
    assert cli.main(["flash", "--port", os.ttyname(end)]) == 2
    said = sentence(capsys.readouterr().err)
    assert "no ESP32 answers" in said and "BOOT" in said


# As esptool 5.6 prints them; a test user may open every port here
SAID = {
    "Could not open /dev/ttyUSB0, the port is busy or doesn't exist.\n([Errno 13] could not open port"
    " /dev/ttyUSB0: [Errno 13] Permission denied: '/dev/ttyUSB0')\n\nHint: Try to add user into"
    " dialout or uucp group.\n": "this user may not open /dev/ttyUSB0",
    "A serial exception error occurred: device reports readiness to read but returned no data (device"
    " disconnected or multiple access on port?)": "the line to /dev/ttyUSB0 broke while writing vfs",
    "A fatal error occurred: Failed to set baud rate 460800. The driver may not support this rate.":
    "try --baud 115200",
}  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_what_esptool_says_becomes_one_sentence(said):
    chip = rom.Rom("/dev/ttyUSB0", image.CHIPS[0])
    chip.doing = "writing vfs"
    assert SAID[said] in chip._sentence(said)
    assert "\n" not in chip._sentence(said)


def test_money_is_lost_only_by_two_options(capsys):
    assert cli.main(["flash", "--port", "x", "--yes-lose-the-money"]) == 2
    assert "means nothing without --erase-ledger" in sentence(capsys.readouterr().err)
