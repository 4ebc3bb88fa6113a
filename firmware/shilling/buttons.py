"""Keys become short and long presses.

Takes raw key bits and elapsed ms, gives press codes. Stable for 25 ms; long from 2 s, told while
the key is still down; two keys at once are nobody's press; over 10 s a key is stuck.
Source: DOMAIN 13.
"""

from micropython import const

from shilling import codes

_SETTLE_MS = const(25)
_LONG_MS = const(2000)
_STUCK_MS = const(10000)
_NEVER_MS = const(0x0FFFFFFF)


class Buttons:
    def __init__(self) -> None:
        self.raw = 0  # as last seen
        self.keys = 0  # as believed
        self.settle_ms = 0  # `raw` has been stable so long
        self.held_ms = 0  # a key has been down so long
        self.spent = False  # this press has been told, or is nobody's
        self.stuck = False

    def poll(self, raw: int, elapsed_ms: int) -> int:
        """The key of a short press, with LONG of a long one, STUCK; 0 most of the time."""
        if self.keys:
            self.held_ms = min(self.held_ms + elapsed_ms, _STUCK_MS)
        if raw != self.raw:
            self.raw = raw
            self.settle_ms = 0
            return 0
        if raw == self.keys:
            return self._held()
        self.settle_ms += elapsed_ms
        if self.settle_ms < _SETTLE_MS:
            return 0
        return self._settled(raw)

    def _settled(self, keys: int) -> int:
        before = self.keys
        self.keys = keys
        if before == 0:
            self.held_ms = 0
            self.spent = keys & keys - 1 != 0  # more than one
            self.stuck = False
            return 0
        if keys or self.spent:
            self.spent = keys != 0
            return 0
        return before | codes.LONG if self.held_ms >= _LONG_MS else before

    def _held(self) -> int:
        if not self.keys or self.held_ms < _LONG_MS:
            return 0
        if not self.spent:
            self.spent = True
            return self.keys | codes.LONG
        if self.held_ms >= _STUCK_MS and not self.stuck:
            self.stuck = True
            return codes.STUCK
        return 0

    def next_ms(self) -> int:
        """Until something may come of the keys as they are."""
        if self.raw != self.keys:
            return _SETTLE_MS - self.settle_ms
        if not self.keys or self.stuck:
            return _NEVER_MS
        return (_STUCK_MS if self.spent else _LONG_MS) - self.held_ms
