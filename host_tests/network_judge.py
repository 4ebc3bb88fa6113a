"""Whether a network world has kept its accounts: every order once, its state right, no mp wrong.

Takes a settled World; raises AssertionError with the first thing that is not so. What the meters did is taken
from the money on them and from every record that they wrote (FarMeter.done), never from what they told.
"""

import struct

from office import ROW
from shilling import codes
from tools.headend import bodies

REGISTERS = ("balance_mp", "emergency_mp", "payment_mp", "time_1_mp", "time_2_mp", "accumulated_mp")
MONEY_STREAM = 2
WRONG_STATES = {"received": (codes.DONE,), "failed": (None, codes.REFUSED, codes.EXPIRED)}


def judge(world):
    rows = [dict(zip(ROW, row, strict=True)) for row in world.office.ask("orders")]
    ids = {row["id"]: row for row in rows}
    for order, number, _ in world.told:
        assert order in ids and ids[order]["number"] == number, f"order {order} was told and is gone"
    for at, name in enumerate(world.keys):
        judge_meter(name, world.meters[at], [row for row in rows if row["meter"] == name])
    judge_log(world)


def judge_meter(name, meter, rows):
    keys = {(row["window"] == "command", row["number"]): row for row in rows}
    assert len(keys) == len(rows), f"meter {name}: a number was given twice"
    for key, outcomes in meter.done.items():
        assert key in keys, f"meter {name} carried out {key}, which nobody ordered"
        assert len(outcomes) == 1, f"meter {name} carried out {key} {len(outcomes)} times"
    sum_mp = 0
    for key, row in keys.items():
        outcome = became(meter, key)
        what = f"order {row['id']}, {bodies.COMMAND_NAMES[row['kind']]} {key[1]} of {name}"
        said = row["outcome"] if row["outcome"] is None else bodies.OUTCOMES[row["outcome"]]
        assert outcome in WRONG_STATES.get(row["state"], ()), (
            f"{what} is {row['state']} ({said}), but the meter's records say {outcome}"
        )
        if row["state"] == "received":
            sum_mp += worth_mp(row)
    changed_mp = net_mp(meter) - meter.first_mp
    assert changed_mp == sum_mp, f"meter {name}: {changed_mp - sum_mp} mp too much"
    assert meter.app.meter.account.is_balanced() and not meter.app.meter.halted
    assert not meter.app.meter.notes, f"meter {name}: {meter.app.meter.notes}"


def became(meter, key):
    """The outcome of an order that the meter's records tell; None: it was never carried out."""
    if meter.done.get(key):
        return meter.done[key][0]
    window = meter.app.meter.orders if key[0] else meter.app.meter.window
    torn = [outcome for torn, outcome in meter.perhaps if torn == key]
    if torn and window.is_used(key[1]) and window.reaches(key[1]):
        return torn[-1]  # its record was cut, and is whole
    return None


def worth_mp(row):
    """What an order that was carried out brings the customer."""
    if row["kind"] in (bodies.TOP_UP, bodies.ADJUST_BALANCE):
        return struct.unpack(">i", row["body"])[0]
    if row["kind"] == bodies.PAY_DEBT:
        return struct.unpack(">Bi", row["body"])[1]
    return 0


def net_mp(meter):
    """Credit less everything owed."""
    return sum(getattr(meter.app.meter.account, name) for name in REGISTERS)


def judge_log(world):
    """Nothing twice in what the meters tell of money, whatever was lost of it."""
    entries = world.office.ask("readings", MONEY_STREAM)
    credited = [(meter, order) for meter, _, _, _, _, order, _ in entries if order is not None]
    assert len(credited) == len(set(credited)), "a top-up is in the log twice"
