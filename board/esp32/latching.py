"""Driver of a latching relay with two coils: one pulse on one coil, then rest.

Takes two output pins; blocks while it works. A pulse of 100 ms is twice what such relays ask for;
the rest of 1 s lets coil and driver cool. Nothing is driven at the start: the relay remembers its
position. Source: data sheets of Hongfa HFE20 and Locwill 40 A types.
"""

import time

from machine import Pin
from micropython import const

_PULSE_MS = const(100)
_REST_MS = const(1000)


class LatchingRelay:
    """Never has both coils on: both are low before one goes high, and again after it."""

    def __init__(self, set_pin: Pin, reset_pin: Pin) -> None:
        self._set = set_pin
        self._reset = reset_pin
        self._off()
        self._last_ms = time.ticks_ms()  # a reset may have come right after a pulse

    def operate(self, closed: bool) -> None:
        """Closes or opens the contact: 100 ms, after up to 1 s of rest since the last time."""
        since_ms = time.ticks_diff(time.ticks_ms(), self._last_ms)
        if 0 <= since_ms < _REST_MS:  # ticks wrap: after 6 days it may be negative, and has rested
            time.sleep_ms(_REST_MS - since_ms)
        try:
            (self._set if closed else self._reset).value(1)
            time.sleep_ms(_PULSE_MS)
        finally:
            self._off()
            self._last_ms = time.ticks_ms()

    def _off(self) -> None:
        self._set.value(0)
        self._reset.value(0)
