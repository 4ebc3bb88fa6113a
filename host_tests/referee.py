"""The duel: the firmware's core and the model live through the same events, compared after each.

Takes settings (as provision() does) and events (tuples, made by chance in referee_chance.py); raises
Disagreement with the figures that differ. The core runs on a flash in memory, its relay and its
clock chip are simulated here; a power cut throws away everything but the flash.
"""

import struct
from datetime import datetime, timedelta

from chip_nor import Nor
from model import UTC, Model
from model_tariff import MOST_KWH, of_bytes
from shilling import codes, commands, ledger, remote
from shilling.meter import Meter
from shilling.provision import provision
from shilling.topup import TopUp
from small_core import registers
from tools import utrn_vend

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)
KEYS = utrn_vend.keys_of({})
REGIONS = ("england_wales", "scotland", "northern_ireland")
FLASH_BYTES = 8 * 4096  # three sectors of each ring are ready for what falls due at once
MOST_POLLS = 500  # a core that has much to do does some of it in each
MODEL_NAMES = {
    "rate_mp": "rate", "standing_mp": "standing", "weekly_cap_mp": "weekly_cap", "share": "share",
    "balance_mp": "balance", "payment_mp": "payment", "accumulated_mp": "adr", "time_1_mp": "time1",
    "ec_limit_mp": "ec_limit", "ec_threshold_mp": "ec_threshold", "ec_activated": "ec_activated",
    "ec_left_mp": "ec_left", "imp_per_kwh": "imp_per_kwh", "max_credit_mp": "max_credit",
    "max_balance_mp": "max_balance", "profile": "profile", "weekly_mp": "weekly", "parts": "parts",
    "suspend_debt_emergency": "suspend_emergency", "suspend_debt_disabled": "suspend_disabled",
    "friendly": "friendly_hours", "usable_share": "usable_share", "calorific": "calorific",
}  # fmt: skip
RECOVERIES = ("none", "weekly", "gas")
OUTCOMES = {
    codes.DONE: "done", codes.DUPLICATE: "used", codes.NOT_AUTHENTIC: "not_authentic",
    codes.MALFORMED: "malformed", codes.WRONG_CHECK_DIGIT: "malformed",
    codes.RESERVED_CLASS: "malformed", codes.LOCKED: "locked",
    codes.OVER_MAX_CREDIT: "over_credit", codes.OVER_MAX_BALANCE: "over_balance",
}  # fmt: skip


class Disagreement(AssertionError):
    """The meter does not do what the model says."""


def instant_of(day, second):
    return EPOCH + timedelta(days=day, seconds=second)


def day_second(instant):
    return (instant - EPOCH).days, (instant - EPOCH).seconds


def model_of(settings):
    """The referee's meter with the same settings."""
    given = {MODEL_NAMES[name]: settings[name] for name in settings if name in MODEL_NAMES}
    given["region"] = REGIONS[settings.get("region", 0)]
    if "recovery" in settings:
        given["recovery"] = RECOVERIES[settings["recovery"]]
    if "tariff" in settings:
        given["tariff"] = of_bytes(settings["tariff"])
    if settings.get("next_tariff"):
        day, second = struct.unpack_from("<HI", settings["next_tariff"])
        given["next_tariff"] = instant_of(day, second), of_bytes(settings["next_tariff"][6:])
    days = struct.iter_unpack(">HB", settings.get("special_days", b""))
    given["special_days"] = {instant_of(day, 0).date(): holiday == 1 for day, holiday in days}
    return Model(instant_of(settings["day"], settings["second"]), **given)


