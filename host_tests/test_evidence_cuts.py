"""What the cuts of the evidence expect where a record opens a sector, and what they find wrong there."""
# runs on: cpython

from itertools import pairwise

import pytest

from evidence import cuts
from evidence.film import Film
from shilling import codes

PER_SECTOR = 40  # records behind its checkpoint
LOCKED_UNDER_LOAD = """
name: Code entry is locked while something is switched on
given: {now: 2026-11-20T12:00:00, balance: 10.00}
steps:
- enter: "7394 3020 2346 4278 5616"
- wait: 15s
- hold: B
- wait: 15s
- hold: B
- wait: 15s
- hold: B
- wait: 15s
- hold: B
- load: 3000
- wait: 2m
- expect: {alerts: [8F63, 8F63, 8F63, 8F63, 8F63, 81C4]}
"""
# Each with use that is not on flash yet
RELAY_UNDER_LOAD = """
name: The minute of the relay ends while something is switched on
given: {now: 2026-11-20T12:00:00, balance: 5.00}
steps:
- load: 300
- remote: disable
- wait: 1s
- remote: arm
- wait: 1s
- press: B
- wait: 62s
- remote: disable
- wait: 63s
- expect: {supply: remote_off, relay: open}
"""
LEVEL_UNDER_LOAD = """
name: The next level is chosen while something is switched on
given: {now: 2026-11-20T12:00:00, balance: 10.00}
steps:
- load: 1000
- press: A
- press: A
- press: A
- press: A
- press: A
- press: A
- press: A
- wait: 15s
- press: B
- expect: {supply: enabled}
"""
CODE_UNDER_LOAD = """
name: A code is entered while something is switched on
given: {now: 2026-11-20T12:00:00, balance: 10.00}
steps:
- load: 23000
- vend: {amount: 10.00, as: genuine}
- enter: $genuine
- wait: 1m
"""


@pytest.fixture
def sweep(tmp_path):
    """Cut a play at every write, its sector full with the first record that `is_last` picks (by it and
    the one that follows it): (that record, failures)."""

    def run(text, is_last):
        path = tmp_path / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        film = Film(cuts.scenario_of(str(path)))
        place = next(at for at, pair in enumerate(pairwise(film.records)) if is_last(*pair))
        unit = {"kind": "cut", "scenario": str(path), "part": 0, "parts": 1, "seed": 1,
                "fill": (PER_SECTOR - 1 - place) % PER_SECTOR}  # fmt: skip
        found = cuts.run(unit)
        assert found["counts"]["cuts"] > 5 * place
        return Film(cuts.scenario_of(str(path)), unit["fill"]).records[place], found["failures"]

    return run


def test_a_wait_that_runs_on_is_in_a_checkpoint_but_not_in_the_record_before_it(sweep):
    """Of the wait each minute has a record; use opens a sector in the middle of one."""
    record, failures = sweep(
        LOCKED_UNDER_LOAD,
        lambda record, _: record.kind == codes.RECORD_CHARGE and record.alive["left_s"] % 60,
    )
    assert record.end - record.first == 4
    assert failures == []


@pytest.mark.parametrize(
    "text, kind",
    [(RELAY_UNDER_LOAD, codes.RECORD_SUPPLY), (LEVEL_UNDER_LOAD, codes.RECORD_LEVEL),
     (CODE_UNDER_LOAD, codes.RECORD_ATTEMPT), (CODE_UNDER_LOAD, codes.RECORD_TOP_UP)],
)  # fmt: skip
def test_the_use_before_an_event_has_nothing_of_it(sweep, text, kind):
    """The record of that use opens a sector."""
    record, failures = sweep(
        text, lambda record, event: record.kind == codes.RECORD_CHARGE and event.kind == kind
    )
    assert record.end - record.first == 4
    assert failures == []
