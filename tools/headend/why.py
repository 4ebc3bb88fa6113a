"""Why an SMS, the head-end and the meter say different things: figures side by side, causes, what to do.

why(case) takes plain dicts (money in mp, times in UTC seconds since 1970) and gives what JSON can say.
Causes are those of DOMAIN 9: delay, batch time, money on its way, tiers, a meter that is not heard.

case: now, symbol, standing_mp, next_batch_s, display_mp (what somebody reads at the meter, or None),
state: None or heard_s, balance_mp, ec, ec_left_mp, ec_owed_mp, clock, halted, relay_fault, block,
price_mp, power_w,
sms: None or sent_s, batch_s, copy_s, balance_mp, block, price_mp,
orders (top-ups): number, amount_mp, state, at_s, done_s, flagged, outcome, to_debts_mp.
"""

from tools.headend.coming import LATE_S, TYPE_IT, orders, pending, silent
from tools.headend.texts import ago, credit, money, owed, price, span, when

DAY_S = 86400
EC_SHOWN = (3, 4)  # in use, exhausted: the display shows emergency credit instead of the balance
CLOCK_INVALID = 2
LITTLE_MP = 50_000  # a difference of less, or of a twentieth, is an estimate's
# What somebody must know first; the others follow as they come
FIRST = ("out_of_order", "unexplained", "never_heard", "not_heard", "refused", "not_yet_received",
         "clock", "emergency")  # fmt: skip
GOLDEN = "The meter's own display is right: only it decides whether supply stays on."


