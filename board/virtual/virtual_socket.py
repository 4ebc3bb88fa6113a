"""MicroPython's module `socket` as the board's drivers see it: UDP into the world's network.

Takes packets and addresses; gives what came, or EAGAIN: a simulated socket never waits. getaddrinfo
blocks as on the chip. Source: MicroPython 1.28 documentation, socket; ports/esp32/modsocket.c.
"""

import world

AF_INET, SOCK_STREAM, SOCK_DGRAM, IPPROTO_UDP = 2, 1, 2, 17
EAGAIN, EBADF = 11, 9

_count = 0


class socket:  # noqa: N801 (MicroPython's name)
    """One UDP socket."""

    def __init__(self, family=AF_INET, kind=SOCK_STREAM, protocol=0):
        global _count
        if (family, kind) != (AF_INET, SOCK_DGRAM):
            raise OSError("this bench has UDP only")
        _count += 1
        self._number = _count
        self._ether = world.current.ether()
        self._ether.boxes[_count] = []
        self._waits = True

    def setblocking(self, blocks):
        self._waits = bool(blocks)

    def settimeout(self, seconds):
        self._waits = seconds != 0

    def sendto(self, packet, address):
        """-> how many bytes went out."""
        self._box()
        self._ether.send(self._number, bytes(packet), address[0], address[1])
        return len(packet)

    def recvfrom(self, size):
        """-> (packet, (address, port))."""
        box = self._box()
        if not box:
            if self._waits:
                raise RuntimeError("a socket that waits would stop this world: setblocking(False)")
            raise OSError(EAGAIN)
        packet, sender = box.pop(0)
        return packet[:size], sender

    def recv(self, size):
        return self.recvfrom(size)[0]

    def close(self):
        self._ether.boxes.pop(self._number, None)

    def _box(self):
        if self._number not in self._ether.boxes:
            raise OSError(EBADF)
        return self._ether.boxes[self._number]


def getaddrinfo(host, port, family=0, kind=0, protocol=0, flags=0):
    """-> [(family, kind, protocol, name, (address, port))]. Blocks for the network."""
    if not host.replace(".", "").isdigit():
        host = world.current.ether().address_of(host)
    return [(AF_INET, SOCK_DGRAM, IPPROTO_UDP, "", (host, port))]
