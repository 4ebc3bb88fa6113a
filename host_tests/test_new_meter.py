"""The options of a new meter of `shilling run`, and the ranking of what costs most."""
# runs on: cpython

import argparse

import pytest

from chip_nor import Nor
from shilling.provision import provision
from tools.errors import UserError
from tools.live import new_meter
from tools.live.house import APPLIANCES_W
from tools.live.steps import Steps

TOU = """tariff:
  rates: {day: 28.00, night: 12.00}
  switch: [{at: "00:30", rate: night}, {at: "07:30", rate: day}]
"""


def settings(*options):
    parser = argparse.ArgumentParser()
    new_meter.add_arguments(parser)
    return new_meter.settings_of(parser.parse_args(options), 0)


# ---- profiles


@pytest.mark.parametrize("profile", new_meter.PROFILES)
def test_every_profile_makes_a_meter(profile):
    given = {**settings("--profile", profile), "day": 9820, "second": 39600}
    provision(Nor(bytearray(b"\xff" * 8 * 4096)), given)  # ValueError if the firmware refuses one


def test_a_profile_starts_with_the_debt_its_screens_are_about():
    key = settings("--profile", "key_meter")
    assert (key["time_1_mp"], key["weekly_mp"]) == (4700000, 700000)
    gas = settings("--profile", "gas_weekly", "--time-debt", "12.34", "--weekly", "1.50")
    assert (gas["time_1_mp"], gas["weekly_mp"]) == (1234000, 150000)
    assert settings()["payment_mp"] == 0 and settings()["profile"] == "smart_payg"


@pytest.mark.parametrize("options", [
    ("--weekly", "7.00"), ("--time-debt", "7.00"), ("--profile", "key_meter", "--debt", "5.00"),
    ("--profile", "gas_weekly", "--share", "30"), ("--profile", "remote_tiered", "--weekly", "1.00"),
])  # fmt: skip
def test_an_option_that_means_nothing_to_the_profile_is_refused(options):
    with pytest.raises(UserError, match="means nothing to profile"):
        settings(*options)


def test_a_debt_of_five_hundred_pounds_is_refused():
    for options in (("--debt", "500.00"), ("--profile", "key_meter", "--time-debt", "500.00")):
        with pytest.raises(UserError, match="must be 0 to 499.99999 pounds, not 500.00"):
            settings(*options)


def test_a_settings_file_has_all_of_them(tmp_path):
    file = tmp_path / "meter.yaml"
    file.write_text("profile: key_meter\ndebt: {time1: 47.00, weekly: 7.00}\n", encoding="utf-8")
    found = settings("--settings", str(file))
    assert (found["profile"], found["time_1_mp"], found["weekly_mp"]) == (
        "key_meter", 4700000, 700000)  # fmt: skip
    assert (found["balance_mp"], len(found["meter_id"])) == (1000000, 8)
    with pytest.raises(UserError, match="has all of them: leave --rate out"):
        settings("--settings", str(file), "--rate", "20")
    file.write_text("profile: key_meter\ndebt: {time1: 500.00}\n", encoding="utf-8")
    with pytest.raises(UserError, match="500"):
        settings("--settings", str(file))


# ---- tariffs


def test_a_tariff_file_is_a_block_with_or_without_its_name(tmp_path):
    named, bare = tmp_path / "a.yaml", tmp_path / "b.yaml"
    named.write_text(TOU, encoding="utf-8")
    bare.write_text("\n".join(line[2:] for line in TOU.splitlines()[1:]), encoding="utf-8")
    packed = bytes.fromhex("0201 606d00 e02e00 02 7f01 1e00 7f00 c201")
    assert settings("--tariff", str(named))["tariff"] == packed
    assert settings("--tariff", str(bare))["tariff"] == packed
    assert "rate_mp" not in settings("--tariff", str(bare))


@pytest.mark.parametrize("text, said", [
    ("rates: {day: 28.00, night: 12.00}", "t.yaml:1: "),
    ("rates: [", "t.yaml:1: this is no YAML"),
    ("", "t.yaml:1: the file is empty"),
    ("rates: {all: [1, 2, 3]}\nblocks: [200, 100]", "t.yaml:2: tariff blocks must ascend"),
])  # fmt: skip
def test_a_wrong_tariff_is_said_with_its_line(text, said, tmp_path):
    file = tmp_path / "t.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        settings("--tariff", str(file))
    assert said in str(caught.value)


def test_a_tariff_that_cannot_be_read_or_has_a_rate_beside_it_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read: No such file"):
        settings("--tariff", str(tmp_path / "none.yaml"))
    with pytest.raises(UserError, match="has one of them"):
        settings("--tariff", str(tmp_path / "none.yaml"), "--rate", "20")


# ---- the ranking


def heard(steps, count, watts):
    return steps.hear({"count": count, "w": watts})


def test_a_step_has_the_name_of_what_was_just_switched_on():
    steps = Steps()
    steps.switched("kettle", 3000)
    steps.switched("lights", 60)
    assert heard(steps, 1, 2950)
    assert steps.ranking() == [{"name": "kettle", "w": 2950, "times": 1}]
    assert not heard(steps, 1, 2950)  # the same one, told again
    assert heard(steps, 2, 2900)  # nothing like it was switched on now
    assert steps.ranking()[1] == {"name": "", "w": 2900, "times": 1}


def test_what_costs_most_comes_first_and_is_counted():
    steps = Steps()
    for count, (name, watts) in enumerate((("tv", 110), ("kettle", 3000), ("tv", 120)), 1):
        steps.switched(name, watts)
        heard(steps, count, watts)
    assert steps.ranking() == [
        {"name": "kettle", "w": 3000, "times": 1}, {"name": "tv", "w": 120, "times": 2},
    ]  # fmt: skip


def test_what_was_switched_off_again_names_nothing():
    steps = Steps()
    steps.switched("kettle", 3000)
    steps.switched("kettle", None)
    heard(steps, 1, 3000)
    heard(steps, 2, 3100)  # unknown ones that are alike are one kind
    assert steps.ranking() == [{"name": "", "w": 3100, "times": 2}]


def test_a_meter_that_starts_again_counts_anew():
    steps = Steps()
    assert heard(steps, 3, 500)
    assert not heard(steps, 0, 0)
    assert heard(steps, 1, 800)
    assert not steps.hear(None)  # a meter that says nothing of steps


def test_every_appliance_of_the_panel_is_in_the_house():
    script = (new_meter.Path(__file__).parent.parent / "tools/panel/house.js").read_text("utf-8")
    for name, watts in APPLIANCES_W.items():
        assert f'["{name}", ' in script and f", {watts}]" in script
