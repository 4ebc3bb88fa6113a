"""The settings table of the firmware as people read it: words of a file, natural units, meanings.

Takes firmware/shilling/config.py, the one place of widths, units, ranges and defaults, and adds what the
meter need not know: the word in a file, where it stands, what it means. Source: DOMAIN 12.
"""

import importlib
import re
from collections import namedtuple
from decimal import Decimal

from tools import interpreters
from tools.scenario import given

# type, unit of people, how many steps of the table's unit it has
Kind = namedtuple("Kind", "type unit steps")
KINDS = {
    "mp": Kind("money", "£", 100_000),
    "mp/week": Kind("money", "£ a week", 100_000),
    "mp/day": Kind("money", "pence a day", 1000),
    "%": Kind("number", "%", 1),
    "imp": Kind("number", "pulses a kWh", 1),
    "parts/week": Kind("number", "parts a week", 1),
    "0.01 MJ/m3": Kind("number", "MJ/m³", 100),
    "flag": Kind("flag", "", 1),
    "profile": Kind("word", "", 1),
    "region": Kind("word", "", 1),
    "currency": Kind("word", "", 1),
    "recovery": Kind("word", "", 1),
}
RECOVERIES = ("none", "weekly_parts", "gas_week")
NO_GAS = "calorific"  # 0 of it is said by leaving the block out

# Name in the firmware: word in the file (after the block it is in), what it is
MEANINGS = {
    "profile": ("profile", "Kind of meter: it decides the defaults of the rest"),
    "region": ("region", "Whose bank holidays count"),
    "currency": ("currency", "What money is in: £ and pence stand for its units, whichever it is"),
    "friendly": ("friendly_hours", "Nobody is cut off in the evening, at weekends, on holidays"),
    "imp_per_kwh": ("imp_per_kwh", "Pulses for each kWh; of gas say imp_per_m3 in its block"),
    "calorific": ("gas.calorific_value", "The pulses count cubic metres of gas, each of this energy"),
    "standing_mp": ("standing_charge", "Due at each midnight (UTC)"),
    "share": ("debt.share", "Share of each top-up that pays off payment-based debt"),
    "weekly_cap_mp": ("debt.weekly_cap", "The most such shares may take in a week; 0 is no limit"),
    "recovery": ("recovery", "How a debt is collected as time goes by"),
    "weekly_mp": ("debt.weekly", "How much of it is collected in a week"),
    "parts": ("debt.parts", "In how many equal parts, when by weekly_parts"),
    "suspend_debt_emergency": (
        "debt.suspend_emergency", "Parts go to the accumulated debt while emergency credit is in use"
    ),
    "suspend_debt_disabled": (
        "debt.suspend_disabled", "Parts go to the accumulated debt while supply is off"
    ),
    "usable_share": ("usable_share", "Share of each top-up that is always credit, when by gas_week"),
    "ec_limit_mp": ("emergency.limit", "Emergency credit; 0 is none"),
    "ec_threshold_mp": ("emergency.threshold", "It is offered while the balance is below this"),
    "ec_below_zero": ("ec_below_zero", "It is offered also while the balance is below 0"),
    "low_credit_mp": ("low_credit", "Below this the display says LOW; the consumer may change it"),
    "max_credit_mp": ("max_credit", "The most that one top-up may be"),
    "max_balance_mp": ("max_balance", "The most that a top-up may bring the balance to"),
    "min_vend_mp": ("min_vend", "The least that is sold"),
}  # fmt: skip


with interpreters.importable():
    config = importlib.import_module("shilling.config")
PROFILES = tuple(name for name, _ in config.PROFILES)
WORDS = {
    "profile": PROFILES,
    "region": given.REGIONS,
    "currency": given.CURRENCIES,
    "recovery": RECOVERIES,
    "flag": ("false", "true"),
}


class Row:
    """One setting. `name`, `low`, `high`, `default`, `rule` as the firmware has them; `path`: the words
    that lead to it in a file; `what` it is; `type`, `unit` of people."""

    def __init__(self, name, _width, unit, low, high, default, rule):
        self.name, self.low, self.high, self.default, self.rule = name, low, high, default, rule
        self.table_unit = unit
        self.type, self.unit, self.steps = KINDS[unit]
        word, self.what = MEANINGS[name]
        self.path = tuple(word.split("."))

    def text(self, value):
        """A value as a file has it."""
        if self.table_unit in WORDS:
            return WORDS[self.table_unit][value]
        return amount(value, self.steps) if self.steps > 1 else str(value)

    def range(self):
        """Every value it may have, in words."""
        if self.table_unit in WORDS:
            return either(WORDS[self.table_unit][self.low : self.high + 1])
        if self.name == "parts":  # the one whose range has nothing between its ends
            return either((str(self.low), str(self.high)))
        low = self.low + 1 if self.name == NO_GAS else self.low
        return f"{self.text(low)} to {self.text(self.high)}"

    def default_of(self, profile):
        """What a meter of this profile has when nothing is said."""
        if self.name == "profile":
            return PROFILES.index(profile)
        return dict(config.PROFILES[PROFILES.index(profile)][1]).get(self.name, self.default)

    def default_text(self, profile):
        value = self.default_of(profile)
        return "none" if self.name == NO_GAS and not value else self.text(value)

    def other_defaults(self):
        """[(profiles, default)] where it is not that of the first profile."""
        others = {}
        for profile in PROFILES[1:] if self.name != "profile" else ():
            text = self.default_text(profile)
            if text != self.default_text(PROFILES[0]):
                others.setdefault(text, []).append(profile)
        return [(profiles, text) for text, profiles in others.items()]


def with_unit(text, unit):
    """£0.00 to £500.00 a week, 0 to 100 %."""
    if unit.startswith("£"):
        text, unit = re.sub(r"\d+\.\d+", r"£\g<0>", text), unit[2:]
    return f"{text} {unit}".rstrip()


def amount(value, steps):
    """Steps of a unit as decimal text, exact, with two digits or more behind the point."""
    exact = Decimal(value) / steps
    return f"{exact:.2f}" if exact == round(exact, 2) else f"{exact:f}"


def either(words):
    """a, b or c."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


ROWS = tuple(Row(*row) for row in config.SETTINGS)
