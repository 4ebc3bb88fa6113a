"""Random weeks of the core and of the model: tariffs, debts, profiles, top-ups, payments, outages,
clocks set back and on (weeks_life.py). weeks.py COUNT [FIRST LIFE] lives through so many, 25 a life.

The same number is the same life; a failure tells how to live it again.
"""

import sys
import time
from pathlib import Path

WEEKS_OF_A_LIFE = 25
TELL_EVERY_S = 2


def live_through(count, first=0, tell=None):
    """So many weeks, 25 a life; -> those lived. AssertionError tells how to replay it. tell: takes
    the weeks lived so far."""
    from weeks_life import Life  # here: as a script this file says first where things are

    lived, number = 0, first
    while lived < count:
        weeks = min(WEEKS_OF_A_LIFE, count - lived)
        try:
            life = Life(number)
            for week in range(weeks):  # noqa: B007
                life.week()
            life.check_sums()
        except Exception as failure:
            raise AssertionError(
                f"life {number}: {failure!r}\nreplay: .venv/bin/python host_tests/weeks.py {weeks} {number}"
            ) from failure
        lived, number = lived + weeks, number + 1
        if tell:
            tell(lived)
    return lived


class Progress:
    """A line each two seconds."""

    def __init__(self, count):
        self.count, self.began_s, self.next_s = count, time.monotonic(), TELL_EVERY_S

    def __call__(self, lived):
        passed_s = time.monotonic() - self.began_s
        if passed_s >= self.next_s or lived >= self.count:
            self.next_s = passed_s + TELL_EVERY_S
            print(f"{lived} of {self.count} weeks, {lived / passed_s:.0f} a second", flush=True)


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root)]
    from tools.interpreters import import_path

    sys.path[:0] = [str(root / each) for each in import_path("cpython")]
    wanted, first_life = [int(text) for text in (*sys.argv[1:], "0")[:2]]
    live_through(wanted, first_life, Progress(wanted))
    print(
        f"{wanted} weeks from life {first_life} on: core and model agree, every ledger sums to zero"
    )
