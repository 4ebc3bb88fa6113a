"""Runs tasks on an executor until they are done, the time is over, or somebody presses Ctrl-C.

Takes fixed and further tasks, gives their results to the tally. The first Ctrl-C lets the units
that are running end, so that all that was begun counts; the second ends them too.
"""

import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, CancelledError, wait
from concurrent.futures.process import BrokenProcessPool

from tools.evidence import checks
from tools.evidence.workers import ENDING, shielded

LOOK_S = 0.5
AHEAD = 2  # units handed out for each that runs, so that no worker waits


class Stopped(BaseException):
    """Ctrl-C was pressed twice."""


class Stop:
    """Hears the signals that end the command; `number` is the first one heard, 0 before."""

    def __init__(self, tell):
        self.number = 0
        self.tell = tell

    def __enter__(self):
        self.before = {}
        if threading.current_thread() is threading.main_thread():
            self.before = {each: signal.signal(each, self._hear) for each in ENDING}
        return self

    def __exit__(self, *_):
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _hear(self, number, _frame):
        if self.number:
            raise Stopped
        self.number = number
        self.tell("ending: the units that are running end first (Ctrl-C again: at once)")


class Run:
    """`lost` says how workers died, None while none did."""

    def __init__(self, executor, slots, tally, progress, stop):
        self.executor, self.slots = executor, slots
        self.tally, self.progress, self.stop = tally, progress, stop
        self.running = {}  # future: task
        self.further = None
        self.lost = None

    def fixed(self, tasks):
        """Run all of them."""
        self.progress.begin("fixed units", len(tasks))
        self._run(iter(tasks).__next__, lambda: self.tally.units)

    def until(self, further, end_s):
        """Run further tasks until the monotonic clock shows end_s."""
        begin_s = time.monotonic()
        if begin_s >= end_s or self.stop.number or self.lost:
            return
        self.further = further
        self.progress.begin("further units, seconds", round(end_s - begin_s))

        def following():
            task = further.take() if time.monotonic() < end_s else None
            if task is None:
                raise StopIteration
            return task

        self._run(following, lambda: min(time.monotonic(), end_s) - begin_s)

    def _run(self, following, done):
        """Keep the workers busy with following() until it raises StopIteration."""
        while True:
            self._hand_out(following)
            if not self.running:
                return
            ended, _ = wait(self.running, LOOK_S, FIRST_COMPLETED)
            for future in ended:
                self._take(self.running.pop(future), future)
            self.progress.at(done(), self.tally.errors)
            if self.stop.number or self.lost:
                for future in list(self.running):
                    if future.cancel():
                        del self.running[future]

    def _hand_out(self, following):
        while len(self.running) < AHEAD * self.slots and not (self.stop.number or self.lost):
            try:
                task = following()
                with shielded():
                    future = self.executor.submit(checks.run_unit, task.module, task.unit)
            except StopIteration:
                return
            except BrokenProcessPool as error:
                self._lose(task, error)
                return
            self.running[future] = task

    def _take(self, task, future):
        try:
            result = future.result()
        except CancelledError:
            return
        except Exception as error:  # run_unit lets none through: the worker itself is gone
            self._lose(task, error)
            return
        self.tally.take(task, result)
        if self.further and task.order[0]:
            self.further.note(task, result["spent_s"])

    def _lose(self, task, error):
        """With one process gone all units handed out are lost: one of them was its end."""
        self.lost = f"a worker died (killed, or out of memory?): {error}"
        self.tally.fault("a worker died while this unit ran or was about to", task)
