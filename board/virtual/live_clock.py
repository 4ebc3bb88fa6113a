"""The module `time`, the processor's clock and the watchdog of a chip that lives in real time.

Takes the live world and the line to the supervisor; gives what MicroPython's ESP32 port has of them:
years from 2000, ticks that wrap at 2**30. The supervisor is told of the watchdog, which goes on
counting while the program stands in the prompt. Source: MicroPython 1.25, time and machine.
"""

import sys
import time as host_time

import machine

import live_world
import virtual_time

IDLE_MS = 5  # the board's idle() is no longer
UNIX_TO_2000_S = 946684800  # this VM counts from 1970, the chip from 2000


class ChipWorld(live_world.LiveWorld):
    """A live world whose program sleeps by the wall clock, as it does on the chip, and whose idle is
    the board's own: a sleep of 5 ms."""

    def pause(self, ms):
        """Lets ms pass by the wall clock, from now: what the program took before does not count. Between
        two polls, not in the middle of one, hands and panel have their turn."""
        end = self.t_ms + self._behind(self.pace()) + ms
        while self.t_ms < end:
            step = self._wait(end)
            if step:
                self.sleep(step)
            if ms <= IDLE_MS:
                self._move_finger()
                while self._line.is_waiting(0):
                    self._obey(self._line.receive())
        if ms <= IDLE_MS:
            self._show()


class Time:
    """The module; its clock starts at 2000-01-01 with each power-on, as nobody set it."""


class Rtc(machine.RTC):
    """The processor's own clock, as far as mpremote sets and reads it."""

    ahead_s = 0

    def datetime(self, value=None):
        if value is None:
            now = host_time.gmtime(now_s() + UNIX_TO_2000_S)
            year, month, day, hour, minute, second, weekday, _ = now
            return (year, month, day, weekday, hour, minute, second, 0)
        year, month, day, _, hour, minute, second, _ = value
        wanted = host_time.mktime((year, month, day, hour, minute, second, 0, 0)) - UNIX_TO_2000_S
        Rtc.ahead_s += wanted - now_s()
        return None


def now_s():
    return virtual_time.world.current.t_ms // 1000 + Rtc.ahead_s


def of_2000(convert):
    return lambda seconds=None: convert((now_s() if seconds is None else seconds) + UNIX_TO_2000_S)


def install(world, line):
    """From here on every `import time` and `machine` is the chip's."""
    own = Time()
    for name in ("ticks_ms", "ticks_add", "ticks_diff", "sleep_us"):
        setattr(own, name, getattr(virtual_time, name))
    own.sleep_ms = world.pause
    own.ticks_us = own.ticks_cpu = lambda: (
        (world.t_ms * 1000 + host_time.ticks_us() % 1000) & virtual_time.LAST
    )
    own.sleep = lambda seconds: world.pause(int(seconds * 1000))
    own.time = now_s
    own.time_ns = lambda: now_s() * 1000000000
    own.gmtime, own.localtime = of_2000(host_time.gmtime), of_2000(host_time.localtime)
    own.mktime = lambda when: host_time.mktime(when) - UNIX_TO_2000_S
    sys.modules["time"] = own
    machine.RTC = Rtc

    class Watchdog(machine.WDT):
        """Also known outside: at the prompt nobody here sees it bite."""

        def __init__(self, id=0, timeout=5000):
            super().__init__(id, timeout)
            line.send({"watchdog_ms": timeout})

    machine.WDT = Watchdog
