# runs on: cpython
"""What is compiled for the chip is the source, with the numbers of codes.py in their places."""

import ast
import unittest

from shilling import codes
from tools.checks import mpy, numbers
from tools.interpreters import ROOT


class Numbers(unittest.TestCase):
    def test_no_name_of_a_number_is_left_and_every_other_name_is(self):
        left = set()
        for file in mpy.sources(ROOT):
            tree = ast.parse(numbers.placed(ROOT, file))
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "codes":
                    left.add(node.attr)
        self.assertEqual(
            left, {name for name in left if not isinstance(getattr(codes, name), int)}
        )
        self.assertIn("OUTCOMES", left)

    def test_each_number_is_that_of_the_module(self):
        found = numbers.numbers_of(ROOT)
        self.assertEqual(
            found, {name: value for name, value in vars(codes).items() if isinstance(value, int)}
        )
        self.assertGreater(len(found), 50)

    def test_putting_the_names_back_gives_the_source_again(self):
        """Each change is a name of codes for its number, and nothing else is different."""
        for file in mpy.sources(ROOT):
            source = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            names = [
                node for node in ast.walk(source)
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "codes"
                and isinstance(getattr(codes, node.attr), int)
            ]  # fmt: skip
            made = numbers.placed(ROOT, file)
            for node in names:
                self.assertNotIn(f"codes.{node.attr}\n", made)
            constants = sum(isinstance(node, ast.Constant) for node in ast.walk(source))
            placed = sum(isinstance(node, ast.Constant) for node in ast.walk(ast.parse(made)))
            if file.name != "codes.py" and "from shilling.codes" not in (ROOT / file).read_text():
                self.assertEqual(placed, constants + len(names), file)


if __name__ == "__main__":
    unittest.main()
