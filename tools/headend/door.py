"""The door to the page: the address it listens at, its server, and the operator's password.

The password comes from the environment or a file, never from an argument, which others could read. Open to
other machines the page has a password and TLS, or it is not opened. What cannot be is a UserError.
"""

import contextlib
import errno
import ipaddress
import os
import socket

import uvicorn

from tools.errors import UserError
from tools.headend import OPERATOR, broker, tls
from tools.headend.api import make_app

LOCAL, ANY = broker.LOCAL, broker.ANY
LEAST = 8  # characters of a password
CLOSE_S = 3


def password_of(args):
    """The operator's password; None: there is none. It leaves the environment: no child gets it."""
    word, where = os.environ.pop(OPERATOR, None), OPERATOR
    if args.password_file is not None:
        word, where = of_file(args.password_file), args.password_file
    if word is None and args.address != LOCAL:
        raise UserError(f"--address {args.address} opens the page to others: first set a password"
                        f" in {OPERATOR} or with --password-file")  # fmt: skip
    if word is not None and (len(word) < LEAST or not word.isprintable()):
        raise UserError(f"the operator's password in {where} must have {LEAST} letters or more")
    return word


def of_file(path):
    """A file's first line; it must be for this user alone."""
    try:
        if path.stat().st_mode & 0o077:
            raise UserError(f"others can read {path}: chmod 600 {path}")
        return path.read_text(encoding="utf-8").partition("\n")[0]
    except OSError as error:
        raise UserError(f"the password in {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is no file with a password") from None


def checked(address):
    """An IPv4 address, as --address takes it."""
    try:
        return str(ipaddress.IPv4Address(address))
    except ValueError:
        raise UserError(f"--address takes {LOCAL}, {ANY} or an address of this machine such as"
                        f" 192.168.1.5, not {address}") from None  # fmt: skip


def listening(address, port):
    """A socket for the page; UserError if the port is taken or the address is another machine's."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((address, port))
        made.listen(128)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise UserError(f"--address {address} is no address of this machine") from None
        broker.need_free(address, port, "--port")
        raise UserError(f"port {port} cannot be used: {error.strerror}") from None
    return made


class Server(uvicorn.Server):
    """Signals are ours."""

    @contextlib.contextmanager
    def capture_signals(self):
        yield


class Door:
    """The page at its address; run() may be called again after it ended."""

    def __init__(self, headend, clock, args, folder, password):
        self.address, self.port = args.address, args.port
        self.socket = listening(self.address, self.port)
        self.is_over, self.server = False, None
        names, self.tls = (), {}
        if self.address != LOCAL:
            own = () if self.address == ANY else (self.address,)
            _, certificate, key = tls.certificates(folder / "tls", own)
            self.tls = {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
            names = [name for found in tls.names() for name in found]
        self.app = make_app(headend, clock, password, names=names)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.socket is not None:  # it never served
            self.socket.close()

    @property
    def url(self):
        """Where a browser finds it."""
        if self.address == LOCAL:
            return f"http://{LOCAL}:{self.port}/"
        where = self.address if self.address != ANY else socket.gethostname()
        return f"https://{where}:{self.port}/"

    async def run(self):
        """Serve until close()."""
        door, self.socket = self.socket or listening(self.address, self.port), None
        config = uvicorn.Config(self.app, log_level="error", lifespan="off",
                                timeout_graceful_shutdown=CLOSE_S, **self.tls)  # fmt: skip
        self.server = Server(config)
        with door:
            await self.server.serve([door])

    def close(self):
        """End: no new request is taken."""
        self.is_over = True
        if self.server is not None:
            self.server.should_exit = True
