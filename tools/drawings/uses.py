"""docs/CHIP.md: every name of MicroPython's own modules that the meter uses, and what proves it.

mypy follows each expression of firmware/ and board/esp32/ to the stub that defines it, once with the
stubs of the oldest MicroPython that is supported and once with the newest. A name that the oldest
lacks may stand behind a check (hasattr) only: mypy refuses it anywhere else.
"""

import ast
import os
from collections import defaultdict
from pathlib import Path

from mypy import build, main, nodes, types
from mypy.traverser import NameAndMemberCollector

from tools.interpreters import ROOT

FLOOR = "1.25"
FLOOR_STUBS = ROOT / ".venv/stubs-floor"
FOLDERS = ("firmware", "firmware/shilling", "board/esp32")
CHIP = ("machine", "esp32", "network")  # the others may be of any port
LANGUAGE = ("builtins", "typing", "typing_extensions", "_typeshed", "types", "abc")
UNKNOWN = "a value of any type"
MANY = 4  # files: they are counted, not named
PAGE = ROOT / "docs/CHIP.md"
HEAD = f"""# What the meter asks of MicroPython

Made by `python -m tools.drawings`: mypy follows every expression of `firmware/` and `board/esp32/`, methods
of values included, to the stub that defines it (`micropython-esp32-stubs`). `host_tests/test_uses.py` fails
when this page is stale, when a name is missing from the stubs of MicroPython {FLOOR} and no check stands
before it, and when it does not occur in the official {FLOOR} image. The stubs of `os`, `sys`, `json` and
`struct` are not made for one version: for those the image speaks. A stub is not a chip: that the chip behaves
as it says was not seen here.

| name | used in | {FLOOR} stub, line | newest stub, line |
|---|---|---|---|
"""


def sources():
    """Every file that runs on the chip."""
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]


def check(floor):
    """mypy's result for all of them, with the oldest stubs before the newest ones if `floor`."""
    config = ["--config-file", str(ROOT / "pyproject.toml"), *map(str, sources())]
    here = os.getcwd()
    os.chdir(ROOT)
    try:
        files, options = main.process_options(config)
        options.export_types = options.preserve_asts = True
        options.incremental = False
        options.cache_dir = os.devnull
        if floor:
            options.mypy_path = [str(FLOOR_STUBS), *options.mypy_path]
        return build.build(files, options)
    finally:
        os.chdir(here)


def chip_methods(result):
    """Names of everything in a class of the chip's modules."""
    names = set()
    for module in CHIP:
        for symbol in result.files[module].names.values() if module in result.files else ():
            if isinstance(symbol.node, nodes.TypeInfo):
                names |= {name for name in symbol.node.names if not name.startswith("_")}
    return names


def reached(tree, known_types, of_chips):
    """`module.name` and `module.Class.name` of everything that one file's expressions reach; and what
    has the name of something of the chip, on a value that cannot be followed."""
    collector = NameAndMemberCollector()
    tree.accept(collector)
    for each in (*collector.name_exprs, *collector.member_exprs):
        yield each.fullname or ""
    for each in collector.member_exprs:
        kind = types.get_proper_type(known_types.get(each.expr))
        if each.name in of_chips and isinstance(kind, types.AnyType):
            yield f"{UNKNOWN}.{each.name}:{each.line}"
        for info in classes(known_types.get(each.expr)):
            owner = info.get_containing_type_info(each.name) or info
            yield f"{owner.fullname}.{each.name}"


def asked_for(path):
    """`module.name` of each hasattr(module, "name")."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr":
            yield f"{ast.unparse(node.args[0])}.{node.args[1].value}"


def classes(of_type):
    """TypeInfos of the classes that a value of this type may be of, or that it is."""
    of_type = types.get_proper_type(of_type)
    if isinstance(of_type, types.UnionType):
        return [info for item in of_type.items for info in classes(item)]
    if isinstance(of_type, types.Instance):
        return [of_type.type]
    if isinstance(of_type, types.FunctionLike) and of_type.is_type_obj():
        return [of_type.type_object()]
    return []


def used(result):
    """{full name: set of files} of MicroPython's own modules."""
    own = {path.stem for path in sources()} | {"shilling"}
    modules = {
        name for name, tree in result.files.items()
        if name.split(".")[0] not in own and name not in LANGUAGE and ".venv" in str(tree.path)
    }  # fmt: skip
    found = defaultdict(set)
    modules.add(UNKNOWN)
    of_chips = chip_methods(result)
    trees = {os.path.abspath(ROOT / tree.path): tree for tree in result.files.values()}
    for path in sources():
        for name in (*reached(trees[str(path)], result.types, of_chips), *asked_for(path)):
            module = next((m for m in modules if name.startswith(m + ".")), None)
            if module and "." not in name[len(module) + 1 :].removesuffix("." + name.split(".")[-1]):
                found[name].add(str(path.relative_to(ROOT)))
    return found


def stub_line(result, full_name):
    """'machine.pyi:1347' where the name is defined, '' if it is not."""
    for module in sorted(result.files, key=len, reverse=True):
        if not full_name.startswith(module + "."):
            continue
        tree = result.files[module]
        scope, node = tree.names, None
        for part in full_name[len(module) + 1 :].split("."):
            symbol = scope.get(part) if scope is not None else None
            if symbol is None or symbol.node is None:
                return ""
            node = symbol.node
            scope = node.names if isinstance(node, nodes.TypeInfo) else None
        path = Path(tree.path)
        file = f"{module}/{path.name}" if path.stem == "__init__" else path.name
        return f"{file}:{node.line}"
    return ""


def rows():
    """[(name, files, floor stub line, newest stub line)], the chip's own modules first."""
    newest, floor = check(floor=False), check(floor=True)
    found = used(newest)
    known = (name for name in found if not name.startswith(UNKNOWN))
    order = sorted(known, key=lambda name: (name.split(".")[0] not in CHIP, name))
    return [(n, sorted(found[n]), stub_line(floor, n), stub_line(newest, n)) for n in order]


def page():
    """The text of docs/CHIP.md."""
    lines = []
    for name, files, old, new in rows():
        short = ", ".join(file.removeprefix("board/esp32/").removeprefix("firmware/") for file in files)
        short = short if len(files) <= MANY else f"{len(files)} files"
        lines.append(f"| `{name}` | {short} | {old or '**newer: behind a check**'} | {new} |\n")
    return HEAD + "".join(lines)
