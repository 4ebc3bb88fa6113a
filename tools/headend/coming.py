"""Money that is paid and not in the meter, or not all of it: sentences for why.py, one for each cause.

Takes the case of why.py; gives (code, text, what to do). Top-ups with the same cause are one sentence with
their number, sum and the oldest, however many they are.
"""

from tools.headend.texts import money, when

TELLS_S = 300  # a meter tells its state at least so often
LATE_S = 2 * TELLS_S + 60
USUAL_S, FLAG_S = 300, 900
ON_THE_WAY = ("processing", "issued")
TYPE_IT = "type the 20 digits of the receipt at the meter"
TYPE_ONE = "type the 20 digits of its receipt at the meter"
# What to do about one, and about many, by how long it has taken
ADVICE = {
    "silent": (
        f"It waits for the meter to be heard. To have it now, {TYPE_IT}: it is credited once.",
        f"They wait for the meter to be heard. To have one now, {TYPE_ONE}: each is credited once.",
    ),
    "late": (
        f"It is late. Have it sent again, or {TYPE_IT}: it is credited once, all the same.",
        f"They are late. Have them sent again, or {TYPE_ONE}: each is credited once, all the same.",
    ),
    "slow": ("The network is slow; 10 minutes and more do happen. Wait up to 15.",) * 2,
    "new": ("Wait: it usually takes 1 to 5 minutes.",) * 2,
}
SENT = {
    "processing": ("is waiting to be sent", "are waiting to be sent"),
    "issued": (
        "has been sent, but the meter has not confirmed it",
        "have been sent, but the meter has not confirmed them",
    ),
}


def silent(case):
    """Is nothing heard of the meter?"""
    return case["state"] is None or case["now"] - case["state"]["heard_s"] > LATE_S


def pending(case):
    return [order for order in case["orders"] if order["state"] in ON_THE_WAY]


def stage(case, order):
    """Which advice."""
    age_s = case["now"] - order["at_s"]
    if silent(case):
        return "silent"
    if age_s >= FLAG_S or order["flagged"]:
        return "late"
    return "slow" if age_s >= USUAL_S else "new"


def grouped(orders, cause):
    """[(cause, its orders)], the cause with the oldest order first."""
    found = {}
    for order in sorted(orders, key=lambda order: (order["at_s"], order["number"])):
        found.setdefault(cause(order), []).append(order)
    return list(found.items())


def named(case, orders):
    """Top-up 3 of £10.00, bought 07:00; or how many, their sum, the oldest."""
    symbol, oldest = case["symbol"], orders[0]
    bought = f"bought {when(oldest['at_s'], case['now'])}"
    sum_text = money(sum(order["amount_mp"] for order in orders), symbol)
    if len(orders) == 1:
        return f"Top-up {oldest['number']} of {sum_text}, {bought},"
    return f"{len(orders)} top-ups, {sum_text} in all, the oldest no. {oldest['number']}, {bought},"


def orders(case):
    """Top-ups that are on their way, or that the meter refused."""
    for (state, how), found in grouped(pending(case), lambda o: (o["state"], stage(case, o))):
        many = len(found) > 1
        them = "them" if many else "it"
        yield ("not_yet_received", f"{named(case, found)} {SENT[state][many]}: the account has {them},"
               " the meter not.", ADVICE[how][many])  # fmt: skip
    failed = [order for order in case["orders"] if order["state"] == "failed"]
    for outcome, found in grouped(failed, lambda order: order["outcome"]):
        were, them = ("were", "them") if len(found) > 1 else ("was", "it")
        yield ("refused", f"{named(case, found)} {were} refused by the meter: {outcome}.", "Nothing was"
               f" credited. Have {them} sent again when there is room for {them}, or ask for the money"
               " back.")  # fmt: skip
    yield from shares(case)


def shares(case):
    """Top-ups of which a part paid off what was owed."""
    symbol = case["symbol"]
    found = [o for o in case["orders"] if o["state"] == "received" and o["to_debts_mp"]]
    if found:
        whole_mp, part_mp = (sum(o[name] for o in found) for name in ("amount_mp", "to_debts_mp"))
        which = f"the last {len(found)} top-ups"
        if len(found) == 1:
            which = f"top-up {found[0]['number']}"
        yield ("debts", f"Of {which}, {money(whole_mp, symbol)}, {money(part_mp, symbol)} paid off"
               f" what was owed; the balance rose by {money(whole_mp - part_mp, symbol)}.",
               "Nothing is missing.")  # fmt: skip
