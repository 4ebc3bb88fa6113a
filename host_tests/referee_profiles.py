"""Meters of all profiles by chance: debts by time, tariffs, special days, gas by volume.

Takes a seeded chance, gives settings as provision() takes them. Source: DOMAIN 7, 8, 11, 12.
"""

import struct
from datetime import datetime

from model import UTC

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Days worth starting near: clock changes, bank holidays of each region, ends of months and years
DAYS = (
    (2026, 3, 27), (2026, 10, 23), (2027, 3, 26), (2028, 10, 27), (2026, 12, 24), (2027, 12, 23),
    (2028, 3, 16), (2029, 7, 11), (2027, 4, 30), (2028, 5, 25), (2026, 8, 1), (2026, 8, 28),
    (2027, 11, 29), (2028, 2, 28), (2030, 4, 18), (2032, 12, 31), (2031, 1, 2),
)  # fmt: skip
PROFILES = ("smart_payg", "key_meter", "gas_weekly", "remote_tiered")
PRICES = (24500, 24500, 31999, 12000, 7777, 60001, 1, 0)
MINUTES = (0, 1, 30, 59, 60, 90, 119, 120, 450, 599, 600, 960, 1439)
EVERY_DAY, SPECIAL = 0x7F, 0x80


def settings(chance):
    """A meter to start from."""
    pick, below = chance.choice, chance.randrange
    day = (datetime(*pick(DAYS), tzinfo=UTC) - EPOCH).days + below(-2, 5)
    given = {
        "day": day, "second": pick((0, 39600, 35990, 57590, 86390, below(86400))),
        "region": below(3), "profile": pick(PROFILES), "standing_mp": pick((0, 53210, 53210, 100000)),
        "imp_per_kwh": pick((1000, 1000, 1000, 800, 3200, 1, 999)),
        "balance_mp": pick((0, 1, 24, 1000, 24500, 499999, 500000, 500001, -1, -120000,
                            below(-300000, 1500000), 90000000)),
        "payment_mp": pick((0, 5000000, 200000, 7, below(9000000))),
        "weekly_cap_mp": pick((0, 0, 500000, 100001)),
        "accumulated_mp": pick((0, 0, 0, 61234, 400000)),
        "ec_threshold_mp": pick((500000, 500000, 200000, 0)),
        "max_credit_mp": pick((14900000, 14900000, 2000000)),
        "max_balance_mp": pick((100000000, 100000000, 3000000)),
    }  # fmt: skip
    if given["profile"] != "remote_tiered" or chance.random() < 0.5:
        given.update(emergency(chance))
    if given["profile"] == "smart_payg":
        given["share"] = pick((30, 30, 30, 10, 33, 100, 0))
    if given["profile"] in ("key_meter", "gas_weekly"):
        given.update(time_debt(chance))
    if given["profile"] == "gas_weekly" and chance.random() < 0.7:
        given["imp_per_kwh"], given["calorific"] = pick((100, 100, 1, 10)), pick((3950, 3821, 5500))
    given.update(prices(chance, day))
    if chance.random() < 0.3:
        given["special_days"] = special_days(chance, day)
    return given


def emergency(chance):
    pick = chance.choice
    limit = pick((500000, 500000, 500000, 0, 1000000))
    given = {"ec_limit_mp": limit, "ec_activated": 0, "ec_left_mp": limit}
    if limit and chance.random() < 0.4:
        given["ec_activated"] = 1
        given["ec_left_mp"] = pick((0, 1, 24499, limit // 2, limit - 1))
    return given


def time_debt(chance):
    pick, below = chance.choice, chance.randrange
    given = {
        "time_1_mp": pick((5000000, 5000000, 1000001, below(20000000), 7, 0)),
        "weekly_mp": pick((700000, 700000, 1000000, 1000001, below(1, 3000000), 6, 0)),
        "parts": pick((7, 7, 100)), "suspend_debt_emergency": pick((1, 1, 0)),
        "suspend_debt_disabled": pick((1, 1, 0)),
    }  # fmt: skip
    if chance.random() < 0.2:
        given["usable_share"] = pick((0, 1, 50, 100))
    return given


def prices(chance, day):
    """A flat price or a tariff, and perhaps one to come."""
    if chance.random() < 0.4:
        given = {"rate_mp": chance.choice((*PRICES, 1000000))}
    else:
        given = {"tariff": tariff(chance)}
    if chance.random() < 0.3:
        start = day + chance.randrange(5), chance.choice((0, 0, 82800, chance.randrange(86400)))
        given["next_tariff"] = struct.pack("<HI", *start) + tariff(chance)
    return given


def tariff(chance):
    """Up to 8 rates of up to 4 blocks, packed (SPEC.md)."""
    rates, blocks = chance.choice((1, 1, 2, 2, 3, 8)), chance.choice((1, 1, 2, 3, 4))
    packed = bytearray((rates, blocks))
    for kwh in sorted(chance.sample((1, 2, 3, 5, 8, 13, 21, 100), blocks - 1)):
        packed += struct.pack("<H", kwh)
    for _ in range(rates * blocks):
        packed += chance.choice((*PRICES, chance.randrange(100000))).to_bytes(3, "little")
    switches = [] if rates == 1 else switched(chance, rates)
    packed.append(len(switches))
    for days, rate, minute in switches:
        packed += struct.pack("<BBH", days, rate, minute)
    return bytes(packed)


def switched(chance, rates):
    """(days, rate, minute): each rate has its time on every day, and there are others besides."""
    minutes = chance.sample(MINUTES, rates)
    found = [(EVERY_DAY, rate, minute) for rate, minute in enumerate(minutes)]
    for minute in chance.sample(range(1440), chance.choice((0, 0, 1, 5))):
        if minute not in minutes:
            found.append((chance.randrange(1, 256), chance.randrange(rates), minute))
    if chance.random() < 0.3:
        found.append((SPECIAL, chance.randrange(rates), chance.choice(MINUTES)))
    used = set()
    for days, rate, minute in list(found):
        if any(minute == at and days & mask for mask, at in used):
            found.remove((days, rate, minute))
        used.add((days, minute))
    chance.shuffle(found)
    return found


def special_days(chance, day):
    """3 bytes a day: near the start, added or cancelled."""
    days = {day + chance.randrange(20) for _ in range(chance.choice((1, 3, 20)))}
    return b"".join(struct.pack(">HB", each, chance.randrange(2)) for each in sorted(days))


def payment(chance):
    """(register, thousandths of what is owed) of W8; more than 1000 is too much."""
    part = chance.choice((1000, 1000, 500, 1, 0, 1001, chance.randrange(1200)))
    return chance.choice(("payment", "time1", "accumulated")), part


def to_come(chance):
    """A tariff and its start: (packed, edge, seconds from it)."""
    edge = chance.choice(("midnight", "local midnight", "month", "due", "ten"))
    return tariff(chance), edge, chance.choice((0, 0, 0, 1, -1, -86400, 604800, -900000))

