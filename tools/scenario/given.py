"""The `given` part of a scenario: the meter to start from, as the settings of provision().

Takes the located mapping (or None); gives a dict of ints, with bytes as hex text. Money in mp,
rates in mp per kWh, `day` and `second` UTC since 2000-01-01. Source: SCENARIO.md, "Defaults".
"""

from tools.scenario.nodes import Fault, Item
from tools.scenario.values import (
    DAY_S,
    MP_PER_POUND,
    hexadecimal,
    moment_s,
    pence_mp,
    pounds_mp,
    truth,
    whole,
    word,
)
from tools.utrn_vend import KEY_BYTES, PUBLIC_TEST_KEYS

KNOWN = (
    "profile", "now", "region", "balance", "rate", "standing_charge", "debt", "emergency",
    "imp_per_kwh", "keys",
)  # fmt: skip
REGIONS = ("england_wales", "scotland", "northern_ireland")
LATER_PROFILES = {
    "key_meter": "the meter plays smart_payg only",
    "gas_weekly": "the meter plays smart_payg only",
    "remote_tiered": "the meter plays smart_payg only",
}
LATER_DEBT = {
    "time1": "debt collected by time",
    "weekly": "debt collected by time",
    "parts": "debt collected by time",
}
DEFAULT_NOW = Item(0, "2026-11-20T11:00:00")
LIMIT_MP = 10_000 * MP_PER_POUND
EC_LIMIT_MP = 100 * MP_PER_POUND
EC_DEFAULT_MP = 5 * MP_PER_POUND
RATE_LIMIT_MP = 10 * MP_PER_POUND
STANDING_LIMIT_MP = 100 * MP_PER_POUND


def settings_of(item):
    """The settings of the meter a scenario starts from; None gives the defaults."""
    fields = {} if item is None else item.fields(
        "given", KNOWN, {"tariff": "tariffs of more than one rate"}
    )  # fmt: skip
    if "profile" in fields:
        word(fields["profile"], "profile", ("smart_payg",), LATER_PROFILES)
    now_s = moment_s(fields.get("now", DEFAULT_NOW), "now")
    region = word(fields.get("region", Item(0, REGIONS[0])), "region", REGIONS)
    settings = {
        "profile": "smart_payg",
        "day": now_s // DAY_S,
        "second": now_s % DAY_S,
        "region": REGIONS.index(region),
        "balance_mp": 10 * MP_PER_POUND,
        "rate_mp": 24_500,
        "standing_mp": 0,
        "imp_per_kwh": 1000,
    }
    if "balance" in fields:
        settings["balance_mp"] = pounds_mp(fields["balance"], "balance", -LIMIT_MP)
    if "rate" in fields:
        if isinstance(fields["rate"].value, dict):
            raise Fault(fields["rate"].line, "rate: a tariff block is not there yet")
        settings["rate_mp"] = pence_mp(fields["rate"], "rate", RATE_LIMIT_MP)
    if "standing_charge" in fields:
        settings["standing_mp"] = pence_mp(
            fields["standing_charge"], "standing_charge", STANDING_LIMIT_MP
        )
    if "imp_per_kwh" in fields:
        settings["imp_per_kwh"] = whole(fields["imp_per_kwh"], "imp_per_kwh", 1, 100_000)
    settings.update(_debt(fields.get("debt")))
    settings.update(_emergency(fields.get("emergency")))
    settings.update(_keys(fields.get("keys")))
    return settings


def _debt(item):
    known = ("payment", "share", "weekly_cap", "accumulated")
    fields = {} if item is None else item.fields("debt", known, LATER_DEBT)
    debt = {"payment_mp": 0, "share": 30, "weekly_cap_mp": 0, "accumulated_mp": 0}
    for name in ("payment", "weekly_cap", "accumulated"):
        if name in fields:
            debt[f"{name}_mp"] = pounds_mp(fields[name], f"debt {name}")
    if "share" in fields:
        debt["share"] = whole(fields["share"], "debt share", 0, 100)
    return debt


def _emergency(item):
    known = ("limit", "threshold", "activated", "left")
    fields = {} if item is None else item.fields("emergency", known)
    limit_mp = threshold_mp = EC_DEFAULT_MP
    if "limit" in fields:
        limit_mp = pounds_mp(fields["limit"], "emergency limit", 0, EC_LIMIT_MP)
    if "threshold" in fields:
        threshold_mp = pounds_mp(fields["threshold"], "emergency threshold", 0, EC_LIMIT_MP)
    activated = "activated" in fields and truth(fields["activated"], "emergency activated")
    left_mp = limit_mp
    if "left" in fields:
        left_mp = pounds_mp(fields["left"], "emergency left", 0, limit_mp)
        if left_mp < limit_mp and not activated:
            raise Fault(
                fields["left"].line,
                "emergency left is below its limit, so something is owed: say activated: true",
            )
    return {
        "ec_limit_mp": limit_mp,
        "ec_threshold_mp": threshold_mp,
        "ec_activated": int(activated),
        "ec_left_mp": left_mp,
    }


def _keys(item):
    fields = {} if item is None else item.fields("keys", tuple(KEY_BYTES))
    texts = {
        name: hexadecimal(fields.get(name, Item(0, PUBLIC_TEST_KEYS[name])), f"keys {name}", size)
        for name, size in KEY_BYTES.items()
    }
    return {
        "meter_id": texts["meter"],
        "originator_id": texts["originator"],
        "secret": texts["secret"],
    }
