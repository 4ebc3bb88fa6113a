"""The referee's lock-out (model.py): how wrong codes make code entry wait. Source: DOMAIN 14."""

from datetime import timedelta

MINUTE = timedelta(minutes=1)
LOCK_MINUTES = {5: 10, 6: 20, 7: 40, 8: 80, 9: 160, 10: 320, 11: 512}
MOST_FAILURES = 11  # (reading) the steps end with the longest wait


class Lock:
    """`failures`, and `locked`: what is left of the wait, in powered time."""

    def attempt(self):
        """A code whose MAC is wrong, or one at whose check power went: section 14."""
        self.failures = min(self.failures + 1, MOST_FAILURES)
        if self.failures >= 5:
            self.locked = LOCK_MINUTES[self.failures] * MINUTE

    def wait_again(self, ms):
        """(reading) the wait goes on after a cut with its minute begun anew: so long."""
        self.locked = timedelta(milliseconds=ms)

    def clear_lockout(self):
        """Section 14; (reading) the authorised command that does so is this one."""
        self.failures, self.locked = 0, timedelta(0)
