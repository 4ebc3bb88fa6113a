"""What a Wi-Fi station reaches: an access point, a name server, a time server, and who listens on TCP.

Takes UDP packets and connections of the firmware; gives the answers a network would, after their way
there and back. Everything can be switched off or made to lie. Times in ms. Source: RFC 5905 (NTP,
figure 8), RFC 1035 4.1, RFC 6762 (names); what the ESP32 port raises: ports/esp32/modsocket.c.
"""

import ether_tcp

EHOSTUNREACH = 118  # of lwIP
DNS_PORT, NTP_PORT, MDNS_PORT = 53, 123, 5353
EVERYBODY = "224.0.0.251"
DNS_GIVES_UP_MS = 14000  # lwIP asks again a few times
SECONDS_1900_2000 = 36524 * 86400


class Ether:
    """World.ether(): made by who first asks for it."""

    def __init__(self, world):
        self._world = self.world = world
        self.ssid, self.password = "home", "secret123"
        self.join_ms = 2500
        self.way_ms = 20  # of a packet, each way
        self.is_there = True  # the access point
        self.names = {"pool.ntp.org": "192.0.2.123"}
        self.gateway = "192.168.4.1"  # also the name server
        self.answers_names = True
        self.times = {"192.0.2.123": TimeServer(world)}
        self.sent = []  # (instant, address, port, packet)
        self.servers = {}  # (address, port) -> called with the Peer of a new connection
        self.tried = 0  # connections
        self.silent = set()  # addresses that do not even refuse
        self.streams = []  # of this life of the processor
        self.segment = ether_tcp.SEGMENT
        self.lost_in_1000 = 0  # segments of TCP
        self._dice = 1
        self.reset()

    def reset(self):
        """The processor starts again: its radio is off, its sockets are gone."""
        self.is_active = False
        self.joins_at_ms = None  # when the station is in
        self.wrong = False  # this password will never do
        self.boxes = {}  # number of a socket -> packets that wait; None: of TCP
        for stream in getattr(self, "streams", ()):
            stream.vanish()  # nobody told the other side
        self.streams = []

    def join(self, ssid, password):
        """The station looks for its access point, and for ever again when that goes."""
        self.wrong = ssid != self.ssid or password != self.password
        self._seek()

    def _seek(self):
        self.joins_at_ms = self._world.t_ms + self.join_ms

    def set_there(self, is_there):
        """The access point comes or goes; a station that knows it comes back by itself."""
        self.is_there = is_there
        if is_there and self.joins_at_ms is not None:
            self._seek()

    def is_joined(self):
        """-> True: the station has an address."""
        if not self.is_active or not self.is_there or self.wrong or self.joins_at_ms is None:
            return False
        return self._world.t_ms >= self.joins_at_ms

    # Packets

    def send(self, box, packet, address, port):
        """A packet leaves a socket (its number). Raises OSError without a way."""
        if not self.is_joined():
            raise OSError(EHOSTUNREACH)
        self.sent.append((self._world.t_ms, address, port, packet))
        if (address, port) in ((self.gateway, DNS_PORT), (EVERYBODY, MDNS_PORT)):
            if not self.answers_names:
                return
            self._answer(box, self.name_answer(packet), address, port, 2 * self.way_ms)
        elif port == NTP_PORT and address in self.times:
            server = self.times[address]
            self._world.at(
                self._world.t_ms + self.way_ms, self._serve, (box, server, packet, address)
            )

    def connect(self, address, port):
        """-> a Stream that is on its way. Raises OSError without a way."""
        if not self.is_joined():
            raise OSError(EHOSTUNREACH)
        self.tried += 1
        stream = ether_tcp.Stream(self, self.servers.get((address, port)), address in self.silent)
        self.streams = [one for one in self.streams if one.is_open] + [stream]
        return stream

    def is_lost(self):
        """-> the next segment gets lost, by a throw of dice that repeat."""
        self._dice = (self._dice * 16807) % 2147483647
        return self._dice % 1000 < self.lost_in_1000

    def _serve(self, asked):
        box, server, packet, address = asked
        for late_ms, answer in server.answers(packet):
            self._answer(box, answer, address, NTP_PORT, self.way_ms + late_ms)

    def _answer(self, box, packet, address, port, after_ms):
        self._world.at(self._world.t_ms + after_ms, self._arrive, (box, packet, (address, port)))

    def _arrive(self, packet):
        box, content, sender = packet
        if self.is_joined() and box in self.boxes:
            self.boxes[box].append((content, sender))

    def name_answer(self, question):
        """-> the name server's packet: the address of a name, or that there is no such name."""
        parts, at = [], 12
        while question[at]:
            parts.append(question[at + 1 : at + 1 + question[at]].decode())
            at += question[at] + 1
        asked = question[12 : at + 5]
        address = self.names.get(".".join(parts))
        if address is None:
            return question[:2] + b"\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00" + asked
        record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04"  # of that name, for 60 s
        record += bytes([int(number) for number in address.split(".")])
        return question[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + asked + record

    def address_of(self, name):
        """-> the address of a name, as getaddrinfo finds it: blocking. Raises OSError."""
        if not self.is_joined():
            raise OSError(-2)
        if not self.answers_names:
            self._world.block_ms(DNS_GIVES_UP_MS)
            raise OSError(-2)
        self._world.block_ms(2 * self.way_ms)
        if name not in self.names:
            raise OSError(-2)
        return self.names[name]


class TimeServer:
    """Tells the true time, unless it is told otherwise."""

    def __init__(self, world):
        self._world = world
        self.is_silent = False
        self.offset_s = 0  # added to the true time
        self.late_ms = 0  # on top of the way
        self.leap, self.stratum = 0, 2  # 3 and 0: it is not in step itself ("kiss of death")
        self.echoes = True  # it repeats the number of the question, as it must
        self.size = 48
        self.twice = False  # the network delivers the answer twice

    def answers(self, question):
        """-> [(ms later, packet)]."""
        if self.is_silent or len(question) < 48 or question[0] & 7 != 3:
            return []
        now = self.stamp()
        packet = bytes([self.leap << 6 | 4 << 3 | 4, self.stratum, 6, 0xEC]) + bytes(4 + 4)
        packet += b"GPS\x00" + now
        packet += question[40:48] if self.echoes else bytes(8)
        packet += now + now
        answer = (self.late_ms, packet[: self.size])
        return [answer, answer] if self.twice else [answer]

    def stamp(self):
        """-> 8 bytes: seconds since 1900, modulo 2^32, and their fraction."""
        day, second = self._world.utc()
        seconds = day * 86400 + second + SECONDS_1900_2000 + self.offset_s
        fraction = (self._world.second_ms() << 32) // 1000
        return (seconds & 0xFFFFFFFF).to_bytes(4, "big") + fraction.to_bytes(4, "big")
