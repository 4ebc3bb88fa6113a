"""Says how far the run is: a bar where somebody looks, else a line now and then.

Takes units (or seconds) done and the errors so far; prints on standard error.
"""

import sys
import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

EVERY_S = 15  # a line, where it cannot be overwritten


class Bar:
    """For a terminal."""

    def __init__(self):
        self.progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("errors: {task.fields[errors]}"), TimeElapsedColumn(), TimeRemainingColumn(),
            console=Console(stderr=True),
        )  # fmt: skip

    def __enter__(self):
        self.progress.start()
        return self

    def __exit__(self, *_):
        self.progress.stop()

    def begin(self, what, total):
        self.task = self.progress.add_task(what, total=total, errors=0)

    def at(self, done, errors):
        self.progress.update(self.task, completed=int(done), errors=errors)

    def tell(self, text):
        self.progress.console.print(text, markup=False, highlight=False)


class Lines:
    """For a file or a pipe."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def begin(self, what, total):
        self.what, self.total = what, total
        self.start_s = self.told_s = time.monotonic()

    def at(self, done, errors):
        now_s = time.monotonic()
        if now_s - self.told_s >= EVERY_S:
            self.told_s = now_s
            spent_s = now_s - self.start_s
            self.tell(f"{self.what}: {done:.0f} of {self.total}, {spent_s:.0f} s, errors: {errors}")

    def tell(self, text):
        print(text, file=sys.stderr, flush=True)


def progress():
    """The one that fits standard error."""
    return Bar() if sys.stderr.isatty() else Lines()
