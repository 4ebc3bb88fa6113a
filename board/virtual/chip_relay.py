"""Relays with an auxiliary contact: latching with two coils, as in prepayment meters, and plain.

Takes the levels of coil pins over time; gives the contact's position. A pulse of at least 50 ms
operates the latching one, a shorter one does nothing, both coils at once do nothing and are a fault
of the firmware. Both can weld, stick, or lie by their auxiliary contact. Source: data sheets of
Hongfa HFE20 and Locwill 40 A types; of a plain one Songle SRD: 10 ms.
"""

from chip_nor_tear import noise

OPERATE_MS = 50
PLAIN_MS = 10
FLOATING_MS = 37  # a wire that floats is looked at anew so often


class Relay:
    """What both have: the main contact, what may be wrong with it, and the auxiliary contact."""

    def __init__(self, world, feedback_pin, closed):
        self._world = world
        self._feedback = feedback_pin
        self.closed = closed
        self.operations = 0  # times that it was told to move, for long enough
        self.coil_faults = 0  # moments at which both coils came to be on
        self.is_stuck = False  # welded, or the mechanism is jammed
        self.feedback = "true"  # or "inverted", "open", "closed", "floating"
        self._floats = 0

    def stick(self, closed=None):
        """It does not move any more; closed: where it stands from now on (welded: True)."""
        self.is_stuck = True
        if closed is not None:
            self._stand(closed)

    def free(self):
        """It moves again, when it is next told to."""
        self.is_stuck = False

    def set_feedback(self, kind):
        """What the auxiliary contact says from now on; see `feedback`."""
        if kind not in ("true", "inverted", "open", "closed", "floating"):
            raise ValueError("no such feedback: " + kind)
        was, self.feedback = self.feedback, kind
        if kind == "floating" and was != kind:
            self._float(None)
        self._world.sense(self._feedback)

    def level(self, pull):
        """-> the feedback pin's level: high = closed. Driven, so no pull matters."""
        if self.feedback == "floating":
            return noise(self._floats, 1)[0] & 1
        if self.feedback in ("true", "inverted"):
            return 1 if self.closed == (self.feedback == "true") else 0
        return 1 if self.feedback == "closed" else 0

    def _float(self, _):
        """The wire picks up hum: another level now and then, the same in each run."""
        if self.feedback == "floating":
            self._floats += 1
            self._world.sense(self._feedback)
            self._world.at(self._world.t_ms + FLOATING_MS, self._float, None)

    def _move(self, closed):
        self.operations += 1
        if not self.is_stuck:
            self._stand(closed)

    def _stand(self, closed):
        self.closed = closed
        self._world.load.contact(closed)
        if self._feedback is not None:
            self._world.sense(self._feedback)


class LatchingRelay(Relay):
    """Remembers its position without power."""

    def __init__(self, world, set_pin, reset_pin, feedback_pin, closed):
        Relay.__init__(self, world, feedback_pin, closed)
        self._set, self._reset = set_pin, reset_pin
        self._change = 0  # number of the last change of a coil

    def pin_changed(self, _pin, level):
        """A coil was switched on (1) or off (0) just now."""
        set_on, reset_on = self._world.levels[self._set], self._world.levels[self._reset]
        self._change += 1
        if set_on and reset_on:
            self.coil_faults += 1  # and nothing moves until both are off and one comes on
        elif level:
            self._world.at(self._world.t_ms + OPERATE_MS, self._operate, self._change)

    def _operate(self, change):
        if change == self._change:  # or the coil went off, or the other one on, before its time
            self._move(bool(self._world.levels[self._set]))

    def lose_power(self):
        """It stays where it is."""


class PlainRelay(Relay):
    """Closed while its coil has current: a reset or an outage opens it."""

    def __init__(self, world, pin, feedback_pin):
        Relay.__init__(self, world, feedback_pin, False)
        self._pin = pin

    def pin_changed(self, _pin, level):
        """The coil was switched on (1) or off (0) just now; the contact follows."""
        self._world.at(self._world.t_ms + PLAIN_MS, self._follow, None)

    def _follow(self, _):
        wanted = bool(self._world.levels[self._pin])
        if wanted != self.closed or self.is_stuck:
            self._move(wanted)

    def lose_power(self):
        """The spring opens it, unless it is welded."""
        if self.closed and not self.is_stuck:
            self._stand(False)
