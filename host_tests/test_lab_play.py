"""`shilling play --on URL`: through the pty of a virtual board the same transcripts as without a port."""
# runs on: cpython

import os
import signal
import subprocess
import sys

import pytest

from host_tests.lab_serving import Serving
from tools import cli, interpreters, play, stage
from tools.interpreters import ROOT
from tools.lab_port import LabPort
from tools.scenario import compile_file
from tools.transcript import as_json, failures

WHY_NOT = interpreters.available("micropython")
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

# A file or two for each kind of step and each figure that is compared
CHOSEN = (
    "a15_alerts_of_a_top_up", "a15_low_credit_once", "bad_key_held_for_ever", "bad_wrong_digit",
    "c10_set_time_is_judged_at_once", "d2_standing_charge_at_midnight_utc", "d3_charge_stops_at_zero",
    "e2_accepted_by_the_consumer_only", "i13_digits", "i13_ring_of_screens", "i13_top_up",
    "l14_five_wrong_codes_lock", "m1_meter_constant_3200", "m1_past_the_tick_wrap",
    "m1_pulse_at_a_boundary_belongs_to_the_time_before", "p12_gas_by_volume", "p12_remote_tiered",
    "s13_code_entry", "s13_round_of_screens", "s2_friendly_hours_keep_it_on",
    "s4_credit_arms_the_consumer_enables", "s9_one_operation_a_minute", "t1_public_vectors",
    "t4_thirty_percent", "t8_edge_within_a_pulse", "t8_set_tariff_with_rates", "t8_special_days",
    "w1_sevenths_of_ten_pounds", "w8_one_off_payment",
)  # fmt: skip
GOOD = """\
name: An hour of oven
steps:
- load: 2000
- wait: 1h
- expect: {balance: 9.51, energy_wh: 2000, relay: closed}
"""
LONG = """\
name: Years
steps:
- load: 20000
- wait: 900d
"""


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    with Serving(tmp_path_factory.mktemp("lab")) as serving:
        yield serving


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "scenario.yaml"
        path.write_text(text)
        return str(path)

    return write


@pytest.mark.parametrize("name", CHOSEN)
def test_the_transcript_is_the_same_byte_for_byte(board, name):
    scenario = compile_file(ROOT / f"host_tests/scenarios/{name}.yaml")
    on_port = stage.play(scenario, board.url)
    assert on_port.passed, "\n".join(failures(on_port))
    assert as_json(on_port).encode() == as_json(stage.play(scenario, "micropython")).encode()


def test_a_step_that_fails_fails_alike(board, file):
    scenario = compile_file(file(GOOD.replace("9.51", "9.52") + "- enter: '12'\n- wait: 1s\n"))
    on_port, without = stage.play(scenario, board.url), stage.play(scenario, "micropython")
    assert not on_port.passed
    assert as_json(on_port) == as_json(without)


def test_the_command_says_who_played(board, file, capsys):
    assert cli.main(["play", "--on", board.url, file(GOOD)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("ok   An hour of oven")
    assert "played on micropython 1." in err


@pytest.mark.parametrize(
    "step, why",
    [("power_cut: 1m", "switch off the mains"), ("power_cut: {at_write: 3}", "cut the power"),
     ("clock: lost", "make the clock chip forget"), ("clock: {step: +1h}", "move the clock chip")],
)  # fmt: skip
def test_what_a_port_cannot_do_is_refused_before_anything_is_played(file, capsys, step, why):
    path = file(GOOD + f"- {step}\n- {step}\n")
    assert cli.main(["play", "--on", "/dev/no-such-board", path]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert f"{path}:6: the lab port of /dev/no-such-board cannot {why}" in err


def test_every_step_of_the_language_is_played_or_refused():
    from tools.scenario.steps import STEPS

    refused = {"power_cut": ("power_cut", "cut_at_write"), "clock": ("clock_lost", "clock_step")}
    assert {each for name in refused for each in refused[name]} == set(play.NOT_ON_A_PORT)
    assert set(refused) < set(STEPS)


def test_a_word_that_is_no_interpreter_and_no_port_is_told(file, capsys):
    assert cli.main(["play", "--on", "wsam", file(GOOD)]) == 2
    assert "no interpreter called wsam" in capsys.readouterr().err


def test_no_port_is_one_sentence_and_nothing_is_played(file, capsys):
    assert cli.main(["play", "--on", "/dev/no-such-board", file(GOOD)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "there is no port /dev/no-such-board" in err


@pytest.mark.parametrize("ctrl_c", [os.kill, os.killpg], ids=["the command", "all of it"])
def test_ctrl_c_ends_the_test_and_the_meter_goes_on(board, file, ctrl_c):
    command = [sys.executable, "-m", "tools.cli", "play", "--on", board.url, file(LONG)]
    process = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert "Years: 1 of 2 steps" in process.stderr.readline()  # it has begun
    ctrl_c(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "")
    port = LabPort(board.url)
    try:
        assert port.hello["test"] is False
        assert port.observe()["balance_mp"] == 1_000_000
    finally:
        port.close()


def test_a_cable_pulled_in_the_middle_is_one_sentence_and_a_second_run_finishes(tmp_path, file):
    scenario = compile_file(file(GOOD + "- press: A\n" * 20))
    with Serving(tmp_path / "board") as serving:
        played = stage.play(
            scenario, serving.url, lambda n: serving.pull_the_cable() if n == 8 else None
        )
        assert 8 <= len(played.steps) < 23
        assert not played.passed
        assert "the line to" in played.stopped or "does not answer" in played.stopped
    with Serving(tmp_path / "board") as serving:
        assert stage.play(scenario, serving.url).passed
