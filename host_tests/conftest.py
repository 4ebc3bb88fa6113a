"""What pytest needs to know: the import path of CPython, strict skips, the summary line."""

import gc
import os
import sys

import pytest

from tools import interpreters, suite

sys.path[:0] = [str(interpreters.ROOT / p) for p in interpreters.import_path("cpython")]
collect_ignore = ["vm"]  # what runs inside the VMs only
collect_ignore += [
    file.name for file in (interpreters.ROOT / "host_tests").glob("test_*.py")
    if "cpython" not in suite.runs_on(file)
]  # fmt: skip

STRICT = os.environ.get("SHILLING_STRICT") == "1"


def fail_if_strict(report):
    """In strict mode nothing may be skipped."""
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and SHILLING_STRICT=1 allows no skip: {reason(report)}"
    return report


def reason(report):
    """Why a test was skipped."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


@pytest.fixture(scope="module", autouse=True)
def light_collections():
    """Each start of the firmware collects garbage: what earlier modules left is not looked at again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return fail_if_strict((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return fail_if_strict((yield))


def pytest_terminal_summary(terminalreporter):
    """The line tools/suite.py adds up, and each reason to skip once."""
    stats = terminalreporter.stats
    for why in sorted({reason(report) for report in stats.get("skipped", [])}):
        terminalreporter.write_line(f"skipped: {why}")
    failed = len(stats.get("failed", [])) + len(stats.get("error", []))
    passed, skipped = len(stats.get("passed", [])), len(stats.get("skipped", []))
    terminalreporter.write_line(f"cpython: {passed} passed, {failed} failed, {skipped} skipped")
