"""What all units have counted together: figures, failures, series for the plots.

Takes tasks with their results in any order; what comes out does not depend on the order.
"""

import json
import re
import shlex

from tools.evidence.checks import errors_in

KEPT_FAILURES = 100  # of each check; all are counted
LIMIT = re.compile(r"\s*(<=|>=|<|>|)\s*(-?[\d.]+(?:e-?\d+)?)\s*")  # a goal as text
AT_MOST = ("forging", "wear_10_kwh", "wear_23_kw")  # figures that may not pass their goal
UNIT_ERRORS = "unit_errors"


class Counts(dict):
    """What was not counted is 0, as when the run was ended early."""

    def __missing__(self, name):
        return 0


class Tally:
    """`broken` are units without a result: a check that raised, a worker that died."""

    def __init__(self, loaded):
        self.loaded = loaded
        self.counts = {name: Counts() for name in loaded}
        self.failures = {name: [] for name in loaded}  # (order of the task, place in it, failure)
        self.series = {}
        self.owner = {}  # path in the series: order of the task it was taken from
        self.broken = []
        self.units = 0
        self.errors = 0

    def take(self, task, result):
        """Count one result."""
        self.units += 1
        if "broken" in result:
            self.fault(result["broken"], task)
            return
        counts = self.counts[task.name]
        for name, count in result["counts"].items():
            most = name.startswith("most_")
            counts[name] = max(counts[name], count) if most else counts[name] + count
        self.errors += errors_in(result["counts"])
        kept = self.failures[task.name]
        kept += [(task.order, n, failure) for n, failure in enumerate(result["failures"])]
        kept.sort(key=lambda each: each[:2])
        del kept[KEPT_FAILURES:]
        self._merge(self.series, result.get("series", {}), task.order, ())

    def fault(self, text, task):
        """Note a unit that gave no result."""
        self.errors += 1
        self.broken.append(((task.order, task.name), {"text": text, "unit": task.unit, "check": task.name}))
        self.broken.sort(key=lambda each: each[0])

    def _merge(self, into, new, order, path):
        """Numbers add up, tables are merged, of anything else the first unit's is kept."""
        for key, value in new.items():
            here = (*path, key)
            if isinstance(value, dict):
                self._merge(into.setdefault(key, {}), value, order, here)
            elif isinstance(value, int):
                into[key] = into.get(key, 0) + value
            elif key not in into or order < self.owner[here]:
                into[key] = value
                self.owner[here] = order

    def figures(self):
        """The figures of every check, then how many units gave no result."""
        found = []
        for name, check in self.loaded.items():
            found += check.figures(self.counts[name])
        broken = {"name": UNIT_ERRORS, "goal": 0, "reached": len(self.broken)}
        return [*found, dict(broken, unit="units without a result")]

    def told(self):
        """All failures kept, each as (check, text, the command that replays it)."""
        found = [(f["check"], f["text"], replay(f["check"], f["unit"])) for _, f in self.broken]
        for name, kept in self.failures.items():
            found += [(name, f["text"], replay(name, f["unit"])) for _, _, f in kept]
        return found


def replay(name, unit):
    """The command that runs one unit again."""
    words = json.dumps([name, unit], separators=(",", ":"))
    return f".venv/bin/shilling evidence --replay {shlex.quote(words)}"


def verdict(figure):
    """`ok`, `ERROR` for an _errors figure above 0, `short` of a goal, or `-` where none is set."""
    goal, reached = figure["goal"], figure["reached"]
    if figure["name"].endswith("_errors"):
        return "ok" if reached == 0 else "ERROR"
    found = LIMIT.fullmatch(str(goal))
    if not found:
        return "-"
    limit = float(found[2])
    relation = found[1] or ("<=" if figure["name"] in AT_MOST else ">=")
    met = {
        "<=": reached <= limit, "<": reached < limit, ">": reached > limit,
        ">=": reached >= limit,
    }  # fmt: skip
    return "ok" if met[relation] else "short"
