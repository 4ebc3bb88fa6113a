"""The processor's watchdog: starts it again when nobody fed it for its time.

Takes feeds and the passing of time, ms; raises world.Reset. The world's idle() jumps where a board
would poll each 5 ms: a firmware that feeds in each poll would have fed through the whole jump, one
that does not would not.
"""

import world


class Watchdog:
    """Cannot be stopped once made."""

    def __init__(self, timeout_ms):
        self._timeout_ms = timeout_ms
        self._world = world.current
        self._world.watchdog = self
        self.feed()

    def feed(self):
        """The firmware says that all is well."""
        self._fed_ms = self._world.t_ms
        self._fed = True

    def idled(self):
        """One idle() is over."""
        if self._fed:
            self._fed_ms, self._fed = self._world.t_ms, False
        self.check()

    def check(self):
        """Time has passed."""
        if self._world.t_ms - self._fed_ms > self._timeout_ms:
            raise world.Reset(world.WATCHDOG)
