"""Every scenario holds on every interpreter, and the transcripts are equal byte for byte."""
# runs on: cpython

import pytest

from tools import interpreters, stage
from tools.interpreters import ROOT
from tools.scenario import compile_file
from tools.transcript import as_json, failures

FILES = sorted((ROOT / "host_tests/scenarios").glob("*.yaml"))

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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scenario_holds_and_its_transcript_is_the_same_everywhere(file):
    scenario = compile_file(file)
    transcripts = {}
    for on in interpreters.NAMES:
        if interpreters.available(on) is None:
            played = stage.play(scenario, on)
            assert played.passed, f"on {on}\n" + "\n".join(failures(played))
            assert len(played.steps) == len(scenario["steps"])
            transcripts[on] = as_json(played).encode()
    assert len(set(transcripts.values())) == 1
    missing = [interpreters.available(on) for on in interpreters.NAMES if on not in transcripts]
    if missing:
        pytest.skip("; ".join(missing))
