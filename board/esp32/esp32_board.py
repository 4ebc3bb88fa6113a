"""The ESP32 board: what the meter sees and moves, one method each, as board/contract.py asks.

Takes its parts (parts.py; without any what board.json says). Gives pulses, keys, time and store to
the shell, and takes texts, relay commands and lights from it. Nothing blocks but relay(), the store,
show() for some ms and idle() for 5 ms at most; what does not answer is noted, not waited for.
"""

import gc
import os
import time

import machine
from machine import RTC, WDT, Pin
from micropython import const

import ds3231
import parts as board_parts
from bus import FAULTS as BUS_FAULTS
from bus import Bus
from display import Display
from edges import EdgeCounter
from latching import LatchingRelay, Relay
from partition import Store

_IDLE_MS = const(5)  # keys are sampled this often
_IDLES_TO_COLLECT = const(1000)
_WATCHDOG_MS = const(10000)


class Absent:
    """In place of a pin that nothing is on."""

    def value(self, _level: int = 0) -> int:
        return 0


class Board:
    """All of the hardware. Making it drives the relay's pins low before anything else."""

    def __init__(self, parts: board_parts.Parts | None = None) -> None:
        if parts is None:
            parts = board_parts.load()
        self._relay = self._start_relay(parts)
        self.notes: list[str] = []
        self.lab = parts.lab
        self.mark = 0  # see board/contract.py
        self.remembers = parts.relay == "latching"
        self._keys = [Pin(number, Pin.IN, Pin.PULL_UP) for number in parts.pin("KEYS")]
        self._feedback = Pin(parts.pin("FEEDBACK"), Pin.IN) if parts.feedback else None
        self._buzzer = self._start_light(parts, "BUZZER")
        self._supply_led = self._start_light(parts, "SUPPLY_LED")
        self._test_led = self._start_light(parts, "TEST_LED")
        self._counter = self._start_counter(Pin(parts.pin("PULSE"), Pin.IN))
        self._counted = 0
        self._watchdog: WDT | None = None
        self._rtc_memory = RTC()  # 2048 bytes that a reset keeps and a power cut does not
        self.store = Store()
        self._last_ms = time.ticks_ms()
        self._idles = 0  # since garbage was collected
        self._asked = False  # elapsed_ms() was called
        self._bus = self._start_bus(parts)
        self._display = Display(parts, self._bus, self._note)
        self.cells = self._display.cells
        self._clock = self._start_clock(parts)
        self.wire = self._start_wire(parts)
        self.rtc_day = 0
        self.rtc_second = 0
        self.rtc_read()

    def _start_relay(self, parts: board_parts.Parts) -> Relay:
        if parts.relay == "plain":
            import plain

            return plain.PlainRelay(Pin(parts.pin("RELAY"), Pin.OUT, value=0))
        set_pin = Pin(parts.pin("RELAY_SET"), Pin.OUT, value=0)
        reset_pin = Pin(parts.pin("RELAY_RESET"), Pin.OUT, value=0)
        return LatchingRelay(set_pin, reset_pin, parts.pulse_ms)

    def _start_light(self, parts: board_parts.Parts, signal: str) -> Pin | Absent:
        number = parts.pin(signal)
        return Absent() if number is None else Pin(number, Pin.OUT, value=0)

    def _start_counter(self, pin: Pin) -> "machine.Counter | EdgeCounter":
        """Pulses are counted in hardware where there is a counter."""
        if hasattr(machine, "Counter"):
            return machine.Counter(0, pin)
        self.notes.append("Pulses by IRQ")
        return EdgeCounter(pin)

    def _start_bus(self, parts: board_parts.Parts) -> Bus | None:
        if parts.clock == "ntp" and parts.display == "max7219":
            return None  # nothing is on it
        return Bus(parts.pin("SCL"), parts.pin("SDA"))

    def _start_clock(self, parts: board_parts.Parts) -> ds3231.Clock:
        if parts.clock == "ntp":
            import ntp

            assert parts.wifi is not None  # parts.py wants it
            return ntp.NetworkClock(parts.wifi)
        assert self._bus is not None
        return ds3231.DS3231(self._bus)

    def _start_wire(self, parts: board_parts.Parts):
        if parts.mqtt is None:
            return None
        import wire

        assert parts.wifi is not None  # board_file.py wants it
        return wire.Wire(parts.wifi, parts.mqtt)

    # Time

    def elapsed_ms(self) -> int:
        """-> ms since the last call, 0 at the first. There must be a call in each 6 days. What the
        board does by itself it does here: the mark, displays that came back, the network's time."""
        now_ms = time.ticks_ms()
        elapsed_ms = time.ticks_diff(now_ms, self._last_ms) if self._asked else 0
        self._last_ms = now_ms
        self._asked = True
        self._display.tend(self.mark, now_ms)
        self._clock.tend(elapsed_ms)
        return elapsed_ms

    def idle(self, wait_ms: int, pulses: int) -> None:
        """Waits wait_ms at most; returns early so that keys and pulses are looked at each 5 ms.
        Each 5 s or so garbage is collected here, so that no record has to wait for it, and the
        displays are told all again: one of them may have lost its supply."""
        self._idles += 1
        if self._idles >= _IDLES_TO_COLLECT:
            self._idles = 0
            gc.collect()
            self._display.tell()
        time.sleep_ms(min(wait_ms, _IDLE_MS))

    def rtc_read(self) -> int:
        """-> 0: rtc_day and rtc_second are set (UTC), 1: it had stopped, 2: it does not answer."""
        result = self._clock.read()
        if result == ds3231.OK:
            self.rtc_day = self._clock.day
            self.rtc_second = self._clock.second
        self._note("No clock", result == ds3231.ABSENT)
        if self._bus is not None:
            for fault in BUS_FAULTS:
                self._note(fault, self._bus.fault == fault)
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

    # For the link

    @property
    def files(self):
        """The folder of its log; loaded by who asks."""
        import files

        return files.Files()

    def session(self) -> int:
        """A random number of this start, 1..2**32 - 1."""
        return int.from_bytes(os.urandom(4), "big") or 1

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
        """-> 1 the contact is closed, 0 it is open, -1 nothing tells."""
        return -1 if self._feedback is None else self._feedback.value()

    # Out

    def show(self, text: str) -> bool:
        """Puts text into the cells; only a new one uses the bus. -> all displays answered."""
        return self._display.show(text)

    def dim(self, on: bool) -> None:
        """Low or normal brightness."""
        self._display.dim(on)

    def relay(self, closed: bool) -> None:
        """Closes or opens the contact. A latching one blocks for its pulse, and up to 1 s before."""
        self._relay.operate(closed)

    def buzz(self, on: bool) -> None:
        """Buzzer."""
        self._buzzer.value(1 if on else 0)

    def led(self, on: bool) -> None:
        """Supply LED."""
        self._supply_led.value(1 if on else 0)

    def _note(self, text: str, is_so: bool) -> None:
        """Says it for as long as it is so."""
        if is_so != (text in self.notes):
            if is_so:
                self.notes.append(text)
            else:
                self.notes.remove(text)
