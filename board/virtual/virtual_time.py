"""MicroPython's module `time` as the board's drivers see it: the world's clock.

Gives ticks in ms that wrap at 2**30, as on the ESP32; sleeping moves the clock (pulses and key
edges happen, the world's script waits).
"""

import world

LAST = (1 << 30) - 1  # the tick before 0, and the largest small integer of a 32-bit VM
HALF = 1 << 29


def ticks_ms():
    return world.current.t_ms & LAST


def ticks_add(ticks, delta_ms):
    return (ticks + delta_ms) & LAST


def ticks_diff(end, start):
    """-> end - start, -2**29 .. 2**29 - 1, across one wrap."""
    difference = (end - start) & LAST
    return difference if difference < HALF else difference - HALF - HALF


def sleep_ms(ms):
    world.current.sleep(ms)


def sleep_us(us):
    """The world moves when whole ms have come together."""
    world.current.sleep_us(us)


def ticks_us():
    return world.current.now_us() & LAST
