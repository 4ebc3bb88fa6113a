"""Energy and its price for the referee (model.py): pulses, Wh, months, blocks, rates.

Takes instants (datetime, UTC) and pulses; gives Wh and mp (Fraction). Source: DOMAIN 1, 8, D3; gas:
kWh = m3 x 1.02264 x MJ/m3 / 3.6.
"""

from datetime import timedelta
from fractions import Fraction

from model_hours import DAY, LONDON, is_holiday

HOLIDAYS = 7  # the kind of day after Monday 0 .. Sunday 6
ENDLESS = 10**15
MOST_KWH = 99999  # (reading) is what an amount buys at no price at all
MOMENT = timedelta(microseconds=1)
CORRECTION, MJ_OF_KWH = Fraction("1.02264"), Fraction("3.6")


class Tariff:
    """prices[rate][block] in mp/kWh; thresholds: kWh of a month at which a block ends; switches:
    (kinds of day, minute of the local day, rate)."""

    def __init__(self, prices, thresholds=(), switches=()):
        self.prices, self.switches = prices, switches
        ends = [0, *(kwh * 1000 for kwh in thresholds), ENDLESS]
        self.blocks = list(zip(ends, ends[1:]))

    def switched(self, day, region, special):
        """[(minute, rate)] of a date, in order."""
        kind = day.weekday()
        if is_holiday(day, region, special) and any(HOLIDAYS in s[0] for s in self.switches):
            kind = HOLIDAYS
        return sorted((minute, rate) for kinds, minute, rate in self.switches if kind in kinds)

    def rate_at(self, instant, region, special):
        """Section 8: by what London's clock reads, be it for the second time."""
        if len(self.prices) == 1:
            return 0
        local = instant.astimezone(LONDON)
        reading = local.hour * 60 + local.minute
        today = self.switched(local.date(), region, special)
        passed = [rate for minute, rate in today if minute <= reading]
        return passed[-1] if passed else self.switched(local.date() - DAY, region, special)[-1][1]

    def shares(self, before, wh):
        """[Wh in each block] of the next wh, when the month has had so many before."""
        return [max(min(before + wh, end) - max(before, start), 0) for start, end in self.blocks]

    def block(self, before):
        """In which the next Wh of the month will be."""
        return self.shares(before, 1).index(1)


def month_of(instant):
    return instant.year, instant.month


class Use:
    """What flows, what it costs and where it is booked. `uncharged`: of D3; `cost`: all that was
    ever used, charged or not."""

    def __init__(self):
        super().__init__()
        self.imp_per_kwh, self.calorific = 1000, 0  # 0.01 MJ/m3
        self.rate, self.tariff = 24500, None  # a flat price; of a tariff the dearest one
        self.next_tariff = None  # (instant, tariff)
        self.pulses, self.wh, self.uncharged, self.cost = 0, 0, Fraction(0), Fraction(0)
        self.registers = {}  # (rate, block) -> Wh
        self.active = 0  # the rate; the last one while the clock is not trusted

    def open_tariff(self):
        """Begin: nothing was used this month."""
        self.month, self.month_wh = month_of(self.now), 0
        self.month_seen = self.month  # None: the clock was set since
        self.take_tariff(self.tariff or Tariff([[self.rate]]))

    def take_tariff(self, tariff):
        self.tariff = tariff
        self.rate = max(max(prices) for prices in tariff.prices)
        if self.active >= len(tariff.prices):
            self.active = 0  # (reading) what was last active is no more
        self.look_at_clock(self.now)

    def look_at_clock(self, instant):
        """Which rate, and which month. (reading) A month that a clock set back brings again goes
        on with what it had, until one begins by itself."""
        if self.trusted:
            self.active = self.tariff.rate_at(instant, self.region, self.special_days)
            begins = self.month_seen and self.month_seen < month_of(instant)
            if month_of(instant) > self.month or begins and month_of(instant) < self.month:
                self.month, self.month_wh = month_of(instant), 0
            self.month_seen = month_of(instant)

    def energy_of(self, pulses):
        """kWh, exactly."""
        units = Fraction(pulses, self.imp_per_kwh)  # kWh or m3
        if not self.calorific:
            return units
        return units * CORRECTION * Fraction(self.calorific, 100) / MJ_OF_KWH

    def count(self, pulses):
        """Energy (section 1), and D3; a pulse at a boundary belongs to the time before it.
        (reading) the next Wh of D3 is there when its last pulse is."""
        if not pulses:
            return
        self.look_at_clock(self.now - MOMENT)
        self.pulses += pulses
        wh = int(self.energy_of(self.pulses) * 1000) - self.wh
        self.wh += wh
        registers = dict(self.registers)
        for block, part in enumerate(self.tariff.shares(self.month_wh, wh)):
            cost = Fraction(self.tariff.prices[self.active][block] * part, 1000)
            self.uncharged += cost
            self.cost += cost
            if part:
                registers[self.active, block] = registers.get((self.active, block), 0) + part
        self.registers = registers
        self.month_wh += wh
        if not wh:
            return
        due = int(self.uncharged)
        if not self.non_disablement(self.now - MOMENT):
            due = min(due, self.credit())
        self.uncharged -= due
        self.draw(due)

    def block(self):
        return self.tariff.block(self.month_wh)

    def price(self):
        """mp/kWh of the next Wh."""
        return self.tariff.prices[self.active][self.block()]

    def left_kwh(self):
        """Section 9: what the balance buys through the present tiers, rounded down."""
        left, kwh = max(self.balance - self.uncharged, Fraction(0)), 0
        for price, (start, end) in zip(self.tariff.prices[self.active], self.tariff.blocks):
            most = Fraction(max(end - max(start, self.month_wh), 0), 1000)
            here = min(most, left / price) if price else most
            kwh, left = kwh + here, left - here * price
            if here < most:
                break
        return min(int(kwh), MOST_KWH)

    def set_tariff(self, tariff, instant):
        """Section 8: at its start, at once if that is not to come, and when the clock is trusted.
        (reading) It takes the place of one that was to come."""
        self.next_tariff = (instant, tariff)
        self.charge_days()

    def switch_tariff(self):
        self.next_tariff, tariff = None, self.next_tariff[1]
        self.take_tariff(tariff)


def of_bytes(packed):
    """A tariff of its packed form (SPEC.md)."""
    rates, blocks, at = packed[0], packed[1], 2 * packed[1]
    number = lambda start, size: int.from_bytes(packed[start : start + size], "little")  # noqa: E731
    thresholds = [number(2 + 2 * each, 2) for each in range(blocks - 1)]
    prices = [[number(at + 3 * (rate * blocks + block), 3) for block in range(blocks)]
              for rate in range(rates)]  # fmt: skip
    at += 3 * rates * blocks
    switches = [({kind for kind in range(8) if packed[each] >> kind & 1}, number(each + 2, 2),
                 packed[each + 1]) for each in range(at + 1, at + 1 + 4 * packed[at], 4)]  # fmt: skip
    return Tariff(prices, thresholds, switches)
