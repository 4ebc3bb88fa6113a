"""The wire between link and head-end: MQTT over Wi-Fi, with TLS or without.

Takes the wifi and mqtt objects of board.json; tend() moves a few bytes in each poll and waits for
nothing: names, connection and greeting each take as many polls as they take. What breaks is begun
anew, each time later. TLS is for privacy: the MAC of a packet is what counts, so the broker's
certificate is not asked for. A step of a TLS greeting reckons: up to some 100 ms on the chip.
"""

import select
import socket

from micropython import const

import wifi as radio
from shilling import mqtt, seal

_PLAIN_PORT = const(1883)
_TLS_PORT = const(8883)
_WAIT_MS = const(10000)  # for a name, for a connection
_RETRY_MS = const(1000)
_RETRY_MOST_MS = const(300000)
_STEADY_MS = const(60000)  # up for so long: the next failure is a first one
_BUSY_MS = const(10)
_CALM_MS = const(1000)
_STEP_MS = const(5000)  # a poll that comes later counts as if it had not
_CHUNK = const(128)  # bytes read in one poll, and never the ends of two packets
_RESTING = const(0)
_NAMING = const(1)
_JOINING = const(2)
_OPEN = const(3)
_NO_LINK = "No link"


class Wire:
    """tls: packets cannot be read on their way."""

    def __init__(self, wifi: dict, given: dict) -> None:
        self.tls = False
        self._given = given
        self._name = ""  # nobody's yet
        self._client: mqtt.Client
        self._socket: socket.socket
        self._state = _RESTING
        self._waited_ms = 0  # in this state; resting: until 0
        self._retry_ms = _RETRY_MS
        self._moved = False
        self._buf = bytearray(_CHUNK)
        try:
            radio.join(wifi)
        except (OSError, RuntimeError):  # it will never be connected
            pass

    def tend(self, link, elapsed_ms: int) -> None:
        """Once a poll."""
        if not self._name:
            self._meet(link)
        elif link is not self._link:  # a bench took it away, and gives it back with another one
            self._end()
            self._meet(link)
        elapsed_ms = min(elapsed_ms, _STEP_MS)
        self._waited_ms = min(self._waited_ms + elapsed_ms, _STEADY_MS)
        self._moved = False
        try:
            if self._work(elapsed_ms):
                return
        except (OSError, ValueError, MemoryError):
            pass
        self._end()

    def next_ms(self) -> int:
        """Until tend() is wanted again."""
        return _BUSY_MS if self._moved or 0 < self._state < _OPEN else _CALM_MS

    def _meet(self, link) -> None:
        """Whose wire this is."""
        app = link.app
        self._link = link
        self._notes = app.board.notes
        self.tls = self._given.get("tls", not app.board.mark)
        if not self.tls and "No TLS" not in self._notes:
            self._notes.append("No TLS")
        self._name = app.meter.config.meter_id.hex().upper()
        base = b"shilling/" + self._name.encode()
        self._down, self._up = base + b"/down", base + b"/up"
        topics = [(self._down, 1)]
        self._home = None
        if self._given.get("homeassistant"):
            from shilling.hass import Hass

            self._home = Hass(app)
            topics += [(topic, 0) for topic in self._home.topics]
        self._client = mqtt.Client(base, topics, self._enter, self._take)

    def _work(self, elapsed_ms: int) -> bool:
        """-> False: it failed."""
        state = self._state
        if state == _OPEN:
            return self._carry(elapsed_ms)
        if state == _RESTING:
            if self._waited_ms >= 0 and radio.station().isconnected():
                self._start()
            elif self._waited_ms > _WAIT_MS:
                self._note(True)
            return True
        if state == _JOINING:
            poll = select.poll()
            poll.register(self._socket, select.POLLOUT)
            if poll.poll(0):
                self._greet()
        else:
            self._look()
        return self._waited_ms < _WAIT_MS

    # To the broker

    def _start(self) -> None:
        host = self._given["host"]
        if radio.is_address(host):
            self._join(host)
        else:
            self._turn(_NAMING)
            self._socket = radio.open_socket()
            self._id = radio.ask_name(self._socket, host)

    def _look(self) -> None:
        try:
            packet = self._socket.recv(512)
        except OSError:  # nothing yet
            return
        address = radio.address_of(packet, self._id)
        if address:
            self._socket.close()
            self._join(address)

    def _join(self, address: str) -> None:
        self._turn(_JOINING)
        port = self._given.get("port", _TLS_PORT if self.tls else _PLAIN_PORT)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        try:
            self._socket.connect(socket.getaddrinfo(address, port)[0][-1])
        except OSError:  # it is on its way; or it failed, then writing will
            pass

    def _greet(self) -> None:
        """The connection is there, or has failed: then the first byte says so. The meter's id is its
        user, and its password comes from its secret."""
        given = self._given
        if self.tls:
            import tls  # in every image; `ssl` is not

            context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
            context.verify_mode = tls.CERT_NONE  # type: ignore[attr-defined]
            self._socket = context.wrap_socket(
                self._socket, server_hostname=given["host"], do_handshake_on_connect=False
            )
        self._turn(_OPEN)
        secret = self._link.meter.config.secret
        password = given.get("password", seal.derived(secret, seal.MQTT).hex()[:32])
        self._client.connect(self._name, given.get("user", self._name), password)

    def _turn(self, state: int) -> None:
        self._state = state
        self._waited_ms = 0

    def _end(self) -> None:
        """Later again, each time later, and not all meters at once."""
        if self._state == _OPEN and self._waited_ms >= _STEADY_MS:
            self._retry_ms = _RETRY_MS
        self._state = _RESTING
        self._waited_ms = -self._retry_ms - self._retry_ms * radio.random_bytes(1)[0] // 512
        self._retry_ms = min(2 * self._retry_ms, _RETRY_MOST_MS)
        self._note(True)
        try:
            self._socket.close()
        except (OSError, AttributeError):  # it is gone, or never was
            pass

    # On the connection

    def _carry(self, elapsed_ms: int) -> bool:
        """A little in, a little out. -> False: it is at its end."""
        client = self._client
        if not (client.body or client.out):
            buf = memoryview(self._buf)[: client.wanted()]
            count = self._socket.readinto(buf)
            if count is not None:
                self._moved = True
                if not count or not client.feed(buf[:count]):
                    return False
        if client.is_up():
            if self._home:
                self._home.poll(elapsed_ms)
            if not client.out:
                self._tell()
        if client.out:
            count = self._socket.write(client.out)
            if count:
                self._moved = True
                client.out = client.out[count:]
        return client.poll(elapsed_ms)

    def _take(self, topic: bytes, payload: bytes, retained: bool) -> None:
        try:
            if topic == self._down:
                self._link.take(payload)
            elif self._home:
                self._home.heard(topic, payload, retained)
        except MemoryError:  # amid an order: only a start from what is on flash is sound
            raise RuntimeError("no memory for an order")

    def _enter(self) -> None:
        """We are in."""
        self._note(False)
        if self._home:
            self._home.online()

    def _note(self, is_so: bool) -> None:
        if is_so != (_NO_LINK in self._notes):
            (self._notes.append if is_so else self._notes.remove)(_NO_LINK)

    def _tell(self) -> None:
        """What is due next: the rest of a message, a packet of the link, news for Home Assistant."""
        client, home = self._client, self._home
        if client.body and home:
            client.piece(home.piece())
            return
        if client.is_free():
            packet = self._link.next()
            if packet:
                client.tell(self._up, packet)
                return
        if home and home.next():
            client.publish(home.topic, home.size)
