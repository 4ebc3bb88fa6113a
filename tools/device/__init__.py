"""A board at the other end of a serial line: its prompt, its files, its start. For every tool.

Takes any URL of pyserial (/dev/ttyUSB0, rfc2217://host:port, socket://host:port, the port of
`shilling run`); speaks through mpremote's transport. What goes wrong is a UserError in one sentence;
what the board's own Python raised is a BoardError. Entering stops the meter; its relay stays as it is.
"""

import ast
import contextlib
import io
import itertools
import struct
import time

from mpremote.transport import TransportError, TransportExecError

from tools.device.board_error import BoardError
from tools.device.files import Files
from tools.device.port import READ_S, Line, add_port, chosen_port, ports_here, why_not
from tools.errors import UserError

__all__ = ("BoardError", "Device", "add_port", "chosen_port", "ports_here", "why_not")

ENTER_S = 15  # so long it may take to come to the prompt, a start in progress included
SAYS_S = 2  # of silence until what was said at the prompt is taken to be lost
STARTS_S = (2, 10)  # of silence until a start is taken to be over, at the first and second try
OPEN_AGAIN_S = 15  # a chip with USB of its own is gone while it starts
PROMPT_MS = 3600000  # the watchdog's time at the prompt: after an hour the meter starts by itself
RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
NEVER = b"\xff\xff\xff\xff"  # no text ends so

# A watchdog that runs cannot be stopped, only given more time; without one there is one now.
WIDEN = f"import machine\ntry:\n machine.WDT(timeout={PROMPT_MS})\nexcept Exception:\n pass\n"
SAY = "print('at the prompt {}', end='')\n\x04"
SAID = b"at the prompt %d\x04\x04"  # then ">", for the transport to see
RESET = "import time, machine\ntime.sleep_ms(100)\nmachine.reset()\n"
MOUNTED = "import os\nprint(os.statvfs('/')[2]>0)\n"  # without a disk / has no blocks

MAKE_DISK = """import os, vfs
from flashbdev import bdev
vfs.VfsLfs2.mkfs(bdev)
vfs.mount(vfs.VfsLfs2(bdev), '/')
os.chdir('/')
"""


