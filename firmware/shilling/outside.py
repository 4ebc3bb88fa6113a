"""The meter from outside: what benches, panels and the head-end may see of it and order.

Takes the shell (app.py), gives plain dicts and texts. Source: SCENARIO.md (the keys of `expect`).
"""

from shilling import VERSION, codes, remote, screens, terms, usage
from shilling.config import PROFILES
from shilling.pager import pages as fitted
from shilling.units import SYMBOLS

SIMPLE = {
    "disable": remote.disable, "arm": remote.arm, "clear_lockout": remote.clear_lockout,
}  # fmt: skip
PERIODS = ("today", "yesterday", "week", "month")


def command(app, name: str, value) -> str:
    """An already authorised command; the answer is 'done' or why not."""
    meter = app.meter
    if name == "top_up":
        outcome = app.top_up.remote(value)
        if outcome == codes.DONE:
            app.buzzer.unmute()
        return codes.OUTCOMES[outcome]
    if name == "set_time":
        done = remote.set_clock(app, value[0], value[1])
    elif name in SIMPLE:
        done = SIMPLE[name](meter)
    elif name == "pay_debt":
        done = value[0] in remote.DEBTS and remote.pay_debt(
            meter, remote.DEBTS[value[0]], value[1]
        )
    elif name == "set_tariff":
        try:
            done = terms.set_tariff(meter, value[0], value[1], value[2])
        except ValueError as error:
            return str(error)
    else:
        return "unknown command " + name
    return codes.OUTCOMES[codes.DONE if done else codes.REFUSED]


def observe(app) -> dict:
    """The observable state, for benches and panels; built only when asked."""
    meter = app.meter
    account = meter.account
    text = app.face.pager.text
    pages = fitted(text, app.board.cells)
    watts = meter.power.now_w() if meter.supply.closed else 0
    tariff = meter.tariff
    if app.menu.lamp_ms:
        text = screens.LAMP_TEST * app.board.cells
        pages = [text]
    return {
        "profile": PROFILES[meter.config.profile][0],
        "currency": SYMBOLS[meter.config.currency],
        "face": codes.FACE_NAMES[app.menu.face],
        "screen": text,
        "pages": pages,
        "supply": codes.SUPPLY_NAMES[meter.supply.state],
        "balance_mp": account.balance_mp,
        "emergency": {
            "state": codes.EC_NAMES[account.ec_state()],
            "left_mp": account.ec_left_mp(),
            "owed_mp": account.ec_owed_mp(),
        },
        "debt": {
            "payment_mp": -account.payment_mp,
            "time1_mp": -account.time_1_mp,
            "accumulated_mp": -account.accumulated_mp,
            "total_mp": account.debt_mp(),
        },
        "weekly_due_mp": meter.debt.weekly_due_mp,
        "friendly": meter.is_suspended(),
        "energy_wh": meter.energy.total_wh(),
        "registers": [
            [meter.registers.block_wh(rate, block) for block in range(tariff.table.blocks)]
            for rate in range(tariff.rates)
        ],
        "rate": {"number": tariff.rate, "block": tariff.block, "price_mp": tariff.price},
        "power_w": watts,
        "hourly_mp": tariff.hourly_mp(watts),
        "step": {"count": meter.power.steps, "w": meter.power.step_w},
        "usage": {name: _period(meter.usage, number) for number, name in enumerate(PERIODS)},
        "owed_to_restore_mp": meter.debt.owed_to_restore_mp(meter.protection.week()),
        "ledger": "balanced" if account.is_balanced() else "unbalanced",
        "clock": codes.CLOCK_NAMES[meter.clock.trust],
        "utc": [meter.clock.day, meter.clock.second()],
        "notes": meter.notes,
        "relay_fault": meter.contact.fault,
        "version": VERSION,
    }


def _period(used, number: int) -> list:
    used.period(number)
    return [used.shown_wh, used.shown_mp]


def history(app) -> dict:
    """Days, weeks and months that are over, the last one first, each as [Wh, mp]."""
    found: dict = {}
    used = app.meter.usage
    for kind, name in enumerate(("days", "weeks", "months")):
        found[name] = []
        for ago in range(usage.PAST[kind][1]):
            used.past(kind, ago)
            found[name].append([used.shown_wh, used.shown_mp])
    return found
