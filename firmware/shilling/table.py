"""A tariff: prices of rates and blocks, and when the rates are switched.

Takes it packed (SPEC.md) and refuses what is no tariff; gives mp per kWh, Wh, minutes of the local
day. Rates and blocks count from 0. Source: DOMAIN 8.
"""

from micropython import const

MAX_RATES = 8
MAX_BLOCKS = 4
_MAX_SWITCHES = const(32)
_MAX_PRICE_MP = const(1000000)
SPECIAL = 7  # kind of day: bank holidays and special days; 0 = Monday .. 6 = Sunday
DAY_MINUTES = 1440
_KINDS = const(8)


def flat(price_mp: int) -> bytes:
    """Packed: one rate, one block, no switch."""
    if not 0 <= price_mp <= _MAX_PRICE_MP:
        raise ValueError("rate_mp must be 0 to %d, not %s" % (_MAX_PRICE_MP, price_mp))
    return bytes((1, 1, price_mp & 255, price_mp >> 8 & 255, price_mp >> 16, 0))


class Table:
    """ValueError says what is wrong. After find(): `rate`, in force from minute `since` (-1: from
    the day before) until minute `until`."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self.rates = packed[0] if packed else 0
        self.blocks = packed[1] if packed[1:] else 0
        prices_at = 2 * self.blocks
        at = prices_at + 3 * self.rates * self.blocks
        count = packed[at] if packed[at:] else 0
        if (
            not (0 < self.rates <= MAX_RATES and 0 < self.blocks <= MAX_BLOCKS)
            or count > _MAX_SWITCHES
            or len(packed) != at + 1 + 4 * count
        ):
            raise ValueError("tariff: not of 1-8 rates, 1-4 blocks and 0-32 switches")
        # Wh of the month at which a block ends; mp/kWh, rate by rate
        self.ends_wh = [_number(packed, each, 2) * 1000 for each in range(2, prices_at, 2)]
        self.prices = [_number(packed, each, 3) for each in range(prices_at, at, 3)]
        rising = [0] + self.ends_wh
        if rising != sorted(set(rising)) or max(self.prices) > _MAX_PRICE_MP:
            raise ValueError("tariff: blocks must rise from 0 kWh, a price be at most 1000000 mp")
        # (minute, days mask, rate) in the order of the minutes
        self.switches = sorted([
            (_number(packed, each + 2, 2), packed[each], packed[each + 1])
            for each in range(at + 1, len(packed), 4)
        ])  # fmt: skip
        self.rate = 0
        self.since = -1
        self.until = DAY_MINUTES
        self.has_special = False
        self._check()

    def _check(self) -> None:
        """No overlap, no gap, and each rate has its time."""
        times = []
        for minute, days, rate in self.switches:
            if not days or rate >= self.rates or minute >= DAY_MINUTES:
                raise ValueError("tariff: a switch on no day, to no rate or after 23:59")
            times += [minute * _KINDS + kind for kind in range(_KINDS) if days >> kind & 1]
        kinds = set([each % _KINDS for each in times])
        self.has_special = SPECIAL in kinds
        if len(times) != len(set(times)):
            raise ValueError("tariff: two switches at one time")
        if self.rates > 1 and (
            len(set([each[2] for each in self.switches])) < self.rates
            or len(kinds) - self.has_special < SPECIAL
        ):
            raise ValueError("tariff: a rate or a weekday without a switch")

    def price_mp(self, rate: int, block: int) -> int:
        return self.prices[rate * self.blocks + block]

    def find(self, kind: int, minute: int) -> None:
        """The rate by the switches of one kind of day."""
        self.since = -1
        self.until = DAY_MINUTES
        for at, days, rate in self.switches:
            if days >> kind & 1:
                if at > minute:
                    self.until = at
                    return
                self.since = at
                self.rate = rate


def _number(packed: bytes, at: int, count: int) -> int:
    """Little-endian, 2 or 3 bytes."""
    return packed[at] | packed[at + 1] << 8 | (packed[at + 2] << 16 if count == 3 else 0)
