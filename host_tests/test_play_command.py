"""`shilling play`: what it prints, its exit status, who played, and how it stops."""
# runs on: cpython

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tools import cli, interpreters, play, stage

GOOD = """\
name: An hour of oven
steps:
# The oven
- load: 2000
- wait: 1h
- expect: {balance: 9.51, energy_wh: 2000, relay: closed}
"""
FAILS = """\
name: Too cheap
steps:
- load: 2000
- wait: 1h
- expect:
    balance: 9.52
    screen: [Credit £9.52, Credit £9.53]
    alerts: [8119]
- expect: {energy_wh: 2000}
"""
LONG = """\
name: Years
steps:
- load: 3000
- wait: 20000d
"""


@pytest.fixture
def file(tmp_path):
    """Write a scenario, give its path."""

    def write(text, name="scenario.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def run(capsys, *args):
    """(exit status, standard output, standard error) on CPython."""
    status = cli.main(["play", "--on", "cpython", *args])
    return (status, *capsys.readouterr())


def test_all_held_is_status_0_and_a_line(file, capsys):
    status, out, err = run(capsys, file(GOOD))
    assert status == 0
    assert out.startswith("ok   An hour of oven  (3 steps, 1:00:00 played in ")
    assert out.count("\n") == 1
    assert err.startswith("played on cpython 3.")


def test_failure_is_status_1_with_step_line_expected_and_seen(file, capsys):
    path = file(FAILS)
    status, out, _ = run(capsys, path)
    lines = out.splitlines()
    assert status == 1
    assert lines[0].startswith("FAIL Too cheap")
    assert lines[1:] == [
        f"  {path}:5: step 3: alerts: expected 8119",
        f"  {' ' * len(path)}            seen none",
        f"  {path}:5: step 3: balance: expected £9.52",
        f"  {' ' * len(path)}            seen £9.51",
        f"  {path}:5: step 3: screen: expected 'Credit £9.52' or 'Credit £9.53'",
        f"  {' ' * len(path)}            seen 'Credit £9.51'",
    ]


def test_a_cut_that_never_comes_fails_its_step(file, capsys):
    path = file("name: Still\nsteps:\n- power_cut: {at_write: 5}\n- wait: 2h\n")
    status, out, _ = run(capsys, path)
    assert status == 1
    assert out.splitlines()[1:] == [
        f"  {path}:3: step 1: power_cut: expected 'a cut in write 5 from here'",
        f"  {' ' * len(path)}            seen 'the play ends after write 4'",
    ]


def test_a_second_cut_waits_for_the_first(file, capsys):
    path = file("name: Two\nsteps:\n- power_cut: {at_write: 5}\n- power_cut: {at_write: 9}\n")
    status, out, _ = run(capsys, path)
    assert status == 1
    assert "step 2: cut_at_write: expected 'done'" in out
    assert "seen 'the cut of step 1 has not come yet'" in out


def test_several_files_are_all_played(file, capsys):
    status, out, _ = run(capsys, file(FAILS, "a.yaml"), file(GOOD, "b.yaml"))
    assert status == 1
    assert [line[:4] for line in out.splitlines() if line[0] != " "] == ["FAIL", "ok  ", "1 of"]
    assert out.endswith("1 of 2 scenarios passed\n")


def test_json_is_one_object_a_scenario(file, capsys):
    status, out, _ = run(capsys, "--json", file(FAILS, "a.yaml"), file(GOOD, "b.yaml"))
    fails, good = map(json.loads, out.splitlines())
    assert status == 1
    assert (fails["passed"], good["passed"]) == (False, True)
    assert good["name"] == "An hour of oven"
    assert [step["did"] for step in good["steps"]] == [
        "load 2000 W", "wait 1h", "expect balance, energy_wh, relay",
    ]  # fmt: skip
    step = good["steps"][1]
    assert step["t_ms"] == 3_600_000
    assert step["local"] == "Fri 2026-11-20 12:00:00"
    assert step["seen"] == {
        "screen": "Credit £9.51", "cells": "£9.51", "relay": "closed", "supply": "enabled",
        "balance": "9.51", "balance_mp": 951_000,
        "emergency": {"state": "none", "left": "5.00", "owed": "0.00"},
        "debt": {"payment": "0.00", "time1": "0.00", "accumulated": "0.00", "total": "0.00"},
        "friendly": False, "energy_wh": 2000, "registers": {"rate": 2000},
        "owed_to_restore": "0.00", "weekly_due": "0.00", "alerts": [], "ledger": "balanced",
        "clock": "valid", "currency": "£",
    }  # fmt: skip


def test_trace_is_readable(file, capsys):
    status, out, _ = run(capsys, "--trace", file(GOOD))
    assert status == 0
    assert "The oven\n" in out
    assert "Fri 2026-11-20\n" in out
    assert "  12:00:00  [£9.51    ]   Credit £9.51           closed       £9.51   wait 1h\n" in out


def test_registers_are_told_by_name_and_by_block(file, capsys):
    path = file("""\
name: Blocks
given: {currency: CNY, tariff: {blocks: [1], rates: {day: [20, 30], night: 10}, switch: [
  {at: "11:30", rate: night}, {at: "20:00", rate: day}]}}
steps:
- load: 3000
- wait: 1h
- expect: {balance: 9.55, registers: {day: [1000, 500], night: 1501}}
- expect: {registers: {day: [1500, 0], night: [0, 1500]}}
""")
    status, out, _ = run(capsys, path)
    assert status == 1
    space = " " * len(path)
    assert out.splitlines()[1:] == [
        f"  {path}:7: step 3: balance: expected ¥9.55",
        f"  {space}            seen ¥9.50",
        f"  {path}:7: step 3: registers.night: expected 1501",
        f"  {space}            seen 1500",
        f"  {path}:8: step 4: registers.day: expected 1500, 0",
        f"  {space}            seen 1000, 500",
    ]
    seen = json.loads(run(capsys, "--json", path)[1])["steps"][-1]["seen"]
    assert seen["registers"] == {"day": [1000, 500], "night": [0, 1500]}


def test_orders_are_told_in_words(file, capsys):
    path = file("""\
name: Orders
given: {profile: key_meter, debt: {time1: 20.00}}
steps:
- remote: {pay_debt: {time1: 5.00}}
- remote: {set_tariff: {rates: {all: 30}}}
- remote: {set_tariff: {rates: {all: 40}, from: 2027-06-15T01:00:00}}
- remote: {pay_debt: {time1: 15.00001}}
- expect: {debt: {time1: 15.00}}
""")
    steps = json.loads(run(capsys, "--json", path)[1])["steps"]
    assert [(step["did"], step["result"]) for step in steps[:4]] == [
        ("remote pay_debt time1 £5.00", "done"),
        ("remote set_tariff at once", "done"),
        ("remote set_tariff from Tue 2027-06-15 01:00:00", "done"),
        ("remote pay_debt time1 £15.00001", "refused"),
    ]


def test_step_that_cannot_be_done_ends_the_play(file, capsys):
    # Twenty nines take 9 A and a B each, 80 s: half a minute is past by then
    path = file(
        f"steps:\n- enter: '{'9' * 20}'\n- wait: {{until: 2026-11-20T11:00:30}}\n- wait: 1s\n"
    )
    status, out, _ = run(capsys, path)
    assert status == 1
    assert "3: step 2: wait_until: expected 'done'" in out
    assert "seen 'that time is past'" in out
    assert len(json.loads(run(capsys, "--json", path)[1])["steps"]) == 2


def test_program_that_dies_is_a_failure(file, capsys, monkeypatch, tmp_path):
    entry = tmp_path / "entry.py"
    entry.write_text("raise ValueError('no such meter')\n")
    monkeypatch.setattr(stage, "ENTRY", str(entry))
    status, out, _ = run(capsys, file(GOOD))
    assert status == 1
    assert "the meter's program ended in step 1: ValueError: no such meter" in out


def test_both_coils_at_once_is_a_failure(file, capsys, monkeypatch, tmp_path):
    entry = tmp_path / "entry.py"
    entry.write_text('print(\'{"end": true, "coil_faults": 2, "t_ms": 0}\')\n')
    monkeypatch.setattr(stage, "ENTRY", str(entry))
    status, out, _ = run(capsys, file(GOOD))
    assert status == 1
    assert "both relay coils were driven at once, 2 times" in out


@pytest.mark.parametrize("on", interpreters.NAMES)
def test_each_run_names_the_interpreter_it_really_was(file, capsys, on):
    why = interpreters.available(on)
    if why:
        pytest.skip(why)
    assert cli.main(["play", "--on", on, file(GOOD)]) == 0
    said = capsys.readouterr().err
    assert said.startswith("played on " + ("cpython" if on == "cpython" else "micropython") + " ")
    assert said.endswith(f"sys.maxsize {2**31 - 1 if on == 'wasm' else 2**63 - 1}\n")


@pytest.mark.parametrize(
    "on, name, maxsize",
    [("micropython", "cpython", 2**63 - 1), ("wasm", "micropython", 2**63 - 1),
     ("micropython", "micropython", 2**31 - 1), ("cpython", "micropython", 2**63 - 1)],
)  # fmt: skip
def test_another_interpreter_than_asked_for_is_an_error(on, name, maxsize):
    with pytest.raises(RuntimeError, match=f"asked for {on}, but it was {name} 1.0"):
        stage.confirm({"interpreter": name, "version": "1.0", "maxsize": maxsize}, on)


def test_without_the_unix_vm_the_wasm_vm_stands_in_and_says_so(monkeypatch, capsys):
    reasons = {"micropython": "no wheel here", "wasm": None, "cpython": None}
    monkeypatch.setattr(interpreters, "available", reasons.get)
    assert stage.choose(None) == "wasm"
    assert "no wheel here; using the wasm VM instead" in capsys.readouterr().err
    reasons["wasm"] = "no node here"
    assert stage.choose(None) == "cpython"
    assert "using CPython instead" in capsys.readouterr().err


def test_interpreter_that_is_not_there_is_a_fault_of_one_sentence(monkeypatch, capsys, file):
    monkeypatch.setattr(interpreters, "available", lambda on: "no node here")
    assert cli.main(["play", "--on", "wasm", file(GOOD)]) == 2
    assert capsys.readouterr().err == "shilling: no node here\n"


def test_long_play_says_where_it_is(file, capsys, monkeypatch):
    monkeypatch.setattr(play, "QUIET_S", 0.01)
    _, out, err = run(capsys, file(GOOD))
    assert "An hour of oven: 0 of 3 steps, 0 s\n" in err
    assert "of 3 steps," not in out


def test_ctrl_c_stops_at_once_and_leaves_nothing_running(file):
    command = [sys.executable, "-m", "tools.cli", "play", "--on", "cpython", file(LONG)]
    process = subprocess.Popen(
        command, cwd=interpreters.ROOT, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert "Years: 1 of 2 steps" in process.stderr.readline()  # it has begun
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert (out, err) == ("", "")
    for _ in range(50):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("the interpreter is still running")


def test_demo_plays_the_weekend(capsys):
    assert cli.main(["demo", "--on", "cpython"]) == 0
    out, _ = capsys.readouterr()
    for text in (
        "Mon 2026-11-23", "[NEED3.85 ]", "alert 8F83 supply kept on: friendly hours",
        "buy £15.00: 7394", "the figures are checked as it plays",
    ):  # fmt: skip
        assert text in out
