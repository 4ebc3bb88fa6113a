"""docs/screens.svg: every text of every profile on each display, as one picture.

host_tests/vm/screens_entry.py runs the firmware with its drivers and says which segments the simulated
displays had lit; here they are drawn as they sit in the glass. Nothing is read from the fonts.
"""

import json

from tools import interpreters
from tools.drawings import svg

PATH = interpreters.ROOT / "docs/screens.svg"
ENTRY = "host_tests/vm/screens_entry.py"
TITLE = "Every screen of every profile, on each display"
DOT = 14  # its bit, with both kinds of cell
# Ends of each segment in a cell of 20 x 34: a b c d e f, then g1 g2 h j k l m n, or g
ROUND = ((4, 2, 14, 2), (16, 4, 16, 15), (16, 19, 16, 30), (4, 32, 14, 32), (2, 19, 2, 30),
         (2, 4, 2, 15))  # fmt: skip
FOURTEEN = (*ROUND, (4, 17, 7, 17), (11, 17, 14, 17), (4, 5, 7, 14), (9, 5, 9, 14), (14, 5, 11, 14),
            (7, 20, 4, 29), (9, 20, 9, 29), (11, 20, 14, 29))  # fmt: skip
SEVEN = (*ROUND, (4, 17, 14, 17))
CELL, CELL_HEIGHT = 22, 38
# display: (its name, segments)
DISPLAYS = {
    "ht16k33-8": ("HT16K33, 8 cells", FOURTEEN),
    "ht16k33-12": ("HT16K33, 12 cells", FOURTEEN),
    "max7219": ("MAX7219, 8 digits", SEVEN),
}
COLUMNS = (330, 540, 840)
WIDTH, TOP, GAP = 1050, 96, 8
MARKS = "SKGR"  # of the profiles, by their number
LINES = "stroke-width='2.6' stroke-linecap='round' fill='none'"
GLASS, LIT, DARK = "#161010", "#ff5a3c", "#2c1f1d"


def collected(on="cpython"):
    """What the entry file prints, on an interpreter."""
    ended = interpreters.run(on, ENTRY)
    if ended.returncode:
        raise RuntimeError(f"{ENTRY} on {on} ended with {ended.returncode}: {ended.stderr}")
    return json.loads(ended.stdout)


def path(segments, lit):
    """The lines of the segments whose bit is in `lit`."""
    lines = [f"M{x} {y}L{u} {v}" for n, (x, y, u, v) in enumerate(segments) if lit >> n & 1]
    if lit >> DOT & 1:
        lines.append("M19.5 33L19.5 33.1")
    return "".join(lines)


def glyphs(found):
    """(shapes of each pattern of segments that occurs, {(display kind, lit): id})."""
    shapes, names = [], {}
    for display, (_, segments) in DISPLAYS.items():
        kind = len(segments)
        for pages in found["displays"][display]:
            for _, cells in pages:
                for lit in cells:
                    if (kind, lit) not in names:
                        names[kind, lit] = f"g{kind}_{lit:x}"
                        off = path(segments, ~lit & 0x7FFF)
                        shapes.append(
                            f"<g id='g{kind}_{lit:x}'><path d='{off}' stroke='{DARK}'/>"
                            f"<path d='{path(segments, lit)}' stroke='{LIT}'/></g>"
                        )
    return shapes, names


def draw_pages(pages, kind, names, x, y):
    """Shapes of the pages of one text, below each other."""
    shapes = []
    for number, (_, cells) in enumerate(pages):
        top = y + number * (CELL_HEIGHT + 2)
        shapes.append(f"<rect x='{x}' y='{top}' width='{CELL * len(cells) + 8}' "
                      f"height='{CELL_HEIGHT}' rx='3' fill='{GLASS}' stroke='none'/>")  # fmt: skip
        for at, lit in enumerate(cells):
            left = x + 4 + CELL * at
            shapes.append(f"<use href='#{names[kind, lit]}' x='{left}' y='{top + 2}'/>")
    return shapes


def drawing():
    """The text of docs/screens.svg."""
    found = collected()
    defs, names = glyphs(found)
    shapes = [svg.text(WIDTH // 2, 34, TITLE, 20, "middle", weight="bold")]
    key = "  ".join(f"{mark} {name}" for mark, name in zip(MARKS, found["profiles"], strict=True))
    shapes.append(svg.text(WIDTH // 2, 56, "profiles: " + key, 12, "middle", svg.GREY))
    for x, (name, _) in zip(COLUMNS, DISPLAYS.values(), strict=True):
        shapes.append(svg.text(x, 84, name, 13, weight="bold"))
    glass, y = [], TOP
    for number, (text, profiles) in enumerate(found["texts"]):
        label = "(lamp test)" if text == "\x7f" else text
        marks = "".join(MARKS[profile] for profile in profiles)
        shapes += [svg.text(70, y + 24, label, 13), svg.text(20, y + 24, marks, 11, fill=svg.GREY)]
        most = 1
        for x, (display, (_, segments)) in zip(COLUMNS, DISPLAYS.items(), strict=True):
            pages = found["displays"][display][number]
            glass += draw_pages(pages, len(segments), names, x, y)
            most = max(most, len(pages))
        y += most * (CELL_HEIGHT + 2) + GAP
    cells = [*defs, "</defs>", f"<g {LINES}>", *glass, "</g>"]
    return svg.page(WIDTH, y + 10, TITLE, ["<defs>", *cells, *shapes])
