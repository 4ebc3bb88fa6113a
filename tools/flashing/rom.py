"""The chip in download mode: what esptool, the real tool, can do with it, and its errors in one sentence.

Takes a pyserial URL and the Chip that is expected; each call is one run of esptool, which puts the chip
into download mode and leaves it there, so that nothing boots from a flash that is half written.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path

from tools.errors import UserError

BAUD = 460800
PERCENT = re.compile(r" (\d+)\.\d% ")
SAME = re.compile(r"at (0x[0-9a-f]+) in flash against [^\n]*\s+Verification successful")
WRONG_CHIP = re.compile(r"This chip is (\S+?),? not")
LIMIT_S = 600
GOES_ON = "run this again, it goes on from there"

Facts = namedtuple("Facts", "said mac flash_bytes")


class Rom:
    """`on_percent(n)` is called while a long run goes on."""

    def __init__(self, url, chip, baud=BAUD, on_percent=None):
        self.url = url
        self.chip = chip
        self.baud = baud
        self.on_percent = on_percent or (lambda percent: None)
        self.doing = "connecting"  # for the sentence when the line breaks

    def identify(self):
        """The chip's Facts; UserError when it is another one."""
        text = self._run("flash-id")
        return Facts(
            _found(r"Chip type:\s+(.+)", text), _found(r"MAC:\s+([0-9a-f:]+)", text),
            _bytes_of(_found(r"flash size:\s+(\S+)", text)),
        )  # fmt: skip

    def read(self, at, size):
        """The bytes of the flash."""
        with tempfile.TemporaryDirectory() as folder:  # for this user alone
            file = Path(folder, "read.bin")
            self._run("read-flash", f"{at:#x}", f"{size:#x}", str(file))
            return file.read_bytes()

    def differing(self, parts):
        """Names of the parts, {name: (address, bytes)}, that the flash does not hold. The chip itself
        takes their MD5, so that nothing is read over the line."""
        with tempfile.TemporaryDirectory() as folder:
            words = []
            for number, (at, data) in enumerate(parts.values()):
                file = Path(folder, f"{number}.bin")
                file.write_bytes(data)
                words += [f"{at:#x}", str(file)]
            text = self._run("verify-flash", *words, may_differ=True)
        same = {int(at, 16) for at in SAME.findall(text)}
        return [name for name, (at, _) in parts.items() if at not in same]

    def write(self, at, data):
        """Erase and write whole sectors; esptool compares their MD5 afterwards."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "part.bin")
            file.write_bytes(data)
            self._run("write-flash", f"{at:#x}", str(file))

    def erase(self, at, size):
        self._run("erase-region", f"{at:#x}", f"{size:#x}")

    def start(self):
        """Leave download mode: the chip boots."""
        self._run("read-mac", after="hard-reset")

    def _run(self, *words, after="no-reset", may_differ=False):
        command = [sys.executable, "-m", "esptool", "--chip", self.chip.name, "--port", self.url,
                   "--baud", str(self.baud), "--after", after, *words]  # fmt: skip
        environment = dict(os.environ, COLUMNS="120", NO_COLOR="1", PYTHONUTF8="1")
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=environment, text=True, encoding="utf-8", errors="replace",
        ) as process:  # fmt: skip
            lines = []
            try:
                for line in process.stdout:
                    lines.append(line)
                    percent = PERCENT.search(line)
                    if percent:
                        self.on_percent(int(percent[1]))
            except BaseException:  # Ctrl-C: esptool has had it too
                process.kill()
                raise
        text = "".join(lines)
        if process.returncode == 0 or (may_differ and "Verification failed" in text):
            return text
        raise UserError(self._sentence(text))

    def _sentence(self, text):
        """What esptool said, for people."""
        url, said = self.url, self.chip.said
        wrong = WRONG_CHIP.search(text)
        if wrong:
            return f"the board at {url} is an {wrong[1]}, and the image is for the {said}"
        if "Could not open" in text:
            from tools.device import why_not

            return why_not(url, _Said(_last_bracket(text)))
        if "Failed to connect" in text or "No serial data received" in text:
            return (f"no {said} answers at {url}: is it the right port? Hold the board's BOOT button"
                    " while this connects")  # fmt: skip
        if "baud" in text.lower() and "Failed to set" in text:
            return f"{url} cannot go at {self.baud} baud: try --baud 115200"
        if "Secure" in text and "enabled" in text and "FATAL" in text.upper():
            return f"the board at {url} is locked (secure boot or flash encryption): it stays as it is"
        return f"the line to {url} broke while {self.doing}: plug the board in again, then {GOES_ON}"


class _Said(Exception):
    """An error of pyserial that esptool printed."""


def _last_bracket(text):
    """The (reason) behind `Could not open`, on one line."""
    after = " ".join(text.rpartition("Could not open")[2].split())
    found = re.search(r"\(\s*(.*?)\)\s*(Hint|$|ERROR)", after)
    return found[1] if found else after


def _found(pattern, text):
    found = re.search(pattern, text)
    return found[1].strip() if found else ""


def _bytes_of(text):
    """4MB as bytes; 0 if esptool could not tell."""
    found = re.fullmatch(r"(\d+)([KM])B", text)
    return int(found[1]) << (20 if found[2] == "M" else 10) if found else 0
