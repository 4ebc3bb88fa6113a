"""A few shapes of SVG as text; the smallest that the drawings need. Lengths are pixels."""

from xml.sax.saxutils import escape

FONT = "font-family='DejaVu Sans, Verdana, sans-serif'"
RED, INK, GREY, PALE, PAPER = "#b3261e", "#1c1c1c", "#8a8a8a", "#e8e6e1", "#ffffff"


def text(x, y, words, size=12, anchor="start", fill=INK, weight="normal"):
    return (f"<text x='{x}' y='{y}' font-size='{size}' text-anchor='{anchor}' fill='{fill}' "
            f"font-weight='{weight}'>{escape(words)}</text>")  # fmt: skip


def box(x, y, width, height, fill=PAPER, stroke=INK, radius=4):
    return (f"<rect x='{x}' y='{y}' width='{width}' height='{height}' rx='{radius}' "
            f"fill='{fill}' stroke='{stroke}' stroke-width='1.2'/>")  # fmt: skip


def line(points, stroke=INK, width=2):
    path = " ".join(f"{x},{y}" for x, y in points)
    return (f"<polyline points='{path}' fill='none' stroke='{stroke}' stroke-width='{width}' "
            f"stroke-linejoin='round'/>")  # fmt: skip


def dot(x, y, fill=INK, radius=3):
    return f"<circle cx='{x}' cy='{y}' r='{radius}' fill='{fill}'/>"


def page(width, height, title, shapes):
    """A whole file, white behind, with a title for those who cannot see it."""
    lines = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' "
        f"width='{width}' height='{height}' {FONT} role='img'>",
        f"<title>{escape(title)}</title>",
        f"<rect width='{width}' height='{height}' fill='{PAPER}'/>",
        *shapes,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
