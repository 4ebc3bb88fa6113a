"""The `switch` list of a tariff: on which days and at which minute which rate begins.

Takes the located list and the names of the rates; gives [(days as bits, minute of the local day,
number of the rate)]. What leaves an hour without a rate, or with two, is a fault of the file.
Source: SCENARIO.md, DOMAIN 8.
"""

from tools.scenario.nodes import Fault, hint
from tools.scenario.values import minute_of_day

SWITCHES_LIMIT = 32
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPECIAL = 7  # its bit, after those of the seven weekdays
EVERY_DAY = (1 << len(WEEKDAYS)) - 1


def switches_of(item, names):
    """The switches in the file's order; None: none."""
    if item is None:
        return []
    entries = item.entries("tariff switch")
    if len(entries) > SWITCHES_LIMIT:
        what = f"tariff has {len(entries)} switches"
        raise Fault(item.line, f"{what}: a meter has {SWITCHES_LIMIT} at most")
    switches = []
    for entry in entries:
        fields = entry.fields("tariff switch", ("at", "rate", "days"))
        for name in ("at", "rate"):
            if name not in fields:
                raise Fault(entry.line, f"tariff switch: {name} is missing")
        minute = minute_of_day(fields["at"], "tariff switch at")
        rate = fields["rate"].text("tariff switch rate")
        if rate not in names:
            what = f"tariff switch: no rate is called {rate!r}{hint(rate, names)}"
            raise Fault(fields["rate"].line, what)
        days = _days(fields["days"]) if "days" in fields else EVERY_DAY
        for other, at, _ in switches:
            if at == minute and other & days:
                when = f"{fields['at'].value} on {_names(other & days)[0]}"
                raise Fault(entry.line, f"tariff switch: there is a switch at {when} already")
        switches.append((days, minute, names.index(rate)))
    return switches


def _days(item):
    """Bits of `mon`, `mon-fri`, `special`, or a list of such; a range may go over Sunday."""
    days = 0
    for entry in item.value if isinstance(item.value, list) else [item]:
        text = entry.text("tariff switch days")
        if text == "special":
            days |= 1 << SPECIAL
            continue
        first, to, last = text.partition("-")
        ends = (first, last if to else first)
        if not set(ends) <= set(WEEKDAYS):
            what = f"{', '.join(WEEKDAYS)}, a range such as mon-fri, or special, not {text!r}"
            raise Fault(entry.line, f"tariff switch days must be {what}")
        begins, ends = map(WEEKDAYS.index, ends)
        for n in range((ends - begins) % 7 + 1):
            days |= 1 << (begins + n) % 7
    if not days:
        raise Fault(item.line, "tariff switch days must name a day, or be left out for every day")
    return days


def _names(days):
    return [name for bit, name in enumerate((*WEEKDAYS, "special days")) if days >> bit & 1]


def no_gaps(item, names, switches):
    """Every weekday has a switch, and every rate is switched to."""
    if not switches:
        what = f"tariff has {len(names)} rates: say in switch when each begins"
        raise Fault(item.line, what + ', such as {at: "00:30", rate: ' + names[-1] + "}")
    missing = EVERY_DAY
    for days, _, _ in switches:
        missing &= ~days
    if missing:
        what = f"tariff switch leaves a gap: nothing begins on {' '.join(_names(missing))}"
        raise Fault(item.line, f"{what}; each weekday needs a switch")
    for number, name in enumerate(names):
        if number not in [rate for _, _, rate in switches]:
            what = f"tariff rate {name} is never switched to: give it a switch or leave it out"
            raise Fault(item.line, what)
