"""The settings file: every fault of it with its line, or the dict that provision() takes.

What a scenario's `given` has too is read by the very same functions; the rest by the firmware's table.
Keys are not in it: provisioning makes them. Money in mp. Source: DOMAIN 12, W7; SCENARIO.md, `given`.
"""

import re
import time
from datetime import timedelta

from tools.errors import UserError
from tools.scenario import given
from tools.scenario.nodes import Fault, Item, read
from tools.scenario.rates import Rates
from tools.scenario.values import EPOCH, MP_PER_POUND, pounds_mp, truth, whole, word
from tools.settings.table import PROFILES, RECOVERIES, ROWS, amount

MAX_BYTES = 1 << 15  # with far more comments than it comes with
MAX_DEBT_MP = 500 * MP_PER_POUND - 1  # W7: below £500 may be brought over
BROUGHT = {"payment": "payment_mp", "time1": "time_1_mp", "accumulated": "accumulated_mp"}
NOT_HERE = {
    "keys": "keys do not belong in this file: provisioning makes them",
    "now": "now does not belong in this file: provisioning sets the clock",
}
OWN = {row.path[0]: row for row in ROWS if row.path[0] not in given.KNOWN}
KNOWN = tuple(name for name in given.KNOWN if name not in NOT_HERE) + tuple(OWN)
BLOCKS = (
    "debt",
    "emergency",
    "gas",
    "special_days",
)  # whose entries are right or wrong by themselves
HEX = ("tariff", "next_tariff", "special_days")
ELSEWHERE = ("day", "second", "meter_id", "originator_id", "secret")  # not for a file to say

FLAT = amount(given.DEFAULT_RATE_MP, 1000)
STAYS = {  # what no row of the table says
    ("rate",): FLAT,
    ("tariff",): f"one rate of {FLAT}",
    ("special_days",): "as the region has it",
    ("gas",): "without",
    ("gas", "imp_per_m3"): str(given.DEFAULT_IMP_PER_M3),
    ("debt",): "as the profile has it",
    ("emergency",): "as the profile has it",
    ("emergency", "activated"): "false",
    ("emergency", "left"): "all of the limit",
    ("balance",): "0.00",
    **{("debt", name): "0.00" for name in BROUGHT},
}


