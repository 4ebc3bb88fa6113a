"""What time it is, and whether to believe it: VALID, HOLDOVER or INVALID.

Takes elapsed ms of the chip and readings of the RTC (day, second), gives (day, ms of day) in UTC.
A reading says 'between s and s + 0.999'; their intersection finds the second's edge to 1 ms, and
the earliest instant it allows is taken: late by < 1 s at first, never early. Source: DOMAIN 10.
"""

from micropython import const

from shilling.codes import CLOCK_HOLDOVER, CLOCK_INVALID, CLOCK_VALID

_DAY_MS = const(86400000)
_DAY_S = const(86400)
_READ_EVERY_MS = const(1000)  # whenever awake
_WAKE_TO_READ_MS = const(3600000)  # and at least so often
HOLDOVER_MS = 86400000  # the chip's own clock is believed for 24 h
_DRIFT_MS = const(2000)  # an RTC so little behind or ahead is drift, not a step
BUILD_DAY = 9822  # 2026-11-22, the floor until provisioning has set a mark
RTC_OK = 0


class Clock:
    """`mark_day`, `mark_s`: the persisted high-water mark, below which an RTC is not believed."""

    def __init__(self) -> None:
        self.day = BUILD_DAY
        self.ms = 0  # of the day
        self.slack_ms = 999  # the true time is at most so much later
        self.trust = CLOCK_INVALID
        self.mark_day = BUILD_DAY
        self.mark_s = 0
        self.unread_ms = 0  # since the RTC was last asked
        self.holdover_ms = 0
        self.leap_s = 0  # the RTC ran ahead of the chip's own clock by so much, and nobody said why
        self.anchored = False  # an RTC or an authority has given the time since the start

    def resume(self) -> None:
        """Start at the mark: until something tells the time, it is no earlier than that."""
        self.day = self.mark_day
        self.ms = self.mark_s * 1000

    def second(self) -> int:
        return self.ms // 1000

    def own_day(self) -> int:
        """The UTC day if the RTC had not leaped."""
        return self.day + (self.second() - self.leap_s) // _DAY_S

    def own_second(self) -> int:
        return (self.second() - self.leap_s) % _DAY_S

    def is_trusted(self) -> bool:
        return self.trust != CLOCK_INVALID

    def advance(self, elapsed_ms: int) -> None:
        """Let the chip's own clock run on."""
        self._shift(elapsed_ms)
        self.unread_ms += elapsed_ms
        if self.trust == CLOCK_HOLDOVER:
            self.holdover_ms += elapsed_ms
            if self.holdover_ms >= HOLDOVER_MS:
                self.trust = CLOCK_INVALID

    def wants_reading(self) -> bool:
        return self.unread_ms >= _READ_EVERY_MS or not self.anchored

    def next_reading_ms(self) -> int:
        """Until the reading that tells most: while the edge is unknown, the middle of the slack."""
        if self.slack_ms and self.trust == CLOCK_VALID:
            wait_ms = 1000 - (self.ms + (self.slack_ms + 1) // 2) % 1000
            while self.unread_ms + wait_ms < _READ_EVERY_MS:
                wait_ms += 1000
            return wait_ms
        if self.trust == CLOCK_HOLDOVER:
            return min(HOLDOVER_MS - self.holdover_ms, _WAKE_TO_READ_MS)
        return _WAKE_TO_READ_MS

    def take_reading(self, status: int, day: int, second: int) -> None:
        """Take what the RTC said. Outcomes: agrees - the slack shrinks; ahead - a step forward,
        believed; behind the mark, stopped or silent - not believed, holdover or invalid."""
        self.unread_ms = 0
        ahead_ms = self._ahead_ms(day, second)
        if status != RTC_OK or self._is_behind(day, second, ahead_ms):
            self._lose()
            return
        if self.is_trusted() and self.anchored and ahead_ms <= self.slack_ms:
            latest_ms = min(self.slack_ms, ahead_ms + 999)
            if ahead_ms > 0:
                self._shift(ahead_ms)
                latest_ms -= ahead_ms
            elif latest_ms < 0:
                self._shift(latest_ms)
                latest_ms = 0
            self.slack_ms = latest_ms
        else:
            if self.is_trusted() and self.anchored and ahead_ms > _DRIFT_MS:
                self.leap_s += (day - self.day) * _DAY_S + second - self.second()
            self.day = day
            self.ms = second * 1000
            self.slack_ms = 999
        self.trust = CLOCK_VALID
        self.anchored = True

    def _shift(self, by_ms: int) -> None:
        ms = self.ms + by_ms
        self.day += ms // _DAY_MS
        self.ms = ms % _DAY_MS

    def _ahead_ms(self, day: int, second: int) -> int:
        """How far the reading is ahead of this clock, cut at two days."""
        days = max(-2, min(2, day - self.day))
        return days * _DAY_MS + second * 1000 - self.ms

    def _is_behind(self, day: int, second: int, ahead_ms: int) -> bool:
        """Behind the mark, or behind what this clock has shown since it was last right."""
        if self.is_trusted() and self.anchored:
            return ahead_ms < -_DRIFT_MS
        return day < self.mark_day or (day == self.mark_day and second < self.mark_s)

    def _lose(self) -> None:
        if self.trust == CLOCK_VALID and self.anchored:
            self.trust = CLOCK_HOLDOVER
            self.holdover_ms = 0
        self.anchored = True

    def set(self, day: int, second: int) -> None:
        """An authority says what time it is: believed, forward or back."""
        self.day = day
        self.ms = second * 1000
        self.slack_ms = 0
        self.leap_s = 0
        self.trust = CLOCK_VALID
        self.anchored = True
        self.unread_ms = 0
        self.mark()

    def mark(self) -> None:
        """Raise the high-water mark to now (it is persisted with each record)."""
        if self.trust != CLOCK_INVALID:
            self.mark_day = self.day
            self.mark_s = self.ms // 1000
