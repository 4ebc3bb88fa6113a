"""What people read: the full texts of each screen, by profile, front end, part and currency.

Takes the meter and the menu, gives texts; a text never depends on the display. Money is rounded
against what it promises. Source: DOMAIN 12, 13, W3, W6.
"""

from micropython import const

from shilling import VERSION, codes
from shilling.units import credit_text, owed_text

_DAY_S = const(86400)

LAMP_TEST = "\x7f"  # every segment of a cell
_LEAST_SHOWN = const(8)  # a step is shown while 1 - 1 / this of it is still drawn

_INVALID = "Invalid re-enter code"
# Outcomes (codes.py) and what follows them; "" has a text with a figure
MESSAGES = (
    "", _INVALID, _INVALID, _INVALID, "", _INVALID, "Used already", "Over limit", "Over limit", "",
    "Store fault", "Enter 20 digits", "WAIT", "NO CREDIT", "Supply on", "",
)  # fmt: skip

# By profile, in the order of DOMAIN 12
_BALANCE = ("Credit ", "Credit ", "Credit ", "Balance ")
_DEBT = (("Debt ", 0), ("S Debt ", 4), ("27 Debt ", 2), ("Debt ", 0))
_DEBT_PARTS = (("Payment ", 1), ("Time ", 2), ("Accumulated ", 3))
_S_MOST_MP = const(25599000)  # W3
# By front end and screen
_TITLES = (("", "Add credit", "Accept EmCr"), ("", "TOP UP", "EMGCY CREDIT"))
# By part of the screen
_PERIODS = ("Today ", "Yesterday ", "Week ", "Month ")
# By currency
_PRICE = ("%d.%02dp", "¥%d.%04d", "%d.%02dc", "%d.%02dc", "%d.%02dc")
_UNITS = (100, 10000, 100, 100, 100)  # of its figure, each 10 mp


def texts(meter, menu, done_mp: int) -> list:
    """The full texts of the present screen, shown in turn. `done_mp`: the last code's amount."""
    if menu.screen == codes.SCREEN_MESSAGE:
        return _message(meter, menu, done_mp)
    return _SHOWN[menu.screen](meter, menu)


def resting(meter, menu=None) -> list:
    """What the meter shows by itself."""
    if meter.halted:
        return ["Store fault" if meter.is_set_up else "Not set up"]
    shown = _resting(meter, menu)
    if meter.contact.fault:
        shown.append("Relay fault")
    if meter.text:
        shown.append(meter.text)
    return shown


