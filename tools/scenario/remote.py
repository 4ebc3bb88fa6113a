"""The `remote` step: one authorised command as a packet of the head-end, and what becomes of it on its way.

Takes the located step and the Timeline; gives the command's name and value, its number, the whole packet in
hex (of set_time, whose place in the meter's life nobody knows yet, all but the MAC, and the key), and what
the network does. Numbers count up, those of top-ups as the codes do. Source: SCENARIO.md; SPEC.md 9.
"""

import re

from tools.headend import bodies, envelope
from tools.scenario.nodes import Fault
from tools.scenario.orders import COMMANDS, packed, value_of
from tools.scenario.values import duration_ms, moment_s, whole, word
from tools.utrn_vend import COUNTER_MAX, VendError, fit, make_code

AGAIN = "again"  # the packet of an earlier step once more
COPIES_MOST = 100
# What the meter says, and what it cannot
ANSWERS = (
    "done", "refused", "duplicate", "over maximum credit", "over maximum balance", "halted", "expired",
    "too old", "nothing", "registers", "log",
)  # fmt: skip
REPEATED = " again"  # behind an answer that was given before
OPTIONS = ("as", "counter", "copies", "after", "lost", "mac", "not_after", "answer")
MP_PER_PENNY = 1000


def remote(item, time):
    """The step."""
    if not isinstance(item.value, dict):
        name = word(item, "remote", tuple(COMMANDS))
        return _order(name, value_of(name, None, time, item.line), {}, time)
    fields = dict(item.fields("remote", (*COMMANDS, AGAIN, *OPTIONS)))
    options = {name: fields.pop(name) for name in OPTIONS if name in fields}
    if len(fields) != 1:
        raise Fault(item.line, "remote: one command a step")
    name, value = next(iter(fields.items()))
    if name == AGAIN:
        return _again(value, options, time)
    return _order(name, value_of(name, value, time, item.line), options, time)


def _order(name, value, options, time):
    kind, body = packed(name, value)
    number = _number(kind, options, time)
    step = {"do": "remote", "name": name, "value": value, "number": number}
    not_after_s = 0
    if "not_after" in options:
        not_after_s = moment_s(options["not_after"], "remote not_after")
    packet = envelope.down(time.keys, number, kind, body, not_after_s)
    if kind == bodies.SET_TIME:
        step["key"] = envelope.key(time.keys, "down").hex()
        packet = packet[: -envelope.MAC_SIZE]
    step["packet"] = packet.hex()
    if "as" in options:
        step["as"] = _named(options["as"], step, time)
    return _on_its_way(step, options)


def _number(kind, options, time):
    """The next of its window, or as the step says."""
    if kind >= bodies.NOT_COUNTED:
        if "counter" in options:
            raise Fault(options["counter"].line, "remote: what only asks has no counter")
        return 0
    used = "counter" if kind == bodies.TOP_UP else "order"
    number = getattr(time, used) + 1
    if "counter" in options:
        number = whole(options["counter"], "remote counter", 1, COUNTER_MAX)
    setattr(time, used, max(number, getattr(time, used)))
    return number


def _named(item, step, time):
    """A name for `again`; and for `enter`, where a code can carry the same top-up."""
    name = item.text("remote as")
    if (
        not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name)
        or name in time.codes
        or name in time.orders
    ):
        raise Fault(item.line, f"remote as: {name!r} is no new name for an order")
    time.orders[name] = step
    if step["name"] == "top_up" and step["value"] % MP_PER_PENNY == 0:
        try:
            value = fit(step["value"] // MP_PER_PENNY, limits=False)
            time.codes[name] = make_code(time.keys, step["number"], *value)
        except VendError:
            pass  # no code was printed
    return name


def _again(item, options, time):
    """Whoever kept it sends the same packet."""
    name = item.text("remote again")
    if name not in time.orders:
        raise Fault(item.line, f"remote again: no order is called {name!r} by then")
    for option in ("as", "counter", "not_after"):
        if option in options:
            raise Fault(options[option].line, f"remote again: the packet has its {option}")
    step = {key: value for key, value in time.orders[name].items() if key not in WAY}
    return _on_its_way(dict(step, again=name), options)


def _on_its_way(step, options):
    """What becomes of the packet, where it is not simply taken."""
    step = dict(step)
    if "lost" in options:
        word(options["lost"], "remote lost", ("true",))
        step["lost"] = True
    if "copies" in options:
        step["copies"] = whole(options["copies"], "remote copies", 2, COPIES_MOST)
    if "after" in options:
        step["after_ms"] = duration_ms(options["after"], "remote after")
    if "mac" in options:
        word(options["mac"], "remote mac", ("wrong",))
        step["mac"] = "wrong"
    if "answer" in options:
        for option in ("lost", "after"):
            if option in options:
                line = options["answer"].line
                raise Fault(
                    line, f"remote: with {option} say answers in an expect that comes later"
                )
        step["answer"] = answers_of(options["answer"], "remote answer")
    return step


WAY = ("lost", "copies", "after_ms", "mac", "answer", "as")


def answers_of(item, what):
    """One answer, or a list of them."""
    entries = item.entries(what) if isinstance(item.value, list) else [item]
    for entry in entries:
        if entry.text(what).removesuffix(REPEATED) not in ANSWERS:
            raise Fault(entry.line, f"{what} must be {' or '.join(ANSWERS)}, not {entry.value!r}")
    return [entry.value for entry in entries]
