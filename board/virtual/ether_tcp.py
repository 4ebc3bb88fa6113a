"""A TCP connection of the simulated network: bytes go their way in order, late, in pieces, or nowhere.

Takes bytes of one side, gives them to the other. What is lost on the way goes again, as TCP does;
whoever vanishes answers no more, and the other side does not know. Times in ms. Source: RFC 9293; what
lwIP answers as the ESP32 has it: 4 segments of 1436 bytes on their way at most.
"""

ECONNRESET, ECONNREFUSED = 104, 111
SEGMENT, WINDOW = 1436, 5744
AGAIN_MS = 1000  # what was lost goes again, each time twice as late


class Way:
    """One direction. deliver(bytes) is called for each segment; b"" is the end."""

    def __init__(self, ether, deliver):
        self._ether, self._deliver = ether, deliver
        self.waiting = []  # segments on their way, in order
        self.is_dead = False
        self._last_ms = 0

    def push(self, data):
        ether = self._ether
        for at in range(0, max(1, len(data)), ether.segment):
            self.waiting.append(data[at : at + ether.segment])
            arrives_ms = ether.world.t_ms + ether.way_ms
            again_ms = AGAIN_MS
            while ether.is_lost():
                arrives_ms += again_ms
                again_ms *= 2
            self._last_ms = max(self._last_ms, arrives_ms)
            ether.world.at(self._last_ms, self._arrive, AGAIN_MS)

    def _arrive(self, again_ms):
        ether = self._ether
        if self.is_dead:
            return
        if not ether.is_joined():  # each segment has its event; they wait together
            self._last_ms = max(self._last_ms, ether.world.t_ms + again_ms)
            ether.world.at(ether.world.t_ms + again_ms, self._arrive, min(2 * again_ms, 60000))
            return
        self._deliver(self.waiting.pop(0))

    def bytes(self):
        """-> how many are on their way."""
        return sum([len(segment) for segment in self.waiting])


class Stream:
    """The meter's end. server: called with this connection's Peer when it is there; None: nobody
    listens; silent: not even a refusal comes."""

    def __init__(self, ether, server, silent):
        self.ether = ether
        self.is_open = False
        self.fault = 0  # errno
        self.inbox = b""
        self.ended = False  # the other side has closed
        self.out = Way(ether, self._arrived)
        self.peer = Peer(self)
        self._server = server
        if not silent:
            ether.world.at(ether.world.t_ms + 2 * ether.way_ms, self._establish, None)

    def _establish(self, _):
        if self._server is None or not self.ether.is_joined():
            self.fault = ECONNREFUSED
        elif not self.out.is_dead:
            self.is_open = True
            self.peer.made = self._server(self.peer)

    def _arrived(self, data):
        if data:
            self.peer.made.received(data)
        else:
            self.peer.made.lost()

    def is_ready(self):
        """-> True: writing would tell something."""
        return bool(self.fault) or (self.is_open and self.out.bytes() < WINDOW)

    def write(self, data):
        """-> how many bytes are on their way; None: there is no room."""
        self._check()
        room = WINDOW - self.out.bytes()
        if not self.is_open or room <= 0:
            return None
        self.out.push(data[:room])
        return len(data[:room])

    def read(self, size):
        """-> bytes; b"": the other side has closed; None: nothing came."""
        self._check()
        if not self.inbox:
            return b"" if self.ended else None
        data, self.inbox = self.inbox[:size], self.inbox[size:]
        return data

    def close(self):
        if self.is_open and not self.fault:
            self.out.push(b"")
        self.is_open = False

    def _check(self):
        if self.fault:
            raise OSError(self.fault)

    def vanish(self):
        """The way is cut for good, and neither side is told: half open."""
        self.out.is_dead = self.peer.out.is_dead = True


class Peer:
    """The other end. made: what the server made for it, with received(bytes) and lost()."""

    def __init__(self, stream):
        self._stream = stream
        self.made = None
        self.out = Way(stream.ether, self._arrived)

    def _arrived(self, data):
        if data:
            self._stream.inbox += data
        else:
            self._stream.ended = True

    def send(self, data):
        if data:
            self.out.push(data)

    def close(self):
        self.out.push(b"")

    def reset(self):
        """A segment with RST: the meter learns of it at its next read or write."""
        self._stream.fault = ECONNRESET
        self._stream.vanish()
