"""The meter from outside: what benches, panels and the head-end may see of it and order.

Takes the shell (app.py), gives plain dicts and texts. Source: SCENARIO.md (the keys of `expect`).
"""

from shilling import VERSION, codes, commands, screens


def command(app, name: str, value) -> str:
    """An already authorised command; the answer is 'done' or why not."""
    meter = app.meter
    if name == "top_up":
        outcome = app.top_up.remote(value)
        app.buzzer.unmute()
        return codes.OUTCOMES[outcome]
    if name == "set_time":
        done = _set_time(app, value[0], value[1])
    elif name == "disable":
        done = commands.disable(meter)
    elif name == "arm":
        done = commands.arm(meter)
    elif name == "clear_lockout":
        done = commands.clear_lockout(meter)
    else:
        return "unknown command " + name
    return codes.OUTCOMES[codes.DONE if done else codes.REFUSED]


def _set_time(app, day: int, second: int) -> bool:
    """The later of chip and mark comes first: a cut in between leaves the chip at or above the
    mark, and the clock trusted."""
    clock = app.meter.clock
    forward = day > clock.day or (day == clock.day and second >= clock.second())
    if forward and not app.meter.halted:
        app.board.rtc_set(day, second)
    done = commands.set_time(app.meter, day, second)
    if done and not forward:
        app.board.rtc_set(day, second)
    return done


def observe(app) -> dict:
    """The observable state, for benches and panels; built only when asked."""
    meter = app.meter
    account = meter.account
    text = app.pager.text
    pages = screens.pages(text, app.board.cells)
    if app.menu.lamp_ms:
        text = screens.LAMP_TEST * app.board.cells
        pages = [text]
    return {
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
        "friendly": meter.is_suspended(),
        "energy_wh": meter.energy.total_wh(),
        "owed_to_restore_mp": meter.debt.owed_to_restore_mp(meter.week()),
        "ledger": "balanced" if account.is_balanced() else "unbalanced",
        "clock": codes.CLOCK_NAMES[meter.clock.trust],
        "utc": [meter.clock.day, meter.clock.second()],
        "version": VERSION,
    }
