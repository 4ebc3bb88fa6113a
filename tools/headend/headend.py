"""The head-end without a network: sells, commands, takes what meters tell, gives what is to be sent.

All times `now` are UTC seconds since 1970, money mp. Whatever a call returns is on the disk before. What
cannot be done is a VendError, one sentence, and then nothing was done. Source: REMOTE.md, DOMAIN 9.
"""

from sqlalchemy import delete, select

from tools.headend import bodies, envelope, intents, orders, record, telling
from tools.headend.store import Store
from tools.headend.tables import (
    DOWN,
    TOP_UP_WINDOW,
    UP,
    Ask,
    ExtraReading,
    Message,
    Meter,
    Order,
)
from tools.utrn_vend import CLASS_PENCE, VendError, carried, fit, make_code

MP_PER_PENNY = 1000
KEEP_S = 92 * 86_400  # so long the record has packets that were neither order nor answer
DAY_S = 86_400


class HeadEnd:
    """Orders, copies and the record of all meters. url: of SQLAlchemy; keys(meter_hex) -> Keys or None.
    Calls may come from any thread. `on_work`: called without arguments when there is something to send.
    `asked`: of intents.py; what was asked for under that key before is done no second time."""

    def __init__(self, url, keys):
        self.store = Store(url)
        self.find_keys = keys
        self.known_keys = {}
        self.on_work = lambda: None
        self.pruned_s = 0

    def close(self):
        self.store.close()

    def reading(self):
        """A session to look at the tables with: `with headend.reading() as session:`."""
        return self.store.reading()

    def keys(self, meter_hex):
        """The Keys of a meter; VendError if there are none."""
        if meter_hex not in self.known_keys:
            keys = self.find_keys(meter_hex)
            if keys is None:
                raise VendError(f"there are no keys of a meter {meter_hex}")
            self.known_keys[meter_hex] = keys
        return self.known_keys[meter_hex]

    def add_meter(self, meter_hex, now, **facts):
        """Make a meter known, or change facts about it: columns of Meter."""
        self.keys(meter_hex)
        wrong = [name for name in facts if name not in Meter.__table__.columns]
        if wrong:
            raise VendError(f"a meter has no {wrong[0]}")
        with self.store.writing() as session:
            meter = session.get(Meter, meter_hex)
            if meter is None:
                meter = Meter(id=meter_hex, added_s=now)
                session.add(meter)
            for name, value in facts.items():
                setattr(meter, name, value)

    def meter_ids(self, session):
        """Ids of every meter, in order."""
        return list(session.scalars(select(Meter.id).order_by(Meter.id)))

    def top_up(self, meter_hex, pence, now, channel="till", asked=None):
        """Sell a top-up: the Order, whose code may then be shown."""
        self.keys(meter_hex)
        fit(pence)
        amount_mp = pence * MP_PER_PENNY
        return self._order(meter_hex, bodies.TOP_UP, bodies.top_up(amount_mp), now, asked,
                           channel=channel, amount_mp=amount_mp)  # fmt: skip

    def command(self, meter_hex, kind, body, now, not_after=None, channel="operator", asked=None):
        """Order something else; kind and body of bodies.py, not_after UTC since 1970."""
        self.keys(meter_hex)
        bodies.check(kind, body, not_after)
        if not_after is not None and not_after <= now:
            raise VendError("the command would be too late: not_after is over")
        return self._order(
            meter_hex, kind, body, now, asked, channel=channel, not_after_s=not_after
        )

    def _order(self, meter_hex, kind, body, now, asked, **more):
        with self.store.writing() as session:
            meter = self._meter(session, meter_hex)
            known = intents.find(session, asked, meter_hex)
            if known is not None:
                return session.get(Order, known.order)
            order = orders.create(session, meter, kind, body, now, **more)
            intents.keep(session, asked, meter_hex, now, order.id)
        self.on_work()
        return order

    def _meter(self, session, meter_hex):
        meter = session.get(Meter, meter_hex, with_for_update=True)
        if meter is None:
            raise VendError(f"there is no meter {meter_hex}")
        return meter

    def ask(self, meter_hex, kind, body, now, why="asked for", asked=None):
        """Ask a meter for its registers or log, once."""
        if kind not in (bodies.READ_REGISTERS, bodies.READ_LOG):
            raise VendError(f"{kind} is nothing to ask for")
        with self.store.writing() as session:
            self._meter(session, meter_hex)
            if intents.find(session, asked, meter_hex) is None:
                session.add(Ask(meter=meter_hex, kind=kind, body=body, why=why))
                intents.keep(session, asked, meter_hex, now)
        self.on_work()

    def code(self, order_id):
        """The 20 digits of a top-up: the same for ever."""
        order = self.order(order_id)
        if order.window != TOP_UP_WINDOW:
            raise VendError(f"order {order_id} is no top-up: it has no code")
        value_class, value = carried(order.amount_mp // MP_PER_PENNY)
        assert value * CLASS_PENCE[value_class] * MP_PER_PENNY == order.amount_mp
        return make_code(self.keys(order.meter), order.number, value_class, value)

    def order(self, order_id):
        """An Order as it is now; VendError if there is none."""
        with self.reading() as session:
            order = session.get(Order, order_id)
        if order is None:
            raise VendError(f"there is no order {order_id}")
        return order

    def reissue(self, order_id, now):
        """Send an order again, by hand."""
        with self.store.writing() as session:
            order = session.get(Order, order_id, with_for_update=True)
            if order is None:
                raise VendError(f"there is no order {order_id}")
            orders.reissue(order, now)
        self.on_work()
        return order

    def extra_reading(self, meter_hex, wh, now, asked=None):
        """A reading the customer took himself."""
        if not 0 <= wh < 2**42:
            raise VendError(f"{wh} Wh is no reading")
        with self.store.writing() as session:
            self._meter(session, meter_hex)
            if intents.find(session, asked, meter_hex) is None:
                session.add(ExtraReading(meter=meter_hex, at_s=now, wh=wh))
                intents.keep(session, asked, meter_hex, now)

    def packets(self, now):
        """[(meter_hex, packet)] to be sent now; each is noted before this returns. A meter whose keys
        are gone gets nothing, and its orders wait."""
        with self.store.writing() as session, session.no_autoflush:
            works = self._orders, self._asks, self._marks
            return [each for work in works for each in work(session, now)]

    def _orders(self, session, now):
        for order in orders.due(session, now):
            if not self._has_keys(order.meter):
                order.next_s = now + DAY_S
                continue
            why = orders.sent(session, order, now)
            late = order.not_after_s
            yield self._send(session, now, order.meter, order.kind, order.body, why,
                             order=order, not_after_s=late and late - envelope.EPOCH_S)  # fmt: skip

    def _asks(self, session, now):
        asks = select(Ask).order_by(Ask.id).with_for_update(skip_locked=True)
        for ask in session.scalars(asks).all():
            session.delete(ask)
            if self._has_keys(ask.meter):
                yield self._send(session, now, ask.meter, ask.kind, ask.body, ask.why)

    def _marks(self, session, now):
        owing = select(Meter).where(Meter.owes_marks == 1).with_for_update(skip_locked=True)
        for meter in session.scalars(owing).all():
            meter.owes_marks = 0
            body = bodies.received([mark.number for mark in telling.marks_of(session, meter)])
            if self._has_keys(meter.id):
                yield self._send(session, now, meter.id, bodies.RECEIVED, body, "it was heard")

    def _has_keys(self, meter_hex):
        try:
            return bool(self.keys(meter_hex))
        except VendError:
            return False

    def _send(self, session, now, meter_hex, kind, body, why, order=None, not_after_s=None):
        number = order.number if order else 0
        packet = envelope.down(self.keys(meter_hex), number, kind, body, not_after_s or 0)
        record.note(session, meter_hex, DOWN, now, packet, why=why, kind=kind, number=number, count=0,
              order=order.id if order else None)  # fmt: skip
        return meter_hex, packet

    def take(self, packet, now):
        """One packet of a meter, from anywhere; what is wrong is counted and changes nothing."""
        self.take_all([packet], now)

    def take_all(self, packets, now):
        """Many packets in one commit."""
        with self.store.writing() as session, session.no_autoflush:
            for packet in packets:
                meter = None
                try:
                    named = envelope.meter_of(packet)
                    meter = session.get(Meter, named, with_for_update=True)
                    self._take(session, meter, packet, now)
                except envelope.Refused as refused:
                    record.count(session, meter.id if meter else "", str(refused), now)
        self.on_work()

    def _take(self, session, meter, data, now):
        if meter is None:
            raise envelope.Refused("unknown meter")
        if not self._has_keys(meter.id):
            raise envelope.Refused("no keys")
        packet = envelope.read_up(self.keys(meter.id), data)
        told = bodies.read(packet.kind, packet.body)
        message = record.note(session, meter.id, UP, now, data, why=bodies.ANSWER_NAMES[packet.kind],
                        kind=packet.kind, number=packet.number, count=packet.count)  # fmt: skip
        if message is None:
            return  # the very same packet again
        has_got = packet.kind == bodies.ANSWER and not told.typed
        orders.heard(session, meter, now, has_got)
        meter.heard_s = now
        order = telling.TAKERS[packet.kind](session, meter, packet, told, now)
        if order is not None:
            message.order = order.id
            message.why = f"answer: {bodies.OUTCOMES[told.outcome]}"
        session.flush()

    def tick(self, now):
        """Whatever is due by time: flags; what nobody needs any more is forgotten."""
        with self.store.writing() as session:
            orders.flag(session, now)
            if now - self.pruned_s >= DAY_S:
                self.pruned_s = now
                session.execute(
                    delete(Message).where(
                        Message.last_s < now - KEEP_S, Message.order.is_(None)
                    )
                )  # fmt: skip
