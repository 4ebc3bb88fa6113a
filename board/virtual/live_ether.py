"""The network of a live board: it has joined as soon as it asks, and TCP is this machine's own.

Takes connections of the firmware to any host that this machine reaches, a broker on 127.0.0.1 say; time
servers stay simulated, as the world's time is. Waits for nothing but a name.
"""

import time

from ether import EHOSTUNREACH, Ether

try:
    import select
    import socket
except ImportError:  # the wasm VM has none
    socket = None

PAUSE_S = 0.2  # of wall time between connections: the world's time may fly
LATER = (11, 35, 36, 57, 107, 115)  # EAGAIN, EINPROGRESS, ENOTCONN, of Linux and macOS


class Names:
    """In place of the simulated name server's table."""

    def __init__(self, known):
        self._known = known

    def get(self, name):
        """-> an address, or None."""
        if name in self._known or socket is None:
            return self._known.get(name)
        try:
            found = socket.getaddrinfo(name, 80, socket.AF_INET)[0][-1]
        except OSError:
            return None
        if isinstance(found, tuple):
            return found[0]
        return ".".join([str(part) for part in socket.sockaddr(found)[1]])  # the VM's are bytes


class RealStream:
    """As ether_tcp.Stream."""

    inbox = b""
    ended = False
    fault = 0

    def __init__(self, address, port):
        self.is_open = True
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLOUT)
        try:
            self._socket.connect(socket.getaddrinfo(address, port)[0][-1])
        except OSError:  # it is on its way, or the first write says why not
            pass

    def is_ready(self):
        return bool(self._poll.poll(0))

    def write(self, data):
        return self._unless_later(lambda: self._socket.send(data))

    def read(self, size):
        return self._unless_later(lambda: self._socket.recv(size))

    def _unless_later(self, work):
        try:
            return work()
        except OSError as fault:
            if fault.args[0] in LATER:
                return None
            raise

    def vanish(self):
        self.close()

    def close(self):
        if self.is_open:
            self.is_open = False
            self._socket.close()


class LiveEther(Ether):
    """LiveWorld.ether(); where there are no sockets nobody listens."""

    def __init__(self, world):
        super().__init__(world)
        self.names = Names(self.names)
        self.join_ms = 0
        self._next_s = 0

    def join(self, ssid, password):
        self.wrong = False
        self._seek()

    def connect(self, address, port):
        if socket is None:
            return super().connect(address, port)
        if time.time() < self._next_s:
            raise OSError(EHOSTUNREACH)
        self._next_s = time.time() + PAUSE_S
        self.streams = [one for one in self.streams if one.is_open]
        self.streams.append(RealStream(address, port))
        return self.streams[-1]
