"""The settings table to look at: in a terminal, and as docs/SETTINGS.md.

Takes the rows of table.py, gives text. What a file may have beside settings (what the meter starts with,
prices, special days) is told in words below them. Source: DOMAIN 7, 8, 11, 12.
"""

from rich import box
from rich.table import Table

from tools.scenario import given, switches, tariff
from tools.scenario.values import MP_PER_POUND
from tools.settings.file import FLAT, MAX_DEBT_MP
from tools.settings.table import PROFILES, ROWS, amount

COLUMNS = ("name", "type", "unit", "range", "default", "rule")
WHOLE = {"no_wrap": True}
ON_SCREEN = {
    "name": WHOLE,
    "type, unit": WHOLE,
    "range": {"min_width": 16},
    "default": {},
    "rule": WHOLE,
}
CAPTION = "--template says what each of them means, --check what is wrong in a file"
LIMIT = amount(given.LIMIT_MP, MP_PER_POUND)

(PULSES,) = [row.range() for row in ROWS if row.name == "imp_per_kwh"]

# What a file may have that is no setting: name, unit, range, default, what it is
BESIDE = (
    ("balance", "£", f"-{LIMIT} to {LIMIT}", "0.00", "Credit brought over from another meter"),
    ("debt.payment", "£", "", "0.00", "Debt brought over that shares of top-ups pay off"),
    ("debt.time1", "£", "", "0.00", "Debt brought over that is collected as time goes by"),
    ("debt.accumulated", "£", "", "0.00", "Debt brought over that the next top-ups pay off"),
    ("emergency.activated", "", "false or true", "false", "Emergency credit was accepted before"),
    ("emergency.left", "£", "0.00 to the limit", "the limit", "What is left of it then"),
    ("rate", "pence a kWh", f"0.00 to {amount(tariff.PRICE_LIMIT_MP, 1000)}", FLAT,
     "The one price; or a tariff in its place"),
    ("gas.imp_per_m3", "pulses a m³", PULSES, str(given.DEFAULT_IMP_PER_M3),
     "Pulses for each cubic metre of gas"),
    ("tariff", "", "see below", "none", "Rates, blocks and switches, instead of one price"),
    ("special_days", "", f"up to {given.SPECIAL_DAYS_LIMIT} days", "none",
     "Days that are a holiday, or are not, whatever the region has"),
)  # fmt: skip
BROUGHT = f"0.00 to {amount(MAX_DEBT_MP, MP_PER_POUND)}, all three together (W7)"

PAGE_HEAD = """# Settings

What a meter is told when it is set up. This page is what `shilling settings --markdown` prints, from the
table in `firmware/shilling/config.py` that the meter itself goes by; a test holds it to that.

    shilling settings --template key_meter > my_meter.yaml   # every setting with its default
    shilling settings --check my_meter.yaml                  # says what is wrong, with the line
    shilling run --fresh --settings my_meter.yaml            # a simulated meter that has them

The file is YAML; `debt.share` is `share` in the block `debt`. What it leaves out keeps the default of the
profile. A value that is wrong is refused with its line, its range, what it was and what it stays, and
nothing is done with the file. Keys do not belong in it. Money is exact: £ with up to 5 decimals, pence
with up to 3; in another currency they stand for its units. A rule is a number of the design (T4), or its
chapter (12).
"""
BESIDE_HEAD = """
Beside settings the file may say what the meter starts with, its prices and special days.
"""
PAGE_TAIL = """
The rates of a tariff have names, {rates} of them at most; each has one price, or one for each block of a
month's use ({blocks} blocks at most, whose edges ascend). More than one rate needs switches ({switches} at
most): on every weekday at least one, no two at one minute, and for each rate one. A tariff to come is `next`
in it, with the same keys and `from`, the local time at which it begins.

```yaml
{example}```

A special day is a `holiday`, or `working` where the region has a holiday.

```yaml
{days}```
"""
TARIFF = """tariff:
  rates: {day: [28.00, 30.00], night: 12.00}     # pence a kWh
  blocks: [100]                                  # kWh of a month at which the price changes
  switch:
  - {at: "00:30", rate: night}                   # local time, every day
  - {at: "07:30", rate: day, days: mon-fri}      # mon ... sun, and special for holidays
  - {at: "09:00", rate: day, days: [sat, sun]}
"""
SPECIAL_DAYS = "special_days: {2026-12-24: holiday, 2027-05-03: working}\n"


def cells(row):
    """name, type, unit, range, default, rule"""
    default = row.default_text(PROFILES[0])
    for profiles, text in row.other_defaults():
        default += f"; {text} in {', '.join(profiles)}"
    return ".".join(row.path), row.type, row.unit, row.range(), default, row.rule


def beside():
    """(name, unit, range, default, what it is) of what is no setting."""
    for name, unit, span, default, what in BESIDE:
        yield name, unit, span or BROUGHT, default, what


def terminal():
    """What a rich Console prints."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, caption=CAPTION)
    table.caption_justify = "left"
    for name, how in ON_SCREEN.items():
        table.add_column(name, overflow="fold", **how)
    for name, kind, unit, *rest in map(cells, ROWS):
        table.add_row(name, unit or kind, *rest)
    return table


def markdown():
    """docs/SETTINGS.md."""
    lines = [PAGE_HEAD]
    lines += _rows((*COLUMNS, "what it is"), [(*cells(row), row.what) for row in ROWS])
    lines.append(BESIDE_HEAD)
    lines += _rows(("name", "unit", "range", "default", "what it is"), list(beside()))
    tail = PAGE_TAIL.format(
        rates=tariff.RATES_LIMIT, blocks=tariff.BLOCKS_LIMIT, switches=switches.SWITCHES_LIMIT,
        example=TARIFF, days=SPECIAL_DAYS,
    )  # fmt: skip
    return "\n".join(lines) + "\n" + tail


def _rows(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for name, *rest in rows:
        yield f"| `{name}` | " + " | ".join(rest) + " |"
