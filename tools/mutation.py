"""How many planted mistakes the tests of the core find: `make mutation`, by mutmut.

Works on a copy in build/mutation. Prints the score and what survives; exit status 1 if a mutant
survives that host_tests/mutation_survivors.toml does not explain, or one explained there does not.
mutmut changes what is inside functions; the tables and constants of a module it leaves alone.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

from tools.branches import SLOW
from tools.interpreters import ROOT

MODULES = (
    "account", "utrn", "debt", "dues", "table", "tariff", "registers", "supply", "lockout", "record",
    "chain", "ledger",
)  # fmt: skip
# What judges a mutant: it has to be quick, and may not need a board.
TESTS = [f"host_tests/test_{name}.py" for name in (*MODULES, "ledger_sectors")]
EXPLAINED = ROOT / "host_tests/mutation_survivors.toml"
WORK = ROOT / "build/mutation"
FOUND = ("killed", "timeout")  # an endless loop is found too
SETTINGS = """\
[mutmut]
source_paths=shilling
only_mutate=
    {only}
also_copy=
    board
    host_tests
pytest_add_cli_args=
    --deselect={slow}
pytest_add_cli_args_test_selection=
    {tests}
use_git_change_detection=false

[tool:pytest]
pythonpath = . board/virtual board/virtual/cpython host_tests
addopts = --import-mode=importlib -p no:cacheprovider
"""


def prepare(modules):
    """The copy: mutmut wants the package in the folder it is started in."""
    shutil.rmtree(WORK, ignore_errors=True)
    (WORK / "host_tests").mkdir(parents=True)
    shutil.copytree(ROOT / "firmware/shilling", WORK / "shilling")
    shutil.copytree(ROOT / "board/virtual", WORK / "board/virtual")
    for name in (*TESTS, "host_tests/support.py"):
        shutil.copy(ROOT / name, WORK / name)
    only = "\n    ".join(f"shilling/{module}.py" for module in modules)
    settings = SETTINGS.format(only=only, slow=SLOW, tests="\n    ".join(TESTS))
    (WORK / "setup.cfg").write_text(settings, encoding="utf-8")


def run_mutmut():
    """Run it to its end; its own output only if it fails."""
    command = [sys.executable, "-m", "mutmut", "run"]
    env = dict(os.environ, PYTHONUTF8="1")
    done = subprocess.run(command, cwd=WORK, env=env, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"mutation: mutmut ended with {done.returncode}\n{done.stdout}{done.stderr}")


def statuses(module):
    """{mutant: status} as mutmut has written them down."""
    from mutmut.stats import status_by_exit_code

    meta = json.loads((WORK / f"mutants/shilling/{module}.py.meta").read_text(encoding="utf-8"))
    return {name: status_by_exit_code[code] for name, code in meta["exit_code_by_key"].items()}


def change(module, mutant):
    """(where, was, became): the mutant in words that outlive its number."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key

    function, owner = orig_function_and_class_names_from_key(mutant)
    lines = get_diff_for_mutant(mutant, path=Path(f"shilling/{module}.py")).splitlines()[2:]
    was, became = (
        " ".join(line[1:].split("  #")[0].strip() for line in lines if line.startswith(sign))
        for sign in "-+"
    )
    return ".".join(filter(None, (module, owner, function))), was, became


def survivors(module):
    """(number of mutants, the changes of those that nothing found)."""
    found = statuses(module)
    alive = [name for name, status in found.items() if status not in FOUND]
    return len(found), [change(module, name) for name in alive]


def compare(alive, modules):
    """Complaints: what survives and is not explained, what is explained and does not survive."""
    listed = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])
    explained = Counter(
        (each["where"], each["was"], became)
        for each in listed
        for became in each["became"]
        if each["where"].partition(".")[0] in modules
    )
    alive = Counter(alive)
    bad = [("survives unexplained", *each) for each in (alive - explained).elements()]
    bad += [("explained, but found", *each) for each in (explained - alive).elements()]
    return [f"{what}: {where}\n  - {was}\n  + {became}" for what, where, was, became in bad]


def main(modules):
    """Run it for these modules; exit status 1 if there is a complaint."""
    began = time.monotonic()
    prepare(modules)
    run_mutmut()
    os.chdir(WORK)  # where mutmut looks for what it has written
    everything, alive = 0, []
    for module in modules:
        count, left = survivors(module)
        print(f"mutation: {module}: {count - len(left)} of {count} found, {len(left)} survive")
        everything += count
        alive += left
    complaints = compare(alive, modules)
    for complaint in complaints:
        print(complaint)
    score = 100 * (everything - len(alive)) / everything
    taken_s = time.monotonic() - began
    print(
        f"mutation: score {score:.1f} % ({everything} mutants), {len(alive)} survive, "
        f"{len(complaints)} complaints, {taken_s:.0f} s"
    )
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or MODULES))
