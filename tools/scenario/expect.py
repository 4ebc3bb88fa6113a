"""The `expect` step: what must be seen, in the units and names meter.observe() uses.

Takes the located mapping; gives a dict of texts and ints (mp, Wh, alert numbers).
Source: SCENARIO.md; alerts from DOMAIN 15, those of our own from F001 on.
"""

import re

from tools.scenario.nodes import Fault
from tools.scenario.remote import answers_of
from tools.scenario.values import pounds_mp, truth, whole, word

KNOWN = (
    "screen", "relay", "supply", "balance", "balance_mp", "emergency", "debt", "friendly",
    "energy_wh", "registers", "owed_to_restore", "weekly_due", "alerts", "answers", "ledger",
)  # fmt: skip
MONEY = ("balance", "owed_to_restore", "weekly_due")
WH_LIMIT = 10**12
LIMIT_MP = 1_000_000_000
SUPPLY = ("enabled", "armed", "disabled", "remote_off", "fault")
EC_STATES = ("none", "offered", "active", "in_use", "exhausted")
ALERTS = (
    "810D 810E 8119 81AB 81AA 8F0F 8F83 8F32 8168 81A7 81A8 81A9 81C4 81C5 8F47 8F51 8F5B 8F63 "
    "8F64 81AE 81B3 81BD 81C0 F001 F002 F003"
).split()


def expected(item):
    """The expectation as the player compares it."""
    fields = item.fields("expect", KNOWN)
    if "balance" in fields and "balance_mp" in fields:
        raise Fault(item.key_lines["balance_mp"], "expect either balance or balance_mp, not both")
    return {
        f"{name}_mp" if name in MONEY else name: READERS[name](value, f"expect {name}")
        for name, value in fields.items()
    }


def _screens(item, what):
    if isinstance(item.value, list):
        return [entry.text(what) for entry in item.entries(what)]
    return [item.text(what)]


def _pounds(item, what):
    return pounds_mp(item, what, -LIMIT_MP, LIMIT_MP)


def _emergency(item, what):
    fields = item.fields(what, ("state", "left", "owed"))
    found = {}
    for name, value in fields.items():
        if name == "state":
            found[name] = word(value, f"{what} state", EC_STATES)
        else:
            found[f"{name}_mp"] = pounds_mp(value, f"{what} {name}")
    return found


def _debt(item, what):
    fields = item.fields(what, ("payment", "time1", "accumulated", "total"))
    return {f"{name}_mp": pounds_mp(value, f"{what} {name}") for name, value in fields.items()}


def _registers(item, what):
    """Name of a rate -> Wh of all its blocks, or a list: of each of them."""
    if not isinstance(item.value, dict) or not item.value:
        raise Fault(item.line, f"{what} must be a mapping such as {{day: 4000, night: 2000}}")
    found = {}
    for name, value in item.value.items():
        if isinstance(value.value, list):
            found[name] = [whole(e, f"{what} {name}", 0, WH_LIMIT) for e in value.entries(what)]
        else:
            found[name] = whole(value, f"{what} {name}", 0, WH_LIMIT)
    return found


def _alerts(item, what):
    if item.value == []:
        return []
    numbers = []
    for entry in item.entries(what):
        text = entry.text(what)
        if not re.fullmatch("[0-9A-Fa-f]{4}", text) or text.upper() not in ALERTS:
            raise Fault(entry.line, f"{what}: {text!r} is no alert the meter has")
        numbers.append(int(text, 16))
    return numbers


READERS = {
    "screen": _screens,
    "relay": lambda item, what: word(item, what, ("closed", "open")),
    "supply": lambda item, what: word(item, what, SUPPLY),
    "balance": _pounds,
    "balance_mp": lambda item, what: whole(item, what, -LIMIT_MP, LIMIT_MP),
    "emergency": _emergency,
    "debt": _debt,
    "friendly": truth,
    "energy_wh": lambda item, what: whole(item, what, 0, WH_LIMIT),
    "registers": _registers,
    "owed_to_restore": _pounds,
    "weekly_due": pounds_mp,
    "alerts": _alerts,
    "answers": lambda item, what: [] if item.value == [] else answers_of(item, what),
    "ledger": lambda item, what: word(item, what, ("balanced", "unbalanced")),
}
