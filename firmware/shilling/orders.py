"""Which orders of the head-end were carried out, and how the last eight of all top-ups and commands ended.

Takes counters and outcomes of codes.py; gives the first answer to a repeat. All of it is in records and
the checkpoint (SPEC.md). Source: REMOTE; UTRN (replay).
"""

from struct import pack_into, unpack_from

from micropython import const

from shilling import codes
from shilling.utrn import Window

_WINDOW = const(512)
_RESULTS = const(8)
_BYTES = const(9)  # u32 counter; u8 outcome, BY_LINK, COMMAND; i32 balance then
NO_RESULT = -1


class Orders(Window):
    """The window of commands. `outcome` and `balance_mp` are of the result that was looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = bytearray(_WINDOW // 8)  # a bit as in `bits`, of used ones that changed nothing
        self.results = bytearray(_RESULTS * _BYTES)  # newest first
        self.outcome = codes.DONE  # also of the order that is carried out now
        self.balance_mp = 0

    def take(self, window: Window, kind: int, counter: int, balance_mp: int) -> None:
        """The counter of a record is used, in its window, and how it ended is kept."""
        outcome = self.outcome if kind & codes.KIND == codes.RECORD_ANSWER else codes.DONE
        if kind & codes.COMMAND:
            self.mark(counter)
            at = counter % _WINDOW
            self.refused[at >> 3] &= ~(1 << (at & 7))
            if outcome:
                self.refused[at >> 3] |= 1 << (at & 7)
        else:
            window.mark(counter)
        self.keep(counter, kind & (codes.BY_LINK | codes.COMMAND) | outcome, balance_mp)

    def was_refused(self, counter: int) -> bool:
        """Of a used one that the window reaches."""
        at = counter % _WINDOW
        return self.refused[at >> 3] >> (at & 7) & 1 == 1

    def keep(self, counter: int, flags: int, balance_mp: int) -> None:
        self.results[_BYTES:] = bytes(self.results[:-_BYTES])
        pack_into("<IBi", self.results, 0, counter, flags, balance_mp)

    def doubt(self) -> None:
        """Flash did not keep the newest: until the next start nobody knows what became of it."""
        self.results[4] = self.results[4] & ~codes.KIND | codes.HALTED

    def find(self, counter: int, is_command: bool) -> int:
        """Flags of the result that is kept of this counter, or NO_RESULT."""
        for at in range(0, _RESULTS * _BYTES, _BYTES):
            number, flags, balance_mp = unpack_from("<IBi", self.results, at)
            if number == counter and (flags & codes.COMMAND != 0) == is_command:
                self.balance_mp = balance_mp
                return flags
        return NO_RESULT
