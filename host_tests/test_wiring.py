# runs on: cpython
"""board/README.md's wiring table, board/esp32/pins*.py and docs/wiring/*.svg say the same; the boards
that the README describes are boards that the firmware accepts."""

import json
import re
import unittest

import board_file
import parts
import pins
import pins_c3
import wiring as bench_wiring
from tools import cli
from tools.drawings import __main__ as drawings
from tools.drawings import relay, table, timing, uses, wiring

KEYS = ("KEY_A", "KEY_B", "KEY_LEFT", "KEY_RIGHT", "KEY_OK", "KEY_RETURN")
ADDRESSES = {"left display": "DISPLAY_LEFT", "right display": "DISPLAY_RIGHT",
             "third display": "DISPLAY_THIRD", "clock": "CLOCK"}  # fmt: skip
CHIPS = {table.ESP32: pins, table.C3: pins_c3}
BOARD_JSON = re.compile(r"```json\n(.*?)```", re.DOTALL)
README = table.README.read_text(encoding="utf-8")


def numbers(module):
    """{signal: GPIO or None} of a file of pins."""
    found = {n: v for n, v in vars(module).items() if n.isupper() and n != "KEYS"}
    for name in ADDRESSES.values():
        del found[name]
    found.update((name, None) for name in KEYS)
    found.update(zip(KEYS, module.KEYS, strict=False))
    return found


class Wiring(unittest.TestCase):
    def test_table_and_pins_of_each_chip_agree(self):
        for chip, module in CHIPS.items():
            with self.subTest(chip):
                drawn = {wire.signal: wire.gpio[chip] for wire in table.wires()}
                self.assertEqual(drawn, numbers(module))

    def test_table_and_the_bench_agree(self):
        for chip, wires in ((table.ESP32, bench_wiring.ESP32), (table.C3, bench_wiring.ESP32C3)):
            drawn = {wire.signal: wire.gpio[chip] for wire in table.wires()}
            keys = dict(zip(KEYS, wires["KEYS"], strict=False))
            for signal, number in drawn.items():
                self.assertEqual(number, keys.get(signal) if signal in KEYS else wires[signal])

    def test_the_place_in_the_header_has_that_number(self):
        for chip, (_, (left, right)) in wiring.HEADERS.items():
            for wire in table.wires():
                self.assertEqual(wire.gpio[chip] is None, wire.place[chip] is None)
                if wire.place[chip]:
                    row, number = wire.place[chip]
                    printed = (left if row == "left" else right)[number - 1]
                    self.assertEqual(printed, str(wire.gpio[chip]), wire.signal)

    def test_bus_addresses_agree(self):
        others = table.other_pins()
        for part, name in ADDRESSES.items():
            written = [int(to, 16) for _, to in others[part] if to.startswith("0x")]
            self.assertEqual(written, [getattr(pins, name)])
            self.assertEqual(written, [getattr(pins_c3, name)])

    def test_every_end_of_a_wire_is_a_part_with_other_pins(self):
        named = {part for wire in table.wires() for part, _ in wire.ends}
        self.assertEqual(named, set(table.other_pins()))

    def test_the_chip_accepts_the_pins_of_each_default_board(self):
        for chip in CHIPS:
            for relay_kind in ("latching", "plain"):
                text = json.dumps({"chip": chip, "relay": relay_kind})
                self.assertEqual(board_file.parts_of(text, chip).chip, chip)

    def test_every_board_json_of_the_page_is_accepted(self):
        examples = BOARD_JSON.findall(README)
        self.assertGreaterEqual(len(examples), 4)
        for text in examples:
            with self.subTest(text):
                given = json.loads(text)
                board = board_file.parts_of(text, given.get("chip", table.ESP32))
                for key in given.keys() & {"chip", "display", "relay", "clock"}:
                    self.assertEqual(getattr(board, key), given[key])

    def test_a_wrong_board_json_is_not(self):
        for wrong in ('{"pins": {"RELAY_SET": 12}}', '{"pins": {"SDA": 34}}', '{"relay": "solid"}'):
            with self.assertRaises(parts.BoardError):
                board_file.parts_of(wrong, "esp32")


class Commands(unittest.TestCase):
    def test_every_command_of_the_page_is_one(self):
        lines = re.findall(r"^ *\.venv/bin/shilling ([^#>\n]+)", README, re.MULTILINE)
        lines += re.findall(r"`shilling ([a-z]+ --[^`]+)`", README)
        self.assertGreaterEqual(len(lines), 8)
        parser = cli.build_parser(cli.present())
        for line in lines:
            with self.subTest(line):
                parser.parse_args(line.split())


class Drawings(unittest.TestCase):
    def test_no_drawing_is_stale(self):
        for path, make in drawings.pages():
            if path not in (uses.PAGE, timing.PATH):  # which have tests of their own
                with self.subTest(path.name):
                    self.assertEqual(path.read_text(encoding="utf-8"), make())

    def test_no_drawing_is_of_something_that_went(self):
        known = {path for path, _ in drawings.pages()}
        self.assertEqual(set(wiring.FOLDER.iterdir()) - known, set())

    def test_each_wire_of_a_variant_is_drawn_with_both_ends(self):
        for name, (_, chip, parts_used) in wiring.VARIANTS.items():
            drawing = wiring.drawing(name)
            for wire in table.wires():
                ends = [end for end in wire.ends if end[0] in parts_used]
                if ends and wire.gpio[chip] is not None:
                    self.assertIn(f">{wire.signal}<", drawing, name)
                    self.assertIn(f">{wire.gpio[chip]}<", drawing, name)
                    for part, pin in ends:
                        self.assertIn(f">{part}<", drawing)
                        self.assertIn(f">{pin}<", drawing)

    def test_no_two_wires_of_a_drawing_lie_on_each_other(self):
        for name in wiring.VARIANTS:
            seen = {}
            for points, colour in re.findall(
                r"points='([^']+)' fill='none' stroke='(#[0-9a-f]+)' stroke-width='2'",
                wiring.drawing(name),
            ):
                for stretch in stretches(points):
                    for other, other_colour in seen.items():
                        if colour != other_colour and overlap(stretch, other):
                            self.fail(f"{name}: {stretch} lies on {other}")
                    seen[stretch] = colour

    def test_every_page_of_wires_warns(self):
        for path in [*wiring.FOLDER.glob("*.svg"), table.README]:
            self.assertIn("Mains kills", path.read_text(encoding="utf-8"), path.name)
        self.assertIn("docs/wiring/relay.svg", README)
        self.assertIn("supervisor", relay.drawing().lower())

    def test_the_page_shows_every_drawing(self):
        shown = set(re.findall(r"\(\.\./docs/wiring/([\w.-]+)\)", README))
        self.assertEqual(shown, {path.name for path in wiring.FOLDER.iterdir()})


def stretches(points):
    """((x, y), (x, y)) of each straight piece, the smaller point first."""
    spots = [tuple(int(n) for n in spot.split(",")) for spot in points.split()]
    return [tuple(sorted(pair)) for pair in zip(spots, spots[1:], strict=False) if pair[0] != pair[1]]


def overlap(one, other):
    """True if two pieces are in one line, or 3 px beside it, and have a length in common."""
    for across, along in ((0, 1), (1, 0)):
        if one[0][across] == one[1][across] and other[0][across] == other[1][across]:
            low = max(one[0][along], other[0][along])
            high = min(one[1][along], other[1][along])
            return abs(one[0][across] - other[0][across]) < 4 and high - low > 2
    return False


if __name__ == "__main__":
    unittest.main()
