"""A settings file to begin with: every setting of a profile with its default, and what it means.

Takes the profile's name, gives YAML that settings_of() reads as just those defaults.
"""

from tools.scenario.debt import PAYMENT_BASED
from tools.scenario.given import SPECIAL_DAYS_LIMIT
from tools.settings.pages import SPECIAL_DAYS, TARIFF, beside
from tools.settings.table import NO_GAS, ROWS, with_unit

WIDTH = 98
HEAD = """# Settings of a new {profile} meter, each with its default. Change what is different.
# What is wrong:         shilling settings --check FILE
# A meter that has them: shilling run --fresh --settings FILE
# £ may have up to 5 decimals, pence up to 3. Keys do not belong here. docs/SETTINGS.md has the table.
"""
GAS = """gas:
  calorific_value: 39.50
  imp_per_m3: 100
"""
GAS_SAID = "For a gas meter, instead of imp_per_kwh: MJ in a cubic metre, and pulses for one"
TARIFF_SAID = "A tariff instead of the rate"
DAYS_SAID = (
    f"Days that are a holiday, or are not, whatever the region has: {SPECIAL_DAYS_LIMIT} at most"
)
BLOCKS = ("debt", "emergency")
COMMENTED = ("tariff", "special_days", "gas.imp_per_m3", "emergency.left")
GAS_PROFILE = "gas_weekly"


def template(profile):
    """The file's text."""
    top = {}  # block or name -> its lines
    for row in ROWS:
        if row.name != NO_GAS and _is_for(profile, row.path):
            facts = f"{with_unit(row.range(), row.unit)}, rule {row.rule}"
            _add(top, row.path, row.what, facts, row.default_text(profile))
    for name, unit, span, default, what in beside():
        path = tuple(name.split("."))
        if name not in COMMENTED and _is_for(profile, path):
            _add(top, path, what, with_unit(span, unit), default)
    text = HEAD.format(profile=profile)
    for name, lines in top.items():
        text += "\n" + (f"{name}:\n" if name in BLOCKS else "") + "".join(lines)
    for said, example in ((TARIFF_SAID, TARIFF), (GAS_SAID, GAS), (DAYS_SAID, SPECIAL_DAYS)):
        text += f"\n# {said}:\n" + "".join(f"#{line}\n" for line in example.splitlines())
    return text


def _is_for(profile, path):
    """A gas meter has no payment-based debt, and no words for it (W4)."""
    return not (profile == GAS_PROFILE and path[0] == "debt" and path[1] in PAYMENT_BASED)


def _add(top, path, what, facts, value):
    """The lines of one value, below what it is: its range and rule on the same line if they fit."""
    indent = "  " * (len(path) - 1)
    said = [f"{what}: {facts}"]
    if len(indent + said[0]) > WIDTH - 2:
        said = [what, facts]
    lines = top.setdefault(path[0], [])
    lines += [f"{indent}# {part}\n" for part in said]
    lines.append(f"{indent}{path[-1]}: {value}\n")
