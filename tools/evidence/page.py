"""The evidence as one HTML page that asks nobody for anything: table, plots, failures.

Takes an Outcome, gives text.
"""

import html

from tools.evidence import plots, report

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 20px; max-width: 900px; color: #2b2620; background: #faf6ee;
  font: 15px/1.5 "Gill Sans", "Segoe UI", Lato, system-ui, sans-serif; }
h1 { font: 400 32px/1.2 Palatino, "Liberation Serif", serif; margin: 0 0 4px; }
h2 { font: 400 21px/1.2 Palatino, "Liberation Serif", serif; margin: 36px 0 10px; }
p { margin: 4px 0; overflow-wrap: anywhere; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 5px 10px; text-align: left; border-bottom: 1px solid #e4dccd; }
th { font-weight: 600; }
td:nth-child(2), td:nth-child(3) { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
th:nth-child(2), th:nth-child(3) { text-align: right; }
td:last-child { white-space: nowrap; }
.ok { color: #1f7a45; } .short { color: #8a6100; } .ERROR { color: #b3402e; font-weight: 700; }
tr:has(.ERROR) { background: #b3402e18; }
svg { width: 100%; height: auto; }
.verdict { font-size: 17px; margin: 14px 0 22px; }
li { margin: 8px 0; overflow-wrap: anywhere; }
code { font: 12px/1.4 ui-monospace, "Liberation Mono", monospace; }
"""
HEAD = ("what", "goal", "reached", "unit", "ok?")
WORDS = {"short": "not yet"}


def cells(row):
    name, goal, reached, unit, found = map(html.escape, row)
    cell = "".join(f"<td>{text}</td>" for text in (name, goal, reached, unit))
    return f'<tr>{cell}<td class="{found}">{WORDS.get(found, found)}</td></tr>'


def verdict(rows):
    """The sentence at the top."""
    wrong = [row[0] for row in rows if row[4] == "ERROR"]
    if wrong:
        return f'<p class="verdict ERROR">Errors were found: {html.escape(", ".join(wrong))}.</p>'
    return '<p class="verdict ok">No error was found.</p>'


def failures(told):
    """What failed, and how to see it again."""
    if not told:
        return ""
    items = "".join(
        f"<li>{html.escape(f'{check}: {text}')}<br><code>{html.escape(command)}</code></li>"
        for check, text, command in told
    )
    return f"<h2>Failures</h2><ol>{items}</ol>"


def page(outcome):
    rows = report.rows(outcome)
    head = "".join(f"<th>{text}</th>" for text in HEAD)
    body = "".join(cells(row) for row in rows)
    drawn = "".join(
        f"<h2>{html.escape(title)}</h2>{svg}" for title, svg in plots.plots(outcome.series)
    )
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in outcome.notes)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Shilling: evidence</title><style>{STYLE}</style></head><body>"
        f"<h1>Evidence</h1><p>{html.escape(report.headline(outcome))}</p>{notes}{verdict(rows)}"
        f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        f"{drawn}{failures(outcome.failures)}</body></html>\n"
    )
