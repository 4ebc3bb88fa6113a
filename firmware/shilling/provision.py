"""How a new meter gets its settings, its keys and what it starts with.

Takes an erased store and a dict of settings; writes the first checkpoint. Source: SCENARIO `given`.
"""

from micropython import const

from shilling import account
from shilling.ledger import BLANK, OPENED, Ledger
from shilling.meter import Meter
from shilling.table import Table

_MOST_MP = const(0x3FFFFFFF)  # £10 737: every limit of the account is below it
BYTES = ("meter_id", "originator_id", "secret", "special_days")
TARIFF = ("tariff", "next_tariff", "rate_mp")
START = (
    "day", "second", "balance_mp", "payment_mp", "time_1_mp", "accumulated_mp", "ec_activated",
    "ec_left_mp",
)  # fmt: skip

# What is started with, and its limits; amounts are checked by the account
_LIMITS = (
    ("day", 0, 65535), ("second", 0, 86399), ("ec_activated", 0, 1), ("payment_mp", 0, _MOST_MP),
    ("time_1_mp", 0, _MOST_MP), ("accumulated_mp", 0, _MOST_MP),
    ("balance_mp", -_MOST_MP, _MOST_MP), ("ec_left_mp", -_MOST_MP, _MOST_MP),
)  # fmt: skip


def provision(store, settings: dict) -> None:
    """Set up a new meter on an erased store: settings and opening entries in one checkpoint.

    `settings`: the profile, whose settings come first; those of config.SETTINGS; BYTES; a TARIFF
    (packed, next_tariff with the u16 day and u32 second of its start before it; or one rate_mp);
    what it STARTs with, day and second in UTC. ValueError says what is wrong with one, and nothing
    is written."""
    write(store, made(settings))


def made(settings: dict) -> Meter:
    """The new meter, with nothing on flash yet. ValueError as for provision()."""
    meter = Meter()
    config = meter.config
    config.set_profile(settings.get("profile", "smart_payg"))
    for name, value in settings.items():
        if name in BYTES:
            config.set_bytes(name, value)
        elif name not in START and name not in TARIFF and name != "profile":
            config.set(name, value)
    _set_tariff(meter.tariff, settings)
    _open(meter, settings)
    return meter


def write(store, meter: Meter) -> None:
    """Its first checkpoint. ValueError: the store is not blank, or did not keep it."""
    ledger = Ledger(store)
    found = ledger.recover(Meter().parts)
    if found == OPENED:
        raise ValueError("this store holds a meter already")
    if found != BLANK:
        raise ValueError("this store cannot be read: erase it first")
    if not ledger.create(meter.parts):
        raise ValueError("the store did not keep the settings")


def _set_tariff(tariff, settings: dict) -> None:
    if "rate_mp" in settings:
        tariff.set_flat(settings["rate_mp"])
    if "tariff" in settings:
        tariff.set(settings["tariff"])
    if settings.get("next_tariff"):
        Table(settings["next_tariff"][6:])
        tariff.coming = settings["next_tariff"]


def _open(meter: Meter, settings: dict) -> None:
    """Bring amounts forward, so that the ledger sums to zero from the start (S10)."""
    for name, least, most in _LIMITS:
        value = settings.get(name, 0)
        if not isinstance(value, int) or not least <= value <= most:
            raise ValueError("%s must be a whole number from %d to %d" % (name, least, most))
    limit_mp = meter.config.ec_limit_mp
    for register, amount_mp in (
        (account.BALANCE, settings.get("balance_mp", 0)),
        (account.PAYMENT, -settings.get("payment_mp", 0)),
        (account.TIME_1, -settings.get("time_1_mp", 0)),
        (account.ACCUMULATED, -settings.get("accumulated_mp", 0)),
        (account.EMERGENCY, settings.get("ec_left_mp", limit_mp) - limit_mp),
    ):
        if not meter.account.spend(register, account.OPENING, -amount_mp):
            raise ValueError("%s of %d mp is past the limit" % (register, amount_mp))
    if meter.account.emergency_mp > 0:
        raise ValueError("ec_left_mp is over ec_limit_mp, %d" % limit_mp)
    meter.account.ec_activated = settings.get("ec_activated", 0)
    clock = meter.clock
    clock.set(settings.get("day", clock.day), settings.get("second", 0))
    if "day" in settings:  # else it begins when the time is known: an image may lie for long
        meter.dues.day = clock.day
        meter.dues.second = clock.second()
    meter.usage.day = meter.protection.local().day
    meter.tariff.begin_month(clock.day)
