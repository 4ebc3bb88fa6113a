"""Puts the numbers of codes.py in their places before the firmware is compiled for the chip.

Takes a file's source; gives the same program with `codes.DONE` as 0. mpy-cross does that inside one module
only; across modules each name costs its text in every file and a look-up each time: together 4 kB of
.mpy and more of the heap. Of codes.py itself only what is no number is left.
"""

import ast
from functools import cache
from pathlib import Path

MODULE = "codes"
FILE = "firmware/shilling/codes.py"


@cache
def numbers_of(root):
    """{name: number} of codes.py, if it is there."""
    file = Path(root, FILE)
    source = file.read_text(encoding="utf-8") if file.exists() else ""
    return {
        node.targets[0].id: node.value.value
        for node in ast.parse(source).body
        if is_number(node)
    }


def is_number(node):
    """An assignment of a plain number to one name."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int)
    )


class Placer(ast.NodeTransformer):
    """Replaces names of `numbers`, however they were imported."""

    def __init__(self, numbers):
        self.numbers = numbers
        self.taken = set()  # names that were imported one by one

    def visit_ImportFrom(self, node):
        if node.module == f"shilling.{MODULE}":
            self.taken |= {each.name for each in node.names if each.name in self.numbers}
            node.names = [each for each in node.names if each.name not in self.numbers]
        return node if node.names else None

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == MODULE:
            return self.number(node, node.attr, self.numbers)
        return node

    def visit_Name(self, node):
        return self.number(node, node.id, self.taken)

    def number(self, node, name, known):
        if name in known and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.Constant(self.numbers[name]), node)
        return node


def placed(root, file):
    """The source of a file of the chip with the numbers in it."""
    tree = ast.parse(Path(root, file).read_text(encoding="utf-8"))
    if Path(file).as_posix() == FILE:
        tree.body = [node for node in tree.body if not is_number(node)]
    else:
        tree = Placer(numbers_of(root)).visit(tree)
        drop_import(tree)
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def drop_import(tree):
    """`from shilling import codes` where nothing of it is left."""
    if any(isinstance(node, ast.Name) and node.id == MODULE for node in ast.walk(tree)):
        return
    for node in list(tree.body):
        if isinstance(node, ast.ImportFrom) and node.module == "shilling":
            node.names = [each for each in node.names if each.name != MODULE]
            if not node.names:
                tree.body.remove(node)
