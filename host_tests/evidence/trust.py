"""What a meter may believe of its clock, by DOMAIN 10 and nothing else: for the check of jumps.

Takes what the clock chip says (datetime, does it run) and how time passes; gives yes or no.
"""

from datetime import timedelta

from model import DRIFT

MS = timedelta(milliseconds=1)
HOLDOVER = timedelta(hours=24)
FAR_MS = 1 << 40  # there is nothing to wait for


class Trust:
    """`mark`: what the meter must remember over a power cut, below which it believes no chip."""

    def __init__(self):
        self.state, self.lost_for, self.mark = "valid", 0 * MS, None

    def passes(self, time):
        """-> the clock is not believed any more from now on."""
        if self.state != "holdover":
            return False
        self.lost_for += time
        if self.lost_for >= HOLDOVER:
            self.state = "invalid"
        return self.state == "invalid"

    def left_ms(self):
        """Until the meter's own clock is not believed any more."""
        return (HOLDOVER - self.lost_for) // MS if self.state == "holdover" else FAR_MS

    def reads(self, chip, runs, now):
        """-> the chip's time is believed."""
        floor = self.mark if self.state == "invalid" else now - DRIFT
        if runs and chip >= floor:
            self.state = "valid"
            return True
        if self.state == "valid":
            self.state, self.lost_for = "holdover", 0 * MS
        return False

    def starts(self, chip, runs):
        self.state = "valid" if runs and chip >= self.mark else "invalid"
        return self.state == "valid"
