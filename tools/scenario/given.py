"""The `given` part of a scenario: the meter to start from, as the settings of provision().

Takes the located mapping (or None); gives a dict of ints, with bytes as hex text. Money in mp,
rates in mp per kWh, `day` and `second` UTC since 2000-01-01. What the file leaves out and the
profile decides stays out. Source: SCENARIO.md, "Defaults"; DOMAIN 12.
"""

from tools.scenario.debt import debt_of, emergency_of
from tools.scenario.nodes import Fault, Item
from tools.scenario.rates import FLAT
from tools.scenario.tariff import PRICE_LIMIT_MP, packed, packed_next
from tools.scenario.values import (
    DAY_S,
    MP_PER_POUND,
    date_day,
    exactly,
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
    "profile", "now", "region", "balance", "rate", "tariff", "standing_charge", "debt", "emergency",
    "imp_per_kwh", "keys", "special_days", "gas", "currency", "friendly_hours",
)  # fmt: skip
PROFILES = ("smart_payg", "key_meter", "gas_weekly", "remote_tiered")
REGIONS = ("england_wales", "scotland", "northern_ireland")
CURRENCIES = ("GBP", "CNY", "ZAR", "EUR", "USD")
SPECIAL_DAYS_LIMIT = 20
SPECIAL_DAYS = {"holiday": 1, "working": 0}
DEFAULT_NOW = Item(0, "2026-11-20T11:00:00")
DEFAULT_RATE_MP = 24_500
DEFAULT_IMP = 1000
DEFAULT_IMP_PER_M3 = 100
LIMIT_MP = 10_000 * MP_PER_POUND
STANDING_LIMIT_MP = 100 * MP_PER_POUND
CALORIFIC_STEPS = (100, "hundredths of a MJ/m3")
CALORIFIC_LIMIT = 5_500


def settings_of(item, rates):
    """The settings of the meter a scenario starts from; None gives the defaults. `rates` gets the
    names of its rates."""
    fields = {} if item is None else item.fields("given", KNOWN)
    profile = word(fields.get("profile", Item(0, PROFILES[0])), "profile", PROFILES)
    now_s = moment_s(fields.get("now", DEFAULT_NOW), "now")
    region = word(fields.get("region", Item(0, REGIONS[0])), "region", REGIONS)
    settings = {
        "profile": profile,
        "day": now_s // DAY_S,
        "second": now_s % DAY_S,
        "region": REGIONS.index(region),
        "balance_mp": 10 * MP_PER_POUND,
        "standing_mp": 0,
        "imp_per_kwh": DEFAULT_IMP,
    }
    if "balance" in fields:
        settings["balance_mp"] = pounds_mp(fields["balance"], "balance", -LIMIT_MP)
    if "standing_charge" in fields:
        settings["standing_mp"] = pence_mp(
            fields["standing_charge"], "standing_charge", STANDING_LIMIT_MP
        )
    settings.update(_tariff(item, fields, now_s, rates))
    settings.update(_pulses(item, fields))
    settings.update(_calendar(fields))
    if "currency" in fields:
        settings["currency"] = CURRENCIES.index(word(fields["currency"], "currency", CURRENCIES))
    settings.update(debt_of(fields.get("debt"), profile))
    settings.update(emergency_of(fields.get("emergency"), profile))
    settings.update(_keys(fields.get("keys")))
    return settings


def _tariff(item, fields, now_s, rates):
    """The prices, from `rate` or from `tariff`."""
    if "tariff" not in fields:
        rate_mp = DEFAULT_RATE_MP
        if "rate" in fields:
            rate_mp = pence_mp(fields["rate"], "rate", PRICE_LIMIT_MP)
        rates.take((FLAT,), 0)
        return {"rate_mp": rate_mp}
    if "rate" in fields:
        line = max(item.key_lines["rate"], item.key_lines["tariff"])
        raise Fault(line, "given: rate and tariff are both there, keep one of them")
    tariff = fields["tariff"]
    text, names = packed(tariff, ("next",))
    rates.take(names, tariff.value["rates"].line)
    settings = {"tariff": text}
    if "next" in tariff.value:
        following = tariff.value["next"]
        settings["next_tariff"], names = packed_next(following, now_s)
        rates.take(names, following.value["rates"].line)
    return settings


def _pulses(item, fields):
    """What a pulse counts: a part of a kWh, or of a cubic metre of gas (DOMAIN 8, 12)."""
    if "gas" not in fields:
        if "imp_per_kwh" in fields:
            return {"imp_per_kwh": whole(fields["imp_per_kwh"], "imp_per_kwh", 1, 100_000)}
        return {}
    if "imp_per_kwh" in fields:
        line = max(item.key_lines["gas"], item.key_lines["imp_per_kwh"])
        raise Fault(line, "given: with gas the pulses count cubic metres, say imp_per_m3 in it")
    gas = fields["gas"].fields("gas", ("calorific_value", "imp_per_m3"))
    if "calorific_value" not in gas:
        raise Fault(fields["gas"].line, "gas: calorific_value is missing, such as 39.50 (MJ/m3)")
    value = gas["calorific_value"]
    settings = {
        "calorific": exactly(
            value, "gas calorific_value", "MJ/m3", CALORIFIC_STEPS, 1, CALORIFIC_LIMIT
        ),
        "imp_per_kwh": DEFAULT_IMP_PER_M3,
    }
    if "imp_per_m3" in gas:
        settings["imp_per_kwh"] = whole(gas["imp_per_m3"], "gas imp_per_m3", 1, 100_000)
    return settings


def _calendar(fields):
    """Special days, and whether there are friendly hours."""
    settings = {}
    if "friendly_hours" in fields:
        settings["friendly"] = int(truth(fields["friendly_hours"], "friendly_hours"))
    if "special_days" in fields:
        settings["special_days"] = special_days(fields["special_days"])
    return settings


def special_days(item):
    """{date: holiday or working} as hex text, 3 bytes a day (SPEC.md 3)."""
    if not isinstance(item.value, dict) or not item.value:
        raise Fault(item.line, "special_days must be a mapping such as {2026-12-24: holiday}")
    if len(item.value) > SPECIAL_DAYS_LIMIT:
        what = f"special_days has {len(item.value)} days"
        raise Fault(item.line, f"{what}: a meter keeps {SPECIAL_DAYS_LIMIT} at most")
    packed_days = bytearray()
    for text, kind in item.value.items():
        day = date_day(text, item.key_lines[text], "special_days")
        packed_days += day.to_bytes(2, "big")
        packed_days.append(SPECIAL_DAYS[word(kind, f"special_days {text}", tuple(SPECIAL_DAYS))])
    return packed_days.hex()


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
