"""An oscilloscope on the relay's pins: what the two wires did, apart from what any chip made of it.

Takes a World and the pins; gives every pulse with its ms, and every moment at which both were high.
Also a pair of scissors: the mains, or a reset, at the n-th thing that the firmware does with its
silicon (pins, bus, flash) or at a ms, in the middle of a pulse if it falls so. SHILLING_STARTS: how
many starts and interruptions each test_pins file makes (200; 1000 takes minutes).
"""

import os

import world

STARTS = int(os.environ.get("SHILLING_STARTS", "200"))
ENDS = ("power cut", "brown-out", "watchdog", "reset")


class Pulse:
    """One wire high: from, to (ms); cut: a reset or an outage ended it, not the firmware."""

    def __init__(self, pin, start_ms):
        self.pin, self.start_ms, self.end_ms, self.cut = pin, start_ms, -1, False

    def __repr__(self):
        return "%d: %d..%d%s" % (self.pin, self.start_ms, self.end_ms, " cut" if self.cut else "")


class Scope:
    """Put on a World before the first start."""

    def __init__(self, w, pins):
        self.w = w
        self.pins = pins
        self.pulses = []
        self.both_high = 0
        self.starts = 0
        self.operations = 0  # things done with the silicon
        self.cut_at = -1  # at this number of them, `end` comes
        self.end = None
        self.each_pulse = None  # as next_pulse, each time
        self.next_pulse = None  # (ms after its start, end): what shall come in or after it
        self._resetting = False
        self._dying = False  # between the end and the reset: only the simulation runs `finally`
        self._high = {}
        self._write, self._setup, self._reset = w.write_pin, w.setup_pin, w.reset_pins
        w.write_pin, w.setup_pin, w.reset_pins = self.write_pin, self.setup_pin, self.reset_pins
        for chip in [w.rtc] + list(w.displays):
            self._tap(chip, "i2c_write" if hasattr(chip, "i2c_write") else "spi_write")
        for method in ("read", "program", "erase"):
            self._tap(w.flash, method)

    def _tap(self, thing, method):
        """Each call of a method of a chip is one operation."""
        inner = getattr(thing, method)

        def tapped(*args):
            self._operate()
            return inner(*args)

        setattr(thing, method, tapped)

    def _operate(self):
        if not self._resetting:
            self.operations += 1
            if self.operations == self.cut_at:
                self.cut_at = -1
                self._dying = True
                raise self.end

    def write_pin(self, pin, level):
        self._write(pin, level)
        if pin in self.pins:
            self._look(pin, level)
        self._operate()

    def setup_pin(self, pin, pull):
        self._setup(pin, pull)
        self._operate()

    def reset_pins(self):
        self.starts += 1
        self._resetting = True
        self._reset()
        self._resetting = self._dying = False

    def _look(self, pin, level):
        if level and pin not in self._high:
            self._high[pin] = Pulse(pin, self.w.t_ms)
            self.pulses.append(self._high[pin])
            self.both_high += len(self._high) > 1
            plan = self.next_pulse or self.each_pulse
            self.next_pulse = None
            if plan is not None:
                after_ms, end = plan
                self.end_after(after_ms, end)
        elif not level and pin in self._high:
            pulse = self._high.pop(pin)
            pulse.end_ms, pulse.cut = self.w.t_ms, self._resetting or self._dying

    # Scissors

    def cut(self, kind, off_ms, operation):
        """The firmware meets its end at that operation from now."""
        self.end = ended(kind, off_ms)
        self.cut_at = self.operations + operation

    def end_after(self, after_ms, end):
        """The same at a ms from now, unless this life of the firmware is over by then."""
        self.w.at(self.w.t_ms + after_ms, self._come, (self.starts, end))

    def _come(self, planned):
        starts, end = planned
        if starts == self.starts:
            self._dying = True
            raise end


def ended(kind, off_ms):
    """-> what to raise: the mains fail for off_ms, or the processor starts again."""
    if kind == "watchdog":
        return world.Reset(world.WATCHDOG)
    if kind == "reset":
        return world.Reset(world.HARD)
    return world.PowerCut(off_ms)

