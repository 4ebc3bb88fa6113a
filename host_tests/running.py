"""A `shilling run` for the tests: starts it in a folder of its own, speaks as the panel does.

Takes options of the command; gives its address, its state as the pages see it, its processes.
cold: a Python of its own, as whoever types it has; else one that is ready.
"""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from websockets.sync.client import connect

import ready
from tools.interpreters import ROOT

START_S = 30
FIRST_PORT = 18137


class Running:
    """A context manager: what it started is gone at its end, whatever happened."""

    def __init__(self, folder, *options, cold=False):
        self.folder = Path(folder)
        self.cold = cold
        self.options = options
        self.state = {}
        self.said = ""

    def __enter__(self):
        words = ("tools.cli", "run", "--no-browser", "--port", str(FIRST_PORT),
                 "--folder", str(self.folder), *self.options)  # fmt: skip
        if self.cold:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=ROOT, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        else:
            self.process = ready.Process(*words)
        try:
            self.lines = queue.Queue()
            self.reader = threading.Thread(target=self.listen)
            self.reader.start()
            self.hear_line("Ctrl-C", START_S)
            self.url = re.search(r"http://\S+", self.said)[0]
            self.port = int(self.url.rstrip("/").rpartition(":")[2])
            self.line = connect(
                f"ws://127.0.0.1:{self.port}/socket", origin=self.url.rstrip("/"), max_queue=None
            )
            self.socket = self.line.__enter__()
            self.until(lambda state: state.get("text"), START_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def listen(self):
        """Whatever it prints, then "" at its end."""
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def hear_line(self, text, limit_s):
        """The next line with this text in it; fails after limit_s."""
        end_s = time.monotonic() + limit_s
        line = None
        while line is None or text not in line:
            try:
                line = self.lines.get(timeout=max(0, end_s - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {text!r} in {limit_s} s: {self.said}") from None
            assert line, f"shilling run ended: {self.said}"
            self.said += line
        return line

    def do(self, what, **wish):
        """What a hand on the panel does."""
        self.socket.send(json.dumps({"do": what, **wish}))

    def until(self, true, limit_s=10):
        """The state as soon as true(state); fails after limit_s."""
        end_s = time.monotonic() + limit_s
        while not true(self.state):
            left_s = end_s - time.monotonic()
            assert left_s > 0, f"not seen in {limit_s} s: {self.state}"
            self.hear(left_s)
        return self.state

    def hear(self, limit_s):
        """Take the next message into the state, if there is one within limit_s."""
        try:
            self.state.update(json.loads(self.socket.recv(timeout=limit_s)))
        except TimeoutError:
            pass

    def settled(self):
        """The state after what the meter says of itself has had the time to come."""
        end_s = time.monotonic() + 0.6
        while time.monotonic() < end_s:
            self.hear(0.1)
        return self.state

    def reply(self, kind, limit_s=5):
        """The next receipt or fault."""
        self.state.pop(kind, None)
        return self.until(lambda state: kind in state, limit_s)[kind]

    def press(self, key, hold_s=0.05):
        self.do("press", key=key)
        time.sleep(hold_s)
        self.do("release", key=key)

    def children(self):
        """Process ids of everything it has started (Linux)."""
        return children_of(self.process.pid)

    def stop(self, number=signal.SIGINT):
        """Its exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(10)


def children_of(pid):
    """Process ids of what a process has started itself (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def is_alive(pid):
    """True while a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def mpremote(running, *arguments, limit_s=30):
    """What mpremote prints on the meter's port; it must end well."""
    port = os.path.join(running.folder, "meter")
    ended = ready.run("mpremote", "connect", port, *arguments, timeout=limit_s)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout.strip()
