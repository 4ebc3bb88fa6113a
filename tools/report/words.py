"""How the report writes money, energy and time.

Takes mp, Wh and UTC seconds since 2000-01-01; gives text. `symbol` is the meter's currency.
"""

MP_PER_PENNY = 1000


def written(pence, symbol):
    return f"{'-' if pence < 0 else ''}{symbol}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def money(mp, symbol):
    """What something cost or was paid, to the nearest penny: 123456 mp is £1.23."""
    return written((round(mp) + MP_PER_PENNY // 2) // MP_PER_PENNY, symbol)


def credit(mp, symbol):
    """As the meter shows it (DOMAIN 13): never more than there is."""
    return written(mp // MP_PER_PENNY, symbol)


def owed(mp, symbol):
    """As the meter shows it: never less than there is."""
    return written(-(-mp // MP_PER_PENNY), symbol)


def kwh(wh):
    return f"{wh / 1000:.2f} kWh"


def price(mp_per_kwh, symbol):
    """A price of one kWh: pence where there are such, else the currency's whole unit."""
    if symbol == "£":
        return f"{mp_per_kwh / MP_PER_PENNY:.2f}p"
    return f"{symbol}{mp_per_kwh / MP_PER_PENNY / 100:.4f}"
