"""What a board and its house keep while no program runs: true time, the relay's contact, the load.

Times are UTC seconds since 2000-01-01, loads W. Kept in a small JSON file, replaced whole.
"""

import json
import time

from tools.live.till import replace_file
from tools.scenario.values import DAY_S

MAX_OTHER_W = 6000
SAVE_S, SAVE_UTC_S = 5, 300
APPLIANCES_W = {
    "kettle": 3000, "washer": 2000, "heater": 2000, "fridge": 120, "tv": 90, "lights": 60,
    "heating": 12000, "water": 9000, "fire": 4000, "oven": 3000, "hob": 2500, "dryer": 5000,
}  # fmt: skip


class House:
    """The one house of a folder; a missing or damaged file is a new house, its contact closed."""

    def __init__(self, path, start_s):
        self.path = path
        self.utc_s = start_s
        self.contact = 1
        self.other_w = 0
        self.on = []  # names of the appliances that are switched on
        self.mains = True
        try:
            self._restore(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        self.reported_s = self.saved_s = time.monotonic()
        self.saved_utc_s = self.utc_s

    def _restore(self, kept):
        contact, other_w, utc_s = int(kept["contact"]), int(kept["other_w"]), int(kept["utc_s"])
        on = [name for name in APPLIANCES_W if name in kept["on"]]
        self.contact, self.other_w, self.on = contact, other_w, on
        self.utc_s = max(self.utc_s, utc_s)  # a clock never goes back

    def save(self):
        """As it is now, whatever happens next."""
        kept = {name: getattr(self, name) for name in ("utc_s", "contact", "other_w", "on")}
        replace_file(self.path, json.dumps(kept) + "\n")
        self.saved_s, self.saved_utc_s = time.monotonic(), self.utc_s

    def save_if_due(self):
        """Often enough that a clock seldom goes back when even this process is killed."""
        if time.monotonic() - self.saved_s > SAVE_S or self.utc_s - self.saved_utc_s > SAVE_UTC_S:
            self.save()

    def switch(self, name, on):
        """An appliance on or off; KeyError if there is none of that name."""
        APPLIANCES_W[name]
        wanted = {*self.on, name} if on else {*self.on} - {name}
        self.on = [known for known in APPLIANCES_W if known in wanted]

    def watts(self):
        """What the house would draw if it got it."""
        return self.other_w + sum(APPLIANCES_W[name] for name in self.on)

    def utc(self):
        """[day since 2000-01-01, second of day]."""
        return list(divmod(int(self.utc_s), DAY_S))

    def take(self, seen):
        """What the running silicon says of time and contact. True if the contact moved."""
        if "utc" in seen:
            day, second = seen["utc"]
            self.utc_s = day * DAY_S + second
            self.reported_s = time.monotonic()
        moved = seen.get("contact", self.contact) != self.contact
        self.contact = seen.get("contact", self.contact)
        return moved

    def pass_time(self, pace):
        """Time goes on though no silicon runs."""
        now_s = time.monotonic()
        self.utc_s += (now_s - self.reported_s) * pace
        self.reported_s = now_s

    def seen(self):
        """What the panel shows of it."""
        return {
            "other_w": self.other_w,
            "on": self.on,
            "watts": self.watts(),
            "mains": self.mains,
            "contact": self.contact,
            "utc": self.utc(),
        }
