"""The command `shilling evidence` on a small check of our own (tiny_check.py): what it says, what it
writes, how it ends. The checks themselves have tests of their own."""
# runs on: cpython

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time

import pytest

import running
import tiny_check
from tools import cli
from tools.evidence import checks
from tools.interpreters import ROOT

START = """
import sys
from tools import cli
from tools.evidence import checks
sys.path.insert(0, "host_tests")
checks.CHECKS = ("tiny_check",)
sys.exit(cli.main(["evidence", *sys.argv[1:]]))
"""
LIMIT_S = 60
GOALS = [("tiny", 36), ("tiny_most", "<= 8"), ("tiny_errors", 0), ("unit_errors", 0)]


def start(*args, **options):
    command = [sys.executable, "-c", START, *map(str, args)]
    pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return subprocess.Popen(command, cwd=ROOT, **pipes, **options)


def workers_of(process):
    """Once they all have started to count: their process ids."""
    end_s = time.monotonic() + LIMIT_S
    while len(found := running.children_of(process.pid)) < 3:  # two, and what keeps their files
        assert time.monotonic() < end_s and process.poll() is None
        time.sleep(0.1)
    time.sleep(3)
    return found


def all_end(processes):
    """True as soon as none of the processes is alive; False if they stay."""
    end_s = time.monotonic() + 10
    while any(running.is_alive(pid) for pid in processes):
        if time.monotonic() > end_s:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def evidence(monkeypatch, capfd, tmp_path):
    """Run the command here on the small check: (status, output), and what it wrote."""
    monkeypatch.setattr(checks, "CHECKS", ("tiny_check",))

    def run(*args):
        status = cli.main(["evidence", "--out", str(tmp_path), "--workers", "2", *map(str, args)])
        text, said = capfd.readouterr()
        return status, text + said

    run.kept = lambda: json.loads((tmp_path / "evidence.json").read_text())
    run.page = lambda: (tmp_path / "evidence.html").read_text()
    run.reached = lambda: {f["name"]: f["reached"] for f in run.kept()["figures"]}
    return run


def commands(text):
    """The replay commands in an output, as arguments of the command."""
    return [found[1] for found in re.finditer(r"evidence --replay '(.*)'", text)]


def test_the_file_has_exactly_this_shape(evidence):
    status, text = evidence("--hours", 0, "--seed", 1)
    kept = evidence.kept()
    assert status == 0
    assert list(kept) == ["commit", "seed", "seconds", "figures"]
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    assert kept["commit"].removesuffix(" + changes") == (head.stdout.strip() or "unknown")
    assert kept["seed"] == 1 and 0 < kept["seconds"] < LIMIT_S
    assert [list(f) for f in kept["figures"]] == [["name", "goal", "reached", "unit"]] * 4
    assert [(f["name"], f["goal"]) for f in kept["figures"]] == GOALS
    assert [f["reached"] for f in kept["figures"]] == [36, 8, 0, 0]  # 1 + 2 + .. + 8; the most of them
    assert "tiny         36    36       units added up          ok" in text
    assert kept["commit"] in text and "seed 1" in text


def test_quick_runs_the_quick_units_and_says_what_is_short_of_its_goal(evidence):
    status, text = evidence("--quick")
    assert status == 0
    assert evidence.reached() == {"tiny": 10, "tiny_most": 4, "tiny_errors": 0, "unit_errors": 0}
    assert re.search(r"tiny +36 +10 +units added up +short", text)


def test_an_error_is_status_1_and_its_command_replays_it(evidence):
    status, text = evidence("--hours", 0, "--seed", 2)
    assert status == 1
    assert evidence.reached()["tiny_errors"] == 2
    assert "FAIL tiny_check: planted in unit 2" in text and "planted in unit 6" in text
    assert [json.loads(each)[1]["n"] for each in commands(text)] == [2, 6]
    status, told = evidence("--replay", commands(text)[1])
    assert status == 1
    assert "FAIL planted in unit 6" in told
    assert evidence("--replay", '["tiny_check", {"n": 6, "do": "count"}]')[0] == 0


@pytest.mark.parametrize("seed, why", [(4, "ValueError('planted')"), (6, "do not agree")])
def test_a_check_that_breaks_is_an_error(evidence, seed, why):
    status, text = evidence("--quick", "--seed", seed)
    assert status == 1
    assert evidence.reached() == {"tiny": 8, "tiny_most": 4, "tiny_errors": 0, "unit_errors": 1}
    assert why in text
    assert evidence("--replay", commands(text)[0])[0] == 1


