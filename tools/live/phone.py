"""The consumer's phone and the shop's till: both sell by one head-end, in the house's time.

Takes what hands want and what the meter's radio says; gives the pages orders, texts, the account, and why
they differ. The head-end (tools/headend) keeps everything in headend.db of the run's folder; its numbers
are the only ones. Money in mp, times on the pages [day since 2000-01-01, second], UTC.
"""

from contextlib import contextmanager
from types import SimpleNamespace

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from tools.errors import UserError
from tools.headend import bodies, facts, sms
from tools.headend.envelope import EPOCH_S
from tools.headend.headend import HeadEnd
from tools.headend.orders import REISSUE_S
from tools.headend.tables import Meter, Order, Sms
from tools.headend.why import why
from tools.live.air import Air
from tools.live.till import old_counter, receipt_of
from tools.scenario.values import DAY_S, local_text
from tools.utrn_vend import VendError, amount_of, keys_of
from tools.vend import grouped

NUMBER = "the phone on the panel"
SHOP, PHONE = "till", "phone"
ORDERS, TEXTS = 6, 8  # that the phone shows
BATCHES = 14  # of texts, written late when time leapt
ROUND_S = 20  # between two rounds of the head-end; an order bought waits for the next


class Phone:
    """One meter's account. house: its time; tell: to the silicon; publish: to the pages."""

    def __init__(self, folder, house, tell, publish, about):
        self.house, self.tell, self.publish = house, tell, publish
        self.keys = keys_of({})
        self.meter = self.keys.meter.hex().upper()
        self.air = Air(tell)
        self.path = folder / "headend.db"
        self.shown = None
        self.symbol = None
        self.wrong = None
        self.next_s = 0  # of the next round
        self.held = False  # nothing is sent before it
        self.is_news = True  # the pages may have to be told
        with self.asking():
            self.headend = HeadEnd(f"sqlite:///{self.path}", lambda _: self.keys)
            self.outbox = sms.Outbox(self.headend.store, SimpleNamespace(send=lambda *_: None))
            self.texted_s = self.now()
            self.join(folder / "till", about)

    def join(self, till, about):
        """The meter is known, and no number that a till of before has used is free."""
        kept = self.row(Meter, self.meter)
        new = {} if kept else {name: about[name] for name in about if about[name] is not None}
        high = max(old_counter(till), kept.top_up_high if kept else 0)
        self.headend.add_meter(self.meter, self.now(), phone=NUMBER, top_up_high=high, **new)
        till.unlink(missing_ok=True)

    @contextmanager
    def asking(self):
        """The head-end's work: what its store cannot do is one sentence, and VendError one too."""
        try:
            yield
        except VendError as error:
            raise UserError(str(error).replace("£", self.symbol or "£")) from error
        except (SQLAlchemyError, OSError) as error:
            why_not = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise UserError(f"the head-end's store {self.path} does not work: {why_not}") from error

    def now(self):
        """UTC seconds since 1970 in the house."""
        return int(self.house.utc_s) + EPOCH_S

    def row(self, table, key):
        with self.headend.reading() as session:
            return session.get(table, key)

    # ---- what hands want

    def order(self, typed, channel):
        """A sale of an amount as a person types it: the Order."""
        if not isinstance(typed, str):
            raise TypeError(typed)
        with self.asking():
            pence = amount_of(typed.strip().removeprefix(self.symbol or "£"))
            order = self.headend.top_up(self.meter, pence, self.now(), channel)
        if not self.held:
            self.held = True
            self.next_s = self.now() + ROUND_S
            self.air.ring(self.next_s - EPOCH_S)
        self.show()
        return order

    def sell(self, typed):
        """The till's receipt."""
        order = self.order(typed, SHOP)
        when = local_text(int(self.house.utc_s))
        return receipt_of(order, self.headend.code(order.id), when, self.symbol or "£")

    def buy(self, typed):
        self.order(typed, PHONE)

    def code(self, order_id):
        """The digits of an order, for whom the radio is too slow."""
        with self.asking():
            return {"id": order_id, "digits": grouped(self.headend.code(order_id))}

    def why(self, display_mp):
        """Why the figures differ; display_mp: what the meter shows now, or None."""
        with self.asking():
            return why(facts.case_of(self.headend.store, self.meter, self.now(), display_mp))

    # ---- the meter's radio

    def heard(self, message):
        """What the meter's radio says: packets, and which of ours it has."""
        self.air.arrived(message["arrived"])
        with self.minding():
            self.write_texts()
            packets = [bytes.fromhex(packet) for packet in message["air"]]
            self.headend.take_all(packets, self.now())
            if self.now() >= self.next_s or not self.held:
                self.round()
        self.tell({"do": "heard"})
        self.is_news = True

    def started(self):
        self.air.again()

    def money(self, symbol):
        """What the meter counts in."""
        if symbol != self.symbol:
            with self.minding():
                self.headend.add_meter(self.meter, self.now(), currency=symbol)
            self.symbol = symbol

    @contextmanager
    def minding(self):
        """Work that nobody asked for: what goes wrong is shown on the phone, and tried again."""
        try:
            with self.asking():
                yield
            self.wrong = None
        except UserError as error:
            self.wrong = str(error)

    # ---- time

    def tick(self):
        """A few times a second."""
        if self.now() >= self.next_s:
            with self.minding():
                self.write_texts()
                self.round()
            self.is_news = True
        if self.is_news:
            self.is_news = False
            self.show()

    def round(self):
        """Everything that is due sets out."""
        self.headend.tick(self.now())
        self.held = False
        self.next_s = self.now() + ROUND_S
        for _, packet in self.headend.packets(self.now()):
            number = int.from_bytes(packet[17:21], "big")
            shop = number and packet[29] == bodies.TOP_UP and self.is_of_shop(number)
            self.air.send(packet, self.house.utc_s, slow=number > 0, shop=shop)
            if number:
                self.air.ring(self.house.utc_s + REISSUE_S + 1)

    def is_of_shop(self, number):
        """Was it sold at the till, and is this the first time it is sent?"""
        with self.headend.reading() as session:
            wanted = select(Order).where(Order.kind == bodies.TOP_UP, Order.number == number)
            order = session.scalars(wanted).one()
        return order.channel == SHOP and order.attempts == 1

    def write_texts(self):
        """Each batch at its own time, though time may have leapt over some."""
        now = self.now()
        due = []
        at_s = self.texted_s
        while (at_s := sms.batches(at_s)[1]) <= now:
            due.append(at_s)
        for batch_s in due[-BATCHES:]:
            self.outbox.tick(batch_s)
        self.texted_s = now

    # ---- what is shown

    def show(self):
        """Tell the pages, if it is news."""
        with self.minding():
            seen = self.seen()
        if self.wrong:
            seen = {
                **(self.shown or {"account": None, "orders": [], "texts": []}),
                "wrong": self.wrong,
            }
        if seen != self.shown:
            self.shown = seen
            self.publish({"phone": seen})

    def seen(self):
        with self.headend.reading() as session:
            orders = session.scalars(
                select(Order).where(Order.meter == self.meter, Order.kind == bodies.TOP_UP)
                .order_by(Order.number.desc()).limit(ORDERS)
            ).all()  # fmt: skip
            texts = session.scalars(
                select(Sms).where(Sms.meter == self.meter, Sms.sent_s.is_not(None))
                .order_by(Sms.batch_s.desc()).limit(TEXTS)
            ).all()  # fmt: skip
            state = facts.last_state(session, self.meter)
        account = state and {"mp": state["balance_mp"], "heard": at(state["heard_s"])}
        return {
            "account": account,
            "orders": [order_of(order) for order in orders],
            "texts": [{"id": one.id, "at": at(one.sent_s), "text": one.text} for one in texts],
            "wrong": None,
        }

    def close(self):
        self.headend.close()


def at(time_s):
    """An instant as pages have it."""
    return None if time_s is None else list(divmod(time_s - EPOCH_S, DAY_S))


def order_of(order):
    """What a page shows of an Order."""
    return {
        "id": order.id, "amount_mp": order.amount_mp, "state": order.state,
        "shop": order.channel == SHOP, "flagged": bool(order.flagged), "how": order.how,
        "attempts": order.attempts, "created": at(order.created_s), "sent": at(order.sent_s),
        "answered": at(order.answered_s),
        "outcome": None if order.outcome is None else bodies.OUTCOMES[order.outcome],
    }  # fmt: skip
