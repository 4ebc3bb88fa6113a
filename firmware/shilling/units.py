"""Money and energy as integers, and the texts people read.

Money: milli-pence (mp), GBCS 10^-5 GBP, or 10^-5 of another currency. Energy: Wh. Rates: mp per
kWh. Source: DOMAIN 1, 13.
"""

MP_PER_PENNY = 1000
MP_PER_POUND = 100000
LIMIT_MP = 1000000000  # +-£10 000: no balance or debt passes it; 2^30 - 1 is the small-int end
SYMBOLS = "£¥R€$"  # by the setting `currency`


def money(pence: int, currency: int) -> str:
    """Text of whole pence, or of what the currency has for them: £3.50, -£1.20, ¥12.40."""
    sign = ""
    if pence < 0:
        sign = "-"
        pence = -pence
    return "%s%s%d.%02d" % (sign, SYMBOLS[currency], pence // 100, pence % 100)


def credit_text(amount_mp: int, currency: int = 0) -> str:
    """Credit, rounded to a penny towards less, so that it never promises what is not there."""
    return money(amount_mp // MP_PER_PENNY, currency)


def owed_text(amount_mp: int, currency: int = 0) -> str:
    """What is owed, rounded to a penny towards more."""
    return money(-(-amount_mp // MP_PER_PENNY), currency)


class Total:
    """A running total that grows for ever: whole pounds and the rest in mp, 0 <= rest < £1."""

    def __init__(self) -> None:
        self.pounds = 0
        self.rest_mp = 0

    def add(self, amount_mp: int) -> None:
        """Add a signed amount in mp, at most LIMIT_MP at a time."""
        rest_mp = self.rest_mp + amount_mp
        self.pounds += rest_mp // MP_PER_POUND
        self.rest_mp = rest_mp % MP_PER_POUND
