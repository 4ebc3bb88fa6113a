"""The head-end's rows as the API gives them: money and times with the text that people read.

Takes rows of tables.py and `now`; gives dicts of models.py.
"""

from tools.headend import bodies
from tools.headend.orders import NOT_USED_UP
from tools.headend.tables import FAILED, RECEIVED, TOP_UP_WINDOW, UP
from tools.headend.texts import ago, credit, kwh, local, money, owed, price, span, when
from tools.headend.why import LATE_S

ALERTS = {
    0x810D: "low credit", 0x810E: "credit added at the meter", 0x8119: "emergency credit available",
    0x81AB: "emergency credit accepted", 0x81AA: "emergency credit used up",
    0x8F0F: "below the limit: supply off", 0x8F83: "friendly hours keep supply on",
    0x8F32: "supply armed", 0x8168: "emergency credit armed supply", 0x81A7: "debt 1 paid off",
    0x81A8: "debt 2 paid off", 0x81A9: "payment debt paid off", 0x81C4: "code entry suspended",
    0x81C5: "code refused, locked out", 0x8F47: "over the maximum balance", 0x8F51: "used already",
    0x8F5B: "over the maximum credit", 0x8F63: "not authentic", 0x8F64: "not for this meter",
    0x81AE: "fault of the store", 0x81B3: "watchdog", 0x81BD: "relay fault", 0x81C0: "relay fault",
}  # fmt: skip
KIND_WORDS = {kind: name.replace("_", " ") for kind, name in bodies.COMMAND_NAMES.items()}
UP_WORDS = {kind: name.replace("_", " ") for kind, name in bodies.ANSWER_NAMES.items()}
FLAGS = ((2, "halted"), (4, "relay fault"), (1, "friendly hours"), (8, "TLS"), (16, "contact closed"),
         (32, "development variant"))  # fmt: skip
ALARMS = 2 | 4


def cash(mp, symbol, write=money):
    return None if mp is None else {"mp": mp, "text": write(mp, symbol)}


def moment(at_s, now):
    return None if at_s is None else {"at_s": at_s, "text": when(at_s, now)}


def meter(row, state, counts, now):
    """A Meter, its State or None, (orders on the way, flagged ones)."""
    return {
        "id": row.id, "name": row.name, "phone": row.phone, "profile": row.profile,
        "symbol": row.currency, "heard": moment(row.heard_s, now),
        "is_late": row.heard_s is None or now - row.heard_s > LATE_S,
        "balance": cash(state.balance_mp, row.currency, credit) if state else None,
        "supply": bodies.SUPPLY_NAMES[state.told.supply] if state else None,
        "on_the_way": counts[0], "flagged": counts[1],
    }  # fmt: skip


