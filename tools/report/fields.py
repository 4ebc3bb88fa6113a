"""What a record of each kind and a checkpoint hold, in every format, as tables of names and widths.

Takes bytes, gives dicts of whole numbers. Written from firmware/SPEC.md alone, sections 2, 3, 5 and 7:
nothing here comes from the firmware, so that a slip in either is seen. Of keys nothing is kept.
"""

import struct

FORMATS = (1, 2, 3, 4)
WIDTHS = {"u8": "B", "u16": "H", "u32": "I", "i32": "i"}
STATE_AT = 16
CHECKPOINT = 128
CHARGE, TOP_UP, DUE, SUPPLY, ATTEMPT, CLOCK, LEVEL, ALERT, WEEK_TOP_UP = range(1, 10)
ADJUST, ANSWER = 10, 11
KIND_BITS, COMMAND = 31, 64  # of the byte of the kind; COMMAND: the counter is no top-up's
REGISTERS, BLOCKS = 32, 4
KEYS_BYTES = 8 + 8 + 32 + 64  # meter id, originator id, secret, used counters
ORDERS_BYTES = 64 + 64 + 72  # of commands: used counters, which were refused; the last results
HISTORY = (("days", 8), ("weeks", 5), ("months", 13))
CURRENCIES = (("£", "GBP"), ("¥", "CNY"), ("R", "ZAR"), ("€", "EUR"), ("$", "USD"))

CREDIT = "i32 balance_mp, i32 emergency_mp, u8 ec_activated, u8 supply"
COST = "u16 today_day, u32 today_mp"
ENERGY = (
    "i32 charged_pounds, u32 charged_rest, u32 due_mp, u16 tariff_part, u32 kwh, u16 wh, u32 part"
)
DEBTS = "i32 payment_mp, i32 time_1_mp, i32 accumulated_mp"
MONEY = "i32 money_in_pounds, u32 money_in_rest"
CAP = "u16 cap_week, u32 cap_used_mp"
LOCK_3 = "u8 failures, u16 lock_s"
LINK_LOCK = "u8 link_failures, u16 link_lock_s"
LOCK = f"{LOCK_3}, {LINK_LOCK}"
STANDING = "i32 standing_pounds, u32 standing_rest, u16 dues_day"
DUES = "u32 dues_second, u32 behind_mp, u32 weekly_due_mp"
RELAY = "u8 closed, u8 operations, u16 operations_day, u8 started"

BODIES = {
    CHARGE: f"{CREDIT}, {ENERGY}, u8 register_at, u32 register_kwh, u16 register_wh",
    TOP_UP: f"{CREDIT}, {DEBTS}, {MONEY}, {CAP}, {LOCK}",
    DUE: f"{CREDIT}, i32 accumulated_mp, {STANDING}, {DUES}, i32 time_1_mp",
    SUPPLY: f"u8 ec_activated, u8 supply, {RELAY}",
    ATTEMPT: LOCK,
    CLOCK: "",
    LEVEL: "u32 low_credit_mp",
    ALERT: "u8 fault",
    WEEK_TOP_UP: f"{CREDIT}, {DEBTS}, {MONEY}, {LOCK}, u32 weekly_due_mp",
    ADJUST: f"{CREDIT}, {DEBTS}, i32 opening_pounds, u32 opening_rest, u32 weekly_due_mp,"
    " u32 behind_mp",
    ANSWER: "u8 outcome",
}
FORMAT_3 = {  # and before, where they differ
    TOP_UP: f"{CREDIT}, {DEBTS}, {MONEY}, {CAP}, {LOCK_3}",
    ATTEMPT: LOCK_3,
    WEEK_TOP_UP: f"{CREDIT}, {DEBTS}, {MONEY}, {LOCK_3}, u32 weekly_due_mp",
}
SINCE = {ALERT: 2, WEEK_TOP_UP: 3, ADJUST: 4, ANSWER: 4}  # format
OLD_BODIES = {  # of formats 1 and 2, where they differ
    CHARGE: f"{CREDIT}, {ENERGY}, {COST}",
    DUE: f"{CREDIT}, i32 accumulated_mp, {STANDING}, {COST}",
}
FIRST = f"{CREDIT}, {ENERGY}, {DEBTS}, {MONEY}, {CAP}, {LOCK_3}, {STANDING}"
STATE_1 = (
    f"{FIRST}, {COST}, {RELAY}, u32 low_credit_mp, u8 profile, u8 region, u32 imp_per_kwh,"
    " u32 rate_mp, u32 standing_mp, u8 share, u32 weekly_cap_mp, u32 ec_limit_mp,"
    " u32 ec_threshold_mp, u8 ec_below_zero, u32 max_credit_mp, u32 max_balance_mp,"
    " u32 min_vend_mp, i32 time_2_mp, i32 opening_pounds, u32 opening_rest, u32 highest"
)
SETTINGS = (
    "u8 profile, u8 region, u8 currency, u8 friendly, u32 imp_per_kwh, u32 calorific,"
    " u32 standing_mp, u8 share, u32 weekly_cap_mp, u8 recovery, u32 weekly_mp, u8 parts,"
    " u8 suspend_debt_emergency, u8 suspend_debt_disabled, u8 usable_share, u32 ec_limit_mp,"
    " u32 ec_threshold_mp, u8 ec_below_zero, u32 low_credit_mp, u32 max_credit_mp,"
    " u32 max_balance_mp, u32 min_vend_mp"
)
STARTS = ", ".join(  # the totals when the local day, week and month began
    f"u32 {each}_kwh, u16 {each}_wh, i32 {each}_pounds, u32 {each}_rest"
    for each in ("today", "week", "month")
)
STATES = {
    1: STATE_1,
    2: f"{STATE_1}, u8 fault",
    3: f"{FIRST}, {DUES}, {RELAY}, u8 fault, i32 time_2_mp, i32 opening_pounds, u32 opening_rest,"
    f" u32 highest, {SETTINGS}, u8 register_at, u16 month_end, u32 month_base_kwh,"
    f" u16 month_base_wh, u16 usage_day, {STARTS}",
}
STATES[4] = f"{STATES[3]}, {LINK_LOCK}, u32 highest_order"


