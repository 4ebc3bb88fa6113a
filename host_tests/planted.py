"""Defects to plant into a copy of the firmware, each with the checks that should find it.

A Defect replaces one piece of text of one file, which must be there exactly once; hunt() then runs
quick units of its checks against the copy. A check is named `sectors`, or `sectors skips` for those of
its units alone that have the value `skips`.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple

from tools import interpreters
from tools.interpreters import ROOT

UNIT_S = 30  # a unit may take so long past the limit: a defect can make it slow

NOTHING = {"figure": None, "text": "hangs", "unit": None, "units": 0}

Defect = namedtuple("Defect", "name file old new checks")


def plant(defect, folder):
    """A copy of firmware/ in the folder, with the defect; AssertionError if it does not fit."""
    target = folder / "firmware"
    shutil.copytree(ROOT / "firmware", target, ignore=shutil.ignore_patterns("__pycache__"))
    file = target / "shilling" / defect.file
    text = file.read_text(encoding="utf-8")
    found = text.count(defect.old)
    assert found == 1, f"{defect.name}: its text is in {defect.file} {found} times, not once"
    planted = text.replace(defect.old, defect.new)
    compile(planted, str(file), "exec")
    file.write_text(planted, encoding="utf-8")
    return target


def run(firmware, check, limit_s, unit=None):
    """What planted_hunt.py prints with this firmware first on the import path."""
    module, _, value = check.partition(" ")
    words = ["evidence." + module, str(limit_s), json.dumps({"value": value, "unit": unit})]
    paths = [str(ROOT / path) for path in interpreters.import_path("cpython") if path != "firmware"]
    path = os.pathsep.join([str(firmware), *paths, str(ROOT)])
    environment = dict(os.environ, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="1")
    script = str(ROOT / "host_tests/planted_hunt.py")
    try:
        ended = subprocess.run(
            [sys.executable, script, *words],
            env=environment, cwd=ROOT, capture_output=True, text=True, timeout=limit_s + UNIT_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return NOTHING
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def hunt(defect, folder, limit_s):
    """(check, what it found) of the first of its checks that finds the defect, or None. What finds it
    finds nothing in the firmware as it is: the unit is run there too."""
    firmware = plant(defect, folder)
    for check in defect.checks:
        found = run(firmware, check, limit_s)
        if found["figure"]:
            sound = run(ROOT / "firmware", check, limit_s, found["unit"])
            assert sound["figure"] is None, f"{check} finds this without {defect.name}: {sound}"
            return check, found
    return None
