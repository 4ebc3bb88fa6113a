"""The one simulated world around a meter: its time, its mains, and the script of what happens.

Takes a start in UTC and a script (a generator that yields the ms until its next action); boots the
firmware and gives it the simulated bench. Time is an integer of ms since the world began; it moves
only in idle() and sleep(), and no further than to the next event, so everything has its exact ms.
"""

import sys

from chip_files import Disk
from chip_load import FAR_MS
from ether import Ether
from life import BROWN_OUT, HARD, POWER_ON, WATCHDOG, Life, PowerCut, Reset, ScriptEnd  # noqa: F401

STILL_LIMIT = 10000  # idle calls without a ms passing before the firmware is called stuck
IRQ_QUEUE = 8  # MICROPY_SCHEDULER_DEPTH of the ESP32 port: pin interrupts that wait for Python

current = None  # the world that machine, esp32 and virtual_time talk to


class World(Life):
    """Everything outside the processor. There is one at a time: world.current."""

    ether_class = Ether

    def __init__(self, day, second, imp_per_kwh=1000, closed=True, flash=None,
                 counter=None, takes_time=False, **bench):  # fmt: skip
        """day since 2000-01-01 and second of it, UTC; closed, flash and the keywords board, display,
        relay, clock, feedback, pins, bare: see Bench. counter: there is a machine.Counter (None: if
        the chip has pulse counters; MicroPython 1.25 has none). takes_time: transfers on the buses
        and flash writes take their time, else none; what is blocked always does."""
        global current
        self._start_day, self._start_second = day, second
        self.t_ms = 0
        self._events = []  # (instant, action, argument), earliest first
        self._script, self._script_ms = None, FAR_MS
        self._stop_ms = FAR_MS  # idle may not jump to this or past it without a look
        self._polled = False  # the firmware has had a poll at the script's instant
        self._acting = False  # the script is at work
        self._cut, self._failure, self._still = None, None, 0
        self.watchdog = None
        self.reset_cause = POWER_ON
        self.powered = True
        self.rtc_memory = bytearray(2048)  # of the processor: kept over a reset
        self.rtc_kept = 0  # bytes in use
        self.takes_time, self._us = takes_time, 0  # us that have not made a ms yet
        self._ether = None
        self.disk = Disk()  # None: a real one is mounted
        self.thrown = 0  # random numbers
        Life.__init__(self, imp_per_kwh, closed, flash, **bench)
        self.has_counter = self.chip["pcnt"] if counter is None else counter
        current = self
        if "machine" in sys.modules:
            sys.modules["machine"].fit(self)

    def utc(self):
        """-> (day since 2000-01-01, second of day): the true time."""
        seconds = self._start_second + self.t_ms // 1000
        return self._start_day + seconds // 86400, seconds % 86400

    def second_ms(self):
        """-> ms of the second of utc()."""
        return self.t_ms % 1000

    def ether(self):
        """-> what Wi-Fi reaches; made for who first asks."""
        if self._ether is None:
            self._ether = self.ether_class(self)
        return self._ether

    # Time

    def idle(self, wait_ms, pulses):
        """Jumps to the earliest of: wait_ms over, `pulses` unread ones, an event, the script."""
        end = self.t_ms + wait_ms
        due = self.load.due_ms(pulses)
        if due < end:
            end = due
        if self.t_ms < end < self._stop_ms:
            self.t_ms = end
        else:
            self._halt(end)
        if self.watchdog is not None:
            self.watchdog.idled()

    def sleep(self, ms):
        """The firmware blocks for ms: events happen and pulses count, the script waits."""
        end = self.t_ms + ms
        while self._events and self._events[0][0] <= end:
            self.t_ms = max(self.t_ms, self._events[0][0])
            self._run_events()
        self.t_ms = end
        self.load.deliver()
        if self.watchdog is not None:
            self.watchdog.check()

    def sleep_us(self, us):
        """As sleep; what is no whole ms is kept for the next time."""
        self._us += us
        if self._us >= 1000:
            ms, self._us = self._us // 1000, self._us % 1000
            self.sleep(ms)

    def now_us(self):
        """-> us since the world began."""
        return self.t_ms * 1000 + self._us

    def block_ms(self, ms, kept=IRQ_QUEUE):
        """As sleep, but Python stands still, in a driver written in C: of the pulses' interrupts so
        many are kept and the rest is lost."""
        self.load.room = kept
        try:
            self.sleep(ms)
        finally:
            self.load.room = -1

    def spend_us(self, us, kept=IRQ_QUEUE):
        """A driver written in C works for so long, if this world takes time for that."""
        if self.takes_time:
            self._us += us
            if self._us >= 1000:
                ms, self._us = self._us // 1000, self._us % 1000
                self.block_ms(ms, kept)

    def at(self, instant_ms, action, argument):
        """Calls action(argument) at that instant; a long idle is cut short by it."""
        place = len(self._events)
        while place and self._events[place - 1][0] > instant_ms:
            place -= 1
        self._events.insert(place, (instant_ms, action, argument))
        self._plan()

    def interrupt(self, handler, pin):
        """handler(pin) shall run once a pulse; None: no more."""
        self.load.on_pulse = None if handler is None else lambda: handler(pin)
        self._plan()

    def _plan(self):
        self._stop_ms = self._script_ms
        if self._events:
            self._stop_ms = min(self._stop_ms, self._events[0][0])
        if self.load.on_pulse is not None:
            self._stop_ms = -1  # each pulse wants its interrupt: no jump without a look

    def _halt(self, end):
        """idle where more than the time may change. Three cases:

        1 the firmware has polled at the script's instant: the script acts, no time passes;
        2 an event or the script comes before end: the clock stops there; 3 it goes to end.
        """
        now = self.t_ms
        if self._polled and now >= self._script_ms:
            self._still = 0
            self._act()
            return
        end = min(end, self._script_ms)
        if self._events:
            end = min(end, self._events[0][0])
        self.t_ms = max(end, now)
        self._run_events()
        self.load.deliver()
        self._polled = self.t_ms >= self._script_ms
        self._still = self._still + 1 if self.t_ms == now else 0
        if self._still > STILL_LIMIT:
            raise RuntimeError("time stands still: idle without waiting, or pulses never read")

    def _run_events(self):
        while self._events and self._events[0][0] <= self.t_ms:
            _, action, argument = self._events.pop(0)
            action(argument)
        self._plan()

    def _act(self):
        """The script's next action. What goes wrong in it is kept for run(): the firmware may
        catch an Exception."""
        self._acting = True
        wait_ms = None
        try:
            wait_ms = next(self._script)
        except StopIteration:
            pass
        except PowerCut:
            self._failure = RuntimeError("the script did not outlive the power cut it made")
        except Exception as failure:
            self._failure = failure
        self._acting = False
        self._script_ms = self.t_ms + (wait_ms or 0)
        self._polled = not wait_ms  # the poll that follows is the one before the next action
        self._plan()
        cut, self._cut = self._cut, None
        if self._failure is None and cut is not None and self.powered:
            raise cut
        if wait_ms is None:
            raise ScriptEnd()
