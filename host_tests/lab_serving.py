"""A `shilling lab serve` for the tests: a virtual board with a lab port in a folder of its own.

A context manager; gives the path of its pty (`url`), and its TCP address when it was asked for one.
"""

import os
import re
import signal
import subprocess
from pathlib import Path

import ready


class Serving:
    """What it started is gone at its end, whatever happened."""

    def __init__(self, folder, *options):
        self.url = str(Path(folder) / "lab")
        command = ("tools.cli", "lab", "serve", "--folder", folder, *options)
        self.process = ready.Process(*command, session=True)
        self.said = ""
        while "Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"shilling lab serve ended: {self.said}"
            self.said += line
        self.address = (re.search(r"socket://\S+", self.said) or [""])[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def pull_the_cable(self):
        """Dead at once, and its board with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
