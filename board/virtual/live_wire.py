"""The wire of the live world: packets between the meter's link and the supervisor, each at its instant.

Takes {"do": "packet", "n": number, "hex": ..., "utc": [day, second]}, empty ones too, and {"do": "heard"};
gives {"air": [hex, ...], "arrived": [n, ...], "utc": ...}. Where time runs faster than life it waits for
"heard", so that no answer comes later than it would. Of many states the last goes out. Waits in ms.
"""

from binascii import hexlify, unhexlify

GAP_MS = 100  # of wall time between two states or logs of the meter that go out
JUMP_GAP_MS = 10800000  # of the world's time, in a jump
PATIENCE_MS = 1000  # of wall time, for "heard"
FAR_MS = 1 << 29
KIND_AT, STATE, LOG, NOT_COUNTED = 29, 2, 3, 128  # of a packet: where its kind is, and kinds


class Wire:
    """wall_ms() is the clock on the wall."""

    def __init__(self, line, world, wall_ms):
        self._line = line
        self._world = world
        self._wall_ms = wall_ms
        self._here = []  # (number, packet) that have arrived
        self._arrived = []  # numbers of which the supervisor has not been told
        self._state = b""  # not sent yet
        self._sent_ms, self._sent_wall_ms = -JUMP_GAP_MS, wall_ms() - GAP_MS
        self._owed = False  # the supervisor has not said that it heard

    def receive(self, message):
        """A packet on its way; one that should have come already comes now."""
        world = self._world
        day, second = world.utc()
        at_day, at_second = message["utc"]
        ahead_s = (at_day - day) * 86400 + at_second - second
        packet = message["n"], unhexlify(message["hex"])
        world.at(max(world.t_ms, (world.t_ms // 1000 + ahead_s) * 1000), self._here.append, packet)

    def heard(self):
        self._owed = False

    def is_awaited(self):
        """-> True while the supervisor owes its answer, and not for too long."""
        if self._wall_ms() - self._sent_wall_ms > PATIENCE_MS:
            self._owed = False
        return self._owed

    def tend(self, link, elapsed_ms):
        """Once a poll of the meter: what has arrived goes in, what it tells goes out."""
        urgent = False
        while self._here:
            number, packet = self._here.pop(0)
            if packet:
                link.take(packet)
            urgent = urgent or not packet or packet[KIND_AT] < NOT_COUNTED
            self._arrived.append(number)
        packets = []
        packet = link.next()
        while packet:
            if packet[KIND_AT] == STATE:
                self._state = packet  # the last one has been overtaken
            elif packet[KIND_AT] != LOG or self._is_time():  # the link sends its log again
                packets.append(packet)
            packet = link.next()
        if not (urgent or packets or (self._state and self._is_time())):
            return
        if self._state:
            packets.append(self._state)
            self._state = b""
        self._sent_ms, self._sent_wall_ms = self._world.t_ms, self._wall_ms()
        self._owed = True
        air = [hexlify(packet).decode() for packet in packets]
        self._line.send({"air": air, "arrived": self._arrived, "utc": list(self._world.utc())})
        self._arrived = []
        self._world.look_soon()

    def next_ms(self):
        """-> ms until this wants to be tended at the latest: what arrives ends an idle by itself."""
        return FAR_MS

    def _is_time(self):
        if self._world.is_jumping():
            return self._world.t_ms - self._sent_ms >= JUMP_GAP_MS
        return not self._owed and self._wall_ms() - self._sent_wall_ms >= GAP_MS
