"""The world in real time: its clock follows the wall clock times a speed, hands come over a line.

Takes messages {"do": "press" | "release" | "load" | "speed" | "jump" | "cut", ...} and those of
live_wire.py; gives what can be seen as it changes, and a few times a second what the meter says of itself.
Wall times and waits in ms.
"""

import sys
import time

import world
from live_ether import LiveEther
from live_wire import Wire

SLICE_MS = 10  # a wait this long at most, then the line is looked at
LAG_MS = 250  # what is further behind is given up, not caught up
FRAME_MS = 30  # what can be seen goes out so often at most
METER_MS = 250
HANDS_MS = 30000  # after a key time keeps life's pace for as long as the menu waits for the next
FINGER_MS = 60  # of world time: no finger is quicker, down or up

if sys.implementation.name == "micropython":
    wall_ms = time.ticks_ms  # does not wrap on the unix VM
else:

    def wall_ms():
        return time.monotonic_ns() // 1000000


class LiveWorld(world.World):
    """A world whose idle() keeps to the wall clock. observe() -> dict, None while it starts."""

    ether_class = LiveEther

    def __init__(self, line, speed, observe, day, second, closed, **bench):
        self.speed = speed
        self._line = line
        self._observe = observe
        self._goal_ms = None  # where a jump ends
        self._held = set()  # keys under a finger
        self._moves = []  # (key, down) that the finger still has to make
        self._free_ms = 0  # when it may make the next one
        self._touched_ms = wall_ms() - HANDS_MS
        self._blinks = 0
        self._sent = {}
        self._frame_ms = self._meter_ms = 0
        super().__init__(day, second, closed=closed, **bench)
        self.wire = Wire(line, self, wall_ms)
        self._anchor(wall_ms())

    # Time

    def is_jumping(self):
        return self._goal_ms is not None

    def pace(self):
        """-> how many times faster than the wall clock; nobody can press keys faster than life."""
        busy = self._held or self._moves or wall_ms() - self._touched_ms < HANDS_MS
        return 1 if busy else self.speed

    def idle(self, wait_ms, pulses):
        """As World.idle, but never ahead of the wall clock; it ends too when a message came. At
        life's pace it is as short as the chip's: polls so close know the instant of a pulse."""
        if self._goal_ms is None and self.pace() == 1:
            wait_ms = min(wait_ms, SLICE_MS)
        watchdog, self.watchdog = self.watchdog, None  # to the watchdog all slices are one idle
        try:
            self._idle(self.t_ms + wait_ms, pulses)
        finally:
            self.watchdog = watchdog
        if watchdog is not None:
            watchdog.idled()

    def _idle(self, end, pulses):
        while True:
            turn = min(end, self._free_ms) if self._moves else end
            jumping = self.is_jumping()
            step = self._wait(turn)
            reached = self.t_ms + step
            if step:
                super().idle(step, pulses)
            landed = jumping and not self.is_jumping()
            happened = self._move_finger() or landed or self.t_ms != reached
            while self._line.is_waiting(0):
                self._obey(self._line.receive())
                happened = True
            self._show()
            if happened or reached >= end or self.load.due_ms(pulses) <= reached:
                return

    def _wait(self, turn):
        """-> ms of world time that may pass now, up to the instant `turn`; waits for them."""
        if self.wire.is_awaited() and (self.is_jumping() or self.pace() > 1):
            self._line.is_waiting(SLICE_MS)
            return 0
        if self._goal_ms is not None:
            return self._towards_goal(turn)
        left = turn - self.t_ms
        pace = self.pace()
        wanted = min(left, SLICE_MS * pace)
        behind = self._behind(pace)
        if behind < wanted:
            self._line.is_waiting((wanted - behind + pace - 1) // pace)
            behind = self._behind(pace)
        return max(0, min(behind, left))

    def _behind(self, pace):
        """-> ms of world time that the wall clock is ahead."""
        now_ms = wall_ms()
        behind = self._world_ms + (now_ms - self._wall_ms) * self._pace - self.t_ms
        if pace == self._pace and behind <= LAG_MS * pace:
            return behind
        self._anchor(now_ms)
        return 0

    def _anchor(self, now_ms):
        self._wall_ms, self._world_ms, self._pace = now_ms, self.t_ms, self.pace()

    def _towards_goal(self, turn):
        left = self._goal_ms - self.t_ms
        if left <= 0:
            self._goal_ms = None
            self._anchor(wall_ms())
        return max(0, min(turn - self.t_ms, left))

    # What is done

    def _obey(self, message):
        do = message["do"]
        if do in ("press", "release"):
            self._touch(message["key"], do == "press")
        elif do == "load":
            self.set_load(message["w"])
        elif do == "speed":
            self.speed = message["x"]
            self._goal_ms = None
            self._touched_ms = wall_ms() - HANDS_MS
        elif do == "jump":
            day, second = self.utc()
            ahead_s = (message["day"] - day) * 86400 + message["second"] - second
            self._goal_ms = (self.t_ms // 1000 + ahead_s) * 1000
        elif do == "packet":
            self.wire.receive(message)
        elif do == "heard":
            self.wire.heard()
        elif do == "cut":
            self._line.send({"utc": list(self.utc())})
            sys.exit(0)

    def _touch(self, key, down):
        if down == (key in self._held):
            return
        if down:
            self._held.add(key)
        else:
            self._held.remove(key)
        self._moves.append((key, down))
        self._touched_ms = wall_ms()
        self._goal_ms = None

    def _move_finger(self):
        """The next move that is due. -> True if there was one."""
        if not self._moves or self.t_ms < self._free_ms:
            return False
        key, down = self._moves.pop(0)
        if down:
            self.press(key)
        else:
            self.release(key)
        self._free_ms = self.t_ms + FINGER_MS
        return True

    # What is seen

    def write_pin(self, pin, level):
        if pin == self.pins["TEST_LED"] and level and not self.levels[pin]:
            self._blinks += 1
        super().write_pin(pin, level)

    def look_soon(self):
        """What the meter says of itself goes out with the next frame."""
        self._meter_ms = wall_ms() - METER_MS

    def _show(self):
        now_ms = wall_ms()
        if now_ms - self._frame_ms < FRAME_MS:
            return
        self._frame_ms = now_ms
        seen = self._seen()
        if now_ms - self._meter_ms >= METER_MS:
            self._meter_ms = now_ms
            seen["meter"] = self._observe()
        news = {name: value for name, value in seen.items() if self._sent.get(name) != value}
        if news:
            self._sent.update(news)
            self._line.send(news)

    def _seen(self):
        return {
            "utc": list(self.utc()),
            "cells": self.cells(),
            "text": self.text(),
            "contact": int(self.contact_closed),
            "buzzer": int(self.buzzer),
            "led": int(self.supply_led),
            "blinks": self._blinks,
            "coil_faults": self.coil_faults,
            "relay_operations": self.relay_operations,
            "pace": self.pace(),
            "jumping": self.is_jumping(),
        }
