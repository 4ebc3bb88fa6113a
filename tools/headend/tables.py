"""The head-end's tables: meters, orders with every attempt, what was sent and heard, readings, alerts.

Times are UTC seconds since 1970, money mp, energy Wh; a flag is 0 or 1. Source: REMOTE.md.
"""

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tools.headend import bodies

# States of an order (DOMAIN 9)
PROCESSING, ISSUED, RECEIVED, FAILED = "processing", "issued", "received", "failed"
TOP_UP_WINDOW, COMMAND_WINDOW = "top_up", "command"  # one row of numbers each
DOWN, UP = "down", "up"

BIG = BigInteger().with_variant(Integer, "sqlite")  # all integers may pass 2^31


class Base(DeclarativeBase):
    type_annotation_map = {int: BIG, bytes: LargeBinary, str: String, bool: BIG}


class Meter(Base):
    """One meter. `top_up_high`, `command_high`: the highest number given out or told by the meter."""

    __tablename__ = "meters"
    id: Mapped[str] = mapped_column(primary_key=True)  # 16 hex digits, upper case
    added_s: Mapped[int]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    profile: Mapped[str] = mapped_column(default="smart_payg")
    currency: Mapped[str] = mapped_column(default="£")
    tariff: Mapped[str | None]  # the one it began with, hex of SPEC.md 7
    standing_mp: Mapped[int] = mapped_column(default=0)  # a day, as it began
    warn_mp: Mapped[int] = mapped_column(default=200_000)  # an SMS below this balance
    prior_debt_mp: Mapped[int] = mapped_column(default=0)  # W7
    top_up_high: Mapped[int] = mapped_column(default=0)
    command_high: Mapped[int] = mapped_column(default=0)
    heard_s: Mapped[int | None]  # the last authentic packet
    owes_marks: Mapped[int] = mapped_column(default=0)  # 1: a RECEIVED is to be sent


class Order(Base):
    """One top-up or command under one number, for ever. `next_s`: when it is sent (again)."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"))
    window: Mapped[str]
    number: Mapped[int]
    kind: Mapped[int]
    body: Mapped[bytes]
    amount_mp: Mapped[int] = mapped_column(default=0)
    channel: Mapped[str]
    not_after_s: Mapped[int | None]
    state: Mapped[str] = mapped_column(default=PROCESSING)
    flagged: Mapped[int] = mapped_column(default=0)  # 1: not received after 15 minutes
    attempts: Mapped[int] = mapped_column(default=0)
    created_s: Mapped[int]
    issued_s: Mapped[int | None]  # first sent
    sent_s: Mapped[int | None]  # last sent
    next_s: Mapped[int | None]  # None: not again by itself
    why_next: Mapped[str | None]
    answered_s: Mapped[int | None]  # when we heard what became of it
    outcome: Mapped[int | None]  # bodies.OUTCOMES
    balance_mp: Mapped[int | None]  # the meter's after it
    how: Mapped[str | None]  # link, buttons or log: how the meter got it, how we know
    said_number: Mapped[int] = mapped_column(default=0)  # the meter's order of its last answer
    said_count: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        UniqueConstraint("meter", "window", "number"),
        Index("orders_due", "state", "next_s"),
        Index("orders_open", "meter", "state"),
    )


class Attempt(Base):
    """An order was sent: when, and why then."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    order: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at_s: Mapped[int]
    why: Mapped[str]


class Message(Base):
    """The communication record: one packet sent or heard; `copies` of the very same one."""

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    meter: Mapped[str] = mapped_column(index=True)
    direction: Mapped[str]
    at_s: Mapped[int] = mapped_column(index=True)
    last_s: Mapped[int]  # of the last copy
    copies: Mapped[int] = mapped_column(default=1)
    kind: Mapped[int]
    number: Mapped[int]  # down: the order's; up: sequence of the meter's ledger
    count: Mapped[int]
    order: Mapped[int | None] = mapped_column(index=True)
    packet: Mapped[bytes]
    mac: Mapped[bytes]  # its last 16 bytes: two packets with one MAC are one packet
    why: Mapped[str]
    __table_args__ = (UniqueConstraint("meter", "direction", "mac"),)


