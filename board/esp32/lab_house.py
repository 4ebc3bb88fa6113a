"""What the lab port has in place of a house: a load that makes pulses, fingers, a clock, a store in memory.

Takes W, ms and touches; gives pulses, key levels and when the next ones come, UTC. The k-th pulse of a phase
comes ceil(k * 3600000000 / (W * imp_per_kwh)) ms after its start; a change of load starts it anew, an
open contact stops it. Only a bench loads this file: figures may be large and take from the heap.
"""

from micropython import const

_W_MS = const(3600000000)  # of one impulse, were there one a kWh: 1000 W for 3600000 ms
FAR_MS = 1 << 60
BOUNCE_MS = (1, 2, 4, 5, 7, 8)  # after a touch: a contact changes, as debouncing has to expect it
_KEYS = const(6)
_DAY_S = const(86400)
_SECTOR = const(2048)  # a checkpoint and 8 records
_SECTORS = const(4)  # two in each ring, so that a test takes 8 KB of the heap


class Load:
    """Pulses of one load; a pulse exactly at an instant counts as before it."""

    def __init__(self, imp_per_kwh: int) -> None:
        self.imp_per_kwh = imp_per_kwh
        self.read = 0  # pulses that the firmware knows about
        self._before = 0  # pulses before this phase
        self._rate = 0  # W times imp_per_kwh
        self._closed = True
        self._zero_ms = 0  # while it flows: its start; while it stands: how far it has come

    def _flows(self) -> bool:
        return self._closed and self._rate > 0

    def set_watts(self, watts: int, now_ms: int) -> None:
        """From now on."""
        self._before = self.count(now_ms)
        self._rate = watts * self.imp_per_kwh
        self._zero_ms = now_ms if self._flows() else 0

    def contact(self, closed: bool, now_ms: int) -> None:
        """The contact opens or closes: the phase stands still meanwhile."""
        if closed != self._closed:
            self._closed = closed
            if self._rate:
                self._zero_ms = now_ms - self._zero_ms

    def inject(self, pulses: int) -> None:
        """So many more, at once."""
        self._before += pulses

    def count(self, now_ms: int) -> int:
        """-> pulses so far, up to and including now."""
        passed_ms = now_ms - self._zero_ms if self._flows() else self._zero_ms
        return self._before + passed_ms * self._rate // _W_MS

    def due_ms(self, pulses: int) -> int:
        """-> when `pulses` more than the firmware knows about will have come."""
        if not self._flows():
            return FAR_MS
        wanted = self.read + pulses - self._before
        return self._zero_ms - (-wanted * _W_MS // self._rate)


class Fingers:
    """`down`: the keys' levels as a Board has them. A touch bounces; a later one of the same key makes
    what is left of it void."""

    def __init__(self) -> None:
        self.down = 0
        self._edges: list = []  # to come: (instant, bit, down, number of the touch)
        self._touches = [0] * _KEYS

    def touch(self, bit: int, down: bool, now_ms: int) -> None:
        """A finger goes down on a key, or leaves it."""
        self._touches[bit] += 1
        self._edge(bit, down)
        there = down
        for after_ms in BOUNCE_MS:
            there = not there
            place = len(self._edges)
            while place and self._edges[place - 1][0] > now_ms + after_ms:
                place -= 1
            self._edges.insert(place, (now_ms + after_ms, bit, there, self._touches[bit]))

    def next_ms(self) -> int:
        """-> the instant of the next edge."""
        return self._edges[0][0] if self._edges else FAR_MS

    def move(self, now_ms: int) -> None:
        """What was to come until now has come."""
        while self._edges and self._edges[0][0] <= now_ms:
            _, bit, down, touch = self._edges.pop(0)
            if touch == self._touches[bit]:
                self._edge(bit, down)

    def _edge(self, bit: int, down: bool) -> None:
        self.down = self.down | 1 << bit if down else self.down & ~(1 << bit)


class Clock:
    """The clock chip of a test, set to a time in UTC; it goes as the test's time does."""

    def __init__(self, day: int, second: int, now_ms: int) -> None:
        self._day, self._second, self._set_ms = day, second, now_ms

    def at(self, now_ms: int) -> tuple:
        """-> (day, second)."""
        second = self._second + (now_ms - self._set_ms) // 1000
        return self._day + second // _DAY_S, second % _DAY_S


class Memory:
    """A store as board/contract.py has it, gone when nobody holds it. No read crosses a sector."""

    size = _SECTOR * _SECTORS
    sector = _SECTOR

    def __init__(self) -> None:
        self._sectors = [bytearray(b"\xff" * _SECTOR) for _ in range(_SECTORS)]

    def read(self, addr: int, buf: bytearray) -> None:
        """Fills buf from addr."""
        at = addr % _SECTOR
        if at + len(buf) > _SECTOR:
            raise ValueError("a read crosses a sector")
        buf[:] = memoryview(self._sectors[addr // _SECTOR])[at : at + len(buf)]

    def program(self, addr: int, buf: bytes | bytearray) -> None:
        """Clears the bits that are 0 in buf."""
        data = self._sectors[addr // _SECTOR]
        at = addr % _SECTOR
        for i in range(len(buf)):
            data[at + i] &= buf[i]

    def erase(self, sector_index: int) -> None:
        """Sets a sector to FF."""
        data = self._sectors[sector_index]
        for i in range(_SECTOR):
            data[i] = 0xFF
