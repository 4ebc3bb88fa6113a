"""docs/wiring/*.svg: a drawing of each variant of the board, from the wiring table.

The board stands in the middle with its header as it is; each wire runs from a pin of it through a lane
of its own to the parts, which stand on the side where their pins are.
"""

from itertools import pairwise

from tools.drawings import svg, table
from tools.interpreters import ROOT

FOLDER = ROOT / "docs/wiring"
HEADERS = {  # from the antenna to the USB socket; Espressif's user guides of both boards
    table.ESP32: ("ESP32-DevKitC, 38 pins", (
        "3V3 EN VP VN 34 35 32 33 25 26 27 14 12 GND 13 D2 D3 CMD 5V".split(),
        "GND 23 22 TX RX 21 GND 19 18 5 17 16 4 0 2 15 D1 D0 CLK".split(),
    )),
    table.C3: ("ESP32-C3-DevKitM-1, 30 pins", (
        "GND 3V3 3V3 2 3 GND RST GND 0 1 10 GND 5V 5V GND".split(),
        "GND TX RX GND 9 8 GND 7 6 5 4 GND 18 19 GND".split(),
    )),
}  # fmt: skip
HANDHELD = ("button left", "button right", "button ok", "button return")
BACKPACKS = ("left display", "right display")
BENCH = ("clock", "button A", "button B", "contact sense", "pulse input", "buzzer", "supply LED",
         "test LED")  # fmt: skip
# file: (title, chip, parts)
VARIANTS = {
    "esp32": ("ESP32, 8 cells, latching relay: the default", table.ESP32,
              (*BACKPACKS, *BENCH, *HANDHELD, "coil driver")),
    "esp32-12": ("ESP32, 12 cells, latching relay", table.ESP32,
                 (*BACKPACKS, "third display", *BENCH, *HANDHELD, "coil driver")),
    "esp32-max7219": ("ESP32, MAX7219, plain relay module", table.ESP32,
                      ("MAX7219", *BENCH, "relay module")),
    "esp32-ntp": ("ESP32, MAX7219, no clock chip (NTP), latching relay", table.ESP32,
                  ("MAX7219", *BENCH[1:], "coil driver")),
    "esp32c3": ("ESP32-C3, 8 cells, latching relay", table.C3, (*BACKPACKS, *BENCH, "coil driver")),
    "esp32c3-plain": ("ESP32-C3, 8 cells, plain relay module", table.C3,
                      (*BACKPACKS, *BENCH, "relay module")),
}  # fmt: skip
PITCH, TOP, MIDDLE, BOARD, LANE, REACH = 24, 96, 560, 210, 13, 170
PART, ROW, GAP, STUB, CLOSE = 150, 18, 10, 12, 5
SUPPLIES = {"3V3": svg.RED, "5V": svg.RED, "12V enabled": svg.RED, "12V": svg.RED, "GND": svg.INK}
COLOURS = ("#c0392b", "#1f6fb2", "#1e8449", "#b9770e", "#7d3c98", "#117a8b", "#a04000", "#5d6d1e",
           "#34495e", "#c2185b")  # fmt: skip
WARNING = "USB and 12 V only. Mains kills: docs/MAINS.md first. Not tried on hardware."


class Part:
    """A box with the wired pins on the side of the board and the others on its other side."""

    def __init__(self, name, pins, others):
        self.name, self.pins, self.others = name, pins, others  # pins: [(its pin, Wire)]
        self.y = 0
        self.height = ROW * (max(len(pins), len(others)) + 1) + 8

    def pin_y(self, number):
        return self.y + ROW * (number + 1) + 13


def choose(chip, names):
    """{row: [Part]} of the parts that have a pin on this chip, each on the side of its first."""
    others = table.other_pins()
    sides = {"left": [], "right": []}
    for name in names:
        pins = [
            (pin, wire) for wire in table.wires() for part, pin in wire.ends
            if part == name and wire.gpio[chip] is not None
        ]  # fmt: skip
        if pins:
            pins.sort(key=lambda each: each[1].place[chip][1])
            sides[pins[0][1].place[chip][0]].append(Part(name, pins, others[name]))
    for side, parts in sides.items():
        parts.sort(key=lambda part: min(wire.place[chip][1] for _, wire in part.pins))
        if side == "right":  # those that share a bus go together, last
            parts.sort(key=lambda part: len(part.pins) > 1 and "SDA" in part.pins[0][0])
    return sides


def board_y(wire, chip):
    return TOP + 30 + PITCH * wire.place[chip][1]


def crossings(order, runs):
    """How often the horizontal pieces of `runs` {wire: [y]} cross another wire's lane."""
    count = 0
    for lane, wire in enumerate(order):
        low, high = min(runs[wire]), max(runs[wire])
        for other_lane, other in enumerate(order):
            if other != wire:
                ends = runs[other][:1] if other_lane > lane else runs[other][1:]
                count += sum(low <= y <= high for y in ends)
    return count


def lanes(runs):
    """The wires in an order, from the board outwards, with few crossings."""
    order = sorted(runs, key=lambda wire: runs[wire][0])
    best, better = crossings(order, runs), True
    while better:
        better = False
        for i in range(len(order)):
            for j in range(i):
                order[i], order[j] = order[j], order[i]
                now = crossings(order, runs)
                if now < best:
                    best, better = now, True
                else:
                    order[i], order[j] = order[j], order[i]
    return order


