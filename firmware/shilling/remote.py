"""What the head-end orders: each command of SPEC.md 9 carried out, its counter in the record of its effect.

Takes the shell, an order's kind from 2 on and its body (of right length), or the meter and what the functions
say; gives True if done. Loaded by the first order. Source: REMOTE; DOMAIN S2, S4, W8, 8, 10, 14.
"""

from struct import unpack_from

from micropython import const

from shilling import codes, commands, supply
from shilling.account import ACCUMULATED, BALANCE, OPENING, PAYMENT, TIME_1
from shilling.meter import Meter
from shilling.terms import set_settings, set_special_days, set_tariff, settle

_DEBTS = (PAYMENT, TIME_1, ACCUMULATED)
DEBTS = {"payment": PAYMENT, "time1": TIME_1, "accumulated": ACCUMULATED}
_LOG_PAID = const(5)
_LOG_ADJUSTED = const(6)
_FIRST_DAY = const(9497)  # 2026-01-01, 2099-12-31
_LAST_DAY = const(36524)
_DAY_S = const(86400)
_LATEST_S = const(604800)  # a time told so long ago may have drifted
_TEXT_BYTES = const(48)


def carry_out(app, kind: int, until_s: int, body: bytes) -> bool:
    """An order that was not carried out before, meter.order; False or a ValueError: it is refused."""
    return _ORDERS[kind - 2](app, body, until_s)


def disable(meter: Meter) -> bool:
    return commands.operate(meter, supply.REMOTE_DISABLE)


def arm(meter: Meter) -> bool:
    return commands.operate(meter, supply.REMOTE_ARM)


def permit(meter: Meter) -> bool:
    """Remote off no longer: armed if there is credit, else disabled."""
    return commands.operate(meter, supply.REMOTE_PERMIT)


def clear_lockout(meter: Meter) -> bool:
    if meter.halted:
        return False
    meter.commit_use()
    meter.lockout.clear()
    meter.link_lockout.clear()
    return commands.write(meter, codes.RECORD_ATTEMPT)


def pay_debt(meter: Meter, register: str, amount_mp: int) -> bool:
    """W8: a one-off payment, all of it to one debt; more than is owed is refused."""
    if meter.halted:
        return False
    meter.commit_use()
    if meter.halted or not meter.debt.pay(register, amount_mp):
        return False
    settle(meter)
    done = commands.write(meter, meter.debt.record_kind())
    if done:
        meter.log(_LOG_PAID, _DEBTS.index(register), amount_mp, -getattr(meter.account, register), 0)
    return done


def _begin(meter: Meter) -> None:
    """Before another debt or rule of paying it: it does not reach back to the last one's instant."""
    meter.commit_use()
    clock = meter.clock
    if clock.is_trusted() and not meter.schedule.owes() and meter.dues.reach(clock.day, clock.second()):
        meter.write(codes.RECORD_DUE, 0)


def adjust(meter: Meter, register: str, amount_mp: int) -> bool:
    """Add to Meter Balance or to what is owed (a negative figure) against what was brought forward."""
    if meter.halted:
        return False
    _begin(meter)
    account = meter.account
    most_mp = meter.config.max_balance_mp if register == BALANCE else 0
    if meter.halted or (amount_mp > 0 and getattr(account, register) + amount_mp > most_mp):
        return False
    if not account.spend(register, OPENING, -amount_mp):
        return False
    meter.debt.weekly_due_mp = min(meter.debt.weekly_due_mp, -account.time_1_mp)
    settle(meter)
    done = commands.write(meter, codes.RECORD_ADJUST)
    if done and register == BALANCE:
        meter.log(_LOG_ADJUSTED, 0, amount_mp, account.balance_mp, 0)
    return done


def set_time(meter: Meter, day: int, second: int) -> bool:
    """Believed, forward or back; days not charged yet fall due at the next step."""
    if meter.halted:
        return False
    meter.commit_use()
    meter.clock.set(day, second)
    meter.schedule.day = 0
    return commands.write(meter, codes.RECORD_CLOCK)


def set_clock(app, day: int, second: int) -> bool:
    """The same with the board's chip. The later of chip and mark comes first: a cut in between leaves
    the chip at or above the mark, and the clock trusted."""
    clock = app.meter.clock
    forward = day > clock.day or (day == clock.day and second >= clock.second())
    if forward and not app.meter.halted:
        app.board.rtc_set(day, second)
    done = set_time(app.meter, day, second)
    if done and not forward:
        app.board.rtc_set(day, second)
    return done


# --- orders: (app, body, until_s) -> done


def _pay(app, body: bytes, until_s: int) -> bool:
    return body[0] < 3 and pay_debt(app.meter, _DEBTS[body[0]], unpack_from(">i", body, 1)[0])


def _adjust(app, body: bytes, until_s: int) -> bool:
    return adjust(app.meter, BALANCE, unpack_from(">i", body)[0])


def _set_debt(app, body: bytes, until_s: int) -> bool:
    """A debt of so much, whatever it was."""
    owed_mp = unpack_from(">i", body, 1)[0]
    if body[0] > 1 or owed_mp < 0:
        return False
    register = _DEBTS[body[0]]
    return adjust(app.meter, register, -owed_mp - getattr(app.meter.account, register))


def _set_tariff(app, body: bytes, until_s: int) -> bool:
    if len(body) < 6:
        return False
    day, second = unpack_from(">HI", body)
    return set_tariff(app.meter, body[6:], day, second)


def _set_settings(app, body: bytes, until_s: int) -> bool:
    if len(body) % 5 or not body:
        return False
    _begin(app.meter)  # at the rules of before
    return set_settings(app.meter, [unpack_from(">BI", body, at) for at in range(0, len(body), 5)])


def _set_days(app, body: bytes, until_s: int) -> bool:
    app.meter.commit_use()
    return set_special_days(app.meter, body)


def _activate_ec(app, body: bytes, until_s: int) -> bool:
    return commands.accept_emergency(app.meter)


def _set_time(app, body: bytes, until_s: int) -> bool:
    """A time that was right at a moment of this very start; or one that cannot have waited for long,
    as a trusted clock says."""
    day, second, session, uptime_s = unpack_from(">HIII", body)
    if not (_FIRST_DAY <= day <= _LAST_DAY and second < _DAY_S):
        return False
    if session:
        late_s = app.link.uptime_s - uptime_s
        if session != app.link.session or not 0 <= late_s <= _LATEST_S:
            return False
        second += late_s
    elif not until_s or not app.meter.clock.is_trusted():
        return False
    return set_clock(app, day + second // _DAY_S, second % _DAY_S)


def _text(app, body: bytes, until_s: int) -> bool:
    """A few words on the display; none takes them away."""
    if len(body) > _TEXT_BYTES:
        return False
    for byte in body:
        if not 32 <= byte < 127:
            return False
    app.meter.text = body.decode()
    return True


def _clear(app, body: bytes, until_s: int) -> bool:
    """Also the count that a code which is checked just now would take back."""
    app.top_up.failures_before = 0
    return clear_lockout(app.meter)


# From PAY_DEBT on
_ORDERS = (
    _pay, _adjust, _set_tariff, _set_settings, _set_debt, _set_days,
    lambda app, body, until_s: disable(app.meter), lambda app, body, until_s: arm(app.meter),
    lambda app, body, until_s: permit(app.meter), _activate_ec, _set_time, _text,
    _clear,
)  # fmt: skip
