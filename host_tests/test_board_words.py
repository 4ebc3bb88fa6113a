# runs on: cpython
"""Every text that a display may show can be read on 7 segments: its words have their letters or a form."""

import ast
import re
import unittest

import font7
from shilling import codes, pager
from tools.interpreters import ROOT

SHOWN = ("firmware/shilling/screens.py", "firmware/shilling/units.py", "board/esp32/bus.py")
NOTES = ("board/esp32/esp32_board.py", "board/esp32/display.py", "firmware/start.py")
LACKING = re.compile("[kmvwx]", re.IGNORECASE)
FORMAT = re.compile("%[0-9]*[sdX]")


def constants(file):
    """Texts in the code of a file; no docstrings, keys of board.json or paths."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    doc = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in doc:
            yield FORMAT.sub(" ", node.value)


def notes():
    """Texts that are given to the notes, as calls of _note() and append() name them."""
    for file in NOTES:
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "")
            if name in ("_note", "append") and node.args:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield FORMAT.sub(" ", part.value)


def texts():
    """All of them."""
    yield from codes.CLOCK_NAMES
    yield from pager.SHORT
    yield from pager.SHORT.values()
    yield from notes()
    for file in SHOWN:
        yield from constants(file)


class Words(unittest.TestCase):
    def test_every_word_can_be_read_or_has_a_form(self):
        words = {word for text in texts() for word in re.findall("[A-Za-z]+", text)}
        self.assertTrue({"Credit", "EmCr", "kWh", "clock", "DEV", "IRQ", "hung"} <= words, words)
        unread = sorted(
            word for word in words if LACKING.search(word) and word.lower() not in font7.FORMS
        )
        self.assertEqual(unread, [])


if __name__ == "__main__":
    unittest.main()