def _resting(meter, menu) -> list:
    state = meter.supply.state
    account = meter.account
    if state == codes.ARMED:
        return ["Enable supply?"]
    if state == codes.REMOTE_OFF:
        return ["Supply off"]
    if state == codes.DISABLED:
        # S8, but never less than the vending minimum
        need_mp = max(meter.debt.owed_to_restore_mp(meter.protection.week()), meter.config.min_vend_mp)
        return ["Supply off", _owed(meter, "Need ", need_mp)]
    if not meter.supply.closed:
        # until the contact may follow: the rest of its minute, or the next day (S9)
        if meter.supply.rest_ms:
            return ["Wait %ds" % ((meter.supply.rest_ms + 999) // 1000)]
        return ["Wait %dh" % ((_DAY_S - meter.clock.second() + 3599) // 3600)]
    ec = account.ec_state()
    if ec < codes.EC_IN_USE or account.balance_mp > 0:
        return _balance(meter, menu)
    friendly = " F" if meter.is_suspended() else ""
    shown = [
        _credit(meter, "EmCr ", account.ec_left_mp()) + friendly,
        _owed(meter, "Owed ", account.ec_owed_mp()) + friendly,
    ]
    if ec == codes.EC_EXHAUSTED and account.balance_mp < 0:
        shown += _balance(meter, menu)
    return shown


def _credit(meter, title: str, amount_mp: int) -> str:
    return title + credit_text(amount_mp, meter.config.currency)


def _owed(meter, title: str, amount_mp: int) -> str:
    return title + owed_text(amount_mp, meter.config.currency)


def _balance(meter, menu) -> list:
    balance_mp = meter.account.balance_mp
    text = _credit(meter, _BALANCE[meter.config.profile], balance_mp)
    if balance_mp < meter.config.low_credit_mp:
        text += " LOW"
    return [text + " F" if meter.is_suspended() else text]


def _title(meter, menu) -> list:
    return [_TITLES[menu.face][menu.screen]]


def _code(meter, menu) -> list:
    return ["Code %d %d" % (menu.position + 1, menu.digits[menu.position])]


def _usage(meter, menu) -> list:
    part = menu.part % len(_PERIODS)
    usage = meter.usage
    usage.period(part)
    shown = [_owed(meter, _PERIODS[part], usage.shown_mp)]
    if not part:
        power = meter.power
        watts = power.now_w() if meter.supply.closed else 0
        shown.append(" ".join(_flow(meter, "", watts)))
        if 0 < power.step_w <= watts + watts // (_LEAST_SHOWN - 1):
            shown += _flow(meter, "+", power.step_w)
    wh = usage.shown_wh
    shown.append("%d.%02d kWh" % (wh // 1000, wh % 1000 // 10))
    return shown


def _flow(meter, sign: str, watts: int) -> list:
    """Power, in energy and in money."""
    tens = (watts + 5) // 10
    hourly = _owed(meter, sign, meter.tariff.hourly_mp(watts)) + "/h"
    return ["%s%d.%02d kW" % (sign, tens // 100, tens % 100), hourly]


def _rate(meter, menu) -> list:
    """The present rate, and then each of the others."""
    tariff = meter.tariff
    rate = (tariff.rate + menu.part) % tariff.rates
    title = "Rate " if rate == tariff.rate else "Rate %d " % (rate + 1)
    small = -(-tariff.price_mp(rate) // 10)  # hundredths of a penny
    unit = _UNITS[meter.config.currency]
    return [title + _PRICE[meter.config.currency] % (small // unit, small % unit)]


def _debt(meter, menu) -> list:
    account = meter.account
    part = menu.part % (len(_DEBT_PARTS) + 1)
    title, at = _DEBT_PARTS[part - 1] if part else _DEBT[meter.config.profile]
    debt_mp = account.debt_mp()
    amounts_mp = (
        debt_mp, -account.payment_mp, -account.time_1_mp, -account.accumulated_mp,
        min(debt_mp, _S_MOST_MP),
    )  # fmt: skip
    return [_owed(meter, title, amounts_mp[at])]


def _register(meter, menu) -> list:
    """The total, and the register of each rate where there are more."""
    rates = meter.tariff.rates
    rate = menu.part % (rates + 1) if rates > 1 else 0
    wh = meter.registers.total_wh(rate - 1) if rate else meter.energy.total_wh()
    title = "R%d " % rate if rate else ""
    return ["%s%d.%d kWh" % (title, wh // 1000, wh % 1000 // 100)]


def _level(meter, menu) -> list:
    return [_credit(meter, "Alert ", meter.config.low_credit_mp)]


def _status(meter, menu) -> list:
    clock = meter.clock
    time = "--:--"
    if clock.is_trusted():
        local_s = meter.protection.local().second
        time = "%02d:%02d" % (local_s // 3600, local_s // 60 % 60)
    shown = [
        time,
        "Clock " + codes.CLOCK_NAMES[clock.trust],
        "Id " + meter.config.meter_id.hex().upper(),
        _link(meter),
        "Version " + VERSION,
    ]
    if meter.alerts:
        shown.append("Last %04X" % meter.alerts[-1])
    return shown + meter.notes


def _link(meter) -> str:
    """How long ago the head-end was heard."""
    if meter.link is None or meter.link.heard_ms < 0:
        return "Link none"
    minutes = meter.link.heard_ms // 60000
    if minutes < 120:
        return "Link %d min ago" % minutes
    return "Link %d h ago" % (minutes // 60)


def _owed_all(meter, menu) -> list:
    """W6: what has accumulated, standing charge and emergency credit."""
    account = meter.account
    return [_owed(meter, "Owed ", account.ec_owed_mp() - account.accumulated_mp)]


def _left(meter, menu) -> list:
    credit_mp = meter.account.balance_mp - meter.account.due_mp
    return ["Left %d kWh" % meter.tariff.left_kwh(credit_mp)]


# By screen
_SHOWN = (
    resting, _title, _title, _usage, _rate, _debt, _register, _level, _status, _balance, _code,
    _owed_all, _left,
)  # fmt: skip


def _message(meter, menu, done_mp: int) -> list:
    message = menu.message
    if message == codes.DONE:
        amount = _credit(meter, "", done_mp)
        return ["DONE", amount] if menu.face else ["DONE " + amount]
    if message == codes.MESSAGE_EC_ACCEPTED:
        return [_credit(meter, "EmCr ", meter.account.ec_left_mp())]
    shown = ["FAIL"] if menu.face and message <= codes.TOO_SHORT else []
    if MESSAGES[message]:
        shown.append(MESSAGES[message])
    if message in (codes.LOCKED, codes.NOT_AUTHENTIC) and meter.lockout.is_locked():
        shown.append("Locked %d min" % meter.lockout.minutes_left())
    return shown
