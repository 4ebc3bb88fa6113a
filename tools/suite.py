"""All there is to test, `python -m tools.suite` or `make test`.

Runs the checks of the source and pytest on CPython; beside them, in time that they leave, the same test
files on both VMs, then the evidence in its quick form. A file runs on every interpreter unless a line
`# runs on: cpython` (or more names, with commas) near its top says otherwise. Prints a summary line for
each, and the sum.
"""

import json
import os
import re
import subprocess
import sys
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

from tools import interpreters
from tools.checks.__main__ import run_all

RUNNER = "host_tests/vm/run_tests.py"
VMS = ("micropython", "wasm")
EVIDENCE = interpreters.ROOT / "build/quick"  # build/ itself may hold that of a long run
RESULT = "result: "  # how a line of the runner begins
WORKERS = 2  # of pytest for each core: many tests wait for a board, a browser or a VM
BESIDE = 10  # niceness of what runs beside pytest: tests that watch the clock come first
FILE_LIMIT_S = 900  # a test file that takes longer in a VM hangs: the slowest needs 30 s of a core
MARKER = re.compile(r"^# runs on: (.+)$", re.MULTILINE)
SUMMARY = re.compile(r"^cpython: (\d+) passed, (\d+) failed, (\d+) skipped$")
STRICT = os.environ.get("SHILLING_STRICT") == "1"


class Count(namedtuple("Count", "passed failed skipped", defaults=(0, 0, 0))):
    def __add__(self, other):
        return Count(*map(sum, zip(self, other, strict=True)))

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def runs_on(path):
    """Names of the interpreters a test file is for."""
    head = path.read_text(encoding="utf-8")[:1000]
    found = MARKER.search(head)
    names = [name.strip() for name in found[1].split(",")] if found else interpreters.NAMES
    for name in names:
        if name not in interpreters.NAMES:
            raise ValueError(f"{path.name}: runs on {name}, which is no interpreter of ours")
    return names


def files_for(on):
    """Test files for interpreter `on`, relative to the root."""
    tests = sorted((interpreters.ROOT / "host_tests").glob("test_*.py"))
    return [str(t.relative_to(interpreters.ROOT)) for t in tests if on in runs_on(t)]


def run_pytest():
    """Count of pytest over everything, its output passed on."""
    args = [sys.executable, "-m", "pytest", "-n", str(WORKERS * (os.cpu_count() or 1)), "--dist", "worksteal"]
    process = subprocess.Popen(args, cwd=interpreters.ROOT, stdout=subprocess.PIPE, text=True)
    count = None
    for line in process.stdout:
        found = SUMMARY.match(line)
        if found:
            count = Count(*map(int, found.groups()))
        else:
            print(line, end="", flush=True)
    if process.wait() and (count is None or not count.failed):
        print(f"pytest itself ended with exit status {process.returncode}")
        return (count or Count()) + Count(failed=1)
    return count


def run_file(on, file):
    """(Count, [complaint]) of one test file in a VM."""
    ended = interpreters.run(
        on, RUNNER, [file], path=["host_tests/vm/lib"], timeout_s=FILE_LIMIT_S
    )
    count, complaints, done = Count(), [], False
    for line in ended.stdout.splitlines():
        if not line.startswith(RESULT):
            continue  # the test printed it
        result = json.loads(line[len(RESULT):])
        if "done" in result:
            done = True
            continue
        outcome, detail = result["result"], result["detail"].strip()
        if outcome == "skipped" and STRICT:
            outcome, detail = "failed", f"skipped, and SHILLING_STRICT=1 allows no skip: {detail}"
        count += Count(**{outcome: 1})
        if outcome != "passed":
            complaints.append(f"{on}: {outcome}: {file} {result['test']}: {detail}")
    if not done:
        count += Count(failed=1)
        complaints.append(f"{on}: failed: {file} did not end: {ended.stderr.strip()}")
    return count, complaints


def run_vm(on, pool):
    """Count of every file for the VM `on`; prints what failed or was skipped."""
    why = interpreters.available(on)
    if why:
        print(f"{on}: {'failed' if STRICT else 'skipped'}: {why}")
        return Count(failed=1) if STRICT else Count(skipped=1)
    total = Count()
    for count, complaints in pool.map(lambda file: run_file(on, file), files_for(on)):
        total += count
        for complaint in complaints:
            print(complaint, flush=True)
    return total


def run_evidence(folder=EVIDENCE):
    """Count of the _errors figures of `shilling evidence --quick`, its output passed on at its end."""
    file = folder / "evidence.json"
    file.unlink(missing_ok=True)
    args = [sys.executable, "-m", "tools.cli", "evidence", "--quick", "--out", str(folder)]
    ended = subprocess.run(
        args, cwd=interpreters.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    status = ended.returncode
    print(ended.stdout, end="", flush=True)
    if not file.exists():
        print(f"evidence: ended with exit status {status} and no figures")
        return Count(failed=1)
    figures = json.loads(file.read_text(encoding="utf-8"))["figures"]
    errors = [f["reached"] for f in figures if f["name"].endswith("_errors")]
    count = Count(passed=errors.count(0), failed=len(errors) - errors.count(0))
    return count + Count(failed=1) if status and not count.failed else count


def give_way():
    """This thread's processes give way to others. On Linux niceness is a thread's own; where it is all of
    the process's nothing is lost but the order."""
    os.nice(BESIDE)


def run_beside():
    """{name: Count} of the VMs and the evidence."""
    counts = {}
    with ThreadPoolExecutor(os.cpu_count(), initializer=give_way) as pool:
        for on in VMS:
            counts[on] = run_vm(on, pool)
        counts["evidence"] = pool.submit(run_evidence).result()
    return counts


def main():
    """Run everything; exit status 1 if anything failed."""
    with ThreadPoolExecutor(1) as other:
        beside = other.submit(run_beside)
        passed, failed = run_all()
        counts = {"checks": Count(passed, failed), "cpython": run_pytest(), **beside.result()}
    for name, count in counts.items():
        print(f"{name}: {count}")
    total = sum(counts.values(), Count())
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
