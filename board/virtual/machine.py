"""MicroPython's module `machine` on the simulated silicon: Pin, Counter, RTC, WDT, reset; I2C and SPI.

Takes what the ESP32 port takes, as far as a board uses it, and refuses what the chip refuses (an
output on 34..39, a pin or a bus that is not there, a chip that does not answer). Source:
MicroPython 1.28 documentation, `machine`; ports/esp32 of 1.25 for what differs.
"""

import sys

import chip_watchdog
import world
from machine_buses import I2C, SPI  # noqa: F401

PWRON_RESET, HARD_RESET, WDT_RESET = 1, 2, 3
_CAUSES = {  # the port tells a brown-out from a power-on no more than here
    world.POWER_ON: PWRON_RESET,
    world.HARD: HARD_RESET,
    world.WATCHDOG: WDT_RESET,
    world.BROWN_OUT: PWRON_RESET,
}


def fit(silicon):
    """A World begins: this module has a Counter if its chip and its MicroPython have one."""
    module = sys.modules[__name__]
    if silicon.has_counter:
        module.Counter = _Counter
    elif hasattr(module, "Counter"):
        del module.Counter


def reset():
    """Starts the processor again; never returns."""
    raise world.Reset(world.HARD)


def reset_cause():
    """-> PWRON_RESET, HARD_RESET or WDT_RESET."""
    return _CAUSES[world.current.reset_cause]


class Pin:
    """One GPIO. OPEN_DRAIN pulls the wire low or lets go of it."""

    IN, OUT, OPEN_DRAIN = 1, 3, 7
    PULL_DOWN, PULL_UP = 1, 2
    IRQ_RISING, IRQ_FALLING = 1, 2

    def __init__(self, number, mode=-1, pull=-1, *, value=None):
        silicon = self._world = world.current
        if number not in silicon.chip["pins"]:
            raise ValueError("invalid pin")
        self._levels = silicon.levels
        self._write = silicon.write_pin
        self._line = number in silicon.bus.lines
        self.number = number
        self._mode = -1
        self._output = False  # and no line of the bus
        if mode != -1 or pull != -1 or value is not None:
            self.init(mode, pull, value=value)

    def init(self, mode=-1, pull=-1, *, value=None):
        """Sets the pin up; what is left out stays as it was."""
        number, chip = self.number, self._world.chip
        is_input_only = number in chip["inputs"]
        if is_input_only and mode in (Pin.OUT, Pin.OPEN_DRAIN):
            raise ValueError("pin can only be input")
        if is_input_only and pull is not None and pull > 0:
            raise ValueError("pin has no pull")
        if number in chip["flash"]:
            raise RuntimeError("GPIO %d is the flash's: the chip would stop here" % number)
        if number in chip["strapping"]:
            self._world.risky_pins.add(number)
        if mode != -1:
            self._mode = mode
            self._output = mode in (Pin.OUT, Pin.OPEN_DRAIN) and not self._line
            if self._line and mode == Pin.IN:  # it was the I2C unit's
                self._world.bus.set_pin(number, False)
            self._world.setup_pin(number, max(pull or 0, 0))
        if value is not None:
            self.value(value)
        elif self._line and mode in (Pin.OUT, Pin.OPEN_DRAIN):
            self._world.bus.set_pin(number, False)

    def value(self, level=None):
        """The level, or sets it (an input keeps the level that its wire has)."""
        if level is None:
            return self._levels[self.number]
        if self._output:
            self._write(self.number, 1 if level else 0)
        elif self._line and self._mode in (Pin.OUT, Pin.OPEN_DRAIN):
            self._world.bus.set_pin(self.number, not level)
        return None

    __call__ = value

    def on(self):
        self.value(1)

    def off(self):
        self.value(0)

    def irq(self, handler=None, trigger=3):
        """Interrupts exist on the pulse input only; handler(pin) runs for each rising edge."""
        if self.number != self._world.pins["PULSE"] or trigger != Pin.IRQ_RISING:
            raise ValueError("this bench has pulses only, and they rise")
        self._world.interrupt(handler, self)


class Counter:
    """The pulse counter unit; starts at zero and goes on for ever. Since MicroPython 1.26."""

    RISING, FALLING = 1, 2

    def __init__(self, unit, src, edge=1, filter_ns=0):
        silicon = world.current
        if src.number != silicon.pins["PULSE"]:
            raise ValueError("no pulses on this pin")
        self._load = silicon.load
        self._zero = self._load.read_count()
        silicon.counters.append(self)

    def value(self):
        return self._load.read_count() - self._zero

    def set(self, value):
        """Not MicroPython's: a fault of the bench puts this value into the unit."""
        self._zero = self._load.count() - value


_Counter = Counter


class RTC:
    """The processor's own clock, of which the board uses only the memory."""

    def memory(self, data=None):
        """What is kept over a reset, or sets it (2048 bytes at most)."""
        silicon = world.current
        if data is None:
            return bytes(silicon.rtc_memory[: silicon.rtc_kept])
        if len(data) > len(silicon.rtc_memory):
            raise ValueError("buffer too long")
        for at in range(len(data)):
            silicon.rtc_memory[at] = data[at]
        silicon.rtc_kept = len(data)
        return None


class WDT:
    """The watchdog; making another gives it another time."""

    def __init__(self, id=0, timeout=5000):
        self._watchdog = chip_watchdog.Watchdog(timeout)

    def feed(self):
        self._watchdog.feed()


if world.current is not None:
    fit(world.current)
