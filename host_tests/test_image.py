"""The package for mip and the manifests of a frozen build: made from the tree, and nothing is missing."""
# runs on: cpython

import json
import posixpath
import subprocess
import sys

import pytest

from tools import image
from tools.checks import mpy
from tools.device.payload import firmware_files
from tools.flashing import manifest, package, table
from tools.interpreters import ROOT


def test_the_package_file_is_the_one_the_tree_makes():
    made = package.sources()
    assert package.FILE.read_text(encoding="utf-8") == made, "python -m tools.flashing.package"


def test_every_address_of_the_package_is_relative_and_exists():
    whole = json.loads(package.sources())
    assert whole["deps"] == [] and whole["version"]
    for target, url in whole["urls"]:
        assert "://" not in url and not url.startswith("/")
        assert (package.FILE.parent / url).is_file(), url
        assert target == "../main.py" or not target.startswith(".")


def test_a_package_puts_the_same_modules_on_the_disk_as_flashing_does():
    targets = {t for t, _ in json.loads(package.sources())["urls"]}
    flashed = {posixpath.relpath(path, "/lib").replace(".mpy", ".py") for path in firmware_files()}
    assert targets == flashed


def test_the_compiled_package_is_whole(tmp_path):
    count = package.compiled(tmp_path)
    whole = json.loads((tmp_path / "package.json").read_text())
    assert len(whole["urls"]) == count == len(firmware_files())
    for target, url in whole["urls"]:
        path = posixpath.normpath(posixpath.join("/lib", target))
        assert (tmp_path / url).read_bytes() == firmware_files()[path]


@pytest.mark.parametrize("build", manifest.BUILDS)
def test_a_manifest_has_everything_and_it_compiles(build):
    found, faults = manifest.check(build)
    assert faults == []
    assert "shilling/app.py" in found.files and "esp32_board.py" in found.files
    assert all(opt == 3 for _, opt in found.files.values())


def test_only_the_production_build_begins_with_our_boot_and_has_no_door():
    development, production = (manifest.check(build)[0] for build in manifest.BUILDS)
    assert "_boot.py" in production.files and "_boot.py" not in development.files
    assert "main.py" in development.files and "main.py" not in production.files
    assert manifest.PORT_START in development.outside
    assert production.outside == ["$(PORT_DIR)/modules/flashbdev.py", "$(PORT_DIR)/modules/machine.py"]
    assert not any(name.startswith(("lab", "selftest")) for name in production.files)
    assert "lab.py" in development.files


@pytest.mark.parametrize(
    "line, fault",
    [
        ('module("gone.py")', "gone.py does not exist"),
        ('module("a.py"); module("a.py")', "a.py is frozen twice"),
        ('package("nothing")', "nothing is no folder"),
        ('frezze("a.py")', "name 'frezze' is not defined"),
        ('module("a.py"', "was never closed"),
    ],
)
def test_a_wrong_manifest_is_said_to_be(line, fault, tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "manifest.py").write_text(line + "\n")
    faults = manifest.Manifest(tmp_path / "manifest.py").faults
    assert len(faults) == 1 and fault in faults[0]


def test_a_module_that_a_manifest_forgets_is_named(tmp_path, monkeypatch):
    for name in manifest.BUILDS.values():
        text = (manifest.HOME / name).read_text().replace('include("manifest_meter', 'dict(a="')
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(manifest, "HOME", tmp_path)
    faults = manifest.check("production")[1]
    assert "firmware/shilling/app.py is not in it" in faults


def test_manifests_are_not_copied_to_a_board():
    assert not any(file.name.startswith("manifest") for file in mpy.sources(ROOT))


def test_a_frozen_build_has_the_same_partitions_as_a_flashed_board():
    rows = [line.replace(" ", "").split(",") for line in image.partitions().splitlines()[1:]]
    found = {name: (int(at, 16), int(size, 16)) for name, _, _, at, size, _ in rows}
    assert found["vfs"] == table.VFS[3:] and found["ledger"] == table.LEDGER[3:]
    assert found["factory"] == (0x10000, 0x1F0000)
    spans = sorted(found.values())
    assert all(at + size <= after for (at, size), (after, _) in zip(spans, spans[1:], strict=False))


def test_make_image_checks_and_prints_the_steps():
    done = subprocess.run([sys.executable, "-m", "tools.image"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "idf" in done.stdout and "FROZEN_MANIFEST" in done.stdout
    header = (image.FOLDER / "mpconfigboard.h").read_text()
    assert "#define MICROPY_HW_ENABLE_UART_REPL (0)" in header and image.BOARD_NAME in header
    assert "manifest_production.py" in (image.FOLDER / "mpconfigboard.cmake").read_text()
