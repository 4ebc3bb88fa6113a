"""Every scenario holds on every interpreter, and the transcripts are equal byte for byte.

An interpreter plays a dozen in one process, each on silicon of its own: to start it takes longer than
most plays. What does not end there is played again by itself, for its own last line.
"""
# runs on: cpython

import json
from functools import cache

import pytest

from tools import interpreters, stage
from tools.interpreters import ROOT
from tools.scenario import compile_file
from tools.transcript import as_json, failures

FILES = sorted((ROOT / "host_tests/scenarios").glob("*.yaml"))
DOZEN = 12

# What the files are named after: each rule of issue and DOMAIN has one
RULES = (
    "m1_", "d1_", "d2_", "d3_", "e1_", "e2_", "e3_", "e4_", "s1_", "s2_", "s3_", "s4_", "s5_",
    "s6_", "s7_", "s8_", "s9_", "s10_", "t1_", "t2_", "t3_", "t4_", "t5_", "c10_", "b11_",
    "w1_", "w2_", "w3_", "w4_", "w5_", "w6_", "w7_", "w8_", "t8_", "p12_", "s13_", "i13_", "l14_",
    "a15_", "bad_", "r9_",
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_a_scenario(rule):
    assert any(file.name.startswith(rule) for file in FILES)


@cache
def told(on, first):
    """What interpreter `on` prints of each of the dozen scenarios from FILES[first] on; fewer if one
    of them ends it."""
    text = json.dumps([compile_file(file) for file in FILES[first : first + DOZEN]])
    lines, plays = [], []
    for line in interpreters.run(on, stage.ENTRY, stdin=text).stdout.splitlines():
        lines.append(line)
        if "end" in json.loads(line):
            plays.append(lines)
            lines = []
    return plays


def play(scenario, number, on, monkeypatch):
    """stage.play() of FILES[number] in a process that plays others too."""
    plays = told(on, number // DOZEN * DOZEN)
    if number % DOZEN >= len(plays):
        return stage.play(scenario, on)

    def run(on, entry, stdin, stream):
        for line in plays[number % DOZEN]:
            stream(line)
        return interpreters.Result(0, "", "")

    with monkeypatch.context() as patch:
        patch.setattr(stage.interpreters, "run", run)
        return stage.play(scenario, on)


@pytest.mark.parametrize("number", range(len(FILES)), ids=[file.stem for file in FILES])
def test_scenario_holds_and_its_transcript_is_the_same_everywhere(number, monkeypatch):
    scenario = compile_file(FILES[number])
    transcripts = {}
    for on in interpreters.NAMES:
        if interpreters.available(on) is None:
            played = play(scenario, number, on, monkeypatch)
            assert played.passed, f"on {on}\n" + "\n".join(failures(played))
            assert len(played.steps) == len(scenario["steps"])
            transcripts[on] = as_json(played).encode()
    assert len(set(transcripts.values())) == 1
    missing = [interpreters.available(on) for on in interpreters.NAMES if on not in transcripts]
    if missing:
        pytest.skip("; ".join(missing))
