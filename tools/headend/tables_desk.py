"""The tables of the head-end's desk: what was asked for under which key, batches of SMS, what an SMS knew.

They stand beside those of store.py and are made by `ensure`. Times are UTC seconds since 1970.
"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tools.headend.tables import Base


class Intent(Base):
    """Something was asked for under a key of the caller's own: asked again, it is the same order.
    `what`: its contents; `order` None: it is of a kind that makes none."""

    __tablename__ = "intents"
    key: Mapped[str] = mapped_column(primary_key=True)
    meter: Mapped[str]
    what: Mapped[str]
    at_s: Mapped[int]
    order: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))


class Sale(Base):
    """The same of sales alone, as it was kept before: only looked at now. `order` None: it is not known
    whether there is one."""

    __tablename__ = "sales"
    key: Mapped[str] = mapped_column(primary_key=True)
    meter: Mapped[str]
    pence: Mapped[int]
    at_s: Mapped[int]
    order: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))


class SmsBatch(Base):
    """A batch that was written, whole, also if nobody had to be told."""

    __tablename__ = "sms_batches"
    batch_s: Mapped[int] = mapped_column(primary_key=True)
    written_s: Mapped[int]
    meters: Mapped[int]
    messages: Mapped[int]


class SmsCopy(Base):
    """What the head-end's copy said of tier and price when an SMS was written."""

    __tablename__ = "sms_copies"
    sms: Mapped[int] = mapped_column(ForeignKey("sms.id"), primary_key=True)
    block: Mapped[int]
    price_mp: Mapped[int]


def ensure(store):
    """The tables are there."""
    tables = [table.__table__ for table in (Intent, Sale, SmsBatch, SmsCopy)]
    Base.metadata.create_all(store.engine, tables=tables)
