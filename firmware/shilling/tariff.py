"""What energy costs now: the rate by the local clock, the block by the month's use, one remainder.

Takes Wh, gives mp: any flow costs floor(sum of price x Wh / 1000) in total, however it came. Local
time is a Local (friendly.py). Source: DOMAIN 1, 8.
"""

from micropython import const

from shilling import calendar
from shilling.energy import MOST_WH, Energy
from shilling.table import DAY_MINUTES, SPECIAL, Table, flat

_DAY_S = const(86400)
_WH_PER_KWH = const(1000)
_MINUTE_S = const(60)
_ENDLESS_WH = const(99999999)  # of the last block


class Tariff:
    """`table` is the tariff in force; `coming`: u16 day, u32 second (UTC) of its start and the
    packed one that follows, or nothing. `rate` and `block` count from 0; `part`: carried mp / 1000."""

    def __init__(self, energy: Energy) -> None:
        self.energy = energy
        self.part = 0  # 0..999
        self.set_flat(24500)
        self.coming = b""
        self.month_end = 0  # UTC day on which the month of the blocks is over
        self.month_kwh = 0  # total import at its start
        self.month_wh = 0
        self.booked_wh = 0  # in it
        self.local_day = -1  # for which the rate was found

    def set(self, packed: bytes) -> None:
        """ValueError: it is no tariff. The rate and block last in force go on until it is asked
        for."""
        self.table = Table(packed)
        self.local_day = -1
        self.rate = 0
        self.block = 0
        self.price = self.table.prices[0]  # of both, mp/kWh

    def set_flat(self, price_mp: int) -> None:
        """One price for everything; formats 1 and 2 knew no other."""
        self.set(flat(price_mp))

    flat_mp = property(None, set_flat)

    def resume(self, rate: int) -> None:
        """After a start, or with other prices: the rate that was last in force goes on."""
        energy = self.energy
        self.booked_wh = (energy.kwh - self.month_kwh) * _WH_PER_KWH + energy.wh - self.month_wh
        self.rate = rate if rate < self.table.rates else 0
        self.local_day = -1
        self.find_block()

    # --- which block

    def find_block(self) -> None:
        self.block = 0
        for end_wh in self.table.ends_wh:
            self.block += self.booked_wh >= end_wh
        self.price = self.price_mp(self.rate)

    def left_wh(self) -> int:
        """Wh until the next block, at most MOST_WH."""
        if self.block >= self.table.blocks - 1:
            return MOST_WH
        return min(self.table.ends_wh[self.block] - self.booked_wh, MOST_WH)

    def is_month_over(self, day: int) -> bool:
        return day >= self.month_end

    def begin_month(self, day: int) -> None:
        """The month of this UTC day begins, with the first block."""
        self.month_kwh = self.energy.kwh
        self.month_wh = self.energy.wh
        self.month_end = calendar.month_end(day)
        self.booked_wh = 0
        self.find_block()

    # --- which rate

    def rate_at(self, local, friendly) -> int:
        """The rate by the local clock's reading (a Local), looked up only when it may change."""
        minute = local.second // _MINUTE_S
        table = self.table
        if self.local_day != local.day or not table.since <= minute < table.until:
            self.local_day = local.day
            table.find(self._kind(local.day, friendly), minute)
            if table.since < 0 and table.rates > 1:  # what the day before ended with
                until = table.until
                table.find(self._kind(local.day - 1, friendly), DAY_MINUTES)
                table.since = -1
                table.until = until
        return table.rate

    def _kind(self, local_day: int, friendly) -> int:
        if self.table.has_special and friendly.is_holiday(local_day):
            return SPECIAL
        return calendar.weekday(local_day)

    def until_s(self) -> int:
        """Local second of the day at which the rate may change."""
        return self.table.until * _MINUTE_S

    def starts(self, day: int, second: int) -> int:
        """Seconds until the tariff that comes is in force, a day at most; 0: now."""
        coming = self.coming
        if not coming:
            return _DAY_S
        days = (coming[0] | coming[1] << 8) - day
        if days > 1:
            return _DAY_S
        # of the day: below 2^17
        at_s = coming[2] | coming[3] << 8 | coming[4] << 16
        return max(0, min(max(days, -2) * _DAY_S + at_s - second, _DAY_S))

    def follow(self) -> None:
        """The tariff that comes is there."""
        rate = self.rate
        self.set(bytes(self.coming[6:]))
        self.coming = b""
        self.resume(rate)

    # --- what it costs

    def cost_mp(self, wh: int) -> int:
        """Whole mp that these Wh (at most 1000, of this block) bring due."""
        self.booked_wh += wh
        part = self.part + wh * self.price
        self.part = part % 1000
        return part // 1000

    def pulse_mp(self) -> int:
        """mp that one pulse may bring due at the most, through whichever blocks; £10 are enough."""
        price = self.price
        for block in range(self.block + 1, self.table.blocks):
            price = max(price, self.table.price_mp(self.rate, block))
        return -(-min(self.energy.pulse_wh(), _WH_PER_KWH) * price // 1000)

    def wh_for(self, amount_mp: int) -> int:
        """Wh until at least amount_mp (1..1000) falls due or the next block; at most MOST_WH."""
        most_wh = self.left_wh()
        if not self.price:
            return most_wh
        return min(most_wh, -(-(amount_mp * 1000 - self.part) // self.price))

    # --- what people ask

    rates = property(lambda self: self.table.rates)

    def price_mp(self, rate: int) -> int:
        """mp/kWh of a rate in the present block."""
        return self.table.price_mp(rate, self.block)

    def hourly_mp(self, watts: int) -> int:
        """mp an hour at this power."""
        return watts * self.price // 1000

    def left_kwh(self, amount_mp: int) -> int:
        """Whole kWh that an amount buys from now on at this rate, through the blocks of this month."""
        rest = max(amount_mp * 1000 - self.part, 0)
        wh = 0
        for block in range(self.block, self.table.blocks):
            price = self.table.price_mp(self.rate, block)
            most_wh = _ENDLESS_WH
            if block < self.table.blocks - 1:
                most_wh = self.table.ends_wh[block] - self.booked_wh - wh
            here_wh = min(most_wh, rest // price) if price else most_wh
            wh += here_wh
            rest -= here_wh * price
            if here_wh < most_wh:
                break
        return wh // _WH_PER_KWH
