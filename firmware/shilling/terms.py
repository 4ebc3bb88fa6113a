"""What the meter goes by, agreed anew while it runs: tariff, settings, special days.

Takes the meter and what is agreed, packed as in SPEC.md; gives True if it is done. One checkpoint holds
it. Loaded by the first order. Source: REMOTE; DOMAIN 8, 11, 12.
"""

from struct import pack

from micropython import const

from shilling import codes, commands
from shilling.config import BY_GAS_WEEK, SETTINGS
from shilling.meter import Meter
from shilling.table import Table

_FIXED = ("profile", "currency", "imp_per_kwh", "calorific")  # set when a meter is set up
_DAY_S = const(86400)


def set_tariff(meter: Meter, packed: bytes, day: int, second: int) -> bool:
    """The tariff from an instant (UTC) on; one that is not ahead starts now. ValueError: it is none."""
    Table(packed)
    if not (0 <= day < 65536 and 0 <= second < _DAY_S):
        raise ValueError("tariff: no time")
    if meter.halted:
        return False
    meter.commit_use()
    meter.tariff.coming = pack("<HI", day, second) + packed
    return commands.write(meter, codes.RECORD_CHECKPOINT)


def set_settings(meter: Meter, rows) -> bool:
    """(row of SETTINGS, value) each; all of them or, by a ValueError, none."""
    config = meter.config
    before = [(row[0], getattr(config, row[0])) for row in SETTINGS]
    try:
        for at, value in rows:
            if at >= len(SETTINGS) or SETTINGS[at][0] in _FIXED:
                raise ValueError("no such setting")
            config.set(SETTINGS[at][0], value)
    except ValueError:
        for name, value in before:
            setattr(config, name, value)
        raise
    if config.recovery != BY_GAS_WEEK:  # no record of the others holds these
        meter.debt.weekly_due_mp = meter.dues.behind_mp = 0
    return _agreed(meter)


def set_special_days(meter: Meter, packed: bytes) -> bool:
    """3 bytes a day (SPEC.md 3). ValueError: they are none."""
    for at in range(2, len(packed), 3):
        if packed[at] > 1:
            raise ValueError("special_days: 0 or 1")
    meter.config.set_bytes("special_days", packed)
    return _agreed(meter)


def _agreed(meter: Meter) -> bool:
    """Settings are other ones now: what hangs on them is looked at anew, and a checkpoint holds them."""
    meter.protection.look_anew()
    meter.tariff.local_day = -1  # the day may have other switches now
    settle(meter)
    return commands.write(meter, codes.RECORD_CHECKPOINT)


def settle(meter: Meter) -> None:
    """Money or a rule has changed."""
    meter.dues.look()
    meter.verdict.settle()
    meter.verdict.judge()
