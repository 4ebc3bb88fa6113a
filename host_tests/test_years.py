"""Years, jumps, forging and wear of the evidence: small units pass, the same ones for the same seed.

What a batch of pulses does is what they do one by one, byte for byte on flash.
"""
# runs on: cpython

import random

import pytest

from chip_nor import PATTERNS
from evidence import forging, jumps, wear, years
from evidence.house import stretches
from evidence.life import Life
from referee import Disagreement

DAYS = {"days": 6, "cuts_a_day": 6, "visits": 12, "watts": 2, "seed": "test"}
MINUTES = {"days": 1, "cuts_a_day": 1440, "visits": 300, "watts": 12, "seed": "test"}
ATTACK = {"cuts": "after each try", "years": 0.1, "seed": "test"}
SOME_JUMPS = {"edge": "ten", "turn": 0, "first": 150, "last": 200}


class OneByOne(Life):
    """Looks at each pulse when it comes."""

    def next_step(self, limit_ms):
        ms, pulses = super().next_step(limit_ms)
        return (self.pulses.ms_until(1), 1) if pulses else (ms, 0)


def lived(kind, seed):
    """Three days of a household without cuts; credit runs out, is bought, friendly hours pass."""
    chance = random.Random(seed)
    given = dict(years.settings(chance), balance_mp=chance.randrange(0, 200000))
    life = kind(given)
    loads = stretches(chance, given["second"] // 3600)
    for _ in range(72):
        watts, ms = next(loads)
        life.pulses.load(watts)
        life.live(ms)
        if life.model.credit() == 0 and chance.random() < 0.2:
            life.command("accept_emergency")
            life.command("enable")
        if life.model.credit() == 0 and chance.random() < 0.1:
            life.happen(lambda: life.core.remote(700000), "top_up", None, 700000)
    return life


@pytest.mark.parametrize("seed", range(6))
def test_a_batch_of_pulses_leaves_the_same_records_as_pulse_by_pulse(seed):
    batches, one_by_one = lived(Life, seed), lived(OneByOne, seed)
    assert batches.steps < one_by_one.steps / 3
    assert batches.core.figures() == one_by_one.core.figures()
    assert batches.core.flash.data == one_by_one.core.flash.data


def without_time(result):
    return {name: count for name, count in result["counts"].items() if name != "cpu_ms"}


@pytest.mark.parametrize("unit", (DAYS, MINUTES), ids=("days", "minutes"))
def test_years_of_one_seed_are_the_same_years(unit):
    result, again = years.run(unit), years.run(unit)
    assert result["failures"] == [] == again["failures"]
    assert without_time(result) == without_time(again)
    assert result["counts"]["torn_cuts"] > 5
    assert result["counts"]["steps_compared"] > 500


def test_years_tell_the_speed_of_one_cut_a_day():
    counts = years.run(dict(years.DAILY, days=3, seed="speed"))["counts"]
    speed = [figure for figure in years.figures(counts) if figure["name"] == "speed"][0]
    assert speed["goal"] == 500000
    assert speed["reached"] == counts["simulated_s"] * 1000 // counts["cpu_ms"] > 100000


def test_units_are_the_same_for_the_same_seed_and_endless_when_asked_for_more():
    for check in (years, jumps, forging, wear):
        for effort in ("quick", "long"):
            units = check.units(effort, 7)
            assert units == check.units(effort, 7)
            assert len({str(unit) for unit in units}) == len(units)
    more, again = years.more(7), years.more(7)
    found = [next(more) for _ in range(40)]
    assert found == [next(again) for _ in range(40)]
    assert len({unit["seed"] for unit in found}) == 40


def test_wear_of_a_whole_store_is_even_and_within_the_goals():
    totals = {}
    for unit in wear.units("quick", 0):
        result = wear.run(unit)
        assert result["failures"] == []
        totals.update(result["counts"])
        assert len(result["series"]["wear_by_sector"][unit["load"]]) == 128
    for figure in wear.figures(totals):
        assert figure["reached"] <= figure["goal"]
        assert figure["reached"] > 0 or figure["name"] == "wear_errors"


def test_forging_counts_the_macs_that_the_meter_looks_at():
    counts = forging.run(ATTACK)["counts"]
    minutes = 0.1 * 365.25 * 1440
    expected = 12 + (minutes - 1270) // 512  # five free ones, waits of 10 to 640 min, then 512 each
    assert counts["forging_errors"] == 0
    assert abs(counts["attack_macs"] - expected) <= 1
    assert counts["tries"] > counts["macs"]


def test_jumps_are_400_different_ones_and_hold():
    assert len(set(jumps.jumps())) == 400
    result = jumps.run(SOME_JUMPS)
    assert result["failures"] == []
    assert result["counts"]["clock_jumps"] == 50


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("write", range(1, 5))
def test_a_cut_between_an_order_and_its_relay_leaves_the_minute_known(write, pattern):
    """Whether the relay moved before the cut or after it is seen in its minute alone (S9)."""
    life = Life(years.settings(random.Random(1)))
    life.core.flash.cut_at(write, pattern, 1)
    for order in ("disable", "disable", "arm"):
        life.command(order)
    assert life.torn == 1
    life.live(15000)
    life.command("enable")
    life.live(60000)
    assert life.core.meter.supply.closed and life.model.contact


def test_life_tells_what_differs():
    life = Life(years.settings(random.Random(1)))
    life.core.meter.account.balance_mp += 1
    life.core.meter.account.opening.add(-1)
    with pytest.raises(Disagreement, match="balance_mp"):
        life.compare("nothing")
