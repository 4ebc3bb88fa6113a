"""Which units are run, in which order: the fixed ones, then more of them while there is time.

Takes loaded checks, effort and seed; gives Tasks. The fixed tasks depend on effort and seed alone;
how many further ones there are depends on the time, but the n-th of a check is always the same.
"""

from collections import namedtuple

from tools.evidence.checks import SHARES

FIRST_GUESS_S = 1.0  # what a unit takes, before one has ended

# name and module of the check, (FIXED or FURTHER, number of the unit in the check), the unit
Task = namedtuple("Task", "name module order unit")
FIXED, FURTHER = 0, 1


def fixed(loaded, modules, effort, seed):
    """All fixed tasks, so mixed that every check is at the same fraction of its units at any time.

    loaded: {name: check}, modules: {name: module name}."""
    tasks = []
    for name, check in loaded.items():
        units = list(check.units(effort, seed))
        tasks += [
            ((number + 0.5) / len(units), Task(name, modules[name], (FIXED, number), unit))
            for number, unit in enumerate(units)
        ]
    return [task for _, task in sorted(tasks, key=lambda pair: pair[0])]


class Further:
    """Hands out further tasks so that each check gets its share of the time spent on them."""

    def __init__(self, loaded, modules, seed):
        self.modules = modules
        self.endless = {
            name: enumerate(check.more(seed))
            for name, check in loaded.items() if hasattr(check, "more")
        }  # fmt: skip
        self.spent_s = dict.fromkeys(self.endless, 0.0)
        self.ended = dict.fromkeys(self.endless, 0)
        self.running = dict.fromkeys(self.endless, 0)

    def take(self):
        """The next task, or None when no check has any more."""
        while self.endless:
            name = min(self.endless, key=self._used)
            number, unit = next(self.endless[name], (None, None))
            if unit is not None:
                self.running[name] += 1
                return Task(name, self.modules[name], (FURTHER, number), unit)
            del self.endless[name]
        return None

    def note(self, task, spent_s):
        """A task handed out here has ended."""
        self.running[task.name] -= 1
        self.ended[task.name] += 1
        self.spent_s[task.name] += spent_s

    def _used(self, name):
        """What a check has had, and what its running units will take, beside its share."""
        mean_s = self.spent_s[name] / self.ended[name] if self.ended[name] else FIRST_GUESS_S
        return (self.spent_s[name] + self.running[name] * mean_s) / SHARES.get(name, 1)
