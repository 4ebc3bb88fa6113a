"""The checks of the source find what they are for: each is given bad sources and must complain."""
# runs on: cpython

import shutil

import pytest

from tools.checks import __main__ as checks
from tools.checks import floats, imports, mpy
from tools.interpreters import ROOT

CORE = "firmware/shilling/"


def plant(root, path, source):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source + "\n")


@pytest.fixture
def house(tmp_path):
    """A small tree in which every import is allowed."""
    for path, source in (
        ("firmware/main.py", "from esp32_board import Board\nfrom shilling.app import App"),
        (CORE + "__init__.py", 'VERSION = "1"'),
        (CORE + "units.py", "from micropython import const"),
        (CORE + "account.py", "import struct\nfrom shilling import VERSION, units"),
        (CORE + "app.py", "from shilling.account import Account"),
        ("board/esp32/esp32_board.py", "import machine\nimport pins\nfrom shilling import codes"),
        ("board/esp32/pins.py", ""),
        ("board/virtual/machine.py", "import world"),
        ("board/virtual/world.py", "import json"),
        ("board/virtual/boot.py", "import world\n__import__(world.name)"),
        ("host_tests/test_x.py", "import shilling.app, esp32_board, world"),
        ("tools/vend.py", "import cryptography"),
    ):
        plant(tmp_path, path, source)
    return tmp_path


def test_allowed_imports_are_not_complained_about(house):
    assert imports.check(house) == []


@pytest.mark.parametrize(
    "path, source, complaint",
    [
        (CORE + "account.py", "import machine", "machine is not for the core"),
        (CORE + "account.py", "def f():\n    import time", "time is not for the core"),
        (CORE + "account.py", "from . import units", "..units is not for the core"),
        (CORE + "account.py", "__import__('os')", "os is not for the core"),
        (CORE + "account.py", "from shilling import app", "shilling.app is not below account"),
        (CORE + "units.py", "import shilling.units", "shilling.units is not below units"),
        (CORE + "app.py", "from shilling.luck import x", "shilling.luck.x is no module of ORDER"),
        (CORE + "luck.py", "", "luck has no place in ORDER"),
        (CORE + "__init__.py", "from shilling import units", "units is not below __init__"),
        ("firmware/main.py", "import network", "network is not for the start file"),
        ("board/esp32/pins.py", "from shilling.account import A", "is not for the board"),
        ("board/esp32/pins.py", "import asyncio", "asyncio is not for the board"),
        ("board/virtual/world.py", "from shilling import codes", "is not for simulated silicon"),
        ("board/virtual/world.py", "import esp32_board", "is not for simulated silicon"),
        ("board/virtual/world.py", "__import__(name)", "is not for simulated silicon"),
        ("board/virtual/boot.py", "import esp32_board", "is not for simulated silicon"),
        ("board/contract.py", "import shilling", "is not for simulated silicon"),
        ("tools/vend.py", "from shilling import utrn", "share code with the firmware"),
        ("tools/deep/vend.py", "import world", "share code with the firmware"),
        ("tools/vend.py", "import importlib\nimportlib.import_module('shilling.app')", "share code"),
        ("host_tests/token.py", "", "token would hide a module of the standard library"),
        ("board/virtual/select.py", "", "select would hide a module"),
    ],
)
def test_forbidden_import_is_found(house, path, source, complaint):
    plant(house, path, source)
    found = imports.check(house)
    assert len(found) == 1
    assert found[0].startswith(path + ":")
    assert complaint in found[0]


@pytest.mark.parametrize(
    "source",
    ["x = 1.0", "x = 1e3", "x = a / b", "x /= 2", "x = float(a)", "x = 2 ** -1", "x = 1j",
     "x = '%.2f' % a", "x = '%5.1f%%' % a", "x = f'{a:.2f}'", "x = f'{a:5.1%}'",
     "x = '{:.2f}'.format(a)", "x = pow(2, -1)", "x = unpack('<f', b)"],
)  # fmt: skip
def test_float_is_found(tmp_path, source):
    plant(tmp_path, CORE + "deep/x.py", "\n" + source)
    found = floats.check(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(CORE + "deep/x.py:2: ")


@pytest.mark.parametrize(
    "source",
    ["x = a // b", "x = '%d%%' % a", "x = a % 100", "x = f'{a:02d}'", "x = 2 ** 30", "x //= 2",
     "x = 'half / half'", "x = '%d faults' % a", "x = pow(2, 3)", "x = '{:d}'.format(a)",
     "x = pack_into('<IBi', b, 0)"],
)  # fmt: skip
def test_integers_are_not_taken_for_floats(tmp_path, source):
    plant(tmp_path, CORE + "x.py", source)
    assert floats.check(tmp_path) == []


def test_source_that_micropython_cannot_compile_is_found(tmp_path):
    plant(tmp_path, "firmware/main.py", "match x:\n    case 1:\n        pass")
    plant(tmp_path, "board/esp32/pins.py", "A = 32")
    found = mpy.check(tmp_path)
    assert len(found) == 1
    assert found[0].startswith("firmware/main.py: mpy-cross: ")


def test_firmware_over_the_size_limit_is_found(tmp_path):
    plant(tmp_path, CORE + "big.py", f"A = {'x' * 30000!r}")
    assert mpy.check(tmp_path) == []
    plant(tmp_path, "board/esp32/large.py", f"A = {'y' * 30000!r}")
    assert mpy.check(tmp_path) == []
    plant(tmp_path, CORE + "large.py", f"A = {'y' * 30000!r}")
    found = mpy.check(tmp_path)
    assert len(found) == 1
    assert f"over the {mpy.LIMIT_BYTES} allowed" in found[0]


def test_compiled_file_of_a_removed_source_goes_away(tmp_path):
    plant(tmp_path, "firmware/main.py", "A = 32")
    plant(tmp_path, CORE + "old.py", "A = 32")
    mpy.check(tmp_path)
    (tmp_path / CORE / "old.py").unlink()
    mpy.check(tmp_path)
    assert [p.name for p in (tmp_path / "build").rglob("*.mpy")] == ["main.mpy"]


@pytest.fixture
def set_up(tmp_path):
    """A tree with the settings and the stubs of this one."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    plant(tmp_path, "firmware/main.py", "import machine\n\nmachine.Pin(5, machine.Pin.OUT).value(1)")
    plant(tmp_path, "board/esp32/pins.py", "A = 32")
    return tmp_path


def test_types_are_checked_against_the_chip(set_up):
    assert checks.types(set_up) == []
    plant(set_up, "firmware/main.py", "import machine\n\nmachine.Pin(5).toggel()")
    plant(set_up, "board/esp32/pins.py", "import threading\n\nthreading.Lock()")
    found = checks.types(set_up)
    assert any("toggel" in line for line in found)
    assert any("threading" in line for line in found)


def test_lint_finds_an_unused_import(set_up):
    assert checks.ruff(set_up) == []
    plant(set_up, "tools/x.py", "import os")
    assert any("F401" in line for line in checks.ruff(set_up))
