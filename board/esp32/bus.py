"""The I2C bus, guarded: a line that is held low costs no time, and is freed if it can be.

Takes two GPIO numbers; gives the transfers of machine.I2C that the chips use, with OSError at once
while the bus rests. The ESP32 port blocks for 100 ms and as much again a byte when a line is held
(machine_i2c.c), so both levels are looked at first. Nine clocks free a chip that was interrupted in
a byte (NXP UM10204, 3.1.16). After a failure that cost time the bus rests: 1 s, growing to 30 s.
"""

import time

from machine import I2C, Pin
from micropython import const

_HZ = const(400000)
_SLOW_MS = const(20)  # a chip that is absent answers so in less than 1 ms
LEAST_REST_MS = 1000
MOST_REST_MS = 30000
_CLOCKS = const(9)
_HALF_CLOCK_US = const(5)
_ETIMEDOUT = const(110)
FAULTS = ("SCL low", "SDA low", "I2C hung")


class Bus:
    """`fault` is "" while the bus works, or one of FAULTS."""

    def __init__(self, scl: int, sda: int) -> None:
        self._numbers = (scl, sda)
        self._scl = Pin(scl, Pin.IN, Pin.PULL_UP)
        self._sda = Pin(sda, Pin.IN, Pin.PULL_UP)
        self._i2c: I2C | None = None  # made when both lines are high, and anew after a failure
        self._address = self._register = 0  # of the transfer that is under way
        self._buf: bytes | bytearray = b""
        self._begun_ms = time.ticks_ms()
        self.fault = ""
        self._rest_ms = 0  # how long; 0: the bus works
        self._since_ms = time.ticks_ms()

    # A function whose names, stack and `try` take more than 11 words has its frame on the heap at
    # each call (MicroPython, py/objfun.c): so a transfer is three small ones.

    def writeto(self, address: int, buf: bytes | bytearray) -> None:
        """One write transaction."""
        self._address = address
        self._register = -1
        self._buf = buf
        self._guarded()

    def readfrom_mem_into(self, address: int, register: int, buf: bytearray) -> None:
        """Fills buf from the registers on."""
        self._address = address
        self._register = register
        self._buf = buf
        self._guarded()

    def _guarded(self) -> None:
        self._ready()
        self._begun_ms = time.ticks_ms()
        try:
            self._move()
        except OSError:
            self._judge()
            raise
        self._rest_ms = 0

    def _move(self) -> None:
        assert self._i2c is not None  # _ready() made it
        if self._register < 0:
            self._i2c.writeto(self._address, self._buf)
        else:
            self._i2c.readfrom_mem_into(self._address, self._register, self._buf)

    def _ready(self) -> None:
        """Both lines are high, and the bus is there. Raises OSError: it rests, or is held."""
        if self.fault:
            rested_ms = time.ticks_diff(time.ticks_ms(), self._since_ms)
            if 0 <= rested_ms < self._rest_ms:  # ticks wrap: long ago may look like the future
                raise OSError(_ETIMEDOUT)
        if not (self._scl.value() and self._sda.value()):
            self._free()
        if self._i2c is None:
            self._i2c = I2C(0, scl=self._scl, sda=self._sda, freq=_HZ)
        self.fault = ""

    def _judge(self) -> None:
        """A transfer failed: was it a chip that is absent, or did it cost time?"""
        if time.ticks_diff(time.ticks_ms(), self._begun_ms) >= _SLOW_MS:
            self._rest(FAULTS[2])

    def _rest(self, fault: str) -> None:
        self._i2c = None
        self.fault = fault
        self._since_ms = time.ticks_ms()
        self._rest_ms = min(max(2 * self._rest_ms, LEAST_REST_MS), MOST_REST_MS)

    def _free(self) -> None:
        """Nine clocks and a stop. Raises OSError: a line is still low, the bus rests."""
        self._i2c = None
        if self._scl.value():
            scl = Pin(self._numbers[0], Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
            sda = Pin(self._numbers[1], Pin.OPEN_DRAIN, Pin.PULL_UP, value=1)
            for _ in range(_CLOCKS):
                scl.value(0)
                time.sleep_us(_HALF_CLOCK_US)
                scl.value(1)
                time.sleep_us(_HALF_CLOCK_US)
            sda.value(0)  # rising while the clock is high: a stop
            time.sleep_us(_HALF_CLOCK_US)
            sda.value(1)
            time.sleep_us(_HALF_CLOCK_US)
            self._scl, self._sda = scl, sda
        if not self._scl.value():
            self._rest(FAULTS[0])
            raise OSError(_ETIMEDOUT)
        if not self._sda.value():
            self._rest(FAULTS[1])
            raise OSError(_ETIMEDOUT)
