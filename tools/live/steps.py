"""What costs most: the steps in power that the meter noticed, under the names of what was switched on.

Takes the firmware's own word on a step ({"count": since its start, "w": the last one's W}) and what
hands on the panel switched on; gives a ranking. It never looks at the load itself (DOMAIN 13).
"""

ALIKE = 8  # two steps of nothing known are of one kind within this part of the larger one
KEPT = 12


def is_near(a_w, b_w, part):
    """They differ by no more than this part of the larger one."""
    return abs(a_w - b_w) * part <= max(a_w, b_w)


class Steps:
    """Every kind of step, the one seen last with its latest figure."""

    def __init__(self):
        self.count = 0
        self.waiting = {}  # name -> W of what was switched on and not seen yet
        self.found = []  # {"name", "w", "times"}; a step of nothing known has no name

    def switched(self, name, watts):
        """A hand switched an appliance on, or with None off."""
        self.waiting.pop(name, None)
        if watts is not None:
            self.waiting[name] = watts

    def hear(self, step):
        """What the meter says of steps; True when the ranking has changed."""
        if not step:
            return False
        came = step["count"] > self.count
        self.count = step["count"]  # a meter that starts again counts from 0
        if came:
            self.note(step["w"])
        return came

    def note(self, watts):
        """One step up by so many W: of what waits, that which is most like it, if it is half like it."""
        names = [name for name, w in self.waiting.items() if is_near(w, watts, 2)]
        name = min(names, key=lambda each: abs(self.waiting[each] - watts), default="")
        self.waiting.pop(name, None)
        for known in self.found:
            if known["name"] == name and (name or is_near(known["w"], watts, ALIKE)):
                known["w"] = watts
                known["times"] += 1
                return
        self.found.append({"name": name, "w": watts, "times": 1})
        if len(self.found) > KEPT:
            self.found.remove(min(self.found, key=lambda each: each["w"]))

    def ranking(self):
        """Dearest first: at one price for all, that is by power."""
        ranked = sorted(self.found, key=lambda each: -each["w"])
        return [dict(each) for each in ranked]
