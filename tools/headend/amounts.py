"""Amounts and energy as people type them, into whole milli-pence and Wh; nothing is rounded.

A text that is none is a VendError of one sentence. The currency's sign may stand before it.
"""

import re

from tools.headend.bodies import LIMIT_MP
from tools.utrn_vend import VendError

MP_PER_POUND = 100_000


def pounds_mp(text, low_mp=1, high_mp=LIMIT_MP, symbol="£"):
    """12, 12.40 or -3.5 with up to 5 decimals, as mp."""
    bare = text.strip().replace(symbol, "", 1)
    match = re.fullmatch(r"([+-]?)([0-9]{1,9})(?:\.([0-9]{1,5}))?", bare, re.ASCII)
    if not match:
        raise VendError(f"an amount is like 10.00, not {text!r}")
    sign, whole, part = match.groups()
    amount_mp = int(whole) * MP_PER_POUND + int((part or "").ljust(5, "0"))
    amount_mp = -amount_mp if sign == "-" else amount_mp
    if not low_mp <= amount_mp <= high_mp:
        raise VendError(f"{text.strip()} is outside {exact(low_mp)} to {exact(high_mp)}")
    return amount_mp


def exact(amount_mp):
    """A bound as people read it: 0.00001, -10000.00."""
    sign, whole, part = "-" * (amount_mp < 0), *divmod(abs(amount_mp), MP_PER_POUND)
    return f"{sign}{whole}.{part:05d}"[: -3 if part % 1000 == 0 else None]


def any_mp(text):
    """An amount of either sign, whatever currency stands before it."""
    bare = re.sub("[£¥R€$]", "", text, count=1)
    return pounds_mp(bare, -LIMIT_MP, LIMIT_MP)


def pence(text, symbol="£"):
    """12 or 12.40 as whole pence."""
    amount_mp = pounds_mp(text, symbol=symbol)
    if amount_mp % 1000:
        raise VendError(f"{text.strip()} is no whole number of pence")
    return amount_mp // 1000


def pence_mp(text):
    """25 or 25.125 pence, as mp."""
    hundredfold_mp = pounds_mp(text, 0)
    if hundredfold_mp % 100:
        raise VendError(f"{text.strip()} pence is no whole number of milli-pence")
    return hundredfold_mp // 100


def kwh_wh(text):
    """12345.6 as Wh."""
    match = re.fullmatch(r"([0-9]{1,8})(?:\.([0-9]{1,3}))?", text.strip(), re.ASCII)
    if not match:
        raise VendError(f"a reading is kWh such as 12345.6, not {text!r}")
    return int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))
