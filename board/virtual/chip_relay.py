"""A latching relay with two coils and an auxiliary contact, as in prepayment meters.

Takes the levels of its coil pins over time; gives the contact's position. A pulse of at least 50
ms operates it, a shorter one does nothing, both coils at once do nothing and are a fault of the
firmware. Source: data sheets of Hongfa HFE20 and Locwill 40 A types.
"""

OPERATE_MS = 50


class LatchingRelay:
    """Remembers its position without power."""

    def __init__(self, world, set_pin, reset_pin, feedback_pin, closed):
        self._world = world
        self._set, self._reset, self._feedback = set_pin, reset_pin, feedback_pin
        self.closed = closed
        self.operations = 0  # pulses long enough to operate it
        self.coil_faults = 0  # moments at which both coils came to be on
        self._change = 0  # number of the last change of a coil

    def coil_changed(self, level):
        """A coil was switched on (1) or off (0) just now."""
        set_on, reset_on = self._world.levels[self._set], self._world.levels[self._reset]
        self._change += 1
        if set_on and reset_on:
            self.coil_faults += 1  # and nothing moves until both are off and one comes on
        elif level:
            self._world.at(self._world.t_ms + OPERATE_MS, self._operate, self._change)

    def _operate(self, change):
        if change != self._change:
            return  # the coil went off, or the other one on, before its time
        self.operations += 1
        self.closed = bool(self._world.levels[self._set])
        self._world.load.contact(self.closed)
        self._world.sense(self._feedback)

    def level(self, pull):
        """-> the feedback pin's level: high = closed. Driven, so no pull matters."""
        return 1 if self.closed else 0
