"""No float in firmware/shilling: money and energy are integers, a chip's float has 24 bits.

Takes the repository root; gives complaints `file:line: what is wrong`. Finds float and complex
literals, `/`, negative powers, the name float, and codes of formats and of struct that make a float.
"""

import ast
import re
from pathlib import Path

FLOAT_CODE = re.compile(r"%[-+ #0]*[0-9*]*(\.[0-9*]+)?[eEfFgG]")
FLOAT_SPEC = re.compile(r"[eEfFgG%]$")
FLOAT_FIELD = re.compile(r"{[^{}:]*:[^{}]*[eEfFgG%]}")
FLOAT_WIDTH = re.compile(r"[efd]")  # of struct
STRUCT = ("pack", "pack_into", "unpack", "unpack_from", "calcsize")


def fault(node):
    """What makes this syntax node a float, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
        return f"the literal {node.value!r} is a float"
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        return fault_of_operator(node)
    if isinstance(node, ast.Name) and node.id in ("float", "complex"):
        return f"{node.id} is used"
    if isinstance(node, ast.Call):
        return fault_of_call(node)
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        spec = node.format_spec.values[-1:]
        if spec and isinstance(spec[0], ast.Constant) and FLOAT_SPEC.search(spec[0].value):
            return f"the format {spec[0].value} makes a float"
    return None


def fault_of_operator(node):
    if isinstance(node.op, ast.Div):
        return "/ makes a float; use //"
    right = node.right if isinstance(node, ast.BinOp) else node.value
    if isinstance(node.op, ast.Pow) and isinstance(right, ast.UnaryOp):
        return "a negative power makes a float"
    left = getattr(node, "left", None)
    if isinstance(node.op, ast.Mod) and isinstance(left, ast.Constant):
        if isinstance(left.value, str) and FLOAT_CODE.search(left.value.replace("%%", "")):
            return f"the format {left.value!r} makes a float"
    return None


def fault_of_call(node):
    """Of pow(), "...".format() and struct: what is written out can be judged."""
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    first = node.args[0] if node.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    if name == "pow" and any(isinstance(each, ast.UnaryOp) for each in node.args[1:]):
        return "a negative power makes a float"
    if name in STRUCT and isinstance(text, str) and FLOAT_WIDTH.search(text):
        return f"struct makes a float of {text!r}"
    told = getattr(node.func, "value", None)
    if name == "format" and isinstance(told, ast.Constant) and FLOAT_FIELD.search(str(told.value)):
        return f"the format {told.value!r} makes a float"
    return None


def check(root):
    """Complaints about floats below root/firmware/shilling."""
    bad = []
    for path in sorted(Path(root, "firmware/shilling").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
            why = fault(node)
            if why:
                bad.append(f"{path.relative_to(root)}:{node.lineno}: {why}")
    return bad
