"""London's reading of the clock, and friendly hours: when nobody is cut off (S5).

Takes (day, second) in UTC; local hours of working days 10:00:00-15:59:59 are the only others.
Answers are kept for as long as they hold. Source: DOMAIN S5, 11.
"""

from micropython import const

from shilling import calendar
from shilling.config import Config

_DAY_S = const(86400)
_END_S = const(36000)  # 10:00:00 local, first second in which supply may go off
_START_S = const(57600)  # 16:00:00 local
NO_WEEK = 0xFFFF  # it is not known while the clock is not trusted
_DST_S = const(3600)  # London's clock changes at 01:00 UTC: edges are looked at anew then


class Local:
    """What London's clock reads at the UTC instant last taken: `day`, `second`."""

    def __init__(self) -> None:
        self.day = -1
        self.second = -1
        self.utc_day = -1  # of the two offsets
        self.early_s = 0  # London's clock minus UTC before 01:00 UTC, when alone it changes
        self.late_s = 0

    def take(self, day: int, second: int) -> None:
        local_s = second + self._offset_s(day, second)
        self.day = day + local_s // _DAY_S
        self.second = local_s % _DAY_S

    def _offset_s(self, day: int, second: int) -> int:
        if day != self.utc_day:
            self.utc_day = day
            self.early_s = calendar.offset_s(day, 0)
            self.late_s = calendar.offset_s(day, _DST_S)
        return self.early_s if second < _DST_S else self.late_s

    def sooner(self, day: int, second: int, local_at_s: int, edge_s: int) -> int:
        """Local second local_at_s as UTC second if it lies between now and the edge, else the edge."""
        at_s = (local_at_s - self._offset_s(day, second)) % _DAY_S
        return at_s if second < at_s < edge_s else edge_s


class Friendly:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.local = Local()
        self.day = -1  # UTC, of the answer
        self.second = -1
        self.answer = True
        self.local_day = -1
        self.working = False  # of local_day

    def look_anew(self) -> None:
        """Region, special days or the setting are other ones now."""
        self.second = self.local_day = -1

    def is_on(self, day: int, second: int) -> bool:
        if second != self.second or day != self.day:
            self.day = day
            self.second = second
            local = self.local
            local.take(day, second)
            if local.day != self.local_day:
                self.local_day = local.day
                self.working = calendar.weekday(local.day) < 5 and not self.is_holiday(local.day)
            hours = _END_S <= local.second < _START_S
            self.answer = not (self.working and hours) and self.config.friendly == 1
        return self.answer

    def is_holiday(self, local_day: int) -> bool:
        return calendar.is_bank_holiday(local_day, self.config.region, self.config.special_days)

    def edge_s(self, day: int, second: int) -> int:
        """The next UTC second of this day (_DAY_S: none) at which the answer or the local day may
        change, or London's clock is put on or back."""
        self.is_on(day, second)
        local = self.local
        edge_s = local.sooner(day, second, 0, _DAY_S)
        edge_s = local.sooner(day, second, _END_S, edge_s)
        edge_s = local.sooner(day, second, _START_S, edge_s)
        return _DST_S if second < _DST_S < edge_s else edge_s


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

    def look_anew(self) -> None:
        self.friendly.look_anew()
        self.own.look_anew()

    def local(self):
        """London's reading of the clock now."""
        self.friendly.is_on(self.clock.day, self.clock.second())
        return self.friendly.local

    def week(self) -> int:
        """The local week, Monday to Sunday."""
        return calendar.week_of(self.local().day) if self.clock.is_trusted() else NO_WEEK

    def edge_s(self) -> int:
        """Seconds until a trusted clock may change the answer; midnight UTC at the latest."""
        clock = self.clock
        edge_s = self.friendly.edge_s(clock.day, clock.second()) - clock.second()
        if clock.leap_s:
            own_s = clock.own_second()
            edge_s = min(edge_s, self.own.edge_s(clock.own_day(), own_s) - own_s)
        return edge_s
