"""A drawing of matplotlib as a piece of SVG that takes its colours from the page, wide and narrow.

Takes paint(axes, is_wide), gives HTML with both; the page's style shows the one that fits. What is
drawn with a colour of INKS gets the page's variable of that name, so that it turns dark with the page;
a shape whose gid is in `titles` says that text when it is pointed at.
"""

import html
import io
import re

import matplotlib
from matplotlib import dates
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from tools.scenario.values import EPOCH

# Stand-ins, each another colour, for the variables of report.css
RATES = tuple(f"#0{rate}0a00" for rate in range(1, 9))
INK, DIM, GRID, LINE, EMERGENCY, OFF, PAID = (f"#0{place}000b" for place in range(7))
INKS = {
    **{colour: f"--rate-{rate}" for rate, colour in enumerate(RATES, 1)},
    INK: "--ink", DIM: "--dim", GRID: "--grid", LINE: "--line", EMERGENCY: "--emergency",
    OFF: "--off", PAID: "--paid",
}  # fmt: skip
SIZES_IN = {True: 9.2, False: 4.3}
STYLE = {
    "svg.fonttype": "none", "svg.hashsalt": "shilling", "font.size": 10, "text.color": INK,
    "axes.labelcolor": DIM, "axes.edgecolor": GRID, "xtick.color": DIM, "ytick.color": DIM,
    "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
    "axes.axisbelow": True, "grid.color": GRID, "grid.linewidth": 0.7, "xtick.major.size": 0,
    "ytick.major.size": 0, "figure.facecolor": "none", "axes.facecolor": "none",
    "axes.formatter.use_mathtext": False, "hatch.linewidth": 0.8, "timezone": "Europe/London",
}  # fmt: skip


def instant(second):
    """UTC seconds since 2000-01-01 as matplotlib counts time."""
    return dates.date2num(EPOCH) + second / 86400


def themed(svg, name, titles):
    """The page's colours and font, names that are this drawing's own, and what shapes say."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*<style.*?</defs>", "", svg, flags=re.DOTALL)
    for colour, variable in INKS.items():
        svg = svg.replace(colour, f"var({variable})")
    svg = re.sub(r"font-family: [^;\"]*; ", "", svg)
    for shape, text in titles.items():
        title = f"<title>{html.escape(text)}</title>"
        svg = svg.replace(f'<g id="{shape}">', f'<g id="{shape}" class="told">{title}')
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    return re.sub(r"(url\(#|href=\"#)", rf"\g<1>{name}-", svg)


def svg_of(paint, height_in, is_wide, name, label, titles):
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(SIZES_IN[is_wide], height_in), layout="constrained")
        FigureCanvasSVG(figure)
        paint(figure.add_subplot(), is_wide)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    drawn = themed(text.getvalue(), name, titles)
    shown = "wide" if is_wide else "narrow"
    start = f'<svg class="{shown}" role="img" aria-label="{html.escape(label)}"'
    return drawn.replace("<svg", start, 1)


def draw(paint, height_in, name, label, titles=None):
    """HTML of what paint draws; `label` says it to those who do not see it."""
    said = {} if titles is None else titles  # paint may fill it
    return "".join(
        svg_of(paint, height_in, is_wide, f"{name}-{'wn'[not is_wide]}", label, said)
        for is_wide in (True, False)
    )
