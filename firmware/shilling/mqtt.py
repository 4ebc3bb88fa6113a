"""MQTT 3.1.1, the client's half, without any I/O: bytes come in any pieces, bytes go out.

Takes what the connection brought (feed) and what there is to tell; gives `out`, the bytes to be
sent, and calls up() when the broker let us in, and take(topic, payload, retained) for each message
before it is acknowledged. QoS 0 and 1. One message of QoS 1 is on its way at a time; over a new
connection it goes again, marked, under the same number. Source: OASIS MQTT 3.1.1.
"""

from micropython import const

_KEPT = const(600)  # bytes of a packet; of a larger one no message is made
_KEEPALIVE_S = const(60)
_PING_MS = const(45000)
_ANSWER_MS = const(20000)  # no answer for so long: nobody is there
_SUBSCRIBE_ID = const(0xFFFF)  # never a message's
_CLOSED = const(0)
_ASKED = const(1)
_UP = const(2)


class Client:
    """base: where this client's topics begin: base/availability is 'online', and 'offline' by its
    will. topics: (topic, QoS) to subscribe to; if the first is refused the connection ends. out: to
    be sent. body: bytes that the message begun by publish() still lacks; till then feed nothing."""

    def __init__(self, base: bytes, topics, up, take) -> None:
        self._will = base + b"/availability"
        self._topics = topics
        self._on_up = up
        self._take = take
        self.out = b""
        self.body = 0
        self._state = _CLOSED
        self._buf = bytearray(_KEPT)
        self._pending = b""  # the message of QoS 1 that has no answer yet
        self._id = 0
        self._begin()

    def _begin(self) -> None:
        """Before a packet: its first byte is next."""
        self._kind = -1
        self._left = -1  # bytes that come; -1: its length is not known yet
        self._size = self._shift = 0

    def connect(self, name: str, user: str, password: str) -> None:
        """Over a new connection: the session goes on."""
        self._begin()
        self.body = 0
        self._state = _ASKED
        self._ping_ms = self._silent_ms = 0
        self._awaited = True
        content = b"\x00\x04MQTT\x04\xec" + bytes([0, _KEEPALIVE_S])  # will: QoS 1, retained
        for text in (name.encode(), self._will, b"offline", user.encode(), password.encode()):
            content += _text(text)
        self.out = _head(0x10, len(content)) + content

    def is_up(self) -> bool:
        """The broker has let us in."""
        return self._state == _UP

    def is_free(self) -> bool:
        """A message of QoS 1 may be told."""
        return not self._pending

    # Out

    def tell(self, topic: bytes, payload: bytes) -> None:
        """A message of QoS 1; only if is_free()."""
        self._id = self._id % 0xFFFE + 1
        content = _text(topic) + self._id.to_bytes(2, "big") + payload
        self._pending = _head(0x32, len(content)) + content
        self.out += self._pending

    def publish(self, topic: bytes, size: int) -> None:
        """A retained message of QoS 0: its `size` bytes follow, by piece()."""
        name = _text(topic)
        self.out += _head(0x31, len(name) + size) + name
        self.body = size

    def piece(self, part: bytes) -> None:
        """Some more of it."""
        self.out += part
        self.body -= len(part)

    def poll(self, elapsed_ms: int) -> bool:
        """Time passes. -> False: nobody answers any more."""
        self._silent_ms += elapsed_ms
        if not (self._awaited or self._pending or self.out or self.body):
            self._silent_ms = 0
        self._ping_ms += elapsed_ms
        if self._ping_ms >= _PING_MS and self._state == _UP and not (self.body or self.out):
            self._ping_ms = 0
            self._awaited = True
            self.out += b"\xc0\x00"
        return self._silent_ms < _ANSWER_MS

    # In

    def wanted(self) -> int:
        """So many bytes never end two packets."""
        return max(2, self._left)

    def feed(self, data) -> bool:
        """What came, in pieces of any size. -> False: this is no MQTT, or a refusal; it must end."""
        at = 0
        while at < len(data):
            if self._left < 0:
                if not self._header(data[at]):
                    return False
                at += 1
            else:
                part = data[at : at + self._left]
                kept = self._size - self._left
                if kept < _KEPT:
                    some = part[: _KEPT - kept]
                    self._buf[kept : kept + len(some)] = some
                self._left -= len(part)
                at += len(part)
            if not self._left:
                if not self._packet():
                    return False
                self._begin()
        return True

    def _header(self, byte: int) -> bool:
        """A first byte, or one of the length. -> False: it is too long."""
        if self._kind < 0:
            self._kind = byte
            return True
        self._size |= (byte & 0x7F) << self._shift
        self._shift += 7
        if byte < 0x80:
            self._left = self._size
        return byte < 0x80 or self._shift < 28

    def _packet(self) -> bool:
        """A whole packet is there. -> False: it cannot be."""
        kind, size, buf = self._kind, self._size, self._buf
        if kind == 0x20:  # CONNACK
            if self._state != _ASKED or size != 2 or buf[0] > 1 or buf[1]:
                return False
            self._enter()
        elif self._state != _UP:
            return False
        elif kind >> 4 == 3:
            if not self._message():
                return False
        elif kind == 0x40:  # PUBACK; of an older message: it changes nothing
            if size != 2:
                return False
            if buf[0] << 8 | buf[1] == self._id:
                self._pending = b""
        elif kind == 0x90:  # SUBACK
            if size < 3 or buf[2] == 0x80:
                return False
        elif kind != 0xD0 or size:  # PINGRESP
            return False
        self._silent_ms = 0
        self._awaited = False
        return True

    def _enter(self) -> None:
        """We are in: topics, that we are there, and again what has no answer, as a duplicate."""
        self._state = _UP
        content = _SUBSCRIBE_ID.to_bytes(2, "big")
        for topic, qos in self._topics:
            content += _text(topic) + bytes([qos])
        self.out += _head(0x82, len(content)) + content
        self.publish(self._will, 6)
        self.piece(b"online")
        if self._pending:
            self.out += bytes([self._pending[0] | 8]) + self._pending[1:]
        self._on_up()

    def _message(self) -> bool:
        """PUBLISH: taken first, then acknowledged; one that is too large is acknowledged only."""
        kind, size, buf = self._kind, self._size, self._buf
        at = 2 + (buf[0] << 8 | buf[1])
        end = at + (kind & 2)  # the number of QoS 1 has two bytes
        if size < 2 or end > size or kind & 4:
            return False
        if size <= _KEPT:
            self._take(bytes(buf[2:at]), bytes(buf[end:size]), bool(kind & 1))
        if kind & 2 and end <= _KEPT:
            self.out += b"\x40\x02" + buf[at:end]
        return True


def _text(text: bytes) -> bytes:
    return len(text).to_bytes(2, "big") + text


def _head(kind: int, size: int) -> bytes:
    """The fixed header [2.2]."""
    head = bytes([kind])
    while size > 127:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size])
