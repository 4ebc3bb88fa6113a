"""MicroPython's module `machine` on the simulated silicon: Pin, I2C, Counter, RTC, WDT, reset.

Takes what the ESP32 port takes, as far as the board uses it, and refuses what the chip refuses (an
output on 34..39, a chip that is not on the bus). Source: MicroPython 1.28 documentation,
`machine`.
"""

import bench
import chip_watchdog
import world

ENODEV = 19
PWRON_RESET, HARD_RESET, WDT_RESET = 1, 2, 3
_CAUSES = {world.POWER_ON: PWRON_RESET, world.HARD: HARD_RESET, world.WATCHDOG: WDT_RESET}


def reset():
    """Starts the processor again; never returns."""
    raise world.Reset(world.HARD)


def reset_cause():
    """-> PWRON_RESET, HARD_RESET or WDT_RESET."""
    return _CAUSES[world.current.reset_cause]


class Pin:
    """One GPIO."""

    IN, OUT = 1, 3
    PULL_DOWN, PULL_UP = 1, 2
    IRQ_RISING, IRQ_FALLING = 1, 2

    def __init__(self, number, mode=-1, pull=-1, *, value=None):
        self._world = world.current
        self._levels = self._world.levels
        self.number = number
        self._output = mode == Pin.OUT
        if self._output and number >= 34:
            raise ValueError("pin can only be input")
        if mode != -1:
            if number >= 34 and pull > 0:
                raise ValueError("pin has no pull")
            self._world.setup_pin(number, max(pull, 0))
        if value is not None:
            self.value(value)

    def value(self, level=None):
        """The level, or sets it (an input keeps the level that its wire has)."""
        if level is None:
            return self._levels[self.number]
        if self._output:
            self._world.write_pin(self.number, 1 if level else 0)
        return None

    __call__ = value

    def irq(self, handler=None, trigger=3):
        """Interrupts exist on the pulse input only; handler(pin) runs for each rising edge."""
        if self.number != bench.PULSE or trigger != Pin.IRQ_RISING:
            raise ValueError("this bench has pulses only, and they rise")
        self._world.interrupt(handler, self)


class I2C:
    """The bus with the displays and the clock."""

    def __init__(self, bus, *, scl, sda, freq=400000):
        wired = scl.number == bench.SCL and sda.number == bench.SDA
        self._chips = world.current.i2c if wired else {}

    def _chip(self, addr):
        chip = self._chips.get(addr)
        if chip is None:
            raise OSError(ENODEV)
        return chip

    def scan(self):
        return sorted(self._chips)

    def writeto(self, addr, buf):
        self._chip(addr).i2c_write(buf)
        return len(buf)

    def writeto_mem(self, addr, memaddr, buf):
        self._chip(addr).i2c_write(bytes([memaddr]) + bytes(buf))

    def readfrom_mem_into(self, addr, memaddr, buf):
        chip = self._chip(addr)
        chip.i2c_write(bytes([memaddr]))
        chip.i2c_read(buf)


class Counter:
    """The pulse counter unit; starts at zero and goes on for ever."""

    def __init__(self, unit, src):
        if src.number != bench.PULSE:
            raise ValueError("no pulses on this pin")
        self._load = world.current.load
        self._zero = self._load.read_count()

    def value(self):
        return self._load.read_count() - self._zero


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
    """The watchdog."""

    def __init__(self, id=0, timeout=5000):
        self._watchdog = chip_watchdog.Watchdog(timeout)

    def feed(self):
        self._watchdog.feed()
