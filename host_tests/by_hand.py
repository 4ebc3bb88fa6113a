"""A meter for sums on paper: amounts in pounds as text, instants in UTC as text, power as it comes.

Takes "2026-11-03 00:00:00", "13.78890" and settings; gives amounts in mp. `Hand` drives the firmware's
core on a simulated flash; a subclass of `Case` with another `make` does the same sums on another meter.
"""

import unittest

import small_core
from chip_nor import Nor
from shilling import calendar, codes, commands, remote

DAY_S = 86400
MONEY = {
    "balance": "balance_mp", "time1": "time_1_mp", "payment": "payment_mp", "standing": "standing_mp",
    "accumulated": "accumulated_mp", "weekly": "weekly_mp", "ec_left": "ec_left_mp",
}  # fmt: skip


def mp(text):
    """"-1.20" -> -120000."""
    sign = -1 if text[0] == "-" else 1
    whole, _, rest = text.lstrip("-").partition(".")
    return sign * (int(whole) * 100000 + int((rest + "00000")[:5]))


def instant(text):
    """(day since 2000-01-01, second of the day)."""
    date, _, clock = text.partition(" ")
    year, month, day = [int(part) for part in date.split("-")]
    hour, minute, second = [int(part) for part in clock.split(":")]
    return calendar.day_of(year, month, day), hour * 3600 + minute * 60 + second


def packed(prices, thresholds=(), switches=()):
    """A tariff (SPEC.md): prices of each rate's blocks in pence, kWh, ("mon-fri", "07:30", rate)."""
    found = [len(prices), len(thresholds) + 1]
    for kwh in thresholds:
        found += [kwh & 255, kwh >> 8]
    for blocks in prices:
        for pence in blocks:
            price = mp(pence) // 100
            found += [price & 255, price >> 8 & 255, price >> 16]
    found.append(len(switches))
    for kinds, clock, rate in switches:
        mask = {"all": 0x7F, "mon-fri": 0x1F, "sat-sun": 0x60, "special": 0x80}[kinds]
        minute = int(clock[:2]) * 60 + int(clock[3:])
        found += [mask, rate, minute & 255, minute >> 8]
    return bytes(found)


def coming(text, tariff):
    """The setting `next_tariff`."""
    day, second = instant(text)
    return bytes([day & 255, day >> 8, second & 255, second >> 8 & 255, second >> 16, 0]) + tariff


def as_provisioned(settings):
    """Settings with amounts in mp, as provision() takes them."""
    return {MONEY.get(name, name): mp(value) if name in MONEY else value
            for name, value in settings.items()}  # fmt: skip


class Hand:
    """The firmware's core; pulses come at the end of the time that passes."""

    def __init__(self, now, **settings):
        self.nor = Nor(small_core.erased(4))
        self.day, self.second = instant(now)
        small_core.set_up(self.nor, day=self.day, second=self.second, **as_provisioned(settings))
        self.start()

    def start(self, rtc=0):
        """rtc: as codes.py has it, 0 for a clock chip that is right."""
        self.rtc = rtc
        self.core = small_core.Core(self.nor, self.day, self.second, rtc)

    def seconds_to(self, text):
        day, second = instant(text)
        passed = (day - self.day) * DAY_S + second - self.second
        self.day, self.second = day, second
        assert passed >= 0, "time does not go back"
        return passed

    def until(self, text, pulses=0):
        """Powered time."""
        self.live(self.seconds_to(text), pulses)

    def live(self, seconds, pulses):
        self.core.live(seconds * 1000, pulses)

    def dark(self, text):
        """Without power until then."""
        self.seconds_to(text)
        self.start()

    def flow(self, count):
        """A pulse a second."""
        for _ in range(count):
            self.second += 1
            self.day, self.second = self.day + self.second // DAY_S, self.second % DAY_S
            self.live(1, 1)

    def lose_clock(self, text):
        """Without power until then, and the clock chip has forgotten."""
        self.seconds_to(text)
        self.start(1)

    def set_time(self, text):
        self.day, self.second = instant(text)
        self.rtc = 0
        remote.set_time(self.core.meter, self.day, self.second)
        self.core.live(0)

    def top_up(self, pounds):
        assert self.core.top_up.remote(mp(pounds)) == codes.DONE
        self.core.live(0)

    def accept(self):
        assert commands.accept_emergency(self.core.meter)
        self.core.live(0)

    def enable(self):
        commands.enable(self.core.meter)
        self.core.live(0)

    def pay_debt(self, register, pounds):
        """-> whether it was taken."""
        done = remote.pay_debt(self.core.meter, remote.DEBTS[register], mp(pounds))
        self.core.live(0)
        return done

    def set_tariff(self, tariff, text):
        remote.set_tariff(self.core.meter, tariff, *instant(text))
        self.core.live(0)

    def figure(self, name):
        """Amounts in mp, as people count them: debts above 0."""
        meter = self.core.meter
        account, tariff = meter.account, meter.tariff
        assert account.is_balanced() and not meter.halted
        return {
            "balance": account.balance_mp, "time1": -account.time_1_mp, "payment": -account.payment_mp,
            "accumulated": -account.accumulated_mp, "ec_owed": account.ec_owed_mp(),
            "weekly_due": meter.debt.weekly_due_mp, "total_debt": account.debt_mp(),
            "need": meter.debt.owed_to_restore_mp(meter.protection.week()), "rate": tariff.rate,
            "supply": codes.SUPPLY_NAMES[meter.supply.state], "energy_wh": meter.energy.total_wh(),
            "price": tariff.price, "registers": small_core.registers(meter),
        }[name]  # fmt: skip


class Restless(Hand):
    """The same with a power cut of a second half-way to all that happens, and one right after it."""

    def live(self, seconds, pulses):
        half = seconds // 2
        if half:
            self.core.live((half - 1) * 1000)
            self.cut(1)
        self.core.live((seconds - half) * 1000, pulses)
        self.cut(0)

    def cut(self, seconds):
        clock = self.core.meter.clock
        second = clock.second() + seconds
        day, second = clock.day + second // DAY_S, second % DAY_S
        self.core = small_core.Core(self.nor, day, second, self.rtc)


class Case(unittest.TestCase):
    """`make`: the meter that the sums are done on."""

    make = Hand

    def has(self, meter, **amounts):
        for name, text in amounts.items():
            found = meter.figure(name)
            self.assertEqual(found, mp(text), "%s is %d mp, not %s" % (name, found, text))