def text_of(path):
    """What is in the file; UserError says why it cannot be known."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise UserError(f"{path} is no settings file: it has more than {MAX_BYTES} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}:{line}: this is no UTF-8 text") from None


def checked(path, now_s=None):
    """(settings, []), or (what is left of them, [`file:line: what is wrong`] in the file's order).
    A tariff to come must begin after now_s (UTC since 2000-01-01; None: the present)."""
    text = text_of(path)
    if now_s is None:
        now_s = int(time.time() - EPOCH.timestamp())
    try:
        root = read(text)
    except Fault as fault:
        return {}, [f"{path}:{fault.line}: {fault.what}"]
    settings, faults = _all_faults(root, now_s)
    profile = settings.get("profile", PROFILES[0])
    return settings, [
        f"{path}:{fault.line}: {fault.what.removeprefix('given: ')}{_stays(cause, profile)}"
        for fault, cause in sorted(faults, key=lambda found: found[0].line)
    ]


def _all_faults(root, now_s):
    """(settings, [(Fault, its cause)]): what is wrong is taken away until the rest is right."""
    faults = []
    while True:
        try:
            return _settings(root, now_s), faults
        except Fault as fault:
            cause = _cause(root, fault, now_s)
            faults.append((fault, cause))
            root = _without(root, cause) if cause else None
            if root is None or not root.value:
                return {}, faults


def _settings(root, now_s):
    for name, line in root.key_lines.items():
        if name in NOT_HERE:
            raise Fault(line, NOT_HERE[name])
    fields = root.fields("settings", KNOWN)
    settings = given.settings_of(_as_given(root, now_s), Rates())
    for name, row in OWN.items():
        if name in fields:
            settings[row.name] = _own(fields[name], name, row)
    for name in ELSEWHERE + (() if "balance" in fields else ("balance_mp",)):
        del settings[name]
    _no_old_debt(fields.get("debt"), settings)
    _no_contradiction(fields, settings)
    return {n: bytes.fromhex(v) if n in HEX else v for n, v in settings.items()}


def _as_given(root, now_s):
    """What a scenario's `given` knows of it, at this time."""
    fields = {name: item for name, item in root.value.items() if name in given.KNOWN}
    now = EPOCH + timedelta(seconds=now_s)
    fields["now"] = Item(0, now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return Item(root.line, fields, {name: root.key_lines.get(name, 0) for name in fields})


def _own(item, name, row):
    """A value that only the firmware's table knows."""
    if row.type == "money":
        return pounds_mp(item, name, row.low, row.high)
    if row.type == "flag":
        return int(truth(item, name))
    if row.type == "word":
        return RECOVERIES.index(word(item, name, RECOVERIES))
    return whole(item, name, row.low, row.high)


def _no_old_debt(debt, settings):
    """W7, over all registers: at which of them it is too much."""
    total_mp = 0
    for name in debt.value if debt else ():
        if name in BROUGHT:
            total_mp += settings[BROUGHT[name]]
            if total_mp > MAX_DEBT_MP:
                limit, total = amount(MAX_DEBT_MP, MP_PER_POUND), amount(total_mp, MP_PER_POUND)
                what = f"what is brought over must be 0 to {limit} pounds in all, not {total}"
                raise Fault(debt.key_lines[name], f"debt {name}: {what}")


def _no_contradiction(fields, settings):
    """A weekly amount or a debt that nothing would collect."""
    if settings.get("time_1_mp") and not settings.get("weekly_mp"):
        raise Fault(fields["debt"].line, "debt time1 needs a weekly amount: nothing else collects it")
    if settings.get("weekly_mp") and "recovery" in fields and not settings["recovery"]:
        weekly = amount(settings["weekly_mp"], MP_PER_POUND)
        what = f"must be {' or '.join(RECOVERIES[1:])} for a debt weekly of {weekly}, not none"
        raise Fault(fields["recovery"].line, f"recovery {what}")


# --- which value a fault is about


def _cause(root, fault, now_s):
    """The path of the entry that a fault names and that takes it away when it goes, or None."""
    found = []
    for path, line in _paths(root, fault.what):
        at = _place(path[-1], fault.what)
        if at is not None:
            found.append((line != fault.line, -len(path), at, path))
    for *_, path in sorted(found):
        try:
            _settings(_without(root, path), now_s)
        except Fault as other:
            if (other.line, other.what) == (fault.line, fault.what):
                continue
        return path
    return None


def _place(name, text):
    """Where a text has this name as a word of its own, or None."""
    if name not in text:
        return None
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    return found.start() if found else None


def _paths(root, what):
    """(path, line) of each entry, and of those inside the block that the text begins with."""
    for name, line in root.key_lines.items():
        yield (name,), line
        if name in BLOCKS and what.startswith(name):
            for inner, inner_line in root.value[name].key_lines.items():
                yield (name, inner), inner_line


def _without(item, path):
    """The same tree without one entry; a block that is empty then goes too."""
    fields = dict(item.value)
    inner = _without(fields[path[0]], path[1:]) if path[1:] else None
    if inner is not None and inner.value:
        fields[path[0]] = inner
    else:
        del fields[path[0]]
    lines = {name: line for name, line in item.key_lines.items() if name in fields}
    return Item(item.line, fields, lines)


def _stays(path, profile):
    """What the meter has instead of a refused value."""
    if path is None:
        return ""
    for row in ROWS:
        if row.path == path:
            return f" (it stays {row.default_text(profile)})"
    if path[0] == "special_days":
        path = path[:1]
    return f" (it stays {STAYS[path]})" if path in STAYS else ""
