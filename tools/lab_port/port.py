"""A bench's end of the lab port: opens any pyserial URL, asks, waits for the answer.

Takes /dev/ttyUSB0, COM3, rfc2217://host:port, socket://host:port or a pty; gives the answers as dicts. What
goes wrong is a LabError of one sentence. With a `with` the test is over and the port closed at its end.
Source: firmware/SPEC.md, lab port.
"""

import itertools
import json
import time

import serial

from tools.device.port import BAUD, why_not
from tools.errors import UserError
from tools.scenario.steps import AFTER_HOLD_MS, HOLD_MS, PRESS_MS

LINE_BYTES = 250  # the board reads no longer ones
PROTOCOL = 1
HELLO_S = 6  # a board that was reset by the opening of its port starts in this time
AGAIN_S = 0.5
SILENCE_S = 15  # a board that waits says so more often
LOOK_S = 0.2
CHUNK_BYTES = 4096


class LabError(UserError):
    """What the board refused, or why it cannot be asked; one sentence."""


class LabPort:
    """An open lab port. `hello` is what the board said of itself."""

    def __init__(self, url):
        self.url = str(url)
        self.heard = b""  # not a whole line yet
        self.strange = b""  # what was no message
        self.numbers = itertools.count(1)
        self.serial = opened(self.url)
        try:
            self.hello = self._meet()
        except BaseException:
            self.serial.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            self.ask("end")
        except LabError:  # the first fault is the one to tell
            if kind is None:
                raise
        finally:
            self.close()

    def close(self):
        """Leave the board as it is."""
        self.serial.close()

    # Asking

    def ask(self, do, **fields):
        """The answer to a request, a dict; LabError has why there is none."""
        number = next(self.numbers)
        self._send({"id": number, "do": do, **fields})
        answer = self._answer(number, SILENCE_S)
        if answer is None:
            raise LabError(f"the board on {self.url} does not answer any more: is it still plugged in?")
        if not answer["ok"]:
            raise LabError(f"the board refuses {do}: {answer['error']}")
        return answer

    def new(self, settings):
        """Begin a test with a fresh meter: settings as settings.json has them, with day and second."""
        return self.ask("new", settings=settings)

    def end(self):
        """Back to the real meter."""
        return self.ask("end")

    def wait(self, ms):
        """Let time pass: at once in a test, else as it does."""
        return self.ask("wait", ms=ms)

    def press(self, key):
        """A short press."""
        return self.hold(key, PRESS_MS - AFTER_HOLD_MS)

    def hold(self, key, ms=HOLD_MS):
        """A long press."""
        self.ask("press", key=key, ms=ms)
        return self.wait(AFTER_HOLD_MS)

    def load(self, watts):
        """What the house draws from now on."""
        return self.ask("load", w=watts)

    def inject(self, wh):
        """So many Wh at once."""
        return self.ask("inject", wh=wh)

    def command(self, name, value=None):
        """An authorised command; the meter's own word on it: 'done' or why not."""
        return self.ask("command", name=name, value=value)["result"]

    def link(self, packet=b""):
        """Give the meter a packet of the head-end, take what it has to say: all of its packets."""
        packets = []
        asked = self.ask("link", packet=packet.hex())["packets"]
        while asked:
            packets += asked
            asked = self.ask("link")["packets"]
        return [bytes.fromhex(each) for each in packets]

    def text(self):
        """The full text of the screen."""
        return self.ask("text")["text"]

    def cells(self):
        """The lit segments of each cell."""
        return self.ask("cells")["cells"]

    def contact(self):
        """1 the relay's contact is closed, 0 it is open, -1 nothing tells."""
        return self.ask("contact")["contact"]

    def observe(self):
        """The observable state, as `expect` of scenarios has it, in mp and Wh."""
        return self.ask("observe")["state"]

    # Lines

    def _meet(self):
        """Say hello until the board does; what else may be there is said in one sentence."""
        end_s = time.monotonic() + HELLO_S
        while time.monotonic() < end_s:
            number = next(self.numbers)
            self._write(b"\n")  # ends what somebody may have left there
            self._send({"id": number, "do": "hello"})
            answer = self._answer(number, AGAIN_S)
            if answer and answer.get("ok"):
                if answer["lab"] != PROTOCOL:
                    raise LabError(f"the lab port on {self.url} speaks protocol {answer['lab']}, not "
                                   f"{PROTOCOL}: shilling deploy brings the board up to date")  # fmt: skip
                return answer
        heard = self.strange + self.heard
        if b">>>" in heard or b"raw REPL" in heard:
            raise LabError(f"MicroPython's prompt answers on {self.url}, not the meter: restart the board")
        what = "something else than a lab port answers" if heard.strip() else "no lab port answers"
        raise LabError(f"{what} on {self.url}: turn it on with shilling lab on --port {self.url}")

    def _send(self, request):
        text = json.dumps(request, separators=(",", ":"))
        if len(text) < LINE_BYTES:
            self._write(text.encode() + b"\n")
        else:
            self._send_in_parts(text)

    def _send_in_parts(self, text):
        """Each part fits into the board's input, and is answered before the next one comes."""
        length = LINE_BYTES // 3  # in the worst case each character needs a backslash
        parts = [text[at : at + length] for at in range(0, len(text), length)]
        for part in parts[:-1]:
            self.ask("part", text=part)
        number = next(self.numbers)
        self._send({"id": number, "do": "part", "text": parts[-1], "last": 1})

    def _write(self, data):
        try:
            self.serial.write(data)
        except OSError:
            raise self._gone() from None

    def _gone(self):
        return LabError(f"the line to {self.url} broke: plug it in again and run this again")

    def _answer(self, number, limit_s):
        """The answer to request `number`, None after limit_s in which nothing came at all."""
        end_s = time.monotonic() + limit_s
        while time.monotonic() < end_s:
            message = self._line()
            if message is None:
                continue
            if message.get("id") == number and "ok" in message:
                return message
            if "at" in message:  # it waits, and is well
                end_s = time.monotonic() + limit_s
        return None

    def _line(self):
        """The next message, None if there was none just now; what is no message is skipped."""
        if b"\n" not in self.heard:
            try:
                self.heard += self.serial.read(max(1, min(self.serial.in_waiting, CHUNK_BYTES)))
            except OSError:
                raise self._gone() from None
        line, found, rest = self.heard.partition(b"\n")
        if not found:
            return None
        self.heard = rest
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if isinstance(message, dict):
            return message
        self.strange = (self.strange + line + b"\n")[-CHUNK_BYTES:]
        return {}


def opened(url):
    """The open serial port; LabError says why it cannot be one."""
    try:
        return serial.serial_for_url(url, baudrate=BAUD, timeout=LOOK_S, exclusive=True)
    except (OSError, ValueError) as error:  # SerialException is an OSError
        raise LabError(why_not(url, error)) from None
