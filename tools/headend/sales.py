"""One sale at the till: an order first, then the receipt with its code; a failed sale has no code.

A till names each sale with a key of its own. Asked again under it, it gets the receipt of the same order;
where it is not known whether there is an order, it is told so, and nothing is sold twice.
"""

from sqlalchemy.exc import IntegrityError

from tools.headend.amounts import pence
from tools.headend.tables_desk import Sale
from tools.headend.texts import local
from tools.headend.views import cash
from tools.utrn_vend import VendError


class Unknown(Exception):
    """It is not known whether there is an order."""


UNKNOWN = (
    "it is not known whether this sale was made: look at the meter's orders before you sell again"
)


def sell(desk, meter, typed, key, channel):
    """The receipt; VendError: nothing was sold, or UNKNOWN."""
    headend, now = desk.headend, desk.clock()
    try:
        wanted = pence(typed, meter.currency)
        known = key and kept(headend, key, meter.id, wanted)
        if known:
            return receipt(desk, meter, known)
        if key:
            begin(headend, key, meter.id, wanted, now)
        try:
            order = headend.top_up(meter.id, wanted, now, channel)
        except VendError:
            if key:
                forget(headend, key)
            raise
    except VendError as error:
        raise VendError(str(error).replace("£", meter.currency)) from None
    if key:
        with headend.store.writing() as session:
            session.get(Sale, key).order = order.id
    return receipt(desk, meter, order.id)


def kept(headend, key, meter_id, wanted):
    """The order that was made under this key; None: it is new."""
    with headend.reading() as session:
        sale = session.get(Sale, key)
    if sale is None:
        return None
    if sale.meter != meter_id:
        raise VendError("this sale is of another meter: begin a new one")
    if sale.pence != wanted:
        raise VendError("this sale is of another amount: begin a new one")
    if sale.order is None:
        raise Unknown(UNKNOWN)
    return sale.order


def begin(headend, key, meter_id, wanted, now):
    try:
        with headend.store.writing() as session:
            session.add(Sale(key=key, meter=meter_id, pence=wanted, at_s=now))
    except IntegrityError:
        raise Unknown(UNKNOWN) from None


def forget(headend, key):
    with headend.store.writing() as session:
        session.delete(session.get(Sale, key))


def receipt(desk, meter, order_id):
    """What the till prints."""
    order = desk.headend.order(order_id)
    sold = local(order.created_s)
    return {
        **desk.code(order_id), "amount": cash(order.amount_mp, meter.currency),
        "number": order.number, "symbol": meter.currency,
        "time": f"{sold.day} {sold:%b %Y %H:%M}",
    }  # fmt: skip
