"""A play as text: what was done and seen, for people and, as one JSON object, for comparing.

Takes a Played; gives lines. Times are Europe/London, as a household's clock shows them; money has
the sign of the meter's currency. Source: SCENARIO.md; alerts of DOMAIN 15.
"""

import json

from tools.headend.bodies import STREAM_NAMES
from tools.scenario.values import DAY_S, UNIT_MS, local_text
from tools.stage import exact_pounds
from tools.vend import grouped

ALERT_TEXTS = {
    "810D": "low credit",
    "810E": "credit added at the meter",
    "8119": "emergency credit available",
    "8168": "emergency credit armed the supply",
    "81A7": "time debt 1 completed",
    "81A8": "time debt 2 completed",
    "81A9": "payment debt completed",
    "81AA": "emergency credit exhausted",
    "81AB": "emergency credit activated",
    "81AE": "store fault",
    "81B3": "watchdog",
    "81BD": "relay fault",
    "81C0": "relay fault",
    "81C4": "code entry suspended",
    "81C5": "code refused, locked out",
    "8F0F": "credit ran out",
    "8F32": "supply armed",
    "8F47": "over maximum balance",
    "8F51": "code used already",
    "8F5B": "over maximum credit",
    "8F63": "code not authentic",
    "8F64": "not for this meter",
    "8F83": "supply kept on: friendly hours",
    "F001": "key stuck",
    "F002": "clock not trusted",
    "F003": "an order came too late",
}
BOLD, DIM, RED, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"
CELLS = 8
LAMP_TEST = "\x7f"
SCREEN_COLUMN = 22


def span(ms):
    """Milliseconds as the language writes them: 1500ms, 90s, 15m, 2h, 3d."""
    unit = max((u for u in UNIT_MS if ms % UNIT_MS[u] == 0), key=UNIT_MS.get)
    return f"{ms // UNIT_MS[unit]}{unit}"


def in_money(amount_mp, sign):
    """£1.20, -£0.00001, or with the sign of another currency."""
    return ("-" if amount_mp < 0 else "") + sign + exact_pounds(abs(amount_mp))


def boxed(cells):
    """What the cells show between brackets; a dot sits in the cell of the glyph before it."""
    return f"[{drawn(cells):{CELLS + cells.count('.')}}]".ljust(CELLS + 4)


def drawn(text):
    """A text with something to see where every segment of a cell is lit (lamp test)."""
    return text.replace(LAMP_TEST, "\u2588")


def did(step, sign):
    """One compiled step in words; `sign` is the currency's."""
    do = step["do"]
    if do == "load":
        return f"load {step['w']} W"
    if do == "wait":
        return f"wait {span(step['ms'])}"
    if do == "wait_until":
        return f"wait until {_local(step['day'], step['second'])}"
    if do == "press":
        return f"press {step['key']}"
    if do == "hold":
        return f"hold {step['key']} for {span(step['ms'])}"
    if do == "enter":
        return f"enter {grouped(step['digits'])}"
    if do == "vend":
        return f"buy {in_money(step['amount_mp'], sign)}: {grouped(step['code'])}"
    if do == "remote":
        return f"remote {step['name']}{_remote_value(step, sign)}{_way(step)}"
    if do == "power_cut":
        return f"mains off for {span(step['ms'])}"
    if do == "cut_at_write":
        where = f"flash write {step['write']} from here ({step['pattern']})"
        return f"mains off for {span(step['ms'])} in the middle of {where}"
    if do == "clock_lost":
        return "the clock chip forgets"
    if do == "clock_step":
        return f"the clock chip steps {step['s']:+d}s"
    return "expect " + ", ".join(key.removesuffix("_mp") for key in step["expect"])


def _remote_value(step, sign):
    value = step["value"]
    if step["name"] in ("top_up", "adjust_balance"):
        return " " + in_money(value, sign)
    if step["name"] == "set_time":
        return f" {_local(*value)}"
    if step["name"] in ("pay_debt", "set_debt"):
        register, amount_mp = value
        return f" {register} {in_money(amount_mp, sign)}"
    if step["name"] == "set_tariff":
        return f" from {_local(*value[1:])}" if any(value[1:]) else " at once"
    if step["name"] == "read_log":
        return f" {STREAM_NAMES[value[0]]} from {value[1]}"
    if step["name"] == "set_settings":
        return "".join(f" row {row}: {number}" for row, number in value)
    return f" {value}" if value else ""


