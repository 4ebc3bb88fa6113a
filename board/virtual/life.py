"""The firmware's life on the bench: it boots, runs until its power or its processor goes, and boots again.

Takes a start function and, from scripts and tests, power cuts, resets and brown-outs; what has its
own power or a battery outlives them. Times in ms. Part of World, which moves the time.
"""

from bench import Bench
from chip_load import FAR_MS

POWER_ON, WATCHDOG, HARD, BROWN_OUT = "power on", "watchdog", "hard", "brown-out"


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


class Life(Bench):
    """Needs t_ms, sleep(), _act() and _plan() of World."""

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

    def reset(self, cause=HARD):
        """The processor starts again, by itself (BROWN_OUT: its supply dipped for a moment, the
        chips' did not); in a script when it yields, elsewhere here."""
        if self._acting:
            self._cut = Reset(cause)
        elif self.powered:
            raise Reset(cause)

    def cut_at_write(self, write, pattern="subset", seed=0, off_ms=1000, on_cut=None):
        """Mains and meter off for off_ms in the middle of the write-th flash write from now,
        wherever the firmware is; the flash keeps what chip_nor.tear() leaves. on_cut() is called
        just before. A script that calls the firmware by itself sees the PowerCut, and goes on.
        """

        self.flash.cut_at(write, pattern, seed, lambda: self._lose_power(off_ms, on_cut))

    def cut_at_step(self, step, off_ms=1000, on_cut=None):
        """The same with the step-th step from now of the disk (chip_files.py)."""
        self.disk.cut_at(step, lambda: self._lose_power(off_ms, on_cut))

    def _lose_power(self, off_ms, on_cut):
        if on_cut is not None:
            on_cut()
        lost = PowerCut(off_ms)
        if self._acting:
            self._cut = lost
        raise lost

    def restore_power(self):
        """Ends an outage of unknown length, when the script next yields."""
        self.powered = True

    def _outage(self, off_ms):
        """Everything without a battery dies, the time passes, the mains come back."""
        self.powered = False
        self.load.power(False)
        self.reset_pins()
        for chip in self.displays + (self.relay, self.rtc):
            chip.lose_power()
        if off_ms is None:
            while not self.powered:
                self.sleep(max(0, self._script_ms - self.t_ms))
                self._act()
        else:
            self.sleep(off_ms)
        self.powered = True
        self.rtc.get_power()
        self.load.power(True)
        self.reset_cause = POWER_ON
        self.rtc_kept = 0
        self._polled = False

    def reset_pins(self):
        """The processor starts: pins, interrupts and watchdog forget what they were."""
        self.watchdog = None
        if self._ether is not None:
            self._ether.reset()
        Bench.reset_pins(self)
        self._plan()
