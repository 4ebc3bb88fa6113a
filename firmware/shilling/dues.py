"""What falls due by itself, in time order: standing charge, weekly parts, gas week, its recovery.

Takes (day, second) in UTC, moves mp between the registers. `day`, `second` is the instant up to which
everything is done: nothing is charged twice or skipped, whatever the clock does. Source: DOMAIN 1
(order at one instant), D2, 7 (W1, W2, W4, W5).
"""

from micropython import const

from shilling import calendar, codes
from shilling.account import ACCUMULATED, BALANCE, STANDING, TIME_1
from shilling.config import BY_GAS_WEEK, BY_PARTS
from shilling.units import LIMIT_MP

_DAY_S = const(86400)
_WEEK_S = const(604800)
_TWO_S = const(7200)  # 02:00 local
_HOUR_S = const(3600)
_DAYS = const(7)
_WEDNESDAY = const(2)


def two_o_clock(day: int) -> int:
    """UTC second of 02:00 in London: it comes exactly once, also on the days of a clock change."""
    return _TWO_S - calendar.offset_s(day, _HOUR_S)


def part_mp(whole_mp: int, number: int, parts: int) -> int:
    """floor((number + 1) x whole / parts) - floor(number x whole / parts), in small integers."""
    rest_mp = whole_mp % parts
    return whole_mp // parts + (number + 1) * rest_mp // parts - number * rest_mp // parts


class Dues:
    """`next_day`, `next_s`: when something may fall due next; look() finds it. `behind_mp`: whole
    weeks that this gas week has been behind since its start (b x W). Day 0: no time was known yet."""

    def __init__(self, account, debt) -> None:
        self.account = account
        self.debt = debt
        self.day = 0
        self.second = 0
        self.next_day = 0
        self.next_s = 0
        self.behind_mp = 0

    # --- when

    def look(self) -> None:
        """The next instant after `day`, `second`: midnight at the latest."""
        self.next_day = self.day + 1
        self.next_s = 0
        config = self.account.config
        if not (self.account.time_1_mp and config.weekly_mp):
            return
        if config.recovery == BY_PARTS:
            span_s = _WEEK_S // config.parts
            weekday = calendar.weekday(self.day)
            at_s = ((weekday * _DAY_S + self.second) // span_s + 1) * span_s - weekday * _DAY_S
        elif config.recovery == BY_GAS_WEEK:
            at_s = two_o_clock(self.day)
        else:
            return
        if self.second < at_s < _DAY_S:
            self.next_day = self.day
            self.next_s = at_s

    def wait_s(self, day: int, second: int) -> int:
        """Until the next instant; 0 or less: it is there. Cut at two days."""
        days = max(-2, min(2, self.next_day - day))
        return days * _DAY_S + self.next_s - second

    def reach(self, day: int, second: int) -> bool:
        """Nothing falls due any more for the time until then, of which all is done. False: it was
        reached before."""
        if day < self.day or (day == self.day and second <= self.second):
            return False
        self.day = day
        self.second = second
        self.look()
        return True

    # --- what

    def settle(self, is_open: bool) -> bool:
        """Let everything happen that falls due at the next instant, and look for the one after it.
        `is_open`: the relay. True if something was due."""
        self.day = self.next_day
        self.second = self.next_s
        config = self.account.config
        standing_mp = config.standing_mp
        was_due = False
        if self.second == 0 and standing_mp:
            was_due = True
            if is_open:
                self.account.spend(ACCUMULATED, STANDING, standing_mp)
            else:
                self.account.draw(STANDING, standing_mp)
        if self.account.time_1_mp and config.weekly_mp:
            was_due = self._recover(calendar.weekday(self.day), is_open) or was_due
        self.look()
        return was_due

    def _recover(self, weekday: int, is_open: bool) -> bool:
        config = self.account.config
        if config.recovery == BY_PARTS:
            span_s = _WEEK_S // config.parts
            in_week_s = weekday * _DAY_S + self.second
            if in_week_s % span_s == 0:
                self._take_part((in_week_s // span_s - 1) % config.parts, is_open)
                return True
        elif config.recovery == BY_GAS_WEEK and self.second == two_o_clock(self.day):
            if weekday == _WEDNESDAY:
                self._begin_week(config.weekly_mp)
            self._catch_up((weekday - _WEDNESDAY) % _DAYS)
            return weekday == _WEDNESDAY or self.behind_mp > 0
        return False

    def _take_part(self, number: int, is_open: bool) -> None:
        """W1, W2: the part that is due leaves the register: from Meter Balance above 0, the rest to
        the ADR."""
        account = self.account
        config = account.config
        amount_mp = min(part_mp(config.weekly_mp, number, config.parts), -account.time_1_mp)
        paid_mp = min(amount_mp, max(0, account.balance_mp))
        in_use = account.ec_state() >= codes.EC_IN_USE
        if (in_use and config.suspend_debt_emergency) or (is_open and config.suspend_debt_disabled):
            paid_mp = 0
        moved_mp = min(amount_mp - paid_mp, LIMIT_MP + account.accumulated_mp)  # what it can hold
        account.post(TIME_1, paid_mp + moved_mp)
        account.post(BALANCE, -paid_mp)
        account.post(ACCUMULATED, -moved_mp)

    def _begin_week(self, weekly_mp: int) -> None:
        """W4, W5: how many whole weeks behind, then another weekly amount is due."""
        debt = self.debt
        self.behind_mp = debt.weekly_due_mp - debt.weekly_due_mp % weekly_mp
        debt.weekly_due_mp = min(debt.weekly_due_mp + weekly_mp, -self.account.time_1_mp)

    def _catch_up(self, day: int) -> None:
        """W5: the share of this day of the gas week (0 = Wednesday .. 6 = Tuesday)."""
        account = self.account
        taken_mp = min(part_mp(self.behind_mp, day, _DAYS), self.debt.weekly_due_mp)
        taken_mp = min(taken_mp, max(0, account.balance_mp))
        account.post(BALANCE, -taken_mp)
        account.post(TIME_1, taken_mp)
        self.debt.weekly_due_mp -= taken_mp