class Core:
    """The firmware's core in the place of a whole meter: what the shell does, done here."""

    def __init__(self, settings, flash=None):
        self.flash = Nor(bytearray(b"\xff" * FLASH_BYTES)) if flash is None else flash
        self.rtc = instant_of(settings["day"], settings["second"])
        self.rtc_runs = True
        provision(self.flash, dict(settings, meter_id=KEYS.meter, originator_id=KEYS.originator,
                                   secret=KEYS.secret))  # fmt: skip
        self.start()

    def start(self):
        """A new life from what is on flash."""
        self.written = False
        self.meter = meter = Meter()
        self.ledger = ledger.Ledger(self.flash)
        assert self.ledger.recover(meter.parts) == ledger.OPENED
        meter.journal = self.commit
        meter.clock.take_reading(0 if self.rtc_runs else 1, *day_second(self.rtc))
        meter.clock.advance(self.rtc.microsecond // 1000)  # as if it had seen the second's edge
        meter.begin()
        self.top_up = TopUp(meter)
        self.settle()

    def commit(self, kind, counter):
        self.written = True
        erases, repairs = self.flash.erases, self.ledger.repairs
        kept = self.ledger.commit(kind, counter, self.meter.parts)
        if self.flash.erases != erases and self.ledger.repairs == repairs:
            raise Disagreement("flash was erased inside a commit")
        return kept

    def settle(self):
        """The polls that follow at once, until the core wants to wait, and the relay."""
        for _ in range(MOST_POLLS):
            self.meter.step(0, 0, True)
            self.rest()
            if self.meter.next_ms() > 1:
                break
        self.follow()
        for _ in range(3):
            self.rest()

    def rest(self):
        """The end of a poll, as in the shell: erase what comes next, if it has time or must."""
        if not self.written or not self.ledger.ready or self.meter.schedule.owes():
            self.ledger.prepare()
        self.written = False

    def poll(self, ms, pulses):
        """One round of the shell, so long after the last one."""
        self.meter.clock.advance(ms)
        self.meter.step(ms, pulses, True)
        self.follow()
        for _ in range(2):  # the chip polls again 5 ms later, with nothing to write
            self.rest()

    def follow(self):
        supply = self.meter.supply
        if not self.meter.halted and supply.may_operate(self.meter.clock.day):
            supply.operate(self.meter.clock.day)
            self.meter.record_supply()

    def advance(self, ms, pulses=0):
        """Polls when the core asks for it; the pulses come at the end."""
        self.rtc += ms * MS
        while ms:
            part_ms = min(ms, self.meter.next_ms())
            ms -= part_ms
            self.poll(part_ms, 0 if ms else pulses)

    def power_cut(self, ms, keeps_time=True):
        self.rtc += ms * MS
        self.rtc_runs = self.rtc_runs and keeps_time
        self.start()

    def set_time(self, instant):
        clock = self.meter.clock
        if instant >= instant_of(clock.day, clock.second()):  # the later of chip and mark first
            self.rtc, self.rtc_runs = instant, True
        remote.set_time(self.meter, *day_second(instant))
        self.rtc, self.rtc_runs = instant, True
        self.settle()

    def enter(self, digits):
        outcome = self.top_up.begin(bytes(int(digit) for digit in digits))
        if outcome == codes.CHECKING:
            outcome = self.top_up.finish()
        self.settle()
        return OUTCOMES[outcome]

    def remote(self, amount_mp):
        outcome = OUTCOMES[self.top_up.remote(amount_mp)]
        self.settle()
        return outcome

    def command(self, name):
        done = getattr(remote if hasattr(remote, name) else commands, name)(self.meter)
        self.settle()
        return done

    def pay_debt(self, register, amount_mp):
        done = remote.pay_debt(self.meter, remote.DEBTS[register], amount_mp)
        self.settle()
        return done

    def set_tariff(self, packed, instant):
        assert remote.set_tariff(self.meter, packed, *day_second(instant))
        self.settle()

    def pulses(self):
        """Those the meter knows of since it was new."""
        energy, config = self.meter.energy, self.meter.config
        if config.calorific:  # 1.02264 x 1000 / 360 = 4261 / 1500
            parts = energy.total_wh() * config.imp_per_kwh * 1500 + energy.part
            return parts // (config.calorific * 4261)
        return (energy.total_wh() * config.imp_per_kwh + energy.part) // 1000

    def left_kwh(self):
        account = self.meter.account
        return self.meter.tariff.left_kwh(account.balance_mp - account.due_mp)

    def figures(self):
        meter, account, tariff = self.meter, self.meter.account, self.meter.tariff
        assert account.is_balanced() and not meter.halted
        return {
            "balance_mp": account.balance_mp, "ec_activated": account.ec_activated == 1,
            "ec_left_mp": account.ec_left_mp(), "ec_owed_mp": account.ec_owed_mp(),
            "ec_state": codes.EC_NAMES[account.ec_state()], "payment_mp": -account.payment_mp,
            "time1_mp": -account.time_1_mp, "weekly_due_mp": meter.debt.weekly_due_mp,
            "accumulated_mp": -account.accumulated_mp, "total_debt_mp": account.debt_mp(),
            "supply": codes.SUPPLY_NAMES[meter.supply.state],
            "contact": meter.supply.closed == 1, "energy_wh": meter.energy.total_wh(),
            "registers": registers(meter), "rate": tariff.rate, "block": tariff.block,
            "price_mp": tariff.price, "left_kwh": min(self.left_kwh(), MOST_KWH),
            "friendly": meter.is_suspended(), "trusted": meter.clock.is_trusted(),
            "owed_to_restore_mp": meter.debt.owed_to_restore_mp(meter.protection.week()),
        }  # fmt: skip
