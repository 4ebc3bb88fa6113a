# runs on: cpython
"""SPEC.md says what the code does: every field of every record and of the checkpoint, in its place."""

import re
import unittest

from shilling import layout, record
from tools.interpreters import ROOT
from tools.transcript import ALERT_TEXTS

TYPES = {"u8": "<B", "u16": "<H", "u32": "<I", "i32": "<i"}
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
