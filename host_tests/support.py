"""A core meter without a board: its records kept in a list, its time moved by the test.

`Bench` is for rules of the core; what needs keys, display and relay runs on the simulated silicon.
"""

from shilling import calendar, codes, utrn
from shilling.meter import Meter
from shilling.topup import TopUp

POUND = 100000
TEST_METER = bytes.fromhex("00DB1234567890A0")
TEST_ORIGINATOR = bytes.fromhex("90B3D51F30010000")
TEST_SECRET = bytes.fromhex("5c00001ae96494fedfd740c4679d346e913d89b978beeff76577be69c92bf3ce")


class Bench:
    """Friday 2026-11-20 11:00:00 UTC, £10.00, 24.50 p/kWh, the test set of keys."""

    def __init__(self, balance_mp=10 * POUND, day=None, second=11 * 3600, **settings):
        self.meter = meter = Meter()
        self.top_up = TopUp(meter)
        self.records = []
        meter.journal = self.keep
        config = meter.config
        config.meter_id, config.originator_id, config.secret = TEST_METER, TEST_ORIGINATOR, TEST_SECRET
        opening = {"payment_mp": 0, "time_1_mp": 0, "accumulated_mp": 0, "ec_owed_mp": 0}
        for name in settings:
            if name in opening:
                opening[name] = settings[name]
            elif name == "ec_activated":
                meter.account.ec_activated = settings[name]
            elif name == "rate_mp":
                meter.tariff.set_flat(settings[name])
            elif name == "tariff":
                meter.tariff.set(settings[name])
            elif name == "profile":
                config.set_profile(settings[name])
            else:
                config.set(name, settings[name])
        for register, amount_mp in (
            ("balance_mp", balance_mp),
            ("payment_mp", -opening["payment_mp"]),
            ("time_1_mp", -opening["time_1_mp"]),
            ("accumulated_mp", -opening["accumulated_mp"]),
            ("emergency_mp", -opening["ec_owed_mp"]),
        ):
            assert meter.account.spend(register, "opening", -amount_mp)
        meter.clock.set(calendar.day_of(2026, 11, 20) if day is None else day, second)
        meter.dues.day, meter.dues.second = meter.clock.day, second
        meter.usage.day = meter.protection.local().day
        meter.tariff.begin_month(meter.clock.day)
        meter.begin()
        meter.step(0, 0, True)

    def keep(self, kind, counter):
        self.records.append(kind)
        return True

    def wait(self, seconds, pulses=0):
        """Time passes in one step; the pulses come at its end."""
        self.meter.clock.advance(seconds * 1000)
        self.meter.step(seconds * 1000, pulses, True)

    def wait_until(self, day, second):
        clock = self.meter.clock
        self.wait((day - clock.day) * 86400 + second - clock.second())

    def use(self, wh):
        """Wh at 1000 imp/kWh, one pulse at a time, in no time."""
        for _ in range(wh):
            self.meter.step(0, 1, True)

    def enter(self, digits):
        """Type a code (text): its outcome."""
        outcome = self.top_up.begin(bytes([int(digit) for digit in digits]))
        return self.top_up.finish() if outcome == codes.CHECKING else outcome

    def alerts(self):
        """Those since the last call."""
        raised = list(self.meter.alerts)
        self.meter.alerts.clear()
        return raised

    def figures(self):
        account = self.meter.account
        return (account.balance_mp, -account.payment_mp, account.ec_owed_mp())


def make_code(config, counter, value, value_class=0):
    """20 digits as text, made with the meter's own MAC: for what is not about the MAC."""
    ptut = (counter & 1023) << 47 | value_class << 45 | value << 32
    high = (ptut >> 32).to_bytes(4, "big")
    ptut |= int.from_bytes(utrn.mac(config, counter, high), "big")
    return with_check_digit(str(utrn.PPTD_BASE + ptut))


def with_check_digit(nineteen):
    for digit in range(10):
        code = nineteen + str(digit)
        if utrn.is_check_digit_right(bytes([int(each) for each in code])):
            return code
    raise AssertionError("no check digit fits")


class Random:
    """The same numbers on every interpreter: 31-bit linear congruence, high bits used."""

    def __init__(self, seed):
        self.state = seed & 0x7FFFFFFF

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % limit


def day_text(day: int) -> str:
    """2026-11-20."""
    year = calendar.year_of(day)
    month = 12
    while calendar.day_of(year, month, 1) > day:
        month -= 1
    return "%d-%02d-%02d" % (year, month, day - calendar.day_of(year, month, 1) + 1)
