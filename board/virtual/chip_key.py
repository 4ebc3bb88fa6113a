"""A push button to ground with a contact that bounces, always in the same way.

Takes moves of a finger; gives the level of its pin (low = closed; open needs a pull-up to be
high).
"""

PULL_UP = 2
BOUNCE_MS = (1, 2, 4, 5, 7, 8)  # after the first touch it changes over an even number of times


class Key:
    """One button. move() is the finger; the contact follows with a burst of edges over 8 ms."""

    def __init__(self, world, pin):
        self._world = world
        self.pin = pin
        self._closed = False
        self._move = 0  # number of the last move: edges of an older one are void

    def move(self, closed):
        """The finger presses (True) or lets go (False) now."""
        self._move += 1
        there = closed
        self._edge((self._move, there))
        for after_ms in BOUNCE_MS:
            there = not there
            self._world.at(self._world.t_ms + after_ms, self._edge, (self._move, there))

    def level(self, pull):
        """-> the pin's level, with the pull that is switched on there."""
        return 1 if pull == PULL_UP and not self._closed else 0

    def _edge(self, edge):
        move, closed = edge
        if move == self._move:
            self._closed = closed
            self._world.sense(self.pin)
