"""What the API gives, as OpenAPI says it. Money always has the milli-pence (mp) and the text; times are
UTC seconds since 1970 (names end in _s) with the local text beside them.
"""

from pydantic import BaseModel


class Money(BaseModel):
    mp: int
    text: str


class Moment(BaseModel):
    at_s: int
    text: str


class Fact(BaseModel):
    """A line of what the meter said: its name and text, and whether it needs somebody."""

    name: str
    text: str
    alarm: bool = False


class MeterRow(BaseModel):
    id: str
    name: str | None
    phone: str | None
    profile: str
    symbol: str
    heard: Moment | None
    is_late: bool
    balance: Money | None
    supply: str | None
    on_the_way: int
    flagged: int


class MeterPage(MeterRow):
    facts: list[Fact]
    settings: list[Fact]
    registers: list[Fact]
    refused: list[Fact]


class Figure(BaseModel):
    what: str
    mp: int
    text: str
    at_s: int
    at: str
    note: str


class Cause(BaseModel):
    code: str
    text: str
    do: str


class Why(BaseModel):
    figures: list[Figure]
    causes: list[Cause]
    golden: str


class OrderRow(BaseModel):
    id: int
    meter: str
    number: int
    window: str
    what: str
    amount: Money | None
    channel: str
    state: str
    flagged: bool
    attempts: int
    outcome: str | None
    how: str | None
    balance_after: Money | None
    created: Moment
    issued: Moment | None
    answered: Moment | None
    next: Moment | None
    can_reissue: bool
    has_code: bool


class AttemptRow(BaseModel):
    at: Moment
    why: str


class MessageRow(BaseModel):
    id: int
    direction: str
    at: Moment
    copies: int
    what: str
    number: int
    order: int | None
    bytes: int
    hex: str
    why: str


class OrderPage(OrderRow):
    tries: list[AttemptRow]
    messages: list[MessageRow]


class Code(BaseModel):
    order: int
    meter: str
    code: str
    groups: str


class Receipt(Code):
    """`is_again`: this sale was made before, and is the same order."""

    amount: Money
    number: int
    time: str
    symbol: str
    is_again: bool


class Line(BaseModel):
    rate: int
    block: int
    price: Money
    wh: int
    cost: Money


class Bill(BaseModel):
    """A day or a month. `taken`: the meter's own sum; `differs`: from the one by the tariff."""

    name: str
    start: Moment
    end: Moment
    wh: int
    kwh: str
    lines: list[Line]
    energy: Money
    standing: Money
    cost: Money
    taken: Money | None
    differs: Money | None
    topped_up: Money
    debt_paid: Money
    adjusted: Money
    balance_from: Money
    balance_to: Money
    is_spread: bool
    is_now: bool


class Bills(BaseModel):
    days: list[Bill]
    months: list[Bill]
    changes: list[Fact]


class ReadingRow(BaseModel):
    at: Moment
    what: str
    kwh: str
    balance: Money | None
    owed: Money | None


class AlertRow(BaseModel):
    at: Moment
    gbcs: str
    text: str


class SmsRow(BaseModel):
    id: int
    meter: str
    phone: str | None
    text: str
    batch: Moment
    sent: Moment | None
    copy_of: Moment | None


class SmsPage(BaseModel):
    messages: list[SmsRow]
    times: list[str]
    next: Moment


class Said(BaseModel):
    """What was done, in one sentence."""

    text: str


class Fault(BaseModel):
    """Why something was not done, in one sentence."""

    detail: str
