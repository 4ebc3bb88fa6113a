"""MicroPython's module `socket` as the board's drivers see it: UDP and TCP into the world's network.

Takes packets, bytes and addresses; gives what came: a simulated socket never waits. getaddrinfo of a
name blocks as on the chip. Source: MicroPython 1.28 documentation, socket; ports/esp32/modsocket.c.
"""

import world

AF_INET, SOCK_STREAM, SOCK_DGRAM, IPPROTO_UDP = 2, 1, 2, 17
EAGAIN, EBADF, EINPROGRESS, ENOTCONN = 11, 9, 119, 128  # the last two as on the ESP32
POLLIN, POLLOUT, POLLERR = 1, 4, 8

_count = 0


class socket:  # noqa: N801 (MicroPython's name)
    """One socket. read, readinto and write are those of a stream: None instead of EAGAIN."""

    def __init__(self, family=AF_INET, kind=SOCK_STREAM, protocol=0):
        global _count
        if family != AF_INET or kind not in (SOCK_DGRAM, SOCK_STREAM):
            raise OSError("this bench has UDP and TCP only")
        _count += 1
        self._number = _count
        self._ether = world.current.ether()
        self._ether.boxes[_count] = [] if kind == SOCK_DGRAM else None
        self._stream = None  # of TCP, when it is on its way
        self._waits = True

    def setblocking(self, blocks):
        self._waits = bool(blocks)

    def settimeout(self, seconds):
        self._waits = seconds != 0

    # UDP

    def sendto(self, packet, address):
        """-> how many bytes went out."""
        self._box()
        self._ether.send(self._number, bytes(packet), address[0], address[1])
        return len(packet)

    def recvfrom(self, size):
        """-> (packet, (address, port))."""
        box = self._box()
        if not box:
            self._stand_still()
            raise OSError(EAGAIN)
        packet, sender = box.pop(0)
        return packet[:size], sender

    def recv(self, size):
        return self.recvfrom(size)[0]

    # TCP

    def connect(self, address):
        """Begins, and says so as the chip does."""
        self._box()
        self._stand_still()
        self._stream = self._ether.connect(address[0], address[1])
        raise OSError(EINPROGRESS)

    def write(self, data):
        self._stand_still()
        return self._streaming().write(bytes(data))

    def read(self, size):
        self._stand_still()
        return self._streaming().read(size)

    def readinto(self, buf):
        data = self.read(len(buf))
        if data is None:
            return None
        buf[: len(data)] = data
        return len(data)

    def events(self):
        """-> what select.poll would say."""
        stream = self._streaming()
        ready = POLLOUT if stream.is_ready() else 0
        if stream.inbox or stream.ended:
            ready |= POLLIN
        return ready | (POLLERR if stream.fault else 0)

    def close(self):
        if self._stream is not None:
            self._stream.close()
        self._ether.boxes.pop(self._number, None)

    def _box(self):
        if self._number not in self._ether.boxes:
            raise OSError(EBADF)
        return self._ether.boxes[self._number]

    def _streaming(self):
        self._box()
        if self._stream is None:
            raise OSError(ENOTCONN)
        return self._stream

    def _stand_still(self):
        if self._waits:
            raise RuntimeError("a socket that waits would stop this world: setblocking(False)")


def getaddrinfo(host, port, family=0, kind=0, protocol=0, flags=0):
    """-> [(family, kind, protocol, name, (address, port))]. Blocks for the network."""
    if not host.replace(".", "").isdigit():
        host = world.current.ether().address_of(host)
    return [(AF_INET, SOCK_DGRAM, IPPROTO_UDP, "", (host, port))]