class Device(Files):
    """A context manager. enter() first; at its end the board is started again. For a tool that leaves
    it at the prompt: close()."""

    def __init__(self, url):
        self.url = url
        self.has_disk = True  # known after enter()
        self.is_stopped = False  # the meter, by enter()
        self.line = self._open()

    def _open(self):
        try:
            return Line(self.url)
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise UserError(why_not(self.url, error)) from None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        """Whatever happened: a meter that was stopped is started again."""
        is_amid = kind is not None and not issubclass(kind, UserError)  # of a program, after Ctrl-C
        with contextlib.suppress(UserError):
            if self.is_stopped:
                if is_amid or not self.line.in_raw_repl:  # or on the way there
                    with self._sentences():
                        self._come_to_prompt()
                self.restart(quiet_s=0.5)
        self.close()

    def close(self):
        """Let go of the port; what runs on the board, or waits there, stays as it is."""
        with contextlib.suppress(OSError, TransportError):
            if self.line.in_raw_repl:
                self.line.exit_raw_repl()
        with contextlib.suppress(OSError, TransportError):
            self.line.close()

    @contextlib.contextmanager
    def _sentences(self):
        """mpremote's and pyserial's exceptions as ours; what mpremote prints is not for the user."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                yield
        except TransportExecError as error:
            raise BoardError(self.url, error.error_output) from None
        except (TransportError, struct.error, SyntaxError, ValueError):
            raise UserError(
                f"the board at {self.url} stopped answering: run this again, it goes on from there"
            ) from None
        except OSError:
            raise UserError(
                f"the line to {self.url} broke: plug it in again and run this again"
            ) from None

    # ---- to the prompt, and back to the meter

    def enter(self, fresh=True):
        """Stop what runs and come to the prompt, its watchdog given an hour. fresh: start the
        interpreter anew, without main.py, so that all of the memory is free."""
        self.is_stopped = True
        with self._sentences():
            self._come_to_prompt()
        self.has_disk = self.run(MOUNTED) == "True"
        if fresh and self.has_disk:  # without a disk the start would complain for ever
            with self._sentences():
                self.line.serial.write(b"\x04")
                self._hear(b"soft reboot\r\n", READ_S)
                self._come_to_prompt(self._hear(RAW_PROMPT, READ_S))

    def _come_to_prompt(self, heard=b""):
        """Ctrl-C and Ctrl-A until there is the raw prompt; a chip that just starts hears neither.
        There its watchdog is widened, and that it says so: all that was on its way came before."""
        port = self.line.serial
        end_s = time.monotonic() + ENTER_S
        for attempt in itertools.count(1):
            if heard.endswith(RAW_PROMPT):
                port.write((WIDEN + SAY.format(attempt)).encode())
                if self._hear(SAID % attempt, SAYS_S).endswith(SAID % attempt):
                    break
                heard = heard[:-1]  # a prompt that says nothing is none
            if time.monotonic() > end_s:
                raise UserError(self._closed_door(heard))
            port.write(b"\r\x03")
            heard += self._hear(b">>> ", 0.3)
            port.write(b"\r\x01")
            heard = (heard + self._hear(RAW_PROMPT, 1))[-1000:]
        self.line.in_raw_repl = True

    def _hear(self, ending, quiet_s):
        """What the board sends until `ending` (none: all), or until it was silent for quiet_s."""
        return self.line.read_until(1, ending or NEVER, timeout=quiet_s, timeout_overall=READ_S)

    def _closed_door(self, heard):
        if not heard.strip():
            return (f"nothing answers at {self.url}: is it the right port, and is there MicroPython on"
                    " the board (shilling flash)? A production build has no prompt")  # fmt: skip
        return (f"the board at {self.url} does not come to MicroPython's prompt: press its reset"
                " button and run this again; one without MicroPython needs shilling flash")  # fmt: skip

    def make_disk(self):
        """A new, empty disk in place of one that cannot be read; the ledger is no part of it."""
        self.run(MAKE_DISK, timeout_s=60)
        self.has_disk = True

    def restart(self, quiet_s=3, limit_s=40, until=()):
        """Start the board as its supply does, wait until it has been silent for quiet_s, and give
        what it printed. The meter runs then, or the text tells why not. until: it is not silent
        before one of these texts came."""
        with self._sentences():
            self.line.exec_raw_no_follow(RESET)
            self.line.in_raw_repl = self.is_stopped = False
        time.sleep(0.2)  # it resets in 0.1 s
        heard = b""
        quiet_from_s = time.monotonic()
        end_s = quiet_from_s + limit_s
        awaited = [text.encode() for text in until]
        while time.monotonic() < min(end_s, quiet_from_s + quiet_s):
            if awaited and not any(text in heard for text in awaited):
                quiet_from_s = time.monotonic()
            try:
                new = self.line.read_until(1, NEVER, timeout=0.2, timeout_overall=1)
            except OSError:  # a chip with USB of its own is gone for a moment
                self._open_again()
                new = b" "
            if new:
                heard += new
                quiet_from_s = time.monotonic()
        return heard.decode(errors="replace").replace("\r", "").replace("\x04", "")

    def try_start(self, ask):
        """Start the board and ask it: (what it printed, ask(self)). A board that has no answer and no
        complaint is given more time: loading files may take it some seconds."""
        for quiet_s in STARTS_S:
            printed = self.restart(quiet_s)
            self.enter(fresh=False)
            answer = ask(self)
            if answer is not None or "Traceback" in printed:
                break
        return printed, answer

    def _open_again(self):
        self.close()
        end_s = time.monotonic() + OPEN_AGAIN_S
        while True:
            time.sleep(0.5)
            try:
                self.line = Line(self.url)
                return
            except (OSError, ValueError) as error:
                if time.monotonic() > end_s:
                    raise UserError(why_not(self.url, error)) from None

    # ---- programs

    def run(self, source, timeout_s=READ_S):
        """What a program prints, without the space around it; timeout_s of silence is too long."""
        with self._sentences():
            printed, failed = self.line.exec_raw(source, timeout=timeout_s)
        if failed:
            raise BoardError(self.url, failed.decode(errors="replace"))
        return printed.decode(errors="replace").strip()

    def value(self, expression, timeout_s=READ_S):
        """The value of an expression: numbers, texts, bytes, lists and dicts of them."""
        printed = self.run(f"print(repr({expression}))", timeout_s)
        with self._sentences():
            return ast.literal_eval(printed)
