"""The one simulated world around a meter: its time, its mains, and the script of what happens.

Takes a start in UTC and a script (a generator that yields the ms until its next action); boots the
firmware and gives it the simulated bench. Time is an integer of ms since the world began; it moves
only in idle() and sleep(), and no further than to the next event, so everything has its exact ms.
"""

from bench import Bench
from chip_load import FAR_MS

STILL_LIMIT = 10000  # idle calls without a ms passing before the firmware is called stuck
POWER_ON, WATCHDOG, HARD = "power on", "watchdog", "hard"

current = None  # the world that machine, esp32 and virtual_time talk to


class PowerCut(BaseException):
    """Mains gone. off_ms: for how long; None: until restore_power()."""

    def __init__(self, off_ms):
        super().__init__(off_ms)
        self.off_ms = off_ms


class Reset(BaseException):
    """The processor starts again; the chips keep their power. cause: WATCHDOG or HARD."""

    def __init__(self, cause):
        super().__init__(cause)
        self.cause = cause


class ScriptEnd(BaseException):
    """The script has nothing more to do. Not an Exception: the firmware must not catch it."""


class World(Bench):
    """Everything outside the processor. There is one at a time: world.current."""

    def __init__(self, day, second, imp_per_kwh=1000, closed=True, flash=None):
        """day since 2000-01-01 and second of it, UTC; closed, flash: see Bench."""
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
        Bench.__init__(self, imp_per_kwh, closed, flash)
        current = self

    def utc(self):
        """-> (day since 2000-01-01, second of day): the true time."""
        seconds = self._start_second + self.t_ms // 1000
        return self._start_day + seconds // 86400, seconds % 86400

    # The firmware's life

    def run(self, start, script):
        """Boots the firmware with start(), which never returns, until the script ends."""
        self._script, self._script_ms, self._polled = script, self.t_ms, False
        self._failure = None
        self._plan()
        try:
            while True:
                self._live(start)
        except ScriptEnd:
            pass
        finally:
            self._script, self._script_ms = None, FAR_MS
            self._plan()
        if self._failure is not None:
            raise self._failure

    def _live(self, start):
        """One life of the firmware, and what ends it."""
        try:
            start()
        except PowerCut as cut:
            off_ms = cut.off_ms
        except Reset as reset:
            self.reset_cause = reset.cause
            self.reset_pins()
            return
        else:
            raise RuntimeError("the firmware came to an end by itself")
        self._outage(off_ms)

    def cut_power(self, off_ms=None):
        """Mains and meter off for off_ms; None: until restore_power(), and the script goes on.

        In a script it happens when the script yields; elsewhere it raises PowerCut here.
        """
        if self._acting:
            self._cut = PowerCut(off_ms)
        elif self.powered:
            raise PowerCut(off_ms)

    def cut_at_write(self, write, pattern="subset", seed=0, off_ms=1000, on_cut=None):
        """Mains and meter off for off_ms in the middle of the write-th flash write from now,
        wherever the firmware is; the flash keeps what chip_nor.tear() leaves. on_cut() is called
        just before. A script that calls the firmware by itself sees the PowerCut, and goes on.
        """

        def cut():
            if on_cut is not None:
                on_cut()
            lost = PowerCut(off_ms)
            if self._acting:
                self._cut = lost
            raise lost

        self.flash.cut_at(write, pattern, seed, cut)

    def restore_power(self):
        """Ends an outage of unknown length, when the script next yields."""
        self.powered = True

    def _outage(self, off_ms):
        """Everything without a battery dies, the time passes, the mains come back."""
        self.powered = False
        self.load.power(False)
        self.reset_pins()
        for display in self.displays:
            display.lose_power()
        if off_ms is None:
            while not self.powered:
                self.sleep(max(0, self._script_ms - self.t_ms))
                self._act()
        else:
            self.sleep(off_ms)
        self.powered = True
        self.load.power(True)
        self.reset_cause = POWER_ON
        self.rtc_kept = 0
        self._polled = False

    def reset_pins(self):
        """The processor starts: pins, interrupts and watchdog forget what they were."""
        self.watchdog = None
        Bench.reset_pins(self)
        self._plan()

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
