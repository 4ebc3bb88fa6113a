"""The `remote` step: one authorised command, as the pair of name and value that App.command takes.

Takes the located step and the Timeline; gives a dict of texts and ints: money in mp, a time as day
and second UTC, a tariff in hex. Source: SCENARIO.md, DOMAIN 8, 10, 14, W8.
"""

from tools.scenario import tariff
from tools.scenario.nodes import Fault
from tools.scenario.values import DAY_S, moment_s, pounds_mp, word

DEBT_REGISTERS = ("payment", "time1", "accumulated")
AT_ONCE = [0, 0]  # a start that is past is now


def remote(item, time):
    """The step: the command's name and value, None where it takes none."""
    value = None
    if isinstance(item.value, dict):
        fields = item.fields("remote", tuple(COMMANDS))
        if len(fields) != 1:
            raise Fault(item.line, "remote: one command a step")
        name, value = next(iter(fields.items()))
    else:
        name = word(item, "remote", tuple(COMMANDS))
    read = COMMANDS[name]
    if read is not None:
        if value is None:
            raise Fault(item.line, f"remote: {name} needs a value, {{{name}: ...}}")
        return {"do": "remote", "name": name, "value": read(value, time)}
    if value is not None and value.value not in ("", "true"):
        raise Fault(value.line, f"remote: {name} takes no value")
    return {"do": "remote", "name": name, "value": None}


def _set_time(item, time):
    second = moment_s(item, "set_time")
    return [second // DAY_S, second % DAY_S]


def _pay_debt(item, time):
    """W8: one register and what is paid to it."""
    fields = item.fields("pay_debt", DEBT_REGISTERS)
    if len(fields) != 1:
        raise Fault(item.line, f"pay_debt: one register a step, not {' and '.join(fields)}")
    register, amount = next(iter(fields.items()))
    return [register, pounds_mp(amount, f"pay_debt {register}", 1)]


def _set_tariff(item, time):
    """[hex, day, second] of a tariff and its start; without `from` it holds at once."""
    text, names = tariff.packed(item, ("from",))
    time.rates.take(names, item.value["rates"].line)
    start = AT_ONCE
    if "from" in item.value:
        start = divmod(tariff.start_of(item.value["from"], time.now_s()), DAY_S)
    return [text, *start]


COMMANDS = {
    "top_up": lambda item, time: pounds_mp(item, "top_up", 1),
    "set_time": _set_time,
    "disable": None,
    "arm": None,
    "clear_lockout": None,
    "pay_debt": _pay_debt,
    "set_tariff": _set_tariff,
}
