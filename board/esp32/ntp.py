"""The clock of a board without a clock chip: UTC from the network (NTP), kept by the chip between.

Takes the wifi object of board.json and the ms of each poll; gives what the DS3231 driver gives. tend()
does a little in each poll and waits for nothing: joining is the radio's work, questions go out as
packets of our own (also the name's, as getaddrinfo blocks). An answer counts if it repeats our
random number, comes from a server that is in step, within 1 s, and tells a time that can be. Anybody
on the network can answer so: after the first it moves the time by 60 s a day at the most, more is for
an authority. Source: RFC 5905; DOMAIN 10.
"""

from micropython import const

import wifi as radio
from ds3231 import OK, STOPPED, Clock
from wifi import address_of, is_address, open_socket, random_bytes

SERVER = "pool.ntp.org"
_NTP_PORT = const(123)
_DAY_MS = const(86400000)
_DAY_S = const(86400)
_EVERY_MS = const(3600000)  # a question
_GOOD_MS = const(86400000)  # so long without an answer the time is worth nothing
_WAIT_MS = const(1000)  # for an answer, and for the radio
_LOOK_MS = const(10)  # for a packet
_LATE_MS = const(100)  # a poll so late does not know when its packet came
_RETRY_MS = const(16000)
_RETRY_MOST_MS = const(1024000)
_A_DAY_MS = const(60000)  # by so much answers may move the time in a day
_ROOM_MOST_MS = const(600000)
_NO_TIME = const(-1)
_ID_BYTES = const(8)
_DAYS_1900_2000 = const(36524)
_DAYS_OF_ERA = const(49710)  # whole days in 2^32 s; and the rest, s:
_REST_OF_ERA_S = const(23296)
FIRST_DAY, LAST_DAY = 9497, 36524  # 2026-01-01, 2099-12-31
IDLE, NAMING, ASKING = 0, 1, 2


class NetworkClock(Clock):
    """`day` and `second` are UTC when read() gives OK."""

    def __init__(self, wifi: dict) -> None:
        self._ms = 0  # of the second
        self._server: str = wifi.get("ntp", SERVER)
        self._good_ms = 0  # left of the answer's worth
        self._due_ms = 0  # until the next thing to do
        self._retry_ms = _RETRY_MS
        self._state = IDLE
        self._waited_ms = 0
        self._id = b""
        self._room_ms = _NO_TIME  # by which answers may still move the time; or there is none yet
        self._day_ms = 0  # gone of the day after which there is more of it
        self._lan = radio.station()
        self._socket = open_socket()
        try:
            radio.join(wifi)
        except (OSError, RuntimeError):  # a radio that does not start must not stop the meter
            self._due_ms = _EVERY_MS

    def read(self) -> int:
        """-> OK, or STOPPED: there is no time that is worth anything."""
        return OK if self._good_ms else STOPPED

    def set(self, day: int, second: int) -> None:
        """An authority says what time it is."""
        self.day, self.second, self._ms = day, second, 0
        self._good_ms = _GOOD_MS
        self._room_ms = _A_DAY_MS

    def tend(self, passed_ms: int) -> None:
        """Once a poll: so much time went by. Blocks for nothing."""
        self._good_ms = max(0, self._good_ms - passed_ms)
        if self._room_ms != _NO_TIME:
            self._advance(passed_ms)
        self._waited_ms += passed_ms
        self._due_ms -= passed_ms
        if self._due_ms > 0:
            return
        self._due_ms = _LOOK_MS
        try:
            if self._state == IDLE:
                self._ask()
            elif self._waited_ms > _WAIT_MS or passed_ms > _LATE_MS:
                self._fail()
            else:
                self._look()
        except (OSError, ValueError):  # no route, no memory for a packet, a name that is none
            self._fail()

    def _advance(self, ms: int) -> None:
        self._day_ms += ms
        if self._day_ms >= _DAY_MS:
            self._day_ms -= _DAY_MS
            self._room_ms = min(self._room_ms + _A_DAY_MS, _ROOM_MOST_MS)
        ms += self._ms
        self._ms = ms % 1000
        seconds = self.second + ms // 1000
        self.second = seconds % _DAY_S
        self.day += seconds // _DAY_S

    # Questions

    def _ask(self) -> None:
        """The server's name first, unless it is an address."""
        if not self._lan.isconnected():
            self._due_ms = _WAIT_MS
            return
        self._socket.close()
        self._socket = open_socket()  # another port: harder to answer for somebody else
        if is_address(self._server):
            self._ask_time(self._server)
            return
        self._state, self._waited_ms = NAMING, 0
        self._id = radio.ask_name(self._socket, self._server)

    def _ask_time(self, address: str) -> None:
        self._id = random_bytes(_ID_BYTES)
        self._state, self._waited_ms = ASKING, 0
        question = b"\x23" + bytes(39) + self._id  # version 4, client
        self._socket.sendto(question, (address, _NTP_PORT))

    # Answers

    def _look(self) -> None:
        """Takes what came, if anything did."""
        try:
            packet = self._socket.recv(512)
        except OSError:  # nothing yet
            return
        if self._state == NAMING:
            address = address_of(packet, self._id)
            if address:
                self._ask_time(address)
        elif is_good(packet, self._id):
            self._take(packet)

    def _take(self, packet: bytes) -> None:
        """The server's time, later by half of the way there and back."""
        day, second = utc_of(packet)
        ms = packet[44] * 1000 // 256 + self._waited_ms // 2
        second += ms // 1000
        if not FIRST_DAY <= day <= LAST_DAY:
            self._fail()
            return
        room_ms = _A_DAY_MS
        if self._room_ms != _NO_TIME:
            leap_s = max(-2, min(2, day - self.day)) * _DAY_S + second - self.second
            room_ms = self._room_ms - abs(leap_s * 1000 + ms % 1000 - self._ms)
        if room_ms < 0:
            self._fail()
            return
        self.day, self.second, self._ms = day + second // _DAY_S, second % _DAY_S, ms % 1000
        self._good_ms = _GOOD_MS
        self._room_ms = room_ms
        self._retry_ms = _RETRY_MS
        self._rest(_EVERY_MS)

    def _fail(self) -> None:
        """Later again, each time later."""
        self._rest(self._retry_ms)
        self._retry_ms = min(2 * self._retry_ms, _RETRY_MOST_MS)

    def _rest(self, ms: int) -> None:
        self._state = IDLE
        self._due_ms = ms


def is_good(packet: bytes, number: bytes) -> bool:
    """An answer to our question, of a server that is in step."""
    if len(packet) < 48 or packet[24:32] != number:
        return False
    leap, mode, stratum = packet[0] >> 6, packet[0] & 7, packet[1]
    return leap != 3 and mode == 4 and 1 <= stratum <= 15


def utc_of(packet: bytes) -> tuple:
    """-> (day since 2000, second of day) of the transmit time. Seconds since 1900, modulo 2^32:
    a small number is one of after 2036. In two halves, as the whole is no small integer."""
    high, low = packet[40] << 8 | packet[41], packet[42] << 8 | packet[43]
    day = 0 if high & 0x8000 else _DAYS_OF_ERA
    second = 0 if high & 0x8000 else _REST_OF_ERA_S
    # 65536 s are 0 days and 65536 s: 24 steps of 2^16 s in 18.2 days, so in three parts
    day += high // 675 * 512  # 675 * 65536 s = 512 days
    second += high % 675 * 65536 + low
    return day + second // _DAY_S - _DAYS_1900_2000, second % _DAY_S
