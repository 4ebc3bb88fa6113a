"""What was used today (local day): energy and standing charge, in mp.

Not money: it only tells people. Source: DOMAIN 13; SMETS2 5.7.4 (consumption on day).
"""

from shilling.units import LIMIT_MP


class Today:
    def __init__(self) -> None:
        self.day = 0  # local day
        self.cost_mp = 0

    def add(self, cost_mp: int) -> None:
        self.cost_mp = min(self.cost_mp + cost_mp, LIMIT_MP)

    def turn(self, local_day: int) -> None:
        """A later day starts from nothing; a step back does not."""
        if local_day > self.day:
            self.day = local_day
            self.cost_mp = 0
