"""The plots of the evidence page, each a piece of SVG to put into HTML.

Takes the series that the checks give: cuts_by_scenario {name: cuts}, wear_by_sector {load: [% of its
life for each sector]}, balance_year [[day, mp]]. A plot whose series is not there is left out.
"""

import io
from collections import Counter

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 - after it is told what to draw on

INK, BLUE, RED, FAINT = "#2b2620", "#2f6690", "#b3402e", "#d9d2c5"
WIDTH_IN = 8.6
MP_PER_POUND = 100000
STYLE = {
    "svg.fonttype": "path", "svg.hashsalt": "shilling", "font.size": 10, "text.color": INK,
    "axes.labelcolor": INK, "axes.edgecolor": FAINT, "xtick.color": INK, "ytick.color": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
    "grid.color": FAINT, "grid.linewidth": 0.6, "figure.facecolor": "none",
    "axes.facecolor": "none", "axes.formatter.use_mathtext": False,
}  # fmt: skip


def draw(paint, height_in):
    """SVG of what paint(axes) draws; the same bytes for the same series."""
    with pyplot.rc_context(STYLE):
        figure, axes = pyplot.subplots(figsize=(WIDTH_IN, height_in), layout="constrained")
        try:
            paint(axes)
            text = io.StringIO()
            figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        finally:
            pyplot.close(figure)
    svg = text.getvalue()
    return svg[svg.index("<svg"):]


def cuts(series):
    """Bars, the scenario with most cuts on top; those made by chance are one bar."""
    sums = Counter()
    for name, count in series.items():
        sums["random scenarios" if name.startswith("random") else name] += count
    pairs = sorted((+sums).items(), key=lambda pair: (pair[1], pair[0]))
    names = [name.replace("_", " ") for name, _ in pairs]
    counts = [count for _, count in pairs]

    def paint(axes):
        axes.barh(names, counts, color=BLUE, height=0.7)
        for row, count in enumerate(counts):
            axes.annotate(f" {count:,}".replace(",", " "), (count, row), va="center", fontsize=8)
        axes.set_xlabel("cuts")
        axes.margins(x=0.1, y=0.4 / max(1, len(names)))
        axes.grid(axis="x")
        axes.xaxis.set_major_formatter(thousands)

    return draw(paint, 0.8 + 0.24 * len(names))


def thousands(value, _position):
    return f"{value:,.0f}".replace(",", " ")


def wear(series):
    """Of each sector, a line a load."""

    def paint(axes):
        for (load, percent), colour in zip(series.items(), (BLUE, RED, INK) * 9, strict=False):
            axes.step(range(len(percent)), percent, where="mid", label=load, color=colour, linewidth=1)
        axes.set_xlabel("sector")
        axes.set_ylabel("% of 100 000 erases in 20 years")
        axes.set_ylim(bottom=0)
        axes.margins(x=0.01, y=0.15)
        axes.grid()
        axes.legend(frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0, 1))

    return draw(paint, 3)


def balance(series):
    """The balance from day to day."""
    days = [day for day, _ in series]
    pounds = [mp / MP_PER_POUND for _, mp in series]

    def paint(axes):
        axes.plot(days, pounds, color=BLUE, linewidth=1)
        axes.axhline(0, color=RED, linewidth=0.8)
        axes.fill_between(days, pounds, 0, where=[p < 0 for p in pounds], color=RED, alpha=0.3)
        axes.set_xlabel("day of the year that was simulated")
        axes.set_ylabel("Meter Balance, £")
        axes.margins(x=0.01)
        axes.grid()

    return draw(paint, 3)


PLOTS = (
    ("cuts_by_scenario", "Power cuts by scenario", cuts),
    ("wear_by_sector", "Wear by sector, scaled from three wraps of the rings to 20 years", wear),
    ("balance_year", "The balance through a year of faults", balance),
)


def plots(series):
    """(title, SVG) of every series there is something of."""
    return [(title, paint(series[key])) for key, title, paint in PLOTS if series.get(key)]
