"""Driver of a plain relay module: one output holds the contact closed.

Takes an output pin. It opens without power and in each reset, until the shell restates what the
store says; wire it so that 1 closes. Blocks for nothing.
"""

from machine import Pin

from latching import Relay


class PlainRelay(Relay):
    """Open until told otherwise."""

    def __init__(self, pin: Pin) -> None:
        self._pin = pin
        self._pin.value(0)

    def operate(self, closed: bool) -> None:
        """Closes or opens the contact."""
        self._pin.value(1 if closed else 0)
