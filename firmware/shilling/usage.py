"""What was used: today, this week, this month, and the 8 days, 5 weeks and 13 months before them.

Takes the running totals (energy, energy charged, standing charge) and local days; gives Wh and mp.
Not money: it only tells people. Source: DOMAIN 13; SMETS2 5.7.4 (consumption, cost of consumption).
"""

from struct import pack_into, unpack_from

from micropython import const

from shilling import calendar
from shilling.units import LIMIT_MP

_MP_PER_POUND = const(100000)
_WH_PER_KWH = const(1000)
_DAYS = const(8)
_WEEKS = const(5)
_MONTHS = const(13)
PAST = ((0, _DAYS), (_DAYS, _WEEKS), (_DAYS + _WEEKS, _MONTHS))  # first entry of each, how many
_ENTRY_BYTES = const(8)  # u32 Wh, u32 mp
HISTORY_BYTES = (_DAYS + _WEEKS + _MONTHS) * _ENTRY_BYTES

_YESTERDAY = const(1)  # of period()
_WEEK = const(2)


class Since:
    """The totals as they were when a period began: energy, and cost."""

    def __init__(self) -> None:
        self.kwh = 0
        self.wh = 0
        self.pounds = 0
        self.rest_mp = 0


class Usage:
    """`day` is the local day that is today; `shown_wh`, `shown_mp` what was last asked for."""

    def __init__(self, energy, account) -> None:
        self.energy = energy
        self.account = account
        self.day = 0
        self.today = Since()
        self.week = Since()
        self.month = Since()
        self.history = bytearray(HISTORY_BYTES)  # newest first
        self.shown_wh = 0
        self.shown_mp = 0

    def turn(self, local_day: int) -> bool:
        """A later day begins, and with it perhaps a week or a month; a step back begins nothing."""
        if local_day <= self.day:
            return False
        before = self.day
        self.day = local_day
        self._close(self.today, 0, local_day - before)
        self._close(self.week, 1, calendar.week_of(local_day) - calendar.week_of(before))
        months = calendar.month_of(local_day) - calendar.month_of(before)
        self._close(self.month, 2, months)
        return True

    def _close(self, since: Since, kind: int, periods: int) -> None:
        """So many periods are over: the first of them has the use, nothing is known of the rest."""
        if periods <= 0:
            return
        first, count = PAST[kind]
        self._look(since)
        kept = bytes(self.history[first * _ENTRY_BYTES : (first + count) * _ENTRY_BYTES])
        at = min(periods - 1, count)
        start = first * _ENTRY_BYTES
        end = start + count * _ENTRY_BYTES
        moved = bytes(at * _ENTRY_BYTES) + pack_entry(self.shown_wh, self.shown_mp) + kept
        self.history[start:end] = moved[: end - start]
        self.begin(since)

    def begin(self, since: Since) -> None:
        """The period begins now."""
        account = self.account
        since.kwh = self.energy.kwh
        since.wh = self.energy.wh
        since.pounds = account.charged.pounds + account.standing.pounds
        since.rest_mp = account.charged.rest_mp + account.standing.rest_mp

    def _look(self, since: Since) -> None:
        account = self.account
        self.shown_wh = (self.energy.kwh - since.kwh) * _WH_PER_KWH + self.energy.wh - since.wh
        pounds = account.charged.pounds + account.standing.pounds - since.pounds
        rest_mp = account.charged.rest_mp + account.standing.rest_mp - since.rest_mp
        # a cost below 0 cannot be; more than £10 000 is shown as that
        self.shown_mp = max(0, min(min(pounds, 10000) * _MP_PER_POUND + rest_mp, LIMIT_MP))

    def period(self, number: int) -> None:
        """Set shown_wh and shown_mp to 0 today, 1 yesterday, 2 this week, 3 this month."""
        if number == _YESTERDAY:
            self.past(0, 0)
        else:
            self._look(self.today if not number else self.week if number == _WEEK else self.month)

    def past(self, kind: int, ago: int) -> None:
        """Set both to a day (kind 0), week (1) or month (2) that is over, the last one first."""
        at = (PAST[kind][0] + ago) * _ENTRY_BYTES
        self.shown_wh, self.shown_mp = unpack_from("<II", self.history, at)


def pack_entry(wh: int, mp: int) -> bytes:
    entry = bytearray(_ENTRY_BYTES)
    pack_into("<II", entry, 0, wh, mp)
    return bytes(entry)
