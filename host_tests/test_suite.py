"""The test runner itself: what fails is seen to fail, on every interpreter."""
# runs on: cpython

import json
import os
import subprocess
import sys

import pytest

from tools import interpreters, suite
from tools.interpreters import ROOT

VMS = pytest.mark.parametrize("on", suite.VMS)

PLANTED = """
import unittest

class CaseTest(unittest.TestCase):
    def setUp(self):
        self.log = []
        self.addCleanup(self.log.append, 1)

    def test_pass(self):
        with self.assertRaises(ValueError) as caught:
            int("x")
        self.assertIsInstance(caught.exception, ValueError)
        self.assertRaises(KeyError, {}.__getitem__, 1)

    def test_wrong(self):
        self.assertEqual(1, 2, "sum")

    def test_nothing_raised(self):
        with self.assertRaises(ValueError):
            pass

    def test_error(self):
        {}[1]

    def test_part_wrong(self):
        for n in range(3):
            with self.subTest((2, 3) if n == 2 else "", n=n):
                self.assertLess(n, 1)

    @unittest.skipIf(True, "not now")
    def test_skipped(self):
        self.fail()

    def test_gives_up(self):
        self.skipTest("no disk")

@unittest.skip("not these")
class NoneTest(unittest.TestCase):
    def test_a(self):
        self.fail()

class BrokenTest(unittest.TestCase):
    def setUp(self):
        raise OSError(5)

    def test_a(self):
        pass
"""


def planted(tmp_path, source):
    path = tmp_path / "test_planted.py"
    path.write_text(source)
    return path


@pytest.fixture
def run_file(monkeypatch):
    """suite.run_file on a file that is not of this repository."""

    def run(on, path):
        reason = interpreters.available(on)
        if reason:
            pytest.skip(reason)
        real = interpreters.run
        monkeypatch.setattr(
            interpreters, "run",
            lambda *a, path, **k: real(*a, path=[*path, file.parent], **k),
        )  # fmt: skip
        file = path
        return suite.run_file(on, str(path))

    return run


@VMS
def test_every_outcome_is_counted_in_a_vm(run_file, tmp_path, on, monkeypatch):
    monkeypatch.setattr(suite, "STRICT", False)
    count, complaints = run_file(on, planted(tmp_path, PLANTED))
    assert count == suite.Count(passed=1, failed=5, skipped=3)
    text = "\n".join(complaints)
    for expected in (
        "CaseTest.test_wrong: Traceback", "1 != 2: sum", "KeyError", "was not raised",
        "[n=1]", "[(2, 3) n=2]", "not now", "no disk", "not these", "BrokenTest.test_a",
    ):  # fmt: skip
        assert expected in text


@VMS
def test_strict_turns_skips_into_failures_in_a_vm(run_file, tmp_path, on, monkeypatch):
    monkeypatch.setattr(suite, "STRICT", True)
    count, complaints = run_file(on, planted(tmp_path, PLANTED))
    assert count == suite.Count(passed=1, failed=8, skipped=0)


@VMS
@pytest.mark.parametrize(
    "source, complaint",
    [("import nothing_of_the_kind", "ImportError"), ("def f(:", "SyntaxError"),
     ("import sys\nsys.exit(0)", "did not end")],
)  # fmt: skip
def test_a_file_that_does_not_load_fails_in_a_vm(run_file, tmp_path, on, source, complaint):
    count, complaints = run_file(on, planted(tmp_path, source))
    assert count == suite.Count(failed=1)
    assert complaint in complaints[0]


def pytest_on(path, **environment):
    """Output of pytest with our conftest on a file outside the repository."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "host_tests.conftest", "-c", os.devnull,
         "--rootdir", str(path.parent), str(path)],
        cwd=ROOT, env=dict(os.environ, **environment), text=True, capture_output=True,
    ).stdout  # fmt: skip


def test_cpython_counts_the_same_and_strict_fails_skips(tmp_path):
    path = planted(tmp_path, PLANTED)
    text = pytest_on(path, SHILLING_STRICT="0")
    assert "cpython: 2 passed, 6 failed, 3 skipped\n" in text
    assert "skipped: not now\n" in text
    text = pytest_on(path, SHILLING_STRICT="1")
    assert "cpython: 2 passed, 9 failed, 0 skipped\n" in text
    assert "SHILLING_STRICT=1 allows no skip: no disk" in text


@pytest.mark.parametrize(
    "head, where",
    [("", interpreters.NAMES), ('"""x"""\n# runs on: cpython\n', ["cpython"]),
     ("# runs on: cpython, wasm", ["cpython", "wasm"])],
)  # fmt: skip
def test_marker_says_where_a_file_runs(tmp_path, head, where):
    assert list(suite.runs_on(planted(tmp_path, head))) == list(where)


def test_marker_with_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="pypy"):
        suite.runs_on(planted(tmp_path, "# runs on: pypy\n"))


def test_summary_adds_up_and_its_last_line_has_the_sum(monkeypatch, capsys):
    monkeypatch.setattr(suite, "run_all", lambda: (5, 0))
    monkeypatch.setattr(suite, "run_pytest", lambda: suite.Count(10, 0, 1))
    monkeypatch.setattr(suite, "run_vm", lambda on, pool: suite.Count(3, int(on == "wasm"), 0))
    monkeypatch.setattr(suite, "run_evidence", lambda: suite.Count(9))
    assert suite.main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "checks: 5 passed, 0 failed, 0 skipped",
        "cpython: 10 passed, 0 failed, 1 skipped",
        "micropython: 3 passed, 0 failed, 0 skipped",
        "wasm: 3 passed, 1 failed, 0 skipped",
        "evidence: 9 passed, 0 failed, 0 skipped",
        "30 passed, 1 failed, 1 skipped",
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="niceness is of a whole process here")
def test_vms_and_evidence_give_way_to_pytest_beside_them(monkeypatch):
    niceness = lambda: os.nice(0)  # noqa: E731
    monkeypatch.setattr(suite, "run_vm", lambda on, pool: pool.submit(niceness).result())
    monkeypatch.setattr(suite, "run_evidence", niceness)
    before = niceness()
    assert set(suite.run_beside().values()) == {min(before + suite.BESIDE, 19)}
    assert niceness() == before


@pytest.mark.parametrize(
    "status, errors, count",
    [(0, [0, 0], suite.Count(2)), (1, [0, 3], suite.Count(1, 1)), (2, None, suite.Count(0, 1)),
     (130, [0, 0], suite.Count(2, 1))],
)  # fmt: skip
def test_evidence_passes_only_without_errors_and_to_its_end(
    monkeypatch, tmp_path, status, errors, count
):
    file = tmp_path / "evidence.json"
    file.write_text('{"figures": [{"name": "old_errors", "reached": 0}]}')  # of an earlier run

    def run(args, **how):
        if errors is not None:
            figures = [{"name": f"{n}_errors", "reached": each} for n, each in enumerate(errors)]
            file.write_text(json.dumps({"figures": [{"name": "cuts", "reached": 7}, *figures]}))
        return subprocess.CompletedProcess(args, status, stdout="figures\n")

    monkeypatch.setattr(subprocess, "run", run)
    assert suite.run_evidence(tmp_path) == count
