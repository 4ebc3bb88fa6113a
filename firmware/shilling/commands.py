"""What a consumer's press does to the meter; the head-end's orders (remote.py) share parts of it.

Takes the meter, gives True if something changed; each is one record. Source: DOMAIN E2, S4.
"""

from micropython import const

from shilling import codes, supply
from shilling.config import LOW_CREDIT_LEVELS_MP
from shilling.meter import Meter

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
    return write(meter, codes.RECORD_SUPPLY)


def write(meter: Meter, kind: int) -> bool:
    """The record of what was done, and of the head-end's order for it if there is one."""
    if meter.order:
        kind |= codes.BY_LINK | codes.COMMAND
    meter.write(kind, meter.order)
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
    return write(meter, codes.RECORD_SUPPLY)


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
