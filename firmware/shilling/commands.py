"""What a consumer's press and an authorised command do to the meter.

Takes the meter, gives True if something changed; each is one record. Source: DOMAIN E2, S4, W8, 8, 10, 14.
"""

from struct import pack_into

from micropython import const

from shilling import codes, supply
from shilling.account import ACCUMULATED, PAYMENT, TIME_1
from shilling.config import LOW_CREDIT_LEVELS_MP
from shilling.meter import Meter
from shilling.table import Table

# Alerts (15)
_ALERT_EC_ARMED_SUPPLY = const(0x8168)
_ALERT_EC_ACTIVATED = const(0x81AB)
_ALERT_ARMED = const(0x8F32)


def accept_emergency(meter: Meter) -> bool:
    """E2."""
    if meter.halted:
        return False
    meter.commit_use()
    if meter.halted or not meter.account.activate_ec():
        return False
    meter.alert(_ALERT_EC_ACTIVATED)
    meter.verdict.settle()
    meter.verdict.judge(_ALERT_EC_ARMED_SUPPLY)
    meter.write(codes.RECORD_SUPPLY, 0)
    return not meter.halted


def enable(meter: Meter) -> bool:
    """S4: the consumer's yes."""
    return operate(meter, supply.CONSUMER_YES)


def operate(meter: Meter, event: int) -> bool:
    """One input to the supply's table, judged and recorded at once."""
    if meter.halted:
        return False
    meter.commit_use()
    if not meter.supply.take(event):
        return False
    meter.verdict.judge()
    if event == supply.REMOTE_ARM and meter.supply.state == codes.ARMED:
        meter.alert(_ALERT_ARMED)
    meter.write(codes.RECORD_SUPPLY, 0)
    return not meter.halted


def next_level(meter: Meter) -> None:
    """The next low-credit level."""
    meter.commit_use()
    level_mp = meter.config.low_credit_mp
    following_mp = LOW_CREDIT_LEVELS_MP[0]
    for candidate_mp in LOW_CREDIT_LEVELS_MP:
        if candidate_mp > level_mp:
            following_mp = candidate_mp
            break
    meter.config.low_credit_mp = following_mp
    meter.verdict.was_low = meter.account.balance_mp < following_mp
    meter.step_mp = meter.account.step_mp()
    meter.write(codes.RECORD_LEVEL, 0)


def disable(meter: Meter) -> bool:
    return operate(meter, supply.REMOTE_DISABLE)


def arm(meter: Meter) -> bool:
    return operate(meter, supply.REMOTE_ARM)


def clear_lockout(meter: Meter) -> bool:
    if meter.halted:
        return False
    meter.commit_use()
    meter.lockout.clear()
    meter.write(codes.RECORD_ATTEMPT, 0)
    return not meter.halted


DEBTS = {"payment": PAYMENT, "time1": TIME_1, "accumulated": ACCUMULATED}


def pay_debt(meter: Meter, name: str, amount_mp: int) -> bool:
    """W8: a one-off payment, all of it to one of the DEBTS; more than is owed is refused."""
    if meter.halted or name not in DEBTS:
        return False
    meter.commit_use()
    if meter.halted or not meter.debt.pay(DEBTS[name], amount_mp):
        return False
    meter.dues.look()
    meter.verdict.settle()
    meter.verdict.judge()
    meter.write(meter.debt.record_kind(), 0)
    return not meter.halted


def set_tariff(meter: Meter, packed: bytes, day: int, second: int) -> bool:
    """The tariff from an instant (UTC) on; one that is not ahead starts now. ValueError: it is none."""
    Table(packed)
    if not (0 <= day < 65536 and 0 <= second < 86400):
        raise ValueError("tariff: no time")
    if meter.halted:
        return False
    meter.commit_use()
    coming = bytearray(6)
    pack_into("<HI", coming, 0, day, second)
    meter.tariff.coming = bytes(coming) + packed
    meter.write(codes.RECORD_CHECKPOINT, 0)
    return not meter.halted


def set_time(meter: Meter, day: int, second: int) -> bool:
    """Believed, forward or back; days not charged yet fall due at the next step."""
    if meter.halted:
        return False
    meter.commit_use()
    meter.clock.set(day, second)
    meter.write(codes.RECORD_CLOCK, 0)
    return not meter.halted
