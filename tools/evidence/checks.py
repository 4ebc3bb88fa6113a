"""The checks of the evidence: modules of host_tests/evidence, their units, and how one unit is run.

A check has NAME, units(effort, seed), perhaps more(seed), run(unit) and figures(counts). A unit is
a dict of plain JSON values, some seconds of work. run_unit is what workers call, here or elsewhere.
"""

import importlib
import math
import os
import signal
import sys
import threading
import time

from tools import interpreters
from tools.errors import UserError

# Every check, in the order of the table.
CHECKS = (
    "evidence.cuts", "evidence.years", "evidence.jumps", "evidence.forging", "evidence.wear",
    "evidence.orders", "evidence.hostile", "evidence.sectors", "evidence.network", "evidence.link_fuzz",
    "evidence.silence",
)  # fmt: skip
UNIT_LIMIT_S = 300  # a unit that takes longer hangs
# Who gets how much of the time that the fixed units leave; 1 for a check not named here.
SHARES = {"cuts": 45, "years": 45, "hostile": 10}


class Hung(BaseException):
    """A unit does not end. No Exception, so that no firmware under test catches it."""


def name_of(module):
    """A check goes by the last part of its module's name."""
    return module.rpartition(".")[2]


def load(module):
    """The check in `module`; puts what CPython imports the firmware from on the import path."""
    folders = [str(interpreters.ROOT / path) for path in interpreters.import_path("cpython")]
    sys.path[:0] = [folder for folder in folders if folder not in sys.path]
    return importlib.import_module(module)


def choose(names):
    """{name: module} of the checks called so, all of them when none is named."""
    known = {name_of(module): module for module in CHECKS}
    for name in names:
        if name not in known:
            raise UserError(f"there is no check called {name}; choose from {', '.join(known)}")
    return {name: module for name, module in known.items() if not names or name in names}


def run_unit(module, unit):
    """What run(unit) of the check gives, and `spent_s`, or {"broken": why there is no result}."""
    start_s = time.process_time()
    try:
        with limit(UNIT_LIMIT_S):
            result = load(module).run(unit)
            broken = fault_of(result)
    except BaseException as error:  # whatever it is, it belongs to this unit
        if isinstance(error, KeyboardInterrupt):
            raise
        broken = f"the check itself broke: {error!r}"
    result = {"broken": broken} if broken else dict(result)
    result["spent_s"] = time.process_time() - start_s
    return result


def fault_of(result):
    """What makes a result one that cannot be counted, or None."""
    for name, count in result["counts"].items():
        if isinstance(count, bool) or not isinstance(count, int | float) or not math.isfinite(count):
            return f"{name} is {count!r}, which is no count"
    if bool(result["failures"]) != (errors_in(result["counts"]) > 0):
        return "the failures it tells of and the _errors it counted do not agree"
    return None


def errors_in(counts):
    return sum(count for name, count in counts.items() if name.endswith("_errors"))


class limit:  # noqa: N801 - reads as a statement
    """Raise Hung in this block after so many seconds; where there are signals."""

    def __init__(self, seconds):
        main = threading.current_thread() is threading.main_thread()  # no other may set an alarm
        self.seconds = seconds if main and hasattr(signal, "setitimer") else 0

    def __enter__(self):
        if self.seconds:
            self.before = signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_):
        if self.seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.before)

    def _ring(self, *_):
        raise Hung(f"no end after {self.seconds} s")


def die_with_parent():
    """Started in each worker: none outlives a command that was killed."""
    from multiprocessing import connection, parent_process

    def watch():
        connection.wait([parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
