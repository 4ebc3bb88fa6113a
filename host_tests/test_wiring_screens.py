# runs on: cpython
"""docs/screens.svg: drawn from what the simulated displays lit, complete, readable, the same on a VM."""

import ast
import re
import unittest

import segments
from tools import interpreters
from tools.drawings import sheet

FOUND = sheet.collected()
SCREENS = (interpreters.ROOT / "firmware/shilling/screens.py").read_text(encoding="utf-8")


def pages(display):
    """(text, what one page of it reads as) of everything that was shown."""
    for (text, _), cuts in zip(FOUND["texts"], FOUND["displays"][display], strict=True):
        for read, _ in cuts:
            yield text, read


class Sheet(unittest.TestCase):
    def test_the_picture_is_as_the_firmware_is(self):
        self.assertEqual(sheet.PATH.read_text(encoding="utf-8"), sheet.drawing())

    def test_a_vm_lights_the_same_segments(self):
        reason = interpreters.available("micropython")
        if reason:
            self.skipTest(reason)
        self.assertEqual(sheet.collected("micropython"), FOUND)

    def test_every_cell_reads_as_something_and_no_page_is_blank(self):
        for display in sheet.DISPLAYS:
            for text, read in pages(display):
                self.assertNotIn(segments.UNKNOWN, read, text)
                self.assertTrue(read.strip(), text)

    def test_every_page_of_14_segments_reads_as_part_of_its_text_or_a_short_form(self):
        for display in ("ht16k33-8", "ht16k33-12"):
            for text, read in pages(display):
                plain, figures = re.sub(r"\W", "", text.lower()), re.sub(r"\D", "", read)
                place = 0
                for letter in re.sub(r"\W", "", read.lower()):
                    place = plain.find(letter, place) + 1
                    self.assertTrue(place, f"{text}: {read}")
                if "Id" not in text:
                    self.assertIn(figures, re.sub(r"\D", "", text))

    def test_every_word_of_screens_py_is_on_it(self):
        known = " ".join(text for text, _ in FOUND["texts"])
        tree = ast.parse(SCREENS)
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        words = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                words.update(re.findall(r"[A-Za-z]{2,}", re.sub(r"%[0-9.]*[a-zA-Z]", " ", node.value)))
        self.assertGreater(len(words), 40)
        self.assertEqual({word for word in words if word not in known}, set())

    def test_every_profile_has_screens_of_its_own(self):
        for number in range(len(FOUND["profiles"])):
            self.assertGreater(sum(number in profiles for _, profiles in FOUND["texts"]), 50)


if __name__ == "__main__":
    unittest.main()
