"""Pulses become Wh, with the remainder carried; and the power that the pulses show.

Takes pulses and ms, gives Wh and W. Integers only. Source: DOMAIN 1; HARDWARE (pulse input).
"""

from micropython import const

from shilling.config import Config
from shilling.units import WH_PER_KWH

_MS_WH_PER_KWH_H = const(3600000 * 1000)  # ms x W of one kWh: imp/kWh pulses take this many at 1 W
_WINDOW_MS = const(2000)  # shortest time over which power is measured
SILENT_MS = 300000  # no pulse for 5 min: below 12 W at 1000 imp/kWh, shown as 0


class Energy:
    """Total active import (kWh and Wh) and the carried part of a Wh."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.kwh = 0
        self.wh = 0  # 0..999
        self.part = 0  # carried pulses x 1000, below imp_per_kwh

    def take(self, pulses: int) -> int:
        """Book at most imp_per_kwh pulses (1 kWh); returns the whole Wh they complete."""
        part = self.part + pulses * WH_PER_KWH
        wh = part // self.config.imp_per_kwh
        self.part = part % self.config.imp_per_kwh
        self.wh += wh
        if self.wh >= WH_PER_KWH:
            self.kwh += self.wh // WH_PER_KWH
            self.wh %= WH_PER_KWH
        return wh

    def pulses_for(self, wh: int) -> int:
        """Pulses until `wh` (at most 10 000) more whole Wh are complete, at least 1."""
        pulses = -((self.part - wh * self.config.imp_per_kwh) // WH_PER_KWH)
        return pulses if pulses > 0 else 1

    def total_wh(self) -> int:
        return self.kwh * WH_PER_KWH + self.wh

    def text(self) -> str:
        """The register as meters show it: 12345.6 kWh."""
        return "%d.%d kWh" % (self.kwh, self.wh // 100)


class Power:
    """Mean power between two pulses whose instants are known, falling while no pulse comes.

    Kept as pulses and ms: watts go past small integers on the way and are made when asked for."""

    def __init__(self) -> None:
        self.mean_pulses = 0  # of the last whole window
        self.mean_ms = 1
        self.pulses = 0  # since this window opened
        self.window_ms = -1  # age of this window; -1: no instant of a pulse is known yet
        self.since_ms = 0  # since the last pulse whose instant is known

    def take(self, pulses: int, elapsed_ms: int, exact: bool) -> None:
        """`exact`: the last of the pulses came just now (at 5 ms polls, or when asked for)."""
        if self.window_ms >= 0:
            self.window_ms += elapsed_ms
            self.since_ms += elapsed_ms
            self.pulses += pulses
        if pulses and exact:
            if self.window_ms < 0 or self.window_ms > SILENT_MS:
                self._restart()
            elif self.window_ms >= _WINDOW_MS:
                self.mean_pulses = self.pulses
                self.mean_ms = self.window_ms
                self._restart()
            self.since_ms = 0
        elif self.window_ms > SILENT_MS and not self.pulses:
            self.mean_pulses = 0
            self.window_ms = -1

    def _restart(self) -> None:
        self.window_ms = 0
        self.pulses = 0

    def now_w(self, imp_per_kwh: int) -> int:
        """W, no more than one pulse would have shown since the last one."""
        watts = self.mean_pulses * _MS_WH_PER_KWH_H // (self.mean_ms * imp_per_kwh)
        if self.since_ms <= _WINDOW_MS:
            return watts
        bound = _MS_WH_PER_KWH_H // (self.since_ms * imp_per_kwh)
        # twice the bound: a pulse may be just about to come, and one may be uncounted
        return watts if watts <= 2 * bound else bound
