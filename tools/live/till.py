"""The shop's till: the receipt of a top-up that the head-end has sold.

Gives receipts as dicts of texts. The counter that tills of before kept in a file is read for the last time.
"""

import os

from tools.errors import UserError
from tools.utrn_vend import pounds
from tools.vend import grouped

MP_PER_PENNY = 1000


def replace_file(path, text):
    """Write a small file so that a crash leaves the old text or the new one."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def old_counter(path):
    """The last number of a till without a head-end, 0 if there was none."""
    if not path.exists():
        return 0
    text = path.read_text(encoding="utf-8").strip()
    if not text.isdecimal():
        raise UserError(f"{path} does not hold a number; shilling run --fresh mends it")
    return int(text)


def receipt_of(order, code, when, symbol):
    """What the till prints for an Order, dated `when`, in the meter's currency. A code carries hundredths
    whatever they are called."""
    return {
        "amount": pounds(order.amount_mp // MP_PER_PENNY).replace("£", symbol),
        "meter": order.meter,
        "time": when,
        "number": str(order.number),
        "code": grouped(code),
    }