class Ask(Base):
    """A packet without a number that is to be sent once: a reading asked for."""

    __tablename__ = "asks"
    id: Mapped[int] = mapped_column(primary_key=True)
    meter: Mapped[str]
    kind: Mapped[int]
    body: Mapped[bytes]
    why: Mapped[str]


class Refusal(Base):
    """Packets that count for nothing, by the meter they name and the reason."""

    __tablename__ = "refusals"
    meter: Mapped[str] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    first_s: Mapped[int]
    last_s: Mapped[int]


class State(Base):
    """The newest STATE of a meter: the head-end's copy. `time_s`: the meter's clock, None: untrusted.
    The balance is the one told last, which may be in an answer: `balance_number` is the sequence of the
    meter's ledger, `balance_s` when it was heard."""

    __tablename__ = "states"
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"), primary_key=True)
    number: Mapped[int]
    count: Mapped[int]
    time_s: Mapped[int | None]
    heard_s: Mapped[int]
    balance_mp: Mapped[int]
    balance_number: Mapped[int]
    balance_s: Mapped[int]
    body: Mapped[bytes]

    @property
    def told(self):
        """All of it: bodies.State."""
        return bodies.read_state(self.body)


class Mark(Base):
    """Per stream of a meter: every entry up to `number` has arrived or is gone for ever. A meter
    that lost its files begins a new life of the stream."""

    __tablename__ = "marks"
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"), primary_key=True)
    stream: Mapped[int] = mapped_column(primary_key=True)
    life: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    said_number: Mapped[int] = mapped_column(default=0)  # the meter's order when it told of it


class Reading(Base):
    """One entry of a stream but the alerts; fields as bodies.Entry. `time_s` None: untrusted clock."""

    __tablename__ = "readings"
    id: Mapped[int] = mapped_column(primary_key=True)
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"))
    stream: Mapped[int]
    life: Mapped[int]
    number: Mapped[int]
    code: Mapped[int]
    time_s: Mapped[int | None]
    heard_s: Mapped[int]
    wh: Mapped[int | None]
    balance_mp: Mapped[int | None]
    rate: Mapped[int | None]
    block: Mapped[int | None]
    debt_mp: Mapped[int | None]
    ec_owed_mp: Mapped[int | None]
    order_number: Mapped[int | None]
    amount_mp: Mapped[int | None]
    to_debts_mp: Mapped[int | None]
    typed: Mapped[int | None]
    register: Mapped[int | None]
    left_mp: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("meter", "stream", "life", "number"),
        Index("readings_time", "meter", "code", "time_s"),
    )


class Alert(Base):
    """One alert of a meter, stream 3."""

    __tablename__ = "alerts"
    id: Mapped[int] = mapped_column(primary_key=True)
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"))
    life: Mapped[int]
    number: Mapped[int]
    time_s: Mapped[int | None]
    heard_s: Mapped[int]
    gbcs: Mapped[int]
    __table_args__ = (UniqueConstraint("meter", "life", "number"),)


class Register(Base):
    """The last REGISTERS of a meter: Wh by rate and block."""

    __tablename__ = "registers"
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"), primary_key=True)
    rate: Mapped[int] = mapped_column(primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True)
    wh: Mapped[int]
    heard_s: Mapped[int]


class ExtraReading(Base):
    """What a customer read off his meter himself."""

    __tablename__ = "extra_readings"
    id: Mapped[int] = mapped_column(primary_key=True)
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"), index=True)
    at_s: Mapped[int]
    wh: Mapped[int]


class Sms(Base):
    """A message to a customer: made for the batch of `batch_s` from the copy heard at `state_s`."""

    __tablename__ = "sms"
    id: Mapped[int] = mapped_column(primary_key=True)
    meter: Mapped[str] = mapped_column(ForeignKey("meters.id"), index=True)
    batch_s: Mapped[int]
    made_s: Mapped[int]
    sent_s: Mapped[int | None]
    phone: Mapped[str | None]
    text: Mapped[str]
    balance_mp: Mapped[int | None]
    state_s: Mapped[int | None]
    __table_args__ = (UniqueConstraint("meter", "batch_s"),)
