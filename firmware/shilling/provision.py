"""How a new meter gets its settings, its keys and what it starts with.

Takes an erased store and a dict of settings; writes the first checkpoint. Source: SCENARIO `given`.
"""

from shilling import account
from shilling.ledger import BLANK, OPENED, Ledger
from shilling.meter import Meter

KEYS = ("meter_id", "originator_id", "secret")
START = (
    "day", "second", "balance_mp", "payment_mp", "accumulated_mp", "ec_activated", "ec_left_mp",
)  # fmt: skip
PROFILE = "smart_payg"


def provision(store, settings: dict) -> None:
    """Set up a new meter on an erased store: settings and opening entries in one checkpoint.

    `settings`: those of config.RANGES; the KEYS (bytes); what it STARTs with, day and second in UTC.
    ValueError says what is wrong with one, and nothing is written."""
    meter = Meter()
    for name, value in settings.items():
        if name in KEYS:
            meter.config.set_key(name, value)
        elif name == "profile":
            if value != PROFILE:
                raise ValueError("profile must be %s, not %s" % (PROFILE, value))
        elif name not in START:
            meter.config.set(name, value)
    _open(meter, settings)
    ledger = Ledger(store)
    found = ledger.recover(Meter().parts)
    if found == OPENED:
        raise ValueError("this store holds a meter already")
    if found != BLANK:
        raise ValueError("this store holds something that cannot be read: erase it first")
    if not ledger.create(meter.parts):
        raise ValueError("the store did not keep what was written")


def _open(meter: Meter, settings: dict) -> None:
    """Bring amounts forward, so that the ledger sums to zero from the start (S10)."""
    limit_mp = meter.config.ec_limit_mp
    for register, amount_mp in (
        (account.BALANCE, settings.get("balance_mp", 0)),
        (account.PAYMENT, -settings.get("payment_mp", 0)),
        (account.ACCUMULATED, -settings.get("accumulated_mp", 0)),
        (account.EMERGENCY, settings.get("ec_left_mp", limit_mp) - limit_mp),
    ):
        if not meter.account.spend(register, account.OPENING, -amount_mp):
            raise ValueError("%s of %d mp is past the limit" % (register, amount_mp))
    meter.account.ec_activated = settings.get("ec_activated", 0)
    meter.clock.set(settings.get("day", meter.clock.day), settings.get("second", 0))
    meter.standing_day = meter.clock.day
