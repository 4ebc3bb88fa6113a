"""One sale at the till: an order first, then the receipt with its code; a failed sale has no code.

A till names each sale with a key of its own. Asked again under it, it gets the receipt of the same order.
"""

from tools.headend import intents
from tools.headend.amounts import pence
from tools.headend.texts import local
from tools.headend.views import cash
from tools.utrn_vend import VendError


def sell(desk, meter, typed, key, channel):
    """The receipt; VendError: nothing was sold."""
    try:
        wanted = pence(typed, meter.currency)
        asked = intents.asked(key, intents.sale(wanted))
        with desk.headend.reading() as session:
            is_again = intents.find(session, asked, meter.id) is not None
        order = desk.headend.top_up(meter.id, wanted, desk.clock(), channel, asked)
    except VendError as error:
        raise VendError(str(error).replace("£", meter.currency)) from None
    return receipt(desk, meter, order.id) | {"is_again": is_again}


def receipt(desk, meter, order_id):
    """What the till prints."""
    order = desk.headend.order(order_id)
    sold = local(order.created_s)
    return {
        **desk.code(order_id), "amount": cash(order.amount_mp, meter.currency),
        "number": order.number, "symbol": meter.currency,
        "time": f"{sold.day} {sold:%b %Y %H:%M}",
    }  # fmt: skip
