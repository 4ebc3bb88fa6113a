"""Who may import what: the table of ARCHITECTURE 'Folders', read from the code with ast.

Takes the repository root; gives complaints `file:line: what is wrong`. The modules of
firmware/shilling import each other downwards only: a module may use those before it in ORDER.
Also no module on the import path may hide one of the standard library.
"""

import ast
import sys
from pathlib import Path

# firmware/shilling from the bottom to the top; each file must be named here.
ORDER = (
    "units", "codes", "config", "energy", "calendar", "clock", "friendly", "table", "tariff",
    "registers", "account", "debt", "dues", "supply", "contact", "usage", "gmac", "utrn", "seal",
    "mqtt", "lockout", "orders", "layout", "older", "record", "chain", "ledger", "buttons", "buzzer",
    "menu", "ihd", "pager", "screens", "face", "verdict", "invariants", "schedule", "meter",
    "topup", "commands", "provision", "residue", "backlog", "terms", "remote", "telling", "outbox",
    "link", "guest", "outside", "hass", "app",
)  # fmt: skip

CORE = {"micropython", "struct", "hashlib", "cryptolib", "binascii"}
BOARD = {
    "machine", "esp32", "network", "socket", "time", "micropython", "struct", "sys", "gc", "json",
    "os", "select", "random", "tls",
}  # fmt: skip
# What the wire carries bytes for (board/esp32/wire.py), which any board can use
WIRE, CARRIED = "wire", {"codes", "mqtt", "seal", "hass"}
# What puts the meter together: the files right in firmware/
MAIN = {
    "shilling", "esp32_board", "lab", "start", "first_start", "machine", "sys", "os", "json", "time",
    "gc", "hashlib", "vfs", "flashbdev",
}  # fmt: skip
# Tools that ask the firmware itself, by import_module, instead of knowing it a second time
ASKS = {
    "tools/settings/table.py": {"shilling.config"},
    "tools/flashing/files.py": {"board_file", "parts"},
}
STARTER = "board/virtual/boot.py"  # starts the board file it is told, by a computed name

# Folders on an import path, whose files must not be named like a standard module.
ON_PATH = ("firmware", "board/esp32", "board/virtual", "board/virtual/cpython",
           "board/virtual/wasm", "host_tests")  # fmt: skip
COMPUTED = "a computed name"


def imported(tree):
    """(line, module, name or None) of every import in a syntax tree, also by __import__ and
    import_module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, "." * node.level + (node.module or ""), alias.name
        elif isinstance(node, ast.Call) and called(node) in ("__import__", "import_module"):
            first = node.args[0] if node.args else None
            known = isinstance(first, ast.Constant)
            yield node.lineno, str(first.value) if known else COMPUTED, None


def called(node):
    """The name of what a call calls, without what it is of."""
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def of_shilling(module, name):
    """The module of firmware/shilling that an import reaches, or None if it reaches none."""
    if module == "shilling":
        return name or ""
    return module.split(".")[1] if module.startswith("shilling.") else None


def refuse_core(own, module, name):
    """Why a module of firmware/shilling may not import this, or None."""
    target = of_shilling(module, name)
    if target is None:
        return None if module in CORE else "is not for the core"
    if target == "VERSION":
        return None
    if target not in ORDER:
        return "is no module of ORDER"
    if own not in ORDER or ORDER.index(target) >= ORDER.index(own):
        return f"is not below {own}: imports go downwards only"
    return None


class Rules:
    """The rule for one file, chosen by the folder it is in."""

    def __init__(self, root):
        self.board = stems(root / "board/esp32")
        self.silicon = stems(root / "board/virtual")
        self.firmware = {"shilling"} | stems(root / "firmware")

    def refuse(self, file, module, name):
        """Why `file` (relative to the root) may not import `module`, or None."""
        top = module.split(".")[0]
        folder = str(file.parent)
        if folder == "firmware/shilling":
            return refuse_core(file.stem, module, name)
        if file.parts[0] == "firmware":
            return None if top in MAIN else "is not for the start file"
        if folder == "board/esp32":
            core = of_shilling(module, name)
            fits = top in BOARD | self.board or core in (CARRIED if file.stem == WIRE else {"codes"})
            return None if fits else "is not for the board"
        if file.parts[0] == "board":
            if module == COMPUTED and str(file) == STARTER:
                return None
            strange = top in (self.board - self.silicon) | self.firmware | {COMPUTED}
            return "is not for simulated silicon" if strange else None
        if file.parts[0] == "tools":
            strange = top in self.firmware | self.board | self.silicon
            strange = strange and module not in ASKS.get(file.as_posix(), ())
            return "would make a tool share code with the firmware" if strange else None
        return None


def stems(folder):
    """Names of the modules right in a folder."""
    return {path.stem for path in folder.glob("*.py")}


def sources(root):
    """Every Python file the rules speak of, in order."""
    for folder in ("firmware", "board", "tools", "host_tests"):
        yield from sorted((root / folder).rglob("*.py"))


def check(root):
    """Complaints about imports and module names below `root`."""
    root = Path(root)
    rules = Rules(root)
    bad = []
    for path in sources(root):
        file = path.relative_to(root)
        if str(file.parent) == "firmware/shilling" and file.stem not in (*ORDER, "__init__"):
            bad.append(f"{file}:1: {file.stem} has no place in ORDER of tools/checks/imports.py")
            continue
        if str(file.parent) in ON_PATH and file.stem in sys.stdlib_module_names:
            bad.append(f"{file}:1: {file.stem} would hide a module of the standard library")
        for line, module, name in imported(ast.parse(path.read_bytes(), str(file))):
            why = rules.refuse(file, module, name)
            if why:
                what = f"{module}.{name}" if name else module
                bad.append(f"{file}:{line}: {what} {why}")
    return bad
