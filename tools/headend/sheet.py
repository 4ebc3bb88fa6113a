"""The bills as CSV: a line for each day, each month, and each price within them.

Takes what the API gives as bills; money as decimal text of the currency's unit, exact.
"""

import csv
import io
from decimal import Decimal

from tools.headend.amounts import MP_PER_POUND

COLUMNS = (
    "kind", "name", "from_utc_s", "to_utc_s", "rate", "tier", "price_per_kwh", "kwh", "energy",
    "standing", "cost", "taken_by_meter", "topped_up", "debt_paid", "adjusted", "balance_after",
)  # fmt: skip
MONEY = ("energy", "standing", "cost", "taken", "topped_up", "debt_paid", "adjusted", "balance_to")


def exact(money):
    return "" if money is None else f"{Decimal(money['mp']) / MP_PER_POUND:.5f}"


def csv_of(bills):
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS)
    for kind in ("months", "days"):
        for bill in bills[kind]:
            span = bill["name"], bill["start"]["at_s"], bill["end"]["at_s"]
            sheet.writerow(
                [kind[:-1], *span, "", "", "", bill["kwh"], *(exact(bill[m]) for m in MONEY)]
            )
            for line in bill["lines"]:
                kwh, cost = f"{line['wh'] / 1000:.3f}", exact(line["cost"])
                price = line["rate"], line["block"], exact(line["price"])
                sheet.writerow([f"{kind[:-1]} line", *span, *price, kwh, cost])
    return text.getvalue()
