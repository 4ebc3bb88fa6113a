"""The report as one HTML page that asks nobody for anything: figures, drawings, a table of totals.

Takes a Story, gives text. `shilling run` serves the same page; what is inside <main> is shown there.
"""

import html
from pathlib import Path

from tools.report import fields, periods, plots
from tools.report.rows import rates_of
from tools.report.story import local_time, total_mp
from tools.report.words import credit, kwh, money, owed, price

STYLE = Path(__file__).with_name("report.css")
SUPPLY = ("on", "off", "ready to be switched on", "off by order", "in fault")


def tile(name, value, under=""):
    small = f"<small>{html.escape(under)}</small>" if under else ""
    return f"<div><dt>{name}</dt><dd>{html.escape(value)}{small}</dd></div>"


def used(name, found, symbol):
    """A tile of the running period."""
    period = found[-1]
    return tile(name, money(period.mp, symbol), kwh(period.wh))


def tiles(story, symbol, days, weeks, months):
    state = story.state
    supply = SUPPLY[state["supply"]] if state["supply"] < len(SUPPLY) else "unknown"
    shown = [tile("Balance", credit(state["balance_mp"], symbol), f"supply {supply}")]
    if state["ec_activated"] or state["emergency_mp"]:
        left_mp = max(0, state["ec_limit_mp"] + state["emergency_mp"])
        lent = f"{owed(-state['emergency_mp'], symbol)} owed"
        shown.append(tile("Emergency credit left", credit(left_mp, symbol), lent))
    shown += [used("Today", days, symbol), used("This week", weeks, symbol)]
    shown.append(used("This month", months, symbol))
    debt_mp = -sum(state[name] for name, _ in DEBTS)
    shown.append(tile("Debt", owed(debt_mp, symbol)))
    return f'<dl class="tiles">{"".join(shown)}</dl>'


DEBTS = (
    ("payment_mp", "paid by a share of top-ups"), ("time_1_mp", "paid by time"),
    ("time_2_mp", "paid by time, the second"), ("accumulated_mp", "accumulated"),
)  # fmt: skip


def row(name, *cells):
    return f"<tr><th scope=row>{html.escape(name)}</th>" + "".join(
        f"<td>{html.escape(cell)}</td>" for cell in cells
    ) + "</tr>"  # fmt: skip


def table(caption, rows):
    return f"<table><caption>{caption}</caption><tbody>{''.join(rows)}</tbody></table>"


def energy_table(story, symbol):
    """Energy by register, each with its price of now."""
    prices = story.state["prices"]
    rows = []
    for (rate, block), wh in sorted(fields.registers(story.state).items()):
        name = f"Rate {rate + 1}" + (f", block {block + 1}" if (rate, 1) in prices else "")
        cost = price(prices[rate, block], symbol) if (rate, block) in prices else "no price now"
        rows.append(row(name, f"{wh / 1000:.3f} kWh", cost))
    return table("Energy by register", rows)


def money_table(story, symbol):
    """The double entry: what came in is what was charged, owed and left."""
    state = story.state
    opening_mp = -total_mp(state, "opening")
    rows = [row("Brought forward", money(opening_mp, symbol))]
    rows.append(row("Paid in", money(-total_mp(state, "money_in"), symbol)))
    rows.append(row("Charged for energy", money(-total_mp(state, "charged"), symbol)))
    rows.append(row("Standing charge", money(-total_mp(state, "standing"), symbol)))
    registers_mp = state["balance_mp"] + state["emergency_mp"] + sum(state[d] for d, _ in DEBTS)
    rows.append(row("Makes balance less all that is owed", money(registers_mp, symbol)))
    return table("Money since the meter was set up", rows)


def debt_table(story, symbol):
    rows = [
        row(name.capitalize(), owed(-story.state[key], symbol))
        for key, name in DEBTS if story.state[key] or key == "payment_mp"
    ]  # fmt: skip
    rows.append(row("Emergency credit owed", owed(-story.state["emergency_mp"], symbol)))
    return table("Debts", rows)


def legend(story, symbol):
    """Which colour is which rate; nothing for a single one."""
    rates = rates_of(story)
    if len(rates) < 2:
        return ""
    prices = story.state["prices"]
    items = "".join(
        f'<li><i style="background: var(--rate-{rate + 1})"></i>Rate {rate + 1}, '
        f"{html.escape(price(prices[rate, 0], symbol))}</li>"
        for rate in rates if (rate, 0) in prices
    )  # fmt: skip
    return f'<ul class="legend">{items}</ul>'


BALANCE_LEGEND = (
    '<ul class="legend"><li><i class="line"></i>balance</li><li><i class="paid"></i>top-up</li>'
    '<li><i class="lent"></i>emergency credit used</li><li><i class="emergency"></i>accepted</li>'
    '<li><i class="off"></i>supply off</li></ul>'
)


def section(title, body):
    return f"<section><h2>{html.escape(title)}</h2>{body}</section>"


def sections(story, symbol, since_s):
    """<main>'s content."""
    days, weeks, months = (periods.periods(story, name) for name in periods.KINDS)
    today = plots.today(story, symbol) + legend(story, symbol)
    notes = "".join(f"<li>{html.escape(note)}</li>" for note in story.notes)
    return "".join((
        tiles(story, symbol, days, weeks, months),
        section("What could not be read", f"<ul>{notes}</ul>") if notes else "",
        section(f"{local_time(story.now_s):%A %d %B}, by half-hours", today),
        section("Balance", plots.balance(story, symbol, since_s) + BALANCE_LEGEND),
        section("Days", plots.bars("days", "Days", days, day_name, symbol)),
        '<div class="pair">',
        section("Weeks", plots.bars("weeks", "Weeks", weeks, week_name, symbol)),
        section("Months", plots.bars("months", "Months", months, month_name, symbol)),
        "</div>",
        section("Totals", f'<div class="tables">{energy_table(story, symbol)}'
                f"{money_table(story, symbol)}{debt_table(story, symbol)}</div>"),
    ))  # fmt: skip


def day_name(period):
    return f"{period.start:%a}\n{period.start.day} {period.start:%b}"


def week_name(period):
    return f"from\n{period.start.day} {period.start:%b}"


def month_name(period):
    return f"{period.start:%b}\n{period.start:%Y}"


def page(story, since_s):
    """The whole page."""
    symbol = fields.currency(story.state)[0]
    meter = story.meter.hex().upper()
    until = f"{local_time(story.now_s):%A %d %B %Y, %H:%M}"
    head = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Shilling: meter {meter}</title><style>{STYLE.read_text(encoding='utf-8')}</style>"
        '</head><body class="report">'
    )
    return (
        f"{head}<header><h1>Shilling</h1><p>Meter {meter}, up to {until}</p></header>"
        f"<main>{sections(story, symbol, since_s)}</main>"
        "<footer><p>From the meter's own ledger. Times are local; a pale bar is not whole.</p></footer>"
        "</body></html>\n"
    )
