"""The paths of the head-end's API, each to one call of the desk.

Ids of meters are 16 hexadecimal digits, as the label's barcode has them; of orders, whole numbers.
"""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tools.headend import models
from tools.headend.wishes import Command, Key, MeterGiven

MeterId = Annotated[str, Path(pattern="^[0-9A-Fa-f]{16}$", examples=["00DB1234567890A0"])]
OrderId = Annotated[int, Path(ge=1, le=2**53)]
Amount = Annotated[str, Field(max_length=20, examples=["10.00"])]
FAULTS = {
    status: {"model": models.Fault, "description": text}
    for status, text in (
        (400, "no such request"), (404, "there is no such meter or order"),
        (409, "not done, and why"), (413, "too long"), (422, "a field is wrong"),
        (503, "the store cannot be used"),
    )
}  # fmt: skip
router = APIRouter(prefix="/api", responses=FAULTS)


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Sale(Given):
    """`sale`: the till's own name of this sale; asked again under it, nothing is sold twice."""

    amount: Amount
    sale: Key | None = None


class ExtraReading(Given):
    kwh: Annotated[str, Field(max_length=20, examples=["12345.6"])]
    key: Key | None = None


def desk(request: Request):
    return request.app.state.desk


@router.get("/meters")
def meters(request: Request) -> list[models.MeterRow]:
    return desk(request).meters()


@router.get("/meters/{meter}")
def meter(request: Request, meter: MeterId) -> models.MeterPage:
    return desk(request).meter(meter)


@router.put("/meters/{meter}")
def put_meter(request: Request, meter: MeterId, given: MeterGiven) -> models.MeterPage:
    """Make a meter known whose keys are here, or change what is known of it."""
    return desk(request).add_meter(meter, given)


@router.get("/meters/{meter}/why")
def why(request: Request, meter: MeterId,
        display: Annotated[str | None, Query(max_length=20)] = None) -> models.Why:  # fmt: skip
    """Why the SMS, this page and the meter differ; `display`: what is read at the meter."""
    return desk(request).why(meter, display)


@router.get("/meters/{meter}/orders")
def orders(
    request: Request, meter: MeterId, before: Annotated[int | None, Query(ge=0, le=2**53)] = None
) -> list[models.OrderRow]:
    """The orders, newest first; `before`: older than this one."""
    return desk(request).orders(meter, before)


@router.get("/meters/{meter}/record")
def record(
    request: Request, meter: MeterId, before: Annotated[int | None, Query(ge=0, le=2**53)] = None
) -> list[models.MessageRow]:
    """The communication record, newest first; `before`: older than this one."""
    return desk(request).record(meter, before)


@router.get("/meters/{meter}/bills")
def bills(request: Request, meter: MeterId) -> models.Bills:
    return desk(request).bills(meter)


@router.get("/meters/{meter}/bills.csv", response_class=Response,
            responses={200: {"content": {"text/csv": {}}}})  # fmt: skip
def bills_csv(request: Request, meter: MeterId):
    from tools.headend.sheet import csv_of

    return Response(csv_of(desk(request).bills(meter)), media_type="text/csv; charset=utf-8")


@router.get("/meters/{meter}/readings")
def readings(request: Request, meter: MeterId) -> list[models.ReadingRow]:
    return desk(request).readings(meter)


@router.post("/meters/{meter}/readings", status_code=201)
def extra_reading(request: Request, meter: MeterId, given: ExtraReading) -> models.Said:
    """A reading that the customer took himself."""
    return desk(request).extra_reading(meter, given.kwh, given.key)


@router.get("/meters/{meter}/alerts")
def alerts(request: Request, meter: MeterId) -> list[models.AlertRow]:
    return desk(request).alerts(meter)


@router.get("/meters/{meter}/sms")
def meter_sms(request: Request, meter: MeterId) -> models.SmsPage:
    return desk(request).sms(meter)


@router.get("/meters/{meter}/plots", response_class=Response,
            responses={200: {"content": {"text/html": {}}}})  # fmt: skip
def plots(request: Request, meter: MeterId):
    from tools.headend.plots import page_of

    return Response(page_of(desk(request), meter), media_type="text/html; charset=utf-8")


@router.get("/meters/{meter}/label.svg", response_class=Response,
            responses={200: {"content": {"image/svg+xml": {}}}})  # fmt: skip
def label(request: Request, meter: MeterId):
    """The meter's label with its vending barcode, to print again."""
    from tools.label import svg_label

    found = desk(request).meter(meter)
    keys = desk(request).headend.keys(found["id"])
    return Response(svg_label(keys.meter, keys.originator), media_type="image/svg+xml")


@router.post("/meters/{meter}/topups", status_code=201)
def top_up(request: Request, meter: MeterId, given: Sale) -> models.Receipt:
    """Sell a top-up: the receipt has its code. What is not sold has none, and says why."""
    return desk(request).top_up(meter, given.amount, given.sale)


@router.post("/meters/{meter}/commands", status_code=201)
def command(request: Request, meter: MeterId,
            wish: Annotated[Command, Body()]) -> models.OrderPage | models.Said:  # fmt: skip
    """Any other command; debts, settings, supply, text. `key`: asked again under it, nothing is done
    twice; under it with other contents, nothing is done."""
    made = desk(request).command(meter, wish)
    return made or {"text": "The meter is asked for it."}


@router.get("/orders/{order}")
def order(request: Request, order: OrderId) -> models.OrderPage:
    return desk(request).order(order)


@router.get("/orders/{order}/code")
def code(request: Request, order: OrderId) -> models.Code:
    """The 20 digits, to be read to a caller; the very same top-up."""
    return desk(request).code(order)


@router.post("/orders/{order}/reissue")
def reissue(request: Request, order: OrderId) -> models.OrderPage:
    """Send it again under the same number."""
    return desk(request).reissue(order)


@router.get("/sms")
def sms(request: Request) -> models.SmsPage:
    return desk(request).sms()
