"""Commands of Python modules in processes of their own that start at once: forked from one process that
has imported them and compiled the firmware, which takes longer than most of the commands.

Process has what the tests use of subprocess.Popen, run() what they use of subprocess.run. One such
process for each process of the tests, from the first wish on; it ends with its client.
"""

import functools
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIPE = subprocess.PIPE
NUMBER = struct.Struct("=i")
lock = threading.Lock()  # a wish is told in two parts


@functools.cache
def parent():
    """The line to the process that forks."""
    ours, theirs = socket.socketpair()
    script = str(ROOT / "host_tests/ready_parent.py")
    with theirs:
        subprocess.Popen([sys.executable, script, str(theirs.fileno())], cwd=ROOT,
                         stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])  # fmt: skip
    return ours


class Process:
    """A running `python -m module words`, or `python file.py words`, in the root. stdin, stdout, stderr:
    open files, or PIPE for text; without stderr it goes where stdout goes."""

    def __init__(self, *words, stdin=None, stdout=PIPE, stderr=None, env=None, session=False):
        self.stdin = self.stdout = self.stderr = self.returncode = None
        self._given = []
        with open(os.devnull, "rb") as nothing:
            files = [self._end("stdin", stdin or nothing), self._end("stdout", stdout)]
            files.append(self._end("stderr", stderr) if stderr else files[1])
            self.line, theirs = socket.socketpair()
            wish = {"words": list(map(str, words)), "env": dict(env or os.environ), "session": session}
            self._ask(json.dumps(wish).encode(), [*files, theirs.fileno()])
        theirs.close()
        for each in self._given:
            os.close(each)
        self.pid = NUMBER.unpack(self.line.recv(NUMBER.size))[0]

    def _end(self, name, file):
        """The descriptor that the process gets; ours of a pipe gets that name."""
        if file != PIPE:
            return file.fileno()
        read, write = os.pipe()
        ours, given, how = (write, read, "w") if name == "stdin" else (read, write, "r")
        setattr(self, name, open(ours, how, encoding="utf-8"))  # noqa: SIM115  as long as this
        self._given.append(given)
        return given

    def _ask(self, wish, files):
        with lock:
            socket.send_fds(parent(), [NUMBER.pack(len(wish))], files)
            parent().sendall(wish)

    def wait(self, timeout=None):
        """Its exit status, as subprocess tells it."""
        if self.returncode is None:
            self.line.settimeout(timeout)
            try:
                self.returncode = NUMBER.unpack(self.line.recv(NUMBER.size))[0]
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("a command", timeout) from None
            self.line.close()
        return self.returncode

    def poll(self):
        """As wait(), or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def run(*words, typed=None, env=None, timeout=100):
    """subprocess.CompletedProcess of a command with its output as text; killed after timeout."""
    with tempfile.TemporaryFile("w+") as keys, tempfile.TemporaryFile("w+", encoding="utf-8") as out, \
            tempfile.TemporaryFile("w+", encoding="utf-8") as err:  # fmt: skip
        keys.write(typed or "")
        keys.seek(0)
        process = Process(*words, stdin=keys, stdout=out, stderr=err, env=env)
        try:
            status = process.wait(timeout)
        except BaseException:
            process.kill()
            raise
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(words, status, out.read(), err.read())
