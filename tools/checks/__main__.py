"""Every check of the source: `python -m tools.checks`, or `make lint`.

Prints one line a check, the complaints below it; exit status 1 if there is any.
"""

import subprocess
import sys

from tools.checks import floats, imports, mpy
from tools.interpreters import ROOT


def ruff(root):
    """Complaints of ruff, set up in pyproject.toml."""
    return program(root, "ruff", "check", "--quiet", "--output-format=concise", ".")


def types(root):
    """Complaints of mypy about the firmware and the board, against the stubs of the ESP32."""
    return program(root, "mypy", "--no-error-summary", "--no-color-output")


def program(root, module, *args):
    """Output lines of a Python program that exits with another status than 0."""
    done = subprocess.run(
        [sys.executable, "-m", module, *args], cwd=root, text=True, capture_output=True
    )
    if done.returncode == 0:
        return []
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]


def chip(root):
    """Complaints of mpy-cross, and the size gate."""
    return mpy.check(root)


CHECKS = (
    ("lint", ruff),
    ("types", types),
    ("imports", imports.check),
    ("no floats", floats.check),
    ("mpy-cross", chip),
)


def run_all(root=ROOT):
    """Run and print every check; return how many passed and failed."""
    failed = 0
    for name, check in CHECKS:
        bad = check(root)
        failed += bool(bad)
        print(f"{name}: {'ok' if not bad else f'{len(bad)} complaints'}", flush=True)
        for line in bad:
            print(f"  {line}", flush=True)
    return len(CHECKS) - failed, failed


if __name__ == "__main__":
    sys.exit(1 if run_all()[1] else 0)
