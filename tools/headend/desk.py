"""The operator's desk: what may be done, over what may be looked at (looker.py).

Takes a HeadEnd and clock() -> UTC seconds since 1970; gives dicts of models.py. VendError says in one
sentence why something is not done.
"""

from sqlalchemy import select

from tools.headend import bodies, intents, views
from tools.headend.amounts import kwh_wh
from tools.headend.looker import Looker, Missing, meter_of
from tools.headend.sales import sell
from tools.headend.tables import UP, Message, State

__all__ = ["Desk", "Looker", "Missing", "meter_of"]


class Desk(Looker):
    """And everything that is done."""

    def top_up(self, meter_id, amount, sale=None, channel="till"):
        """Sell; the receipt with its code. The same `sale` again is the same order."""
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
        return sell(self, meter, amount, sale, channel)

    def command(self, meter_id, wish):
        """Order what a wish of wishes.py says; the order, or None for what is only asked. The same key
        again is the same order, also when the wish could not be granted any more."""
        now, asked = self.clock(), intents.asked(wish.key, wish.contents())
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
            known = intents.find(session, asked, meter.id)
            told = last_states(session, meter.id)
        if known is not None:
            return known.order and self.order(known.order)
        kind, body, *late = wish.body(now, told)
        if kind >= bodies.NOT_COUNTED:
            self.headend.ask(meter.id, kind, body, now, asked=asked)
            return None
        order = self.headend.command(meter.id, kind, body, now, *late, asked=asked)
        return self.order(order.id)

    def reissue(self, order_id):
        self.order(order_id)
        self.headend.reissue(order_id, self.clock())
        return self.order(order_id)

    def extra_reading(self, meter_id, kwh, key=None):
        """A customer's own reading, and how far it is from the meter's last one."""
        wh, now = kwh_wh(kwh), self.clock()
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
            state = session.get(State, meter.id)
        self.headend.extra_reading(meter.id, wh, now, intents.asked(key, f"reading {wh}"))
        if state is None:
            return {"text": "The reading is kept; the meter itself has not told one yet."}
        off_wh = wh - state.told.wh
        way = "more" if off_wh >= 0 else "less"
        return {"text": f"The reading is kept: {abs(off_wh) / 1000:.3f} kWh {way} than the meter said"
                f" {views.when(state.heard_s, now)}."}  # fmt: skip

    def add_meter(self, meter_id, given):
        """A meter whose keys are here becomes known, or its facts other ones."""
        now = self.clock()
        self.headend.add_meter(meter_id.upper(), now, **given.facts(now))
        return self.meter(meter_id)


def last_states(session, meter_id):
    """The last two STATE packets as [(heard_s, bodies.State)], newest first."""
    rows = session.scalars(
        select(Message).where(
            Message.meter == meter_id, Message.direction == UP, Message.kind == bodies.STATE
        ).order_by(Message.id.desc()).limit(2)
    )  # fmt: skip
    return [(row.at_s, bodies.read_state(row.packet[30:-16])) for row in rows]
