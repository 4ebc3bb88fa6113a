"""Keys of callers: what was asked for under a key, asked again under it, is the same order.

Takes a session; the key and what came of it are one commit, so that a caller who got no answer (a lost
connection, a power cut) asks again without harm. A key that comes with other contents is a VendError.
"""

from typing import NamedTuple

from tools.headend.tables_desk import Intent, Sale
from tools.utrn_vend import VendError


class Unknown(Exception):
    """It is not known whether there is an order."""


UNKNOWN = (
    "it is not known whether this sale was made: look at the meter's orders before you sell again"
)


class Asked(NamedTuple):
    """The caller's key, and what it is asked for under it, the same text for the same contents."""

    key: str
    what: str


def asked(key, what):
    """An Asked; None without a key."""
    return Asked(key, what) if key else None


def sale(pence):
    """The contents of a sale."""
    return f"top_up {pence}"


def find(session, wanted, meter_id):
    """The Intent that is kept under this key; None: it is new, or there is no key."""
    if wanted is None:
        return None
    kept = session.get(Intent, wanted.key) or _old(session, wanted.key)
    if kept is None:
        return None
    if kept.meter != meter_id:
        raise VendError("this key was used for another meter: begin anew with a key of its own")
    if kept.what != wanted.what:
        raise VendError("this key was used for something else: begin anew with a key of its own")
    return kept


def _old(session, key):
    """As older stores have it: there the sale was noted first, and its order after it."""
    old = session.get(Sale, key)
    if old is None:
        return None
    if old.order is None:
        raise Unknown(UNKNOWN)
    return Intent(key=key, meter=old.meter, what=sale(old.pence), at_s=old.at_s, order=old.order)


def keep(session, wanted, meter_id, now, order_id=None):
    """Note what came of it."""
    if wanted is not None:
        session.add(
            Intent(key=wanted.key, meter=meter_id, what=wanted.what, at_s=now, order=order_id)
        )
