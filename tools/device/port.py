"""Serial ports: which there are, opening one, and in one sentence why it does not open.

Takes any URL of pyserial (/dev/ttyUSB0, rfc2217://host:port, socket://host:port, the port of
`shilling run`); gives mpremote's transport.
"""

import errno
import re

import serial
from mpremote.transport_serial import SerialTransport
from serial.tools import list_ports

from tools.errors import UserError

BAUD = 115200
READ_S = 10  # so long a board may be silent in the middle of an answer


class Line(SerialTransport):
    """mpremote's transport, with the reason when a port does not open, and a limit to each read."""

    def __init__(self, url):
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.device_name = url
        self.mounted = False
        self.is_pty = False  # a read never waits for more than READ_S
        write_s = None if url.startswith("rfc2217:") else READ_S  # pyserial has none there
        self.serial = serial.serial_for_url(
            url, baudrate=BAUD, timeout=READ_S, write_timeout=write_s, exclusive=True
        )


def ports_here():
    """Names of the serial ports of this machine that may be boards."""
    return [port.device for port in list_ports.comports() if port.vid is not None]


def add_port(parser):
    """The option --port of a command."""
    parser.add_argument("--port", metavar="URL", help="serial port of the board, such as"
                        " /dev/ttyUSB0, or any URL of pyserial")  # fmt: skip


def chosen_port(given):
    """The port to use; UserError says which there are when none was given."""
    if given:
        return given
    found = ", ".join(ports_here()) or "none"
    raise UserError(f"say which board with --port; serial ports of USB devices here: {found}")


def why_not(url, error):
    """One sentence for a port that does not open."""
    text = str(error)
    code = getattr(error, "errno", None)
    if code is None:
        found = re.search(r"\[Errno (\d+)\]", text)
        code = int(found[1]) if found else None
    if "protocol" in text and "not known" in text:  # pyserial's
        return (f"{url} is no port: there are names such as /dev/ttyUSB0 and COM3, and"
                " rfc2217://HOST:PORT and socket://HOST:PORT")  # fmt: skip
    if code in (errno.EACCES, errno.EPERM):
        return (f"this user may not open {url}: sudo usermod -a -G dialout $USER, then log out and"
                " in again")  # fmt: skip
    if code in (errno.EAGAIN, errno.EBUSY) or "exclusively lock" in text:
        return f"{url} is in use by another program: close it (a serial monitor, mpremote) first"
    if code in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        found = ", ".join(ports_here()) or "none"
        return f"there is no port {url}; serial ports of USB devices here: {found}"
    if "://" in url:
        return f"nobody answers at {url}: {text.rpartition(': ')[2] or 'wrong address'}"
    return f"{url} does not open as a serial port: {text}"
