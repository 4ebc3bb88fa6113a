"""Friendly hours: when nobody is cut off (S5). The answer of a second is kept for that second.

Takes (day, second) in UTC; local hours of working days 10:00:00-15:59:59 are the only others.
Source: DOMAIN S5, 11.
"""

from micropython import const

from shilling import calendar
from shilling.config import Config
from shilling.units import DAY_S

_DST_S = const(3600)  # London's clock changes at 01:00 UTC: edges are looked at anew then


class Friendly:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.day = -1  # UTC, of the answer
        self.second = -1
        self.answer = True
        self.local_day = -1
        self.working = False  # of local_day
        self.offset_day = -1  # UTC, of the two offsets
        self.early_s = 0  # London's clock minus UTC before 01:00 UTC, when alone it changes
        self.late_s = 0

    def is_on(self, day: int, second: int) -> bool:
        if second != self.second or day != self.day:
            self.day = day
            self.second = second
            local_s = second + self._offset_s(day, second)
            self._look(day + local_s // DAY_S)
            hours = calendar.FRIENDLY_END_S <= local_s % DAY_S < calendar.FRIENDLY_START_S
            self.answer = not (self.working and hours)
        return self.answer

    def _offset_s(self, day: int, second: int) -> int:
        if day != self.offset_day:
            self.offset_day = day
            self.early_s = calendar.offset_s(day, 0)
            self.late_s = calendar.offset_s(day, _DST_S)
        return self.early_s if second < _DST_S else self.late_s

    def _look(self, local_day: int) -> None:
        if local_day != self.local_day:
            self.local_day = local_day
            self.working = calendar.is_working_day(
                local_day, self.config.region, self.config.special_days
            )

    def edge_s(self, day: int, second: int) -> int:
        """The next UTC second of this day (DAY_S: none) at which the answer may change."""
        self.is_on(day, second)
        shift_s = self._offset_s(day, second)
        edge_s = self._sooner(second, -shift_s, DAY_S)
        edge_s = self._sooner(second, calendar.FRIENDLY_END_S - shift_s, edge_s)
        edge_s = self._sooner(second, calendar.FRIENDLY_START_S - shift_s, edge_s)
        return self._sooner(second, _DST_S, edge_s)

    def _sooner(self, second: int, at_s: int, edge_s: int) -> int:
        """at_s (of any day) if it lies between now and the edge, else the edge."""
        at_s %= DAY_S
        return at_s if second < at_s < edge_s else edge_s


class Protection:
    """When nobody is cut off (S5, S6). A clock that is not trusted protects; after a leap of the
    RTC both its time and the chip's own must be out of friendly hours to be proof (S9)."""

    def __init__(self, config: Config, clock) -> None:
        self.clock = clock
        self.friendly = Friendly(config)
        self.own = Friendly(config)  # by the chip's own clock

    def is_on(self) -> bool:
        clock = self.clock
        if not clock.is_trusted() or self.friendly.is_on(clock.day, clock.second()):
            return True
        return clock.leap_s > 0 and self.own.is_on(clock.own_day(), clock.own_second())

    def edge_ms(self) -> int:
        """Until a trusted clock may change the answer; midnight UTC at the latest."""
        clock = self.clock
        edge_s = self.friendly.edge_s(clock.day, clock.second()) - clock.second()
        if clock.leap_s:
            own_s = clock.own_second()
            edge_s = min(edge_s, self.own.edge_s(clock.own_day(), own_s) - own_s)
        return edge_s * 1000 - clock.ms % 1000
