"""Branch coverage of the modules that keep money, supply and records: `make coverage`.

Runs the test files of these modules on CPython under coverage.py and prints its table; exit status
1 if a test fails or a single branch of these modules is never taken.
"""

import os
import subprocess
import sys
import tempfile

from tools.interpreters import ROOT

MODULES = (
    "account", "debt", "dues", "table", "tariff", "registers", "supply", "utrn", "lockout", "record",
    "chain", "ledger", "layout",
)  # fmt: skip
TESTS = [
    f"host_tests/test_{name}.py" for name in (*MODULES[:-1], "ledger_sectors", "migration", "cuts")
]
SLOW = "host_tests/test_utrn.py::Replay::test_random_orders_of_use_and_replay"
ALIKE = (  # they take no branch that the others do not
    "test_cuts.py::Cuts::test_a_second_cut_inside_the_recovery",
    "test_migration.py::Format1::test_a_power_cut_at_any_write_of_the_migration_loses_nothing",
    "test_table.py::Scenarios::test_the_meter_takes_all_that_it_packs",
)


def coverage(folder, *args):
    """Exit status of the program coverage, its data in a folder."""
    env = dict(os.environ, COVERAGE_FILE=f"{folder}/data")
    return subprocess.run([sys.executable, "-m", "coverage", *args], cwd=ROOT, env=env).returncode


def main(tests, modules):
    """Measure and print; the exit status."""
    # a whole package as source: a module that no test imports counts as not covered
    run = ("run", "--branch", "--source=firmware/shilling", "-m", "pytest", f"--deselect={SLOW}")
    run += tuple(f"--deselect=host_tests/{test}" for test in ALIKE)
    report = ("report", "--show-missing", "--fail-under=100")
    include = "--include=" + ",".join(f"firmware/shilling/{name}.py" for name in modules)
    with tempfile.TemporaryDirectory() as folder:
        return coverage(folder, *run, *tests) or coverage(folder, *report, include)


if __name__ == "__main__":
    sys.exit(main(TESTS, MODULES))