def facts(state, symbol, now):
    """What the meter said last, line by line."""
    told = state.told
    ec, supply = bodies.EC_NAMES[told.ec], bodies.SUPPLY_NAMES[told.supply]
    left, lent = credit(told.ec_left_mp, symbol), owed(told.ec_owed_mp, symbol)
    debts = (("paid by a share of top-ups", told.payment_mp), ("by time", told.time1_mp),
             ("by time, the second", told.time2_mp), ("accumulated", told.accumulated_mp))  # fmt: skip
    parts = ", ".join(f"{owed(mp, symbol)} {name}" for name, mp in debts if mp)
    flags = [name for bit, name in FLAGS if told.flags & bit]
    hourly = money(told.power_w * told.price_mp // 1000, symbol)
    lines = [
        ("Balance", credit(state.balance_mp, symbol), state.balance_mp < 0),
        ("Supply", supply.replace("_", " "), told.supply != 0),
        ("Emergency credit", f"{ec.replace('_', ' ')}, {left} left, {lent} owed", False),
        ("Debt", parts or "none", False),
        ("Using now", f"{told.power_w} W, {hourly} an hour", False),
        ("Today", f"{kwh(told.today_wh)}, {money(told.today_mp, symbol)}", False),
        ("Price now", f"{price(told.price_mp, symbol)} (rate {told.rate + 1}, tier {told.block + 1})", False),
        ("Register", f"{told.wh // 1000}.{told.wh % 1000:03d} kWh", False),
        ("Clock", bodies.CLOCK_NAMES[told.clock], told.clock == 2),
        ("Running for", span(told.uptime_s), False),
        ("Says of itself", ", ".join(flags) or "nothing", bool(told.flags & ALARMS)),
        ("Packets it refused", str(told.refused), told.refused > 0),
        ("Firmware", told.version, False),
    ]  # fmt: skip
    if told.need_mp:
        lines.insert(2, ("Needs to restore", owed(told.need_mp, symbol), True))
    lines.append(("Heard", f"{when(state.heard_s, now)} ({ago(now - state.heard_s)})", False))
    return [{"name": name, "text": text, "alarm": alarm} for name, text, alarm in lines]


def order(row, symbol, now):
    outcome = None if row.outcome is None else bodies.OUTCOMES[row.outcome]
    is_top_up = row.window == TOP_UP_WINDOW
    retry = row.state == FAILED and row.outcome in NOT_USED_UP
    return {
        "id": row.id, "meter": row.meter, "number": row.number, "window": row.window,
        "what": KIND_WORDS.get(row.kind, str(row.kind)),
        "amount": cash(row.amount_mp, symbol) if is_top_up else details(row, symbol),
        "channel": row.channel, "state": row.state, "flagged": bool(row.flagged),
        "attempts": row.attempts, "outcome": outcome, "how": row.how,
        "balance_after": cash(row.balance_mp, symbol, credit),
        "created": moment(row.created_s, now), "issued": moment(row.issued_s, now),
        "answered": moment(row.answered_s, now), "next": moment(row.next_s, now),
        "can_reissue": row.state not in (RECEIVED, FAILED) or retry, "has_code": is_top_up,
    }  # fmt: skip


def details(row, symbol):
    """The money of a command that has some."""
    at = {bodies.PAY_DEBT: 1, bodies.SET_DEBT: 1, bodies.ADJUST_BALANCE: 0}.get(row.kind)
    if at is None:
        return None
    return cash(int.from_bytes(row.body[at : at + 4], "big", signed=True), symbol)


def message(row, now):
    words = UP_WORDS if row.direction == UP else KIND_WORDS
    return {
        "id": row.id, "direction": row.direction, "at": moment(row.at_s, now),
        "copies": row.copies, "what": words.get(row.kind, f"kind {row.kind}"),
        "number": row.number, "order": row.order, "bytes": len(row.packet),
        "hex": row.packet.hex(), "why": row.why,
    }  # fmt: skip


MONEY_OF_BILL = (
    "energy", "standing", "cost", "taken", "differs", "topped_up", "debt_paid", "adjusted"
)  # fmt: skip
BALANCES_OF_BILL = ("balance_from", "balance_to")


def bill(row, symbol, now):
    """A row of bills.days or bills.months."""
    start = local(row["from_s"])
    whole = {name: cash(row[f"{name}_mp"], symbol) for name in MONEY_OF_BILL}
    whole |= {name: cash(row[f"{name}_mp"], symbol, credit) for name in BALANCES_OF_BILL}
    lines = [
        {"rate": line["rate"] + 1, "block": line["block"] + 1, "wh": line["wh"],
         "price": {"mp": line["price_mp"], "text": price(line["price_mp"], symbol)},
         "cost": cash(line["cost_mp"], symbol)}
        for line in row["lines"]
    ]  # fmt: skip
    name = f"{start:%B %Y}" if "month" in row else f"{start:%a} {start.day} {start:%b}"
    if "month" not in row and row["to_s"] - row["from_s"] > 86400:
        end = local(row["to_s"] - 1)
        name += f" to {end.day} {end:%b}"
    return {
        "name": name, "start": moment(row["from_s"], now), "end": moment(row["to_s"], now),
        "wh": row["wh"], "kwh": f"{row['wh'] / 1000:.3f}", "lines": lines, **whole,
        "is_spread": row["is_spread"], "is_now": row["is_now"],
    }  # fmt: skip


def reading(row, symbol, now):
    what = {bodies.HALF_HOUR: "half-hour", bodies.DAY: "day", bodies.MONTH: "month"}[row.code]
    owes = None if row.debt_mp is None else row.debt_mp + row.ec_owed_mp
    return {
        "at": moment(row.time_s, now), "what": what, "kwh": f"{row.wh / 1000:.3f}",
        "balance": cash(row.balance_mp, symbol, credit), "owed": cash(owes, symbol, owed),
    }  # fmt: skip


def register(row, now):
    return {"name": f"Rate {row.rate + 1}, tier {row.block + 1}", "alarm": False,
            "text": f"{row.wh / 1000:.3f} kWh, {when(row.heard_s, now)}"}  # fmt: skip


def extra(row, now):
    return {"at": moment(row.at_s, now), "what": "the customer's own", "kwh": f"{row.wh / 1000:.3f}",
            "balance": None, "owed": None}  # fmt: skip


def alert(row, now):
    return {"at": moment(row.time_s or row.heard_s, now), "gbcs": f"{row.gbcs:04X}",
            "text": ALERTS.get(row.gbcs, "unknown")}  # fmt: skip


def sms(row, now):
    return {
        "id": row.id, "meter": row.meter, "phone": row.phone, "text": row.text,
        "batch": moment(row.batch_s, now), "sent": moment(row.sent_s, now),
        "copy_of": moment(row.state_s, now),
    }  # fmt: skip
