# runs on: cpython
"""Every board keeps board/contract.py: the same names and arguments, and the shell asks for no more."""

import ast
import importlib.util
import inspect
import unittest

import boot
import quiet
import world
from tools.interpreters import ROOT

SHELL = ("firmware/shilling/app.py", "firmware/shilling/outside.py", "firmware/shilling/ledger.py")


def contract():
    spec = importlib.util.spec_from_file_location("contract", ROOT / "board/contract.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def methods(cls):
    """{name: argument names} of the public methods."""
    return {
        name: list(inspect.signature(member).parameters)
        for name, member in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_")
    }


def asked_for(owner):
    """Names the shell uses of board or store."""
    found = set()
    for file in SHELL:
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                base = node.value
                name = getattr(base, "id", None) or getattr(base, "attr", None)
                if name == owner:
                    found.add(node.attr)
    return found


class Contract(unittest.TestCase):
    def setUp(self):
        self.contract = contract()
        self.world = world.World(9820, 43200)
        self.addCleanup(boot.board_class)  # leaves the board's idle jumping, as others expect it

    def test_the_esp32_board_has_every_method_with_the_same_arguments(self):
        board = boot.board_class(jump=False)
        has = methods(board)
        for name, arguments in methods(self.contract.Board).items():
            self.assertEqual(len(has.get(name, ())), len(arguments), name)

    def test_the_esp32_board_and_its_store_have_every_attribute(self):
        board = boot.board_class(jump=False)()
        for name in ("cells", "rtc_day", "rtc_second", "store", "notes", "remembers", "mark", "wire"):
            self.assertTrue(hasattr(board, name), name)
        for name in ("size", "sector", *methods(self.contract.Store)):
            self.assertTrue(hasattr(board.store, name), name)

    def test_the_quiet_board_of_the_heap_tests_keeps_it_too(self):
        has = set(methods(quiet.QuietBoard))
        self.assertEqual(set(methods(self.contract.Board)) - has - {"idle"}, set())

    def test_the_shell_asks_for_nothing_else(self):
        known = set(methods(self.contract.Board)) | set(self.contract.Board.__annotations__)
        known |= {"cells", "rtc_day", "rtc_second", "remembers", "mark", "lab", "wire"}
        self.assertEqual(asked_for("board") - known, set())
        self.assertIn("relay", asked_for("board"))
        known = set(methods(self.contract.Store)) | {"size", "sector"}
        self.assertEqual(asked_for("store") - known, set())


if __name__ == "__main__":
    unittest.main()
