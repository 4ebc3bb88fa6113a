"""Driver of a latching relay with two coils: one pulse on one coil, then rest.

Takes two output pins and the length of a pulse; blocks while it works. 100 ms is twice what such
relays ask for; the rest of 1 s lets coil and driver cool. Nothing is driven at the start: the relay
remembers its position. Source: data sheets of Hongfa HFE20 and Locwill 40 A types.
"""

import time

from machine import Pin
from micropython import const

_REST_MS = const(1000)


class Relay:
    """What every relay can do."""

    def operate(self, closed: bool) -> None:
        """Closes or opens the contact."""


class LatchingRelay(Relay):
    """Never has both coils on: both are low before one goes high, and again after it."""

    def __init__(self, set_pin: Pin, reset_pin: Pin, pulse_ms: int) -> None:
        self._set = set_pin
        self._reset = reset_pin
        self._pulse_ms = pulse_ms
        self._off()
        # after a start it is the shell that knows how long the relay must rest (shilling/contact.py)
        self._last_ms = time.ticks_add(time.ticks_ms(), -_REST_MS)

    def operate(self, closed: bool) -> None:
        """Closes or opens the contact: one pulse, after up to 1 s of rest since the last time."""
        since_ms = time.ticks_diff(time.ticks_ms(), self._last_ms)
        if 0 <= since_ms < _REST_MS:  # ticks wrap: after 6 days it may be negative, and has rested
            time.sleep_ms(_REST_MS - since_ms)
        try:
            (self._set if closed else self._reset).value(1)
            time.sleep_ms(self._pulse_ms)
        finally:
            self._off()
            self._last_ms = time.ticks_ms()

    def _off(self) -> None:
        self._set.value(0)
        self._reset.value(0)
