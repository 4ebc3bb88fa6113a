"""Pulses become Wh, with the remainder carried; the power that they show, and the steps in it.

Takes pulses and ms, gives Wh and W; integers that stay small. A pulse is `_gain` parts, a Wh `loss`
of them; gas: kWh = m3 x 1.02264 x MJ/m3 / 3.6. A step, an appliance that was switched on, is two
windows in a row that agree, at least 100 W above the level before; a level falls silently.
Source: DOMAIN 1, 12, 13 (real-time use); HARDWARE (pulse input).
"""

from micropython import const

from shilling.config import Config

_WH_PER_KWH = const(1000)

_LARGEST = 0x3FFFFFFF  # of a small integer
MOST_WH = 10000  # that anybody asks for at once
_WINDOW_MS = const(2000)  # shortest time over which power is measured
SILENT_MS = 300000  # no pulse for 5 min: below 12 W at 1000 imp/kWh, shown as 0
_STEP_W = const(100)
_ALIKE = const(8)  # two windows agree within this part of the larger one
_UNKNOWN = const(-1)


class Energy:
    """Total active import (kWh and Wh) and the carried part of a Wh."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.kwh = 0
        self.wh = 0  # 0..999
        self.part = 0  # carried: pulses that completed no Wh yet, and Wh that are not booked yet

    def _gain(self) -> int:
        # 1.02264 x 1000 / 360 = 4261 / 1500, exactly
        return self.config.calorific * 4261 if self.config.calorific else _WH_PER_KWH

    def loss(self) -> int:
        """Parts of a Wh."""
        return self.config.imp_per_kwh * (1500 if self.config.calorific else 1)

    def take(self, pulses: int) -> None:
        """Carry these pulses (at most most_pulses()); book() what they complete."""
        self.part += pulses * self._gain()

    def whole_wh(self) -> int:
        """Wh that are complete and not booked yet."""
        return self.part // self.loss()

    def most_pulses(self) -> int:
        """Pulses that can be taken at once: small integers, and 1 kWh of electricity."""
        return min(self.config.imp_per_kwh, (_LARGEST - self.part) // self._gain())

    def book(self, wh: int) -> None:
        """Whole Wh leave what is carried for the register."""
        self.part -= wh * self.loss()
        self.wh += wh
        if self.wh >= _WH_PER_KWH:
            self.kwh += self.wh // _WH_PER_KWH
            self.wh %= _WH_PER_KWH

    def pulses_for(self, wh: int) -> int:
        """Pulses until so many (at most MOST_WH) more whole Wh are complete, at least 1."""
        wh = min(wh, _LARGEST // self.loss() - 1)
        return max(1, -((self.part - wh * self.loss()) // self._gain()))

    def pulse_wh(self) -> int:
        """Wh that one pulse may complete at the most."""
        return -(-self._gain() // self.loss())

    def pulse_ws(self) -> int:
        """Ws of one pulse. May take from the heap."""
        return self._gain() * 3600 // self.loss()

    def total_wh(self) -> int:
        return self.kwh * _WH_PER_KWH + self.wh


class Power:
    """Mean power between two pulses whose instants are known, falling while no pulse comes."""

    def __init__(self, energy) -> None:
        self.energy = energy
        self.pulse_ws = 0  # of one pulse; known from the first one on
        self.mean_w = 0  # of the last whole window
        self.pulses = 0  # since this window opened
        self.window_ms = _UNKNOWN  # age of this window; no instant of a pulse is known yet
        self.since_ms = 0  # since the last pulse, or the start
        self.level_w = _UNKNOWN  # what runs already: no step
        self.steps = 0  # since the start
        self.step_w = 0  # the last one

    def take(self, pulses: int, elapsed_ms: int, exact: bool) -> None:
        """`exact`: the last of the pulses came just now (at 5 ms polls, or when asked for)."""
        quiet_ms = self.since_ms
        self.since_ms = 0 if pulses else min(quiet_ms + elapsed_ms, SILENT_MS)
        if self.window_ms >= 0:
            self.window_ms += elapsed_ms
            self.pulses += pulses
        if self.since_ms == SILENT_MS:
            self.mean_w = 0
            self.level_w = 0
            self.window_ms = _UNKNOWN
        elif pulses and exact and not 0 <= self.window_ms < _WINDOW_MS:
            if 0 < self.window_ms <= SILENT_MS:
                self._measure()
            else:
                # What ran since the start is no step, unless it is known that nothing did
                self.pulse_ws = self.energy.pulse_ws()
                if self.level_w < 0 and quiet_ms and self._watts(1, quiet_ms) < _STEP_W:
                    self.level_w = 0
            self.window_ms = 0
            self.pulses = 0

    def _watts(self, pulses: int, ms: int) -> int:
        joules = pulses * self.pulse_ws
        return joules // ms * 1000 + joules % ms * 1000 // ms

    def _measure(self) -> None:
        """A window is over. The earlier of two that agree may have begun before the change, so both
        must be above the old level, and the later one says by how much."""
        watts = self._watts(self.pulses, self.window_ms)
        low_w = min(watts, self.mean_w)
        high_w = max(watts, self.mean_w)
        self.mean_w = watts
        # one window alone is proof of a fall if one pulse more would still be less
        self.level_w = min(self.level_w, self._watts(self.pulses + 1, self.window_ms))
        if high_w - low_w <= high_w // _ALIKE:
            if self.level_w < 0:
                self.level_w = watts
            elif low_w >= self.level_w + _STEP_W:
                self.steps += 1
                self.step_w = watts - self.level_w
                self.level_w = watts
            elif high_w < self.level_w:
                self.level_w = high_w

    def now_w(self) -> int:
        """W, no more than one pulse would have shown since the last one."""
        if self.since_ms <= _WINDOW_MS:
            return self.mean_w
        bound_w = self._watts(1, self.since_ms)
        # twice the bound: a pulse may be just about to come, and one may be uncounted
        return self.mean_w if self.mean_w <= 2 * bound_w else bound_w