def unpacked(text, data, at):
    """({name: value}, where they end) by a table such as 'u8 name, i32 name'."""
    values = {}
    for row in text.split(",") if text else ():
        width, name = row.split()
        form = "<" + WIDTHS[width]
        values[name] = struct.unpack_from(form, data, at)[0]
        at += struct.calcsize(form)
    return values, at


def body(version, kind, data):
    """The values in a record's 42 bytes; None for a kind that its format does not have."""
    if kind not in BODIES or version < SINCE.get(kind, 1):
        return None
    tables = BODIES
    if version < 4:
        tables = {**tables, **FORMAT_3}
    if version < 3:
        tables = {**tables, **OLD_BODIES}
    return unpacked(tables[kind], data, 0)[0]


def state(page):
    """(values, meter id) of a checkpoint."""
    values, at = unpacked(STATES[page[0]], page, STATE_AT)
    values["format"] = page[0]
    meter = bytes(page[at : at + 8])
    if page[0] < 3:
        values["registers"] = [values["kwh"] * 1000 + values["wh"]] + [0] * (REGISTERS - 1)
        values["prices"] = {(0, 0): values["rate_mp"]}
        return values, meter
    at += KEYS_BYTES if page[0] < 4 else KEYS_BYTES + ORDERS_BYTES
    _, at = taken_list(page, at)  # special days
    tariff, at = taken_list(page, at)
    _, at = taken_list(page, at)  # the tariff that comes
    values["prices"] = prices_of(tariff)
    figures = struct.unpack_from("<" + "IH" * REGISTERS, page, at)
    values["registers"] = [figures[i] * 1000 + figures[i + 1] for i in range(0, len(figures), 2)]
    at += struct.calcsize("<" + "IH" * REGISTERS)
    for name, count in HISTORY:
        values[name] = [struct.unpack_from("<II", page, at + 8 * i) for i in range(count)]
        at += 8 * count
    return values, meter


def taken_list(page, at):
    """(the bytes, where they end) of a list behind a byte with its length."""
    end = at + 1 + page[at]
    return bytes(page[at + 1 : end]), end


def prices_of(tariff):
    """{(rate, block): mp per kWh} of a packed tariff."""
    rates, blocks = tariff[0], tariff[1]
    at = 2 * blocks
    return {
        (i // blocks, i % blocks): int.from_bytes(tariff[at + 3 * i : at + 3 * i + 3], "little")
        for i in range(rates * blocks)
    }


def applied(state, values):
    """The state after a record."""
    after = {**state, **values}
    if "register_kwh" in values:
        after["registers"] = list(state["registers"])
        after["registers"][values["register_at"]] = (
            values["register_kwh"] * 1000 + values["register_wh"]
        )
    elif after["format"] < 3 and "kwh" in values:
        after["registers"] = [values["kwh"] * 1000 + values["wh"], *state["registers"][1:]]
    return after


def registers(state):
    """{(rate, block): Wh} of those that the tariff has or that were used."""
    found = {(i // BLOCKS, i % BLOCKS): wh for i, wh in enumerate(state["registers"])}
    return {place: wh for place, wh in found.items() if wh or place in state["prices"]}


def currency(state):
    """(symbol, code) of the meter's money."""
    return CURRENCIES[min(state.get("currency", 0), len(CURRENCIES) - 1)]