def _way(step):
    """What becomes of its packet."""
    way = " again" if "again" in step else ""
    way += f", {step['copies']} copies" if "copies" in step else ""
    way += f", in {span(step['after_ms'])}" if "after_ms" in step else ""
    way += ", lost" if "lost" in step else ""
    return way + (", its MAC wrong" if "mac" in step else "")


def _local(day, second):
    return local_text(day * DAY_S + second)


def as_json(played):
    """One line of JSON, equal byte for byte whichever interpreter played."""
    steps = []
    for step, seen in zip(played.scenario["steps"], played.steps, strict=False):
        words = did(step, seen["seen"]["currency"])
        steps.append({"n": seen["n"], "line": seen["line"], "did": words, **seen})
    whole = {
        "name": played.scenario["name"],
        "file": played.scenario["file"],
        "passed": played.passed,
        "stopped": played.stopped,
        "steps": steps,
    }
    return json.dumps(whole, ensure_ascii=False)


def failures(played):
    """What was not as expected: step, line, expected, seen."""
    lines = []
    for step in played.steps:
        sign = step["seen"]["currency"]
        for key, expected, seen in step["failed"]:
            where = f"{played.scenario['file']}:{step['line']}: step {step['n']}"
            name = key.removesuffix("_mp")
            lines.append(f"  {where}: {name}: expected {_value(key, expected, sign)}")
            lines.append(f"  {'':>{len(where)}}  seen {_value(key, seen, sign)}")
    if played.stopped:
        lines.append(f"  {played.stopped}")
    return lines


def _value(key, value, sign):
    if key == "alerts":
        return " ".join(f"{number:04X}" for number in value) or "none"
    if key.endswith("_mp"):
        return in_money(value, sign)
    if isinstance(value, list) and key.startswith("registers"):
        return ", ".join(map(str, value))
    if isinstance(value, list):
        return " or ".join(repr(entry) for entry in value)
    return repr(value) if isinstance(value, str) else str(value).lower()


class Trace:
    """Writes a play as a table: local time, display, full text, relay, balance, what was done."""

    def __init__(self, colour):
        self.bold, self.dim, self.red, self.plain = (
            (BOLD, DIM, RED, PLAIN) if colour else ("", "", "", "")
        )
        self.alerts_told = 0
        self.day = ""

    def lines(self, step, seen):
        """The lines for one step: its note, what was done and seen, alerts, what failed."""
        lines = []
        if step["note"]:
            lines += ["", f"{self.bold}{step['note']}{self.plain}"]
        weekday, day, clock = seen["local"].split()
        if day != self.day:
            self.day = day
            lines += ["", f"{self.dim}{weekday} {day}{self.plain}"]
        state = seen["seen"]
        sign = state["currency"]
        lines.append(
            f"  {clock}  {boxed(state['cells'])}  {drawn(state['screen']):{SCREEN_COLUMN}} "
            f"{state['relay']:6}  {in_money(state['balance_mp'], sign):>10}   "
            f"{did(step, sign)}"
        )
        alerts = state["alerts"][self.alerts_told :]
        self.alerts_told = 0 if seen["do"] == "expect" else len(state["alerts"])
        indent = " " * 12
        lines += [f"{indent}{self.dim}alert {a} {ALERT_TEXTS[a]}{self.plain}" for a in alerts]
        if seen["result"] not in (None, "done"):
            lines.append(f"{indent}{self.dim}answer: {seen['result']}{self.plain}")
        for key, expected, found in seen["failed"]:
            lines.append(
                f"{indent}{self.red}{key.removesuffix('_mp')}: expected "
                f"{_value(key, expected, sign)}, seen {_value(key, found, sign)}{self.plain}"
            )
        return lines
