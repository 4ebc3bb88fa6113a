"""What the referee's meter (model.py) shows at rest: the full texts of DOMAIN 13, first four rows.

Takes a Model, gives the texts that take turns. Money is rounded against what it promises: credit to
less, what is owed to more.
"""

from model import MINUTE
from model_money import PENNY

LOW = 200000  # mp
LEAST_VEND = 100000
TIERED = "remote_tiered"


def money(model, pence):
    sign, symbol = "-" if pence < 0 else "", "¥" if model.profile == TIERED else "£"
    return f"{sign}{symbol}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def credit(model, mp):
    return money(model, mp // PENNY)


def owed(model, mp):
    return money(model, (mp + PENNY - 1) // PENNY)


def resting(model):
    """The texts, any of which may be seen."""
    figures = model.figures()
    if model.supply == "armed":
        return ["Enable supply?"]
    if model.supply == "remote_off":
        return ["Supply off"]
    if model.supply == "disabled":
        return ["Supply off", "Need " + owed(model, max(figures["owed_to_restore_mp"], LEAST_VEND))]
    if not model.contact:
        left = model.operated + MINUTE - model.now
        return [f"Wait {-(-left.total_seconds() // 1):.0f}s"]
    because = " F" if figures["friendly"] else ""
    title = "Balance " if model.profile == TIERED else "Credit "
    balance = title + credit(model, model.balance) + (" LOW" if model.balance < LOW else "") + because
    if figures["ec_state"] not in ("in_use", "exhausted"):
        return [balance]
    texts = ["EmCr " + credit(model, model.ec_left) + because,
             "Owed " + owed(model, model.ec_owed()) + because]  # fmt: skip
    if figures["ec_state"] == "exhausted" and model.balance != 0:
        texts.append(balance)  # (reading) above 0 it may too
    return texts
