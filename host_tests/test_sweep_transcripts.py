"""The power cut in every write of short lives: right on every interpreter, with equal transcripts."""
# runs on: cpython

import re
from functools import cache

import pytest

from tools import interpreters

ENTRY = "host_tests/vm/sweep_entry.py"
LINE = re.compile(r"([a-z -]+), (\d+) (nothing|prefix|suffix|subset|all): (before|after) ")
LIVES = 11
LIMIT_S = 120


@cache
def transcript(on):
    ended = interpreters.run(on, ENTRY, timeout_s=LIMIT_S)
    assert ended.returncode == 0, f"on {on}: {ended.stderr[-2000:]}"
    return ended.stdout


def test_every_cut_is_right_and_nothing_is_between_before_and_after():
    lines = transcript("cpython").splitlines()
    assert [line for line in lines if not LINE.match(line)] == []
    cuts = [LINE.match(line).groups() for line in lines]
    assert len({cut[0] for cut in cuts}) == LIVES
    assert len(cuts) == len(set(cuts)) >= 100
    for life in {cut[0] for cut in cuts}:
        assert {cut[3] for cut in cuts if cut[0] == life} == {"before", "after"}, life


def test_an_interrupted_code_is_credited_exactly_once():
    lines = [line for line in transcript("cpython").splitlines() if line.startswith("code")]
    assert {re.search(r"(\d+) mp in", line)[1] for line in lines} == {"101000"}
    assert {re.search(r" (\w+);", line)[1] for line in lines} == {"done", "duplicate"}


def test_five_wrong_codes_lock_whichever_cut_came_between():
    lines = [line for line in transcript("cpython").splitlines() if line.startswith("fifth")]
    assert all("5 failures" in line for line in lines)


@pytest.mark.parametrize("on", interpreters.NAMES[1:])
def test_the_transcript_is_the_same_on(on):
    reason = interpreters.available(on)
    if reason:
        pytest.skip(reason)
    assert transcript(on) == transcript("cpython")
