"""The wiring table of board/README.md, read: the one place from which pictures and tests take a pin.

Gives Wires (signal, GPIO and place in the header of each chip, parts with the name of their pin, what
it needs) and the other pins of each part.
"""

from collections import namedtuple

from tools.interpreters import ROOT

README = ROOT / "board/README.md"
HEAD = "| signal | ESP32 | DevKitC | C3 | DevKitM-1 | goes to | needs |"
PARTS_HEAD = "| part | its other pins |"
NONE = "–"
ESP32, C3 = "esp32", "esp32c3"

# gpio, place: {chip: number or (row, from the antenna) or None}; ends: [(part, pin)]
Wire = namedtuple("Wire", "signal gpio place ends needs")


def rows(text, head):
    """Cells of each row of the table that begins with this head."""
    if head not in text:
        raise ValueError(f"board/README.md has no table {head}")
    for line in text[text.index(head) :].splitlines()[2:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def place(cell):
    """('left', 5) of 'left 5', None of no place."""
    if cell == NONE:
        return None
    row, number = cell.split()
    return row, int(number)


def end(text):
    """('left display', 'SDA') of 'left display SDA'."""
    part, _, pin = text.strip().rpartition(" ")
    return part, pin


def wires(text=None):
    """Every Wire, in the order of the table."""
    text = README.read_text(encoding="utf-8") if text is None else text
    found = []
    for signal, esp32, devkitc, c3, devkitm, to, needs in rows(text, HEAD):
        gpio = {ESP32: esp32, C3: c3}
        gpio = {chip: None if cell == NONE else int(cell) for chip, cell in gpio.items()}
        ends = [end(each) for each in to.split(",")]
        found.append(Wire(signal, gpio, {ESP32: place(devkitc), C3: place(devkitm)}, ends, needs))
    return found


def other_pins(text=None):
    """{part: [(its pin, where it goes)]}."""
    text = README.read_text(encoding="utf-8") if text is None else text
    return {
        part: [tuple(each.strip().split(" ", 1)) for each in pins.split(",")]
        for part, pins in rows(text, PARTS_HEAD)
    }
