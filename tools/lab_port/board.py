"""The virtual board behind a pty: a MicroPython VM with the firmware, as a board on a USB port would be.

Takes a folder; makes the board's flash in it, and the link `lab` to the pty, as a port's name. A reset of
the board is a new VM. What the client sends comes from the VM's terminal: Ctrl-C interrupts.
"""

import asyncio
import fcntl
import json
import os
import subprocess
import termios
import tty

from tools import interpreters
from tools.device.payload import firmware_files
from tools.errors import UserError
from tools.flashing import disk
from tools.live.channel import Channel
from tools.live.port import Port
from tools.utrn_vend import PUBLIC_TEST_KEYS

ENTRY = "board/virtual/lab_serve.py"
HEAP_BYTES = 16 << 20
DISK, LEDGER = "vfs.bin", "ledger.bin"
DISK_BYTES = 1 << 20
BOARD = {"lab": True}
SETTINGS = {
    "profile": "smart_payg", "balance_mp": 1_000_000, "rate_mp": 24_500,
    "meter_id": PUBLIC_TEST_KEYS["meter"], "originator_id": PUBLIC_TEST_KEYS["originator"],
    "secret": PUBLIC_TEST_KEYS["secret"],
}  # fmt: skip
CONTROL_CHARACTERS = 6  # index in what tcgetattr gives
LOCAL_FLAGS = 3


def make_board(folder):
    """A new board in place of what was there: its disk, and a ledger that is blank."""
    files = dict(firmware_files())
    files["/board.json"] = json.dumps(BOARD).encode()
    files["/settings.json"] = json.dumps(SETTINGS).encode()
    (folder / DISK).write_bytes(disk.build(files, DISK_BYTES))
    (folder / LEDGER).unlink(missing_ok=True)


def terminal():
    """(ours, theirs): a raw terminal, but Ctrl-C is an interrupt that loses no input."""
    master, slave = os.openpty()
    tty.setraw(slave)
    mode = termios.tcgetattr(slave)
    mode[LOCAL_FLAGS] |= termios.ISIG | termios.NOFLSH
    mode[CONTROL_CHARACTERS][termios.VINTR] = b"\x03"
    for other in (termios.VQUIT, termios.VSUSP):
        mode[CONTROL_CHARACTERS][other] = b"\x00"
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    return master, slave


def take_terminal():
    """In the child: standard input becomes the controlling terminal of its new session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class VirtualBoard:
    """In an event loop: start(), then run() until cancelled; close() in the end."""

    def __init__(self, folder, say=lambda text: None):
        self.folder = folder
        self.say = say
        self.link = folder / "lab"
        self.sinks = set()  # what else hears the board: connections
        self.channel = None
        self.process = None
        self.failed = None

    def start(self):
        """The board's port is there; the VM comes up behind it."""
        why = interpreters.available("micropython")
        if why:
            raise UserError(why)
        make_board(self.folder)
        self.failed = asyncio.get_running_loop().create_future()
        self.port = Port(self.link, lambda: None, self.typed, lambda: None)
        self.boot()

    async def run(self):
        """For as long as the VM starts at all."""
        await self.failed

    def boot(self):
        master, slave = terminal()
        files = [str(self.folder / DISK), str(self.folder / LEDGER)]
        args, env = interpreters.command("micropython", ENTRY, files, HEAP_BYTES)
        args[args.index(str(interpreters.UNIX_RUNNER))] = "-i"  # it ends in the prompt
        self.process = subprocess.Popen(
            args, env=env, cwd=interpreters.ROOT, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=take_terminal,
        )  # fmt: skip
        os.close(slave)
        self.said = b""
        self.channel = Channel(master, self.printed, self.ended)

    def typed(self, data):
        """From a client to the board."""
        if self.channel:
            self.channel.send(data)

    def printed(self, data):
        """From the board to whoever listens."""
        self.said = (self.said + data)[-2000:]
        self.port.send(data)
        for sink in self.sinks:
            sink.write(data)

    def ended(self):
        """The VM came to its end: a reset, or it does not start."""
        status = self.process.wait()
        self.channel.close()
        self.channel = None
        if self.said:
            self.say("the board starts again")
            self.boot()
        else:
            why = f"the virtual board does not start: exit status {status}"
            self.failed.set_exception(UserError(why))

    async def connected(self, reader, writer):
        """A client over TCP: socket:// of pyserial."""
        self.sinks.add(writer)
        try:
            while data := await reader.read(4096):
                self.typed(data)
        except ConnectionError:
            pass
        finally:
            self.sinks.discard(writer)
            writer.close()

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.channel:
            self.channel.close()
        self.port.close()
