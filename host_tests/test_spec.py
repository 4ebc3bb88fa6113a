# runs on: cpython
"""SPEC.md says what the code does: every field of every record and of the checkpoint, in its place."""

import re
import unittest

from shilling import layout, link, record, remote
from shilling.meter import Meter
from tools.interpreters import ROOT
from tools.transcript import ALERT_TEXTS

TYPES = {"u8": "<B", "u16": "<H", "u32": "<I", "i32": "<i"}
OTHER_ROW = re.compile(r"^\| (\d+) \| (\d+) bytes \| ([^|]+) \|$", re.MULTILINE)
ORDER = re.compile(r"^\| (\d+) \| ([^|]*) ?\|", re.MULTILINE)
VARIES = re.compile(r"\bn x|up to|tariff")
ROW = re.compile(r"^\| (\d+) \| (\w+) \| `(\w+)\.(\w+)` \|$", re.MULTILINE)


def fields(text, start):
    """The rows of a section as record.py has them; each must begin where the one before ended."""
    found = []
    for at, kind, part, name in ROW.findall(text):
        if int(at) != start:
            raise AssertionError(f"{part}.{name} is said to be at {at}, not {start}")
        found.append((part, name, TYPES[kind]))
        start += layout.WIDTHS[TYPES[kind]]
    return tuple(found)


class Spec(unittest.TestCase):
    def setUp(self):
        text = (ROOT / "firmware/SPEC.md").read_text(encoding="utf-8")
        self.records, self.checkpoint = text.split("## 3 Checkpoint")

    def test_every_kind_is_specified_as_it_is_written(self):
        sections = re.split(r"^### (\d+) ", self.records, flags=re.MULTILINE)
        said = {
            int(kind): fields(body, record.BODY_AT)
            for kind, body in zip(sections[1::2], sections[2::2], strict=True)
        }
        self.assertEqual(said, layout.KINDS)

    def test_the_checkpoint_is_specified_as_it_is_written(self):
        self.assertEqual(fields(self.checkpoint, 16), layout.STATE)

    def test_what_follows_the_state_is_where_it_is_said_to_be(self):
        meter = Meter()
        config, orders = meter.config, meter.orders
        config.meter_id, config.originator_id, config.secret = b"\1" * 8, b"\2" * 8, b"\3" * 32
        kept = (meter.window.bits, orders.bits, orders.refused, orders.results)
        for byte, where in enumerate(kept, 4):
            where[:] = bytes([byte]) * len(where)
        page = bytearray(record.CHECKPOINT_BYTES)
        record.seal_checkpoint(meter.parts, record.Head(), page)
        rows = OTHER_ROW.findall(self.checkpoint.split("## 4 ")[0].split("Then, from byte")[1])
        end = 16 + sum(layout.WIDTHS[width] for _, _, width in layout.STATE)
        for byte, (at, count, what) in enumerate(rows, 1):
            self.assertEqual(int(at), end, what)
            end += int(count)
            self.assertEqual(page[int(at) : end], bytes([byte]) * int(count), what)
        self.assertEqual(len(rows), 7)

    def test_an_order_is_as_long_as_it_is_said_to_be(self):
        text = self.checkpoint.split("### Down, with a number")[1].split("**Answers.**")[0]
        said = [-2]
        for kind, body in ORDER.findall(text):
            self.assertEqual(int(kind), len(said))
            widths = re.findall(r"\b[ui](8|16|32)\b", body)
            said.append(-1 if VARIES.search(body) else sum(int(bits) // 8 for bits in widths))
        self.assertEqual(tuple(said), link._LENGTHS)
        self.assertIn(f"| up to {remote._TEXT_BYTES} bytes of 20 to 7E hex |", text)
        most = link._MOST - link._BODY_AT - link._MAC_BYTES
        self.assertIn(f"| {link._BODY_AT} | 0 to {most} bytes | body |", self.checkpoint)

    def test_an_alert_has_one_name_and_number_wherever_it_is_raised(self):
        """They are private constants, which the compiler puts in their place."""
        names = {}
        for file in sorted((ROOT / "firmware/shilling").glob("*.py")):
            text = file.read_text(encoding="utf-8")
            for name, number in re.findall(r"^_ALERT_(\w+) = const\(0x([0-9A-F]{4})\)$", text, re.M):
                self.assertEqual(names.setdefault(name, number), number, file.name)
        self.assertEqual(len(set(names.values())), len(names))
        self.assertLessEqual(set(names.values()), set(ALERT_TEXTS))
        self.assertGreater(len(names), 15)


if __name__ == "__main__":
    unittest.main()
