"""A meter through labgrid: pytest --lg-env labgrid.yaml test_labgrid.py, METER=virtual for that target."""

import json
import os

import pytest

pytest.importorskip("labgrid")
NOON = {"day": 9820, "second": 43200, "balance_mp": 500_000, "rate_mp": 24_500}


@pytest.fixture
def ask(env):
    """ask(do, **fields) -> the answer. Lines of the lab port are JSON, each with its request's id."""
    console = env.get_target(os.environ.get("METER", "main")).get_driver("SerialDriver")
    number = 0

    def ask(do, **fields):
        nonlocal number
        number += 1
        console.sendline(json.dumps({"id": number, "do": do, **fields}))
        _, _, found, _ = console.expect(rf'(\{{[^\n]*"id": {number}[,}}][^\n]*)\r?\n', timeout=60)
        answer = json.loads(found[1])
        assert answer["ok"], answer
        return answer

    yield ask
    ask("end")


def test_an_hour_of_kettle(ask):
    ask("new", settings=NOON)
    ask("load", w=3000)
    ask("wait", ms=3_600_000)
    assert ask("observe")["state"]["energy_wh"] == 3000
