"""What the head-end may order, as a scenario says it: each command's value, and the bytes of its packet.

Takes located items and the Timeline; gives values of texts and ints (mp; a time as day and second UTC; a
tariff, special days in hex), and of those the kind and body of SPEC.md 9. Source: SCENARIO.md, REMOTE.
"""

from tools.headend import bodies
from tools.scenario import tariff
from tools.scenario.given import LIMIT_MP, special_days
from tools.scenario.nodes import Fault
from tools.scenario.values import DAY_S, moment_s, pounds_mp, whole
from tools.utrn_vend import VendError

DEBT_REGISTERS = ("payment", "time1", "accumulated")
AT_ONCE = [0, 0]  # a start that is past is now
NO_TEXT = "none"  # takes the message away
U32_MAX = 2**32 - 1


def _top_up(item, time):
    return pounds_mp(item, "top_up", 1)


def _set_time(item, time):
    second = moment_s(item, "set_time")
    return [second // DAY_S, second % DAY_S]


def _one(item, what, names):
    """(name, value) of the one register that a mapping is about."""
    fields = item.fields(what, names)
    if len(fields) != 1:
        raise Fault(item.line, f"{what}: one register a step, not {' and '.join(fields)}")
    return next(iter(fields.items()))


def _pay_debt(item, time):
    """W8: one register and what is paid to it."""
    register, amount = _one(item, "pay_debt", DEBT_REGISTERS)
    return [register, pounds_mp(amount, f"pay_debt {register}", 1)]


def _set_debt(item, time):
    """One register and what is owed from now on."""
    register, amount = _one(item, "set_debt", DEBT_REGISTERS[:2])
    return [register, pounds_mp(amount, f"set_debt {register}")]


def _adjust(item, time):
    amount_mp = pounds_mp(item, "adjust_balance", -LIMIT_MP)
    if not amount_mp:
        raise Fault(item.line, "adjust_balance of nothing is none")
    return amount_mp


def _set_tariff(item, time):
    """[hex, day, second] of a tariff and its start; without `from` it holds at once."""
    text, names = tariff.packed(item, ("from",))
    time.rates.take(names, item.value["rates"].line)
    start = AT_ONCE
    if "from" in item.value:
        start = divmod(tariff.start_of(item.value["from"], time.now_s()), DAY_S)
    return [text, *start]


def _set_settings(item, time):
    """[[row, value]] of the firmware's table; a value that the meter refuses may be tried."""
    from tools.settings import table  # which needs this package

    names = tuple(row[0] for row in table.config.SETTINGS)
    fields = item.fields("set_settings", names)
    return [[names.index(name), whole(value, f"set_settings {name}", 0, U32_MAX)]
            for name, value in fields.items()]  # fmt: skip


def _text(item, time):
    message = item.text("text")
    try:
        bodies.text(message)
    except VendError as error:
        raise Fault(item.line, f"text: {error}") from error
    return "" if message == NO_TEXT else message


def _read_log(item, time):
    """[stream, number of the first]."""
    fields = item.fields("read_log", bodies.STREAM_NAMES)
    if len(fields) != 1:
        raise Fault(item.line, "read_log: one stream a step")
    stream, first = next(iter(fields.items()))
    return [bodies.STREAM_NAMES.index(stream), whole(first, f"read_log {stream}", 1, U32_MAX)]


# Name: what reads its value (None: it takes none), kind, what makes the body of the value
COMMANDS = {
    "top_up": (_top_up, bodies.TOP_UP, bodies.top_up),
    "set_time": (_set_time, bodies.SET_TIME, lambda at: bodies.set_time(at[0] * DAY_S + at[1])),
    "disable": (None, bodies.DISABLE, None),
    "arm": (None, bodies.ARM, None),
    "clear_lockout": (None, bodies.CLEAR_LOCKOUT, None),
    "pay_debt": (_pay_debt, bodies.PAY_DEBT, lambda of: bodies.pay_debt(*of)),
    "set_tariff": (
        _set_tariff, bodies.SET_TARIFF,
        lambda of: bodies.set_tariff(bytes.fromhex(of[0]), of[1] * DAY_S + of[2]),
    ),
    "adjust_balance": (_adjust, bodies.ADJUST_BALANCE, bodies.adjust_balance),
    "set_settings": (
        _set_settings, bodies.SET_SETTINGS, lambda rows: bodies.set_settings(dict(rows))
    ),
    "set_debt": (_set_debt, bodies.SET_DEBT, lambda of: bodies.set_debt(*of)),
    "special_days": (
        lambda item, time: special_days(item), bodies.SPECIAL_DAYS,
        lambda text: bodies.special_days(bytes.fromhex(text)),
    ),
    "enable": (None, bodies.ENABLE, None),
    "activate_ec": (None, bodies.ACTIVATE_EC, None),
    "text": (_text, bodies.TEXT, bodies.text),
    "read_registers": (None, bodies.READ_REGISTERS, None),
    "read_log": (_read_log, bodies.READ_LOG, lambda of: bodies.read_log(*of)),
}  # fmt: skip


def value_of(name, item, time, line):
    """The value of a command in a step on this line, None where it takes none."""
    read = COMMANDS[name][0]
    if read is not None:
        if item is None:
            raise Fault(line, f"remote: {name} needs a value, {{{name}: ...}}")
        return read(item, time)
    if item is not None and item.value not in ("", "true"):
        raise Fault(item.line, f"remote: {name} takes no value")
    return None


def packed(name, value):
    """-> (kind, body) of a command and its value."""
    _, kind, make = COMMANDS[name]
    return kind, b"" if make is None else make(value)