def midnights(start_s, end_s):
    return max(end_s // DAY_S - start_s // DAY_S, 0)


def used_mp(case, since_s, until_s):
    """About what was used in between, by the power and price the meter told last."""
    state = case["state"]
    seconds = max(until_s - since_s, 0)
    energy_mp = state["power_w"] * state["price_mp"] * seconds // 3_600_000
    return energy_mp + midnights(since_s, until_s) * case["standing_mp"]


def figures(case):
    """What each of them says: what, mp, text, as of when."""
    now, symbol, state, sms = (case[key] for key in ("now", "symbol", "state", "sms"))
    found = []

    def add(what, mp, at_s, note):
        found.append({"what": what, "mp": mp, "text": credit(mp, symbol), "at_s": at_s,
                      "at": when(at_s, now), "note": note})  # fmt: skip

    if case["display_mp"] is not None:
        add("On the meter's display", case["display_mp"], now, "as it was read to us")
    coming_mp = sum(order["amount_mp"] for order in pending(case))
    if state:
        heard_s = state["heard_s"]
        add("Meter, last report", state["balance_mp"], heard_s, ago(now - heard_s))
        note = f"{money(coming_mp, symbol)} of it not yet in the meter" if coming_mp else ""
        add("Account", state["balance_mp"] + coming_mp, heard_s, note)
        about_mp = state["balance_mp"] - used_mp(case, heard_s, now)
        add("Estimate for now", about_mp, now, "last report less the use since then")
    elif coming_mp:
        add("Account", coming_mp, now, "not yet in the meter")
    if sms:
        is_old = sms["batch_s"] - sms["copy_s"] >= 60
        note = f"but written {when(sms['batch_s'], now)}" if is_old else "when it was written"
        add("Last SMS", sms["balance_mp"], sms["copy_s"], note)
    return found


def heard(case):
    """The meter that is late, silent or ill."""
    now, state = case["now"], case["state"]
    if state is None:
        yield ("never_heard", "The head-end has never heard from this meter.",
               f"Go by its display. A top-up can be had all the same: {TYPE_IT}.")  # fmt: skip
        return
    if state["halted"] or state["relay_fault"]:
        what = "is halted" if state["halted"] else "has a fault in its relay"
        yield ("out_of_order", f"The meter says of itself that it {what}.",
               "It must be looked at on the spot: call the hotline.")  # fmt: skip
    age_s = now - state["heard_s"]
    since = when(state["heard_s"], now)
    if silent(case):
        yield ("not_heard", f"The meter has not been heard since {since}, {ago(age_s)}: all figures"
               " here are from then, and no top-up reaches it now.",
               "Call the hotline so that its connection is looked at. To have a top-up now,"
               f" {TYPE_IT}.")  # fmt: skip
    elif age_s >= 60:
        used = money(used_mp(case, state["heard_s"], now), case["symbol"])
        yield ("sync_delay", f"The last report is {span(age_s)} old; since then about {used} may"
               " have been used.", "Wait for the next report, a few minutes at most.")  # fmt: skip
    if state["clock"] == CLOCK_INVALID:
        yield ("clock", "The meter's clock is not right: standing charge and debts wait until it is,"
               " and are then taken at once.", "Set its time from here.")  # fmt: skip


def batch(case):
    """What lies between the SMS and the meter's last report."""
    now, symbol, state, sms = (case[key] for key in ("now", "symbol", "state", "sms"))
    if not (sms and state):
        return
    if sms["batch_s"] - sms["copy_s"] > LATE_S:
        yield ("sms_old_copy", "When the SMS was written, the meter had not been heard for"
               f" {span(sms['batch_s'] - sms['copy_s'])}.", "Go by the meter's display.")  # fmt: skip
    moved_mp = state["balance_mp"] - sms["balance_mp"]
    if moved_mp:
        came_mp = sum(order["amount_mp"] for order in case["orders"]
                      if order["state"] == "received" and order["done_s"] > sms["copy_s"])  # fmt: skip
        story = "what was used"
        if came_mp:
            story = f"{money(came_mp, symbol)} topped up, and what was used"
        way = "more" if moved_mp > 0 else "less"
        yield ("batch_time", f"SMS go out at fixed times. This one has the balance of"
               f" {when(sms['copy_s'], now)}; since then there is {money(abs(moved_mp), symbol)} {way}"
               f" ({story}).", f"Take the SMS as a reminder. The next are written"
               f" {when(case['next_batch_s'], now)}.")  # fmt: skip
    nights = midnights(sms["copy_s"], state["heard_s"])
    if nights and case["standing_mp"]:
        charge = money(case["standing_mp"], symbol)
        often = "fell due at midnight (UTC)" if nights == 1 else f"fell due {nights} times"
        yield ("standing", f"The standing charge of {charge} {often}.", "Nothing is wrong.")


def tiers(case):
    """Prices that changed since the SMS, and what the display shows instead of the balance."""
    symbol, state, sms = case["symbol"], case["state"], case["sms"]
    if not state:
        return
    if sms and None not in (sms["block"], sms["price_mp"]):
        now, was = (price(mp, symbol) for mp in (state["price_mp"], sms["price_mp"]))
        if state["block"] > sms["block"]:
            yield ("tier", f"The month's use has reached tier {state['block'] + 1}: a kWh now costs"
                   f" {now}, not {was}.", "The same balance buys less until the month is over.")  # fmt: skip
        elif state["block"] < sms["block"]:
            yield ("tier", f"A new month began with tier {state['block'] + 1}: a kWh costs {now}, not"
                   f" {was}.", "The same balance buys more again.")  # fmt: skip
        elif state["price_mp"] != sms["price_mp"]:
            yield ("price", f"A kWh now costs {now}; when the SMS was written it was {was}.",
                   "The bill shows which price held when.")  # fmt: skip
    if state["ec"] in EC_SHOWN:
        left, lent = credit(state["ec_left_mp"], symbol), owed(state["ec_owed_mp"], symbol)
        yield ("emergency", f"The display shows the emergency credit, {left} left and {lent} owed; the"
               " SMS and this page the balance.", "The next top-up pays it back first.")  # fmt: skip


def unexplained(case, causes):
    """A display that says what nothing here explains; or nothing differs at all."""
    state, display_mp = case["state"], case["display_mp"]
    codes = {code for code, _, _ in causes}
    if state and display_mp is not None:
        about_mp = state["balance_mp"] - used_mp(case, state["heard_s"], case["now"])
        coming_mp = sum(order["amount_mp"] for order in pending(case))  # may be in the meter by now
        off_mp = max(about_mp - display_mp, display_mp - about_mp - coming_mp)
        known = {"not_heard", "emergency", "clock"} & codes
        if off_mp > max(LITTLE_MP, abs(about_mp) // 20) and not known:
            yield ("unexplained", f"The display and the last report are {money(off_mp, case['symbol'])}"
                   " apart, which nothing here explains.", "Write down the meter's number and what it"
                   " shows, and call the hotline: its connection must be looked at.")  # fmt: skip
            return
    if not causes and state:
        yield ("agree", "The figures agree.", "There is nothing to do.")


def why(case):
    """{figures, causes: [{code, text, do}], golden} of a case; the cause that matters most is first."""
    causes = [*heard(case), *orders(case), *batch(case), *tiers(case)]
    causes = [*unexplained(case, causes), *causes]
    causes.sort(key=lambda cause: (*FIRST, cause[0]).index(cause[0]))
    return {
        "figures": figures(case),
        "causes": [{"code": code, "text": text, "do": do} for code, text, do in causes],
        "golden": GOLDEN,
    }


def explain(store, meter_id, now, display_mp=None):
    """why() of a meter out of the head-end's tables; `display_mp`: what is read at the meter. None:
    there is no such meter."""
    from tools.headend import facts

    case = facts.case_of(store, meter_id, now, display_mp)
    return None if case is None else why(case)
