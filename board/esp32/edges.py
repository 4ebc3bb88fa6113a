"""Counts pulses by pin interrupt, for chips and versions without machine.Counter.

Takes the pulse pin; gives a count that only grows. The interrupt queue of the ESP32 port holds 8
entries and drops the rest, so the board says in its notes that it counts this way.
"""

from machine import Pin


class EdgeCounter:
    """Has the one method of machine.Counter that the board uses."""

    def __init__(self, pin: Pin) -> None:
        self._count = 0
        pin.irq(self._edge, Pin.IRQ_RISING)

    def value(self) -> int:
        """-> rising edges since the start."""
        return self._count

    def _edge(self, _pin: Pin) -> None:
        self._count += 1
