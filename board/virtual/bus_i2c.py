"""The I2C bus: two lines with pull-ups that anybody can hold low, and the chips on them by address.

Takes transfers of the processor's I2C unit and levels of its pins; gives answers, time and counts.
As the ESP32 port does (ports/esp32/machine_i2c.c): no answer is ENODEV at once; with a line low a
transfer blocks for 100 ms x (1 + bytes) and ends in ETIMEDOUT; a pin that was set up as a GPIO in
between is no longer the unit's, until the I2C is made again. A chip that was cut off while it sent
a 0 holds SDA until it has seen its clocks (DS3231 data sheet, "I2C Interface").
"""

ENODEV, ETIMEDOUT = 19, 116  # errno as the ESP32 port has them
BLOCKED_MS = 100


class Line:
    """SDA or SCL: high unless somebody pulls it low."""

    def __init__(self, bus):
        self._bus = bus
        self.is_held = False  # by something outside the processor
        self.clocks = 0  # this line is let go after so many clocks; 0: it takes more than that
        self.driven_low = False  # by the processor's pin, as an open drain
        self.owned = False  # by the I2C unit, which lets go of it between transfers

    def level(self, _pull=0):
        """-> 0 or 1; modules on the bus bring their pull-ups."""
        return 0 if self.is_held or self.driven_low or self._bus.is_bare else 1


class Bus:
    """Needs sense(), block_ms(), spend_us() and takes_time of the World; `chips` is {address: chip}."""

    def __init__(self, world, chips, sda, scl, is_bare=False):
        self._world = world
        self.chips = chips
        self.silent = set()  # addresses that do not answer, though a chip is there
        self.is_bare = is_bare  # no pull-ups either: both lines read 0
        self.lines = {sda: Line(self), scl: Line(self)}
        self.sda, self.scl = sda, scl
        self.refused = self.blocked = self.blocked_ms = self._frames = 0
        self._takes_time = world.takes_time
        self.hz = 400000
        self._is_free = False  # is_free(), kept for speed
        self.by_address = {}  # {address: transfers}

    # The lines

    def take(self, sda, scl):
        """The I2C unit is connected to two pins. -> True if they are this bus's."""
        if (sda, scl) != (self.sda, self.scl):
            return False
        for pin in self.lines:
            line = self.lines[pin]
            line.owned, line.driven_low = True, False
            self._world.sense(pin)
        self._is_free = self.is_free()
        return True

    def set_pin(self, pin, drives_low):
        """The processor's pin pulls its line low as a GPIO, or lets go of it."""
        line = self.lines[pin]
        line.owned = False
        self._drive(pin, drives_low)

    def _drive(self, pin, low):
        line = self.lines[pin]
        was = line.level()
        line.driven_low = low
        self._is_free = False  # the pin is a GPIO
        self._world.sense(pin)
        if pin == self.scl and not was and line.level():
            self._clocked()

    def _clocked(self):
        """SCL has risen: a chip that hangs in the middle of a byte goes on by one bit."""
        sda = self.lines[self.sda]
        if sda.is_held and sda.clocks:
            sda.clocks -= 1
            if not sda.clocks:
                self.hold(self.sda, False)

    def hold(self, pin, is_held, clocks=0):
        """Something outside pulls a line low or lets go; clocks: see Line."""
        line = self.lines[pin]
        line.is_held, line.clocks = is_held, clocks
        self._is_free = self.is_free()
        self._world.sense(pin)

    def let_go(self):
        """The processor starts again: its pins are inputs."""
        for pin in self.lines:
            line = self.lines[pin]
            line.owned = line.driven_low = False
        self._is_free = False

    def is_free(self):
        """-> True when the I2C unit can use the lines."""
        for pin in self.lines:
            line = self.lines[pin]
            if not line.owned or not line.level():
                return False
        return True

    # The unit. A display that turns its pages makes 200 000 transfers a day: what runs in each has so
    # few names that MicroPython keeps its frame off the heap (11 words, py/objfun.c)

    def begin(self, addr, count, more):
        """One transfer of `count` bytes and `more` for addresses; 9 bits each. -> the chip; raises
        OSError as the port does."""
        self._count(addr)
        if not self._is_free:
            self._block(count)
        chip = self.chips.get(addr)
        if chip is None or addr in self.silent:
            self._spend(1)  # the address, to which nobody answers
            self.refused += 1
            raise OSError(ENODEV)
        self._spend(count + more)
        return chip

    def _count(self, addr):
        self.by_address[addr] = self.by_address.get(addr, 0) + 1

    def _spend(self, frames):
        self._frames += frames
        if self._takes_time:
            self._world.spend_us(((9 * frames + 2) * 1000000 + self.hz - 1) // self.hz)

    def _block(self, count):
        self.blocked += 1
        self.blocked_ms += BLOCKED_MS * (1 + count)
        self._world.block_ms(BLOCKED_MS * (1 + count))
        raise OSError(ETIMEDOUT)

    @property
    def transfers(self):
        """All that were begun: answered, refused and blocked ones."""
        return sum(self.by_address.values())

    @property
    def bytes(self):
        """Those that were acknowledged, addresses included."""
        return self._frames - self.refused

    @property
    def busy_us(self):
        """What the transfers that were not blocked take at 400 kHz: 9 bits a byte, start and stop."""
        bits = 9 * self._frames + 2 * (self.transfers - self.blocked)
        return (bits * 5 + 1) // 2