def stack(parts, chip):
    """Puts the parts below each other, a little lower where a wire of one part would lie on that of
    another. -> the lowest y."""
    pins = [(board_y(wire, chip), wire.signal) for part in parts for _, wire in part.pins]

    def clashes(down):
        place(parts, TOP + down)
        return sum(
            abs(part.pin_y(number) - y) < CLOSE and signal != wire.signal
            for part in parts for number, (_, wire) in enumerate(part.pins) for y, signal in pins
        )  # fmt: skip

    return place(parts, TOP + min(range(PITCH), key=clashes))


def place(parts, y):
    """From y downwards. -> the lowest y."""
    for part in parts:
        part.y = y
        y += part.height + GAP
    return y


def draw_side(side, parts, chip, signals):
    """Shapes of one side: wires, then parts over them."""
    way = -1 if side == "left" else 1
    edge = MIDDLE + way * BOARD // 2
    far = edge + way * REACH
    runs = {}
    for part in parts:
        for number, (_, wire) in enumerate(part.pins):
            runs.setdefault(wire.signal, [board_y(wire, chip)]).append(part.pin_y(number))
    shapes = []
    for lane, signal in enumerate(lanes(runs)):
        colour = COLOURS[signals.index(signal) % len(COLOURS)]
        x = edge + way * (44 + LANE * lane)
        start, *ends = runs[signal]
        shapes.append(svg.line([(edge, start), (x, start)], colour))
        for low, high in pairwise(sorted(set(runs[signal]))):
            shapes.append(svg.line([(x, low), (x, high)], colour))
        shapes += [svg.line([(x, y), (far, y)], colour) for y in ends]
        shapes += [svg.dot(x, y, colour) for y in sorted(runs[signal])[1:-1]]
    for part in parts:
        shapes += draw_part(part, side, far)
    return shapes


def draw_part(part, side, far):
    """Shapes of a part; far: the x of its side with the wires."""
    way = -1 if side == "left" else 1
    outer = far + way * PART
    inner_anchor, outer_anchor = ("end", "start") if side == "left" else ("start", "end")
    shapes = [svg.box(min(far, outer), part.y, PART, part.height, svg.PALE)]
    middle = (far + outer) // 2
    shapes.append(svg.text(middle, part.y + 16, part.name, 13, "middle", weight="bold"))
    for number, (pin, _) in enumerate(part.pins):
        shapes.append(svg.text(far + way * 8, part.pin_y(number) + 4, pin, 12, inner_anchor))
    for number, (pin, to) in enumerate(part.others):
        y = part.pin_y(number)
        colour = SUPPLIES.get(to, svg.GREY)
        shapes.append(svg.text(outer - way * 8, y + 4, pin, 12, outer_anchor))
        shapes.append(svg.line([(outer, y), (outer + way * STUB, y)], colour))
        shapes.append(svg.text(outer + way * (STUB + 5), y + 4, to, 11, inner_anchor, colour))
    return shapes


def draw_needs(chip, used, y):
    """Shapes of the list of resistors and the like. -> (shapes, the lowest y)."""
    shapes = [svg.text(90, y, "Also needed", 13, weight="bold")]
    for wire in table.wires():
        if wire.signal in used and wire.needs:
            y += ROW
            label = f"{wire.signal} (GPIO {wire.gpio[chip]}): {wire.needs}"
            shapes.append(svg.text(90, y, label, 12))
    return shapes, y


def draw_board(chip, used):
    """Shapes of the board with its header; used: {(row, place): signals}."""
    name, rows = HEADERS[chip]
    height = PITCH * len(rows[0]) + 70
    x = MIDDLE - BOARD // 2
    shapes = [svg.box(x, TOP, BOARD, height, "#23313f", radius=8)]
    shapes.append(svg.text(MIDDLE, TOP + 18, "antenna", 10, "middle", "#9fb3c8"))
    shapes.append(svg.text(MIDDLE, TOP + height - 12, "USB", 11, "middle", "#9fb3c8"))
    shapes.append(svg.text(MIDDLE, TOP + height + 18, name, 12, "middle", weight="bold"))
    for row, side, anchor, way in ((rows[0], "left", "start", 1), (rows[1], "right", "end", -1)):
        edge = MIDDLE - way * BOARD // 2
        for number, pin in enumerate(row, 1):
            signals = used.get((side, number))
            y = TOP + 30 + PITCH * number
            shapes.append(svg.dot(edge, y, "#e2b93b" if signals else "#6b7b8c", 4))
            fill = "#ffffff" if signals else "#7f8fa0"
            shapes.append(svg.text(edge + way * 9, y + 4, pin, 12, anchor, fill))
            shapes.append(svg.text(edge + way * 34, y + 4, signals or "", 9, anchor, "#e2b93b"))
    return shapes, TOP + height + 30


def drawing(file):
    """The text of docs/wiring/<file>.svg."""
    title, chip, names = VARIANTS[file]
    sides = choose(chip, names)
    signals, used = [], {}
    for part in sides["left"] + sides["right"]:
        for _, wire in part.pins:
            if wire.signal not in signals:
                signals.append(wire.signal)
            used[wire.place[chip]] = wire.signal
    shapes, low = draw_board(chip, used)
    low = max([low, *(stack(parts, chip) for parts in sides.values())])
    for side, parts in sides.items():
        shapes += draw_side(side, parts, chip, signals)
    needs, low = draw_needs(chip, signals, low + 26)
    shapes += needs
    width = 2 * MIDDLE
    head = [svg.text(MIDDLE, 32, title, 20, "middle", weight="bold"),
            svg.box(MIDDLE - 330, 46, 660, 28, svg.RED, svg.RED),
            svg.text(MIDDLE, 65, WARNING, 13, "middle", "#ffffff", "bold")]  # fmt: skip
    return svg.page(width, low + 24, title, head + shapes)