def test_a_worker_that_dies_is_an_error(evidence):
    status, text = evidence("--quick", "--seed", 3)
    assert status == 1
    assert "a worker died" in text
    assert any('"do":"die"' in each for each in commands(text))
    assert evidence.reached()["unit_errors"] >= 1


def test_a_unit_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(checks, "UNIT_LIMIT_S", 0.2)
    monkeypatch.setattr(tiny_check, "SLEEP_S", 20)
    result = checks.run_unit("tiny_check", {"n": 1, "do": "sleep"})
    assert "no end after 0.2 s" in result["broken"]


def test_the_same_seed_counts_the_same_on_any_number_of_workers(evidence):
    figures = []
    for workers in (1, 2, 3):
        evidence("--hours", 0, "--seed", 2, "--workers", workers)
        figures.append((evidence.kept()["figures"], re.sub(r"units in .* s<", "", evidence.page())))
    assert figures[0] == figures[1] == figures[2]


def test_hours_are_used_up_by_further_units(evidence):
    start_s = time.monotonic()
    status, _ = evidence("--hours", 3 / 3600)
    assert status == 0
    assert 3 <= time.monotonic() - start_s < 20
    assert evidence.reached()["tiny"] > 36 + 101 + 102  # more than a unit of each worker


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_ends_with_what_was_reached(tmp_path, number, status):
    process = start("--hours", 1, "--out", tmp_path, "--workers", 2, start_new_session=True)
    workers = workers_of(process)
    os.killpg(process.pid, number)  # as a terminal does: to the workers too
    text, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == status
    assert "Ended early" in text and "the units that are running end first" in said
    assert "Traceback" not in text + said
    kept = json.loads((tmp_path / "evidence.json").read_text())
    reached = [f["reached"] for f in kept["figures"]]
    assert reached[0] > 0 and reached[2:] == [0, 0]
    assert all_end(workers)


def test_no_worker_outlives_a_command_that_was_killed(tmp_path):
    process = start("--hours", 1, "--out", tmp_path, "--workers", 2)
    workers = workers_of(process)
    process.kill()
    process.communicate()
    assert all_end(workers)


def test_a_dask_cluster_of_this_machine_counts_the_same(tmp_path):
    process = start("--hours", 0, "--seed", 2, "--dask", "--workers", 2, "--out", tmp_path)
    text, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 1, text + said
    kept = json.loads((tmp_path / "evidence.json").read_text())
    assert [f["reached"] for f in kept["figures"]] == [36, 8, 2, 0]


@pytest.mark.parametrize(
    "args, complaint",
    [
        (["--only", "nobody"], "there is no check called nobody; choose from tiny_check"),
        (["--replay", "{"], "no unit to replay"),
        (["--replay", '["nobody", {}]'], "there is no check called nobody"),
        (["--dask", "127.0.0.1"], "no Dask cluster answers at 127.0.0.1"),
        (["--out", "/dev/null"], "/dev/null"),
        (["--out", "/proc/evidence"], "/proc/evidence"),
    ],
)
def test_bad_arguments_are_one_sentence_and_status_2(evidence, args, complaint):
    status, text = evidence("--seed", 1, *args)
    assert status == 2
    assert text.startswith("shilling: ") and complaint in text and text.count("\n") == 1


@pytest.mark.parametrize(
    "args", [["--hours", "-1"], ["--hours", "nan"], ["--workers", "0"], ["--seed", "one"],
             ["--quick", "--hours", "1"], ["--only"]],
)  # fmt: skip
def test_wrong_usage_is_status_2(evidence, args):
    with pytest.raises(SystemExit) as end:
        evidence(*args)
    assert end.value.code == 2


def test_a_full_disk_leaves_what_was_there(tmp_path):
    """The limit of a file's size stands for the full disk: writing fails in the same place."""
    (tmp_path / "evidence.json").write_text("of yesterday")
    process = start(
        "--quick", "--out", tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)),
    )  # fmt: skip
    text, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 2
    assert said.startswith(f"shilling: {tmp_path}/evidence.json: ") and said.count("\n") == 1
    assert "units added up" in text  # the table is not lost with the file
    assert [path.name for path in tmp_path.iterdir()] == ["evidence.json"]
    assert (tmp_path / "evidence.json").read_text() == "of yesterday"
