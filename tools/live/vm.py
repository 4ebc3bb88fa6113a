"""The VM as a child process on a pty of its own, with a second line for the simulated silicon.

Takes the settings of board/virtual/live.py; calls told(dict) for each message of the silicon,
printed(bytes) for what the prompt prints, and ended(exit status). It dies with this process: the
pty is its controlling terminal, and hangs up.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import termios
import tty

from tools import interpreters
from tools.live.channel import Channel

ENTRY = "board/virtual/live.py"
HEAP_BYTES = 16 << 20  # the ledger's flash, the silicon and the firmware
RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
GREETING = b"MicroPython "
TAIL_BYTES = 2000
CUT_S = 0.3


def take_terminal():
    """In the child: standard input becomes the controlling terminal of its new session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Vm:
    """One run of the VM, from start to exit."""

    def __init__(self, on, settings, told, printed, ended, entry=ENTRY, heap=HEAP_BYTES):
        self.told, self.printed, self.ended = told, printed, ended
        self.skipping = False  # the friendly prompt's greeting, on the way to the raw one
        self.tail = b""
        self.raw = False  # the prompt is the raw one
        self.greeted = False  # an interrupt ends in the prompt now
        self.interrupted = False
        self.partial = b""
        ours, theirs = socket.socketpair()
        master, slave = os.openpty()
        tty.setraw(slave)
        with theirs:
            os.set_inheritable(theirs.fileno(), True)
            line = str(theirs.fileno())
            args, env = interpreters.command(on, entry, [line], heap)
            if on == "micropython":  # by itself, not through the runner: it ends in the prompt
                args[args.index(str(interpreters.UNIX_RUNNER))] = "-i"
            self.process = subprocess.Popen(
                args, env=env, cwd=interpreters.ROOT, stdin=slave, stdout=slave, stderr=slave,
                start_new_session=True, preexec_fn=take_terminal, pass_fds=[theirs.fileno()],
            )  # fmt: skip
        os.close(slave)
        self.line = Channel(ours.detach(), self._hear, lambda: None)
        self.terminal = Channel(master, self._print, self._reap)
        self.tell(settings)

    def tell(self, message):
        """One message to the silicon."""
        self.line.send(json.dumps(message).encode() + b"\n")

    def enter(self, data):
        """What a client sends: a Ctrl-C that finds the VM busy is an interrupt."""
        if b"\x03" in data and not data.strip(b"\r\x01\x02\x03") and not self.at_prompt():
            self.interrupt()
        self.terminal.send(data)

    def interrupt(self):
        """Ctrl-C, held back until the program has come far enough to end in the prompt."""
        self.interrupted = not self.greeted
        if self.greeted:
            self.process.send_signal(signal.SIGINT)

    def at_prompt(self):
        return self.tail.endswith((b">>> ", b"\x04>", RAW_PROMPT))

    def _hear(self, data):
        *lines, self.partial = (self.partial + data).split(b"\n")
        for line in lines:
            try:
                message = json.loads(line)
            except ValueError:
                continue  # an interrupt cut it short, or it is empty
            if "interpreter" in message:
                self.greeted = True
                if self.interrupted:
                    self.interrupt()
            self.told(message)

    def enter_raw(self):
        """Go on to the raw prompt as soon as there is one, as a board soft-reset there does."""
        self.skipping = True

    def _print(self, data):
        if self.skipping:
            self._skip(data)
            return
        self.tail = (self.tail + data)[-TAIL_BYTES:]
        if self.tail.endswith(RAW_PROMPT):
            self.raw = True
        elif self.tail.endswith(b">>> "):
            self.raw = False
        self.printed(data)

    def _skip(self, data):
        self.tail += data
        printed, _, greeting = self.tail.rpartition(GREETING)
        _, is_there, after = greeting.partition(b">>> ")
        if is_there:  # a client in a hurry may have been answered already
            self.skipping, self.tail = False, b""
            self.printed(printed)
            self._print(after)
            if b"raw REPL" not in after:
                self.terminal.send(b"\x01")

    def _reap(self):
        status = self.process.wait()
        self._close()
        self.ended(status)

    def _close(self):
        self.line.close()
        self.terminal.close()

    def cut(self):
        """Power off: it tells its time and dies; one too busy to hear of it is killed.

        ended() is not called.
        """
        self.tell({"do": "cut"})
        try:
            self.process.wait(0 if self.at_prompt() else CUT_S)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def kill(self):
        """Power off, in the middle of whatever it does. ended() is not called."""
        self.process.kill()
        self.process.wait()
        self.line.drain()
        self.terminal.drain()  # what was printed before is on its way
        self._close()
