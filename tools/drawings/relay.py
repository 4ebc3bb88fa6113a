"""docs/wiring/relay.svg: how the relay stays quiet at power-on, and the 12 V bench around it."""

from tools.drawings import svg
from tools.drawings.wiring import WARNING

WIDTH, HEIGHT = 1120, 640
TITLE = "The relay: hardware enable, and the 12 V bench"
NOTES = (
    "Supervisor with an open drain (MAX803S or the like): low until 3V3 was above 2.9 V for 0.14 s,",
    "and in a brown-out. It shares the board's EN, whose pull-up raises it: in a reset the P-MOSFET gives",
    "the coils no 12 V, whatever the pins do. Both inputs of the driver have 10 kΩ to GND.",
    "A plain relay module that is active high needs no enable: its 10 kΩ to GND keeps it open.",
    "Contact sense on the bench: 33 kΩ and 10 kΩ make 2.8 V of 12 V. On mains: an auxiliary contact.",
)  # fmt: skip


def block(x, y, width, height, name, detail=""):
    shapes = [svg.box(x, y, width, height, svg.PALE)]
    shapes.append(svg.text(x + width / 2, y + height / 2 + (0 if detail else 4), name, 13, "middle",
                           weight="bold"))  # fmt: skip
    if detail:
        shapes.append(svg.text(x + width / 2, y + height / 2 + 16, detail, 10, "middle", svg.GREY))
    return shapes


def label(x, y, words, anchor="middle", fill=svg.INK):
    return svg.text(x, y, words, 11, anchor, fill)


def ground(x, y):
    lines = [[(x - 9 + 3 * n, y + 4 * n), (x + 9 - 3 * n, y + 4 * n)] for n in range(3)]
    return [svg.line(points) for points in lines]


def enable():
    """The upper half: supervisor, switch, driver, coils."""
    shapes = block(60, 120, 150, 60, "Supervisor", "2.93 V, RESET low = bad")
    shapes += block(60, 230, 150, 110, "ESP32")
    shapes += block(330, 120, 130, 60, "N-MOSFET", "gate 100 kΩ to GND")
    shapes += block(560, 120, 150, 60, "P-MOSFET", "gate 10 kΩ to 12 V")
    shapes += block(380, 250, 170, 90, "Coil driver", "ULN2003A, COM to 12 V enabled")
    shapes += block(820, 240, 190, 110, "Latching relay", "two coils of 12 V")
    shapes += [
        svg.line([(210, 150), (330, 150)], "#1f6fb2"), label(270, 142, "RESET", fill="#1f6fb2"),
        svg.line([(135, 180), (135, 230)], "#1f6fb2"), label(142, 209, "EN", "start", "#1f6fb2"),
        svg.line([(460, 150), (560, 150)], "#7d3c98"), label(510, 142, "pulls low", fill="#7d3c98"),
        svg.line([(635, 96), (635, 120)], svg.RED), label(645, 104, "12 V", "start", svg.RED),
        svg.line([(710, 150), (915, 150), (915, 240)], svg.RED),
        label(812, 142, "12 V enabled, to both coils", fill=svg.RED),
        svg.line([(210, 275), (380, 275)], "#b9770e"), label(268, 268, "RELAY_SET", fill="#b9770e"),
        svg.line([(210, 315), (380, 315)], "#117a8b"), label(268, 308, "RELAY_RESET", fill="#117a8b"),
        svg.line([(550, 275), (820, 275)], "#b9770e"), label(690, 268, "OUT1: set coil", fill="#b9770e"),
        svg.line([(550, 315), (820, 315)], "#117a8b"), label(690, 308, "OUT2: reset coil", fill="#117a8b"),
    ]  # fmt: skip
    for x, y in ((330, 275), (350, 315)):
        shapes += [svg.dot(x, y), svg.line([(x, y), (x, 352)]), *ground(x, 352)]
    shapes.append(label(360, 360, "10 kΩ each", "start"))
    return shapes


def bench():
    """The lower half: fuse, contact, lamp, contact sense, the pulse button."""
    shapes = block(60, 410, 150, 60, "12 V supply", "1 A")
    shapes += block(260, 410, 90, 60, "Fuse", "1 A")
    shapes += block(430, 410, 190, 60, "Relay contact", "COM        NO")
    shapes += block(760, 410, 120, 60, "Lamp", "12 V, 5 W")
    shapes += [
        svg.line([(210, 440), (260, 440)], svg.RED), svg.line([(350, 440), (430, 440)], svg.RED),
        svg.line([(620, 440), (760, 440)], svg.RED), svg.dot(690, 440, svg.RED),
        svg.line([(690, 440), (690, 490)], "#1e8449"),
        label(700, 485, "33 kΩ, then FEEDBACK and 10 kΩ to GND", "start", "#1e8449"),
        svg.line([(880, 440), (940, 440), (940, 470)]), *ground(940, 470),
        svg.line([(135, 470), (135, 486)]), *ground(135, 486),
        label(1000, 478, "GND: one for all", "middle", svg.GREY),
    ]  # fmt: skip
    return shapes


def drawing():
    """The text of docs/wiring/relay.svg."""
    head = [svg.text(WIDTH / 2, 32, TITLE, 20, "middle", weight="bold"),
            svg.box(WIDTH / 2 - 330, 46, 660, 28, svg.RED, svg.RED),
            svg.text(WIDTH / 2, 65, WARNING, 13, "middle", "#ffffff", "bold")]  # fmt: skip
    notes = [svg.text(60, 536 + 19 * n, words, 12) for n, words in enumerate(NOTES)]
    return svg.page(WIDTH, HEIGHT, TITLE, head + enable() + bench() + notes)
