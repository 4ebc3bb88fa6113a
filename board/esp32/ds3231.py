"""Driver of the DS3231 clock chip: UTC as (day since 2000-01-01, second of day), 2000 to 2099.

Takes the bus; gives OK, STOPPED or ABSENT and, on OK, `day` and `second`. The century bit is
ignored and written as 0: other programs use it in two ways. Source: Maxim DS3231 data sheet
19-5170.
"""

from micropython import const

from bus import Bus

_ADDRESS = const(0x68)
OK, STOPPED, ABSENT = 0, 1, 2

HOURS, DATE, MONTH, YEAR, CONTROL, STATUS = 2, 4, 5, 6, 0x0E, 0x0F
_STOP_FLAG = const(0x80)  # in STATUS: the oscillator stopped since it was cleared
TWELVE, PM = 0x40, 0x20  # in HOURS: set by some other program
_RUN_ON_BATTERY = const(0x1C)  # in CONTROL: the power-on value, no alarm, no square wave
_FOUR_YEARS = const(1461)
_READS = const(4)  # at most; one that noise has changed differs from those before and after it
# Days of a common year before each month.
BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


def number(bcd: int) -> int:
    """-> the number in two BCD digits, -1 if they are none."""
    if bcd & 0x0F > 9 or bcd >> 4 > 9:
        return -1
    return (bcd >> 4) * 10 + (bcd & 0x0F)


def digits(below_100: int) -> int:
    """-> two BCD digits."""
    return below_100 // 10 << 4 | below_100 % 10


def month_start(year: int, month: int) -> int:
    """-> day of the year, from 0, on which a month begins; month 13: length of the year."""
    return BEFORE[month] + (1 if month > 2 and year % 4 == 0 else 0)


class Clock:
    """What every clock can do: `day` and `second` are UTC when read() gives OK."""

    day = 0
    second = 0

    def read(self) -> int:
        """-> OK, STOPPED or ABSENT."""
        return ABSENT

    def set(self, day: int, second: int) -> None:
        """Sets UTC. Raises OSError when the clock does not answer."""

    def tend(self, passed_ms: int) -> None:
        """Called in each poll; so much time went by since the last."""


class DS3231(Clock):
    """read() allocates nothing as long as the chip answers."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._registers = bytearray(STATUS + 1)
        self._before = bytearray(YEAR + 1)  # the time as it was read last

    def read(self) -> int:
        """-> OK (day and second are set), STOPPED (its time is worth nothing) or ABSENT. I2C has no
        check sum, and a wrong day charges for all before it: a time must be read twice."""
        try:
            for _ in range(_READS):
                self._bus.readfrom_mem_into(_ADDRESS, 0, self._registers)
                if self._is_same():
                    break
            else:
                return ABSENT
        except OSError:
            return ABSENT
        if self._registers[STATUS] & _STOP_FLAG:
            return STOPPED
        return OK if self._take_date() and self._take_time() else STOPPED

    def _is_same(self) -> bool:
        is_same = True
        for at in range(YEAR + 1):
            is_same = is_same and self._before[at] == self._registers[at]
            self._before[at] = self._registers[at]
        return is_same

    def set(self, day: int, second: int) -> None:
        """Sets UTC, then clears the stop flag. Raises OSError when the chip does not answer."""
        year = day // _FOUR_YEARS * 4
        rest = day % _FOUR_YEARS
        while rest >= month_start(year, 13):
            rest -= month_start(year, 13)
            year += 1
        month = 1
        while rest >= month_start(year, month + 1):
            month += 1
        rest -= month_start(year, month)
        time = (second % 60, second // 60 % 60, second // 3600)
        weekday = (day + 5) % 7 + 1  # 1 = Monday; 2000-01-01 was a Saturday
        date = (rest + 1, month, year)
        registers = [digits(n) for n in time + (weekday,) + date]
        self._bus.writeto(_ADDRESS, bytes([0] + registers))
        self._bus.writeto(_ADDRESS, bytes([CONTROL, _RUN_ON_BATTERY, 0]))

    def _take_date(self) -> bool:
        """Sets day. -> False for registers that hold no date."""
        year = number(self._registers[YEAR])
        month = number(self._registers[MONTH] & 0x1F)
        date = number(self._registers[DATE])
        if year < 0 or month < 1 or month > 12 or date < 1:
            return False
        day = month_start(year, month) + date - 1
        if day >= month_start(year, month + 1):
            return False
        self.day = year * 365 + (year + 3) // 4 + day
        return True

    def _take_time(self) -> bool:
        """Sets second. -> False for registers that hold no time of day."""
        second = number(self._registers[0])
        minute = number(self._registers[1])
        hour = self._registers[HOURS]
        if hour & TWELVE:
            afternoon = hour & PM
            hour = number(hour & 0x1F)
            if hour < 1 or hour > 12:
                return False
            hour = hour % 12 + (12 if afternoon else 0)
        else:
            hour = number(hour)
        if second < 0 or minute < 0 or hour < 0 or second > 59 or minute > 59 or hour > 23:
            return False
        self.second = hour * 3600 + minute * 60 + second
        return True
