"""The ESP32 board: what the meter sees and moves, one method each, as board/contract.py asks.

Takes nothing: pins.py says what is where. Gives pulses, keys, time and store to the shell, and
takes texts, relay commands and lights from it. Nothing blocks but relay(), the store, show() for
some ms and idle() for 5 ms at most.
"""

import gc
import time

import machine
from machine import I2C, RTC, WDT, Pin
from micropython import const

import ds3231
import font14
import pins
from edges import EdgeCounter
from ht16k33 import HT16K33
from latching import LatchingRelay
from partition import Store

_CELLS = const(8)
_IDLE_MS = const(5)  # keys are sampled this often
_IDLES_TO_COLLECT = const(1000)
NORMAL, LOW = 16, 3  # brightness, sixteenths
_RETRY_MS = const(1000)  # how often a display that does not answer is asked again
_WATCHDOG_MS = const(10000)
_BUS_HZ = const(400000)


class Board:
    """All of the hardware. Making it drives both relay coils low before anything else."""

    cells = _CELLS

    def __init__(self) -> None:
        self._relay = LatchingRelay(
            Pin(pins.RELAY_SET, Pin.OUT, value=0), Pin(pins.RELAY_RESET, Pin.OUT, value=0)
        )
        self.notes: list[str] = []
        self._keys = [Pin(number, Pin.IN, Pin.PULL_UP) for number in pins.KEYS]
        self._feedback = Pin(pins.FEEDBACK, Pin.IN)
        self._buzzer = Pin(pins.BUZZER, Pin.OUT, value=0)
        self._supply_led = Pin(pins.SUPPLY_LED, Pin.OUT, value=0)
        self._test_led = Pin(pins.TEST_LED, Pin.OUT, value=0)
        self._counter = self._start_counter(Pin(pins.PULSE, Pin.IN))
        self._counted = 0
        self._start_bus(I2C(0, scl=Pin(pins.SCL), sda=Pin(pins.SDA), freq=_BUS_HZ))
        self._watchdog: WDT | None = None
        self._rtc_memory = RTC()  # 2048 bytes that a reset keeps and a power cut does not
        self.store = Store()
        self._last_ms = time.ticks_ms()
        self._idles = 0  # since garbage was collected
        self._asked = False  # elapsed_ms() was called

    def _start_counter(self, pin: Pin) -> "machine.Counter | EdgeCounter":
        """Pulses are counted in hardware where there is a counter."""
        if hasattr(machine, "Counter"):
            return machine.Counter(0, pin)
        self.notes.append("no machine.Counter: pulses are counted by interrupt")
        return EdgeCounter(pin)

    def _start_bus(self, i2c: I2C) -> None:
        """Two displays and the clock; one that is missing is noted, not waited for."""
        found = i2c.scan()
        for address in (pins.DISPLAY_LEFT, pins.DISPLAY_RIGHT, pins.CLOCK):
            if address not in found:
                self.notes.append("no answer on I2C at 0x%02x" % address)
        self._displays = (HT16K33(i2c, pins.DISPLAY_LEFT), HT16K33(i2c, pins.DISPLAY_RIGHT))
        self._glyphs = bytearray(2 * _CELLS)
        self._text = ""  # what the displays were told last
        self._answered = False  # nothing yet
        self._tried_ms = time.ticks_add(time.ticks_ms(), -_RETRY_MS)
        self._clock = ds3231.DS3231(i2c)
        self.rtc_day = 0
        self.rtc_second = 0

    # Time

    def elapsed_ms(self) -> int:
        """-> ms since the last call, 0 at the first. There must be a call in each 6 days."""
        now_ms = time.ticks_ms()
        elapsed_ms = time.ticks_diff(now_ms, self._last_ms) if self._asked else 0
        self._last_ms = now_ms
        self._asked = True
        return elapsed_ms

    def idle(self, wait_ms: int, pulses: int) -> None:
        """Waits wait_ms at most; returns early so that keys and pulses are looked at each 5 ms.
        Garbage is collected here, each 5 s or so, so that no record has to wait for it."""
        self._idles += 1
        if self._idles >= _IDLES_TO_COLLECT:
            self._idles = 0
            gc.collect()
        time.sleep_ms(min(wait_ms, _IDLE_MS))

    def rtc_read(self) -> int:
        """-> 0: rtc_day and rtc_second are set (UTC), 1: it had stopped, 2: it does not answer."""
        result = self._clock.read()
        if result == ds3231.OK:
            self.rtc_day = self._clock.day
            self.rtc_second = self._clock.second
        return result

    def rtc_set(self, day: int, second: int) -> bool:
        """Sets the clock chip to UTC and clears its stop flag. -> True if it answered."""
        try:
            self._clock.set(day, second)
        except OSError:
            return False
        return True

    def feed(self) -> None:
        """Feeds the watchdog; the first call starts it, for good."""
        if self._watchdog is None:
            self._watchdog = WDT(timeout=_WATCHDOG_MS)
        self._watchdog.feed()

    def residue_write(self, buf: bytes | bytearray) -> None:
        """Keeps 16 bytes over a reset, not over a power cut."""
        self._rtc_memory.memory(buf)

    def residue_read(self, buf: bytearray) -> bool:
        """-> True if as many bytes were kept; buf has them."""
        kept = self._rtc_memory.memory()
        if len(kept) != len(buf):
            return False
        buf[:] = kept
        return True

    # In

    def pulses(self) -> int:
        """-> pulses since the last call; if there were any the test LED is on until the next."""
        count = self._counter.value()
        pulses = count - self._counted
        if pulses < 0:  # somebody started the counter again: what it has now is new
            pulses = count
        self._counted = count
        self._test_led.value(1 if pulses else 0)
        return pulses

    def keys(self) -> int:
        """-> raw levels, 1 = down: bit 0 = A, then B, left, right, ok, return."""
        down = 0
        for bit in range(len(self._keys)):
            down |= (1 - self._keys[bit].value()) << bit
        return down

    def contact(self) -> int:
        """-> 1 the contact is closed, 0 it is open."""
        return self._feedback.value()

    # Out

    def show(self, text: str) -> bool:
        """Puts text into the cells; only a new one uses the bus. -> both displays answered."""
        now_ms = time.ticks_ms()
        if text == self._text:
            if self._answered or 0 <= time.ticks_diff(now_ms, self._tried_ms) < _RETRY_MS:
                return self._answered
        self._text = text
        self._tried_ms = now_ms
        font14.render(text, self._glyphs)
        self._answered = True
        for i in range(len(self._displays)):
            try:
                self._displays[i].write(self._glyphs, i * _CELLS)
            except OSError:  # the other one still shows its half
                self._answered = False
        return self._answered

    def dim(self, on: bool) -> None:
        """Low or normal brightness."""
        for display in self._displays:
            try:
                display.dim(LOW if on else NORMAL)
            except OSError:  # it is told again with the next text
                self._answered = False

    def relay(self, closed: bool) -> None:
        """Closes or opens the contact: blocks for 100 ms, after up to 1 s since the last time."""
        self._relay.operate(closed)

    def buzz(self, on: bool) -> None:
        """Buzzer."""
        self._buzzer.value(1 if on else 0)

    def led(self, on: bool) -> None:
        """Supply LED."""
        self._supply_led.value(1 if on else 0)
