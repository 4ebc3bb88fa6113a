"""What a scenario file means: defaults, money as text, local time, codes, notes beside the steps."""
# runs on: cpython

import pytest

import chip_nor
from tools.interpreters import ROOT
from tools.scenario import ScenarioError, compile_text
from tools.scenario.expect import KNOWN
from tools.scenario.given import PROFILES
from tools.scenario.steps import PATTERNS, STEPS
from tools.scenario.values import DAY_S
from tools.utrn_vend import keys_of, make_code

FRIDAY = 9820  # 2026-11-20, days since 2000-01-01: 26 x 365 + 7 leap days + 323
WAIT = "steps:\n- wait: 1s\n"


def given(text=""):
    return compile_text(text + WAIT, "x.yaml")["given"]


def steps(text):
    return compile_text("steps:\n" + text, "x.yaml")["steps"]


def now(text):
    """UTC seconds of a local time."""
    settings = given(f"given: {{now: {text}}}\n")
    return settings["day"] * DAY_S + settings["second"]


def expected(text):
    return steps(f"- expect: {{{text}}}")[0]["expect"]


def test_everything_has_a_default():
    settings = given()
    assert (settings["day"], settings["second"]) == (FRIDAY, 11 * 3600)
    assert settings["profile"] == "smart_payg"
    assert settings["region"] == 0
    assert settings["balance_mp"] == 1_000_000
    assert settings["rate_mp"] == 24_500
    assert settings["standing_mp"] == 0
    assert settings["imp_per_kwh"] == 1000
    assert settings["meter_id"] == "00db1234567890a0"


@pytest.mark.parametrize("profile", PROFILES)
def test_what_the_profile_decides_is_left_to_it(profile):
    settings = given(f"given: {{profile: {profile}, emergency: {{threshold: 2}}}}\n")
    assert settings["profile"] == profile
    assert set(settings) == {
        "profile", "day", "second", "region", "balance_mp", "rate_mp", "standing_mp", "imp_per_kwh",
        "ec_threshold_mp", "meter_id", "originator_id", "secret",
    }  # fmt: skip


def test_example_of_the_readme_uses_every_step_and_expectation():
    readme = (ROOT / "host_tests/scenarios/README.md").read_text(encoding="utf-8")
    played = compile_text(readme.split("```yaml\n")[1].split("```")[0], "README.md")["steps"]
    assert {step["do"].split("_lost")[0] for step in played} == set(STEPS)
    shown = {key.removesuffix("_mp") for key in played[-1]["expect"]}
    assert shown == set(KNOWN) - {"balance_mp"}
    orders = {step["name"] for step in played if step["do"] == "remote"}
    assert orders == {"top_up", "pay_debt", "set_tariff"}
    assert [step["again"] for step in played if "again" in step] == ["late"]


def test_name_defaults_to_the_file():
    assert compile_text(WAIT, "a/b/d1_order.yaml")["name"] == "d1_order"


def test_money_is_exact_decimal_text():
    settings = given("given: {balance: -1.20001, rate: 24.505, standing_charge: 0.001}\n")
    assert settings["balance_mp"] == -120_001
    assert settings["rate_mp"] == 24_505
    assert settings["standing_mp"] == 1


def test_emergency_as_far_as_it_is_said():
    settings = given("given: {emergency: {limit: 10, activated: true}}\n")
    assert (settings["ec_limit_mp"], settings["ec_activated"]) == (1_000_000, 1)
    assert "ec_left_mp" not in settings
    left = given("given: {emergency: {activated: true, left: 4.99999}}\n")
    assert left["ec_left_mp"] == 499_999


def test_debts_and_how_they_are_collected():
    debt = "{payment: 50, share: 25, weekly_cap: 5, time1: 20.00001, weekly: 7, parts: 100}"
    settings = given(f"given: {{profile: key_meter, debt: {debt}}}\n")
    for name, value in (
        ("payment_mp", 5_000_000), ("share", 25), ("weekly_cap_mp", 500_000),
        ("time_1_mp", 2_000_001), ("weekly_mp", 700_000), ("parts", 100),
    ):  # fmt: skip
        assert settings[name] == value
    assert not {"recovery", "accumulated_mp", "suspend_debt_emergency"} & set(settings)


def test_a_weekly_amount_makes_smart_payg_collect_it():
    assert given("given: {debt: {time1: 20, weekly: 7}}\n")["recovery"] == 1
    assert "recovery" not in given("given: {debt: {time1: 20}}\n")


def test_debt_that_goes_on_while_emergency_credit_is_in_use():
    debt = "{time1: 20, weekly: 7, suspend_emergency: false, suspend_disabled: true}"
    settings = given(f"given: {{profile: key_meter, debt: {debt}}}\n")
    assert (settings["suspend_debt_emergency"], settings["suspend_debt_disabled"]) == (0, 1)


def test_special_days_add_and_cancel_holidays():
    # 24 December 2026 is day 26 x 365 + 7 + 357 = 9854, 0x267E; the 28th is 9858, 0x2682
    days = "{2026-12-24: holiday, 2026-12-28: working}"
    assert given(f"given: {{special_days: {days}}}\n")["special_days"] == "267e01268200"


def test_gas_by_volume():
    settings = given("given: {profile: gas_weekly, gas: {calorific_value: 39.50}}\n")
    assert (settings["calorific"], settings["imp_per_kwh"]) == (3950, 100)
    settings = given("given: {gas: {calorific_value: 40, imp_per_m3: 10}}\n")
    assert (settings["calorific"], settings["imp_per_kwh"]) == (4000, 10)


def test_currency_and_friendly_hours():
    settings = given("given: {currency: CNY, friendly_hours: false}\n")
    assert (settings["currency"], settings["friendly"]) == (1, 0)


def test_local_time_in_winter_and_summer():
    assert now("2026-11-20T15:30:00") == now("2026-11-20T15:30:00Z")
    assert now("2027-06-15T01:00:00") == now("2027-06-15T00:00:00Z")


def test_of_a_local_time_that_exists_twice_the_first_is_meant():
    # On 31 October 2027 01:30 comes at 00:30 UTC (summer time) and again at 01:30 UTC
    assert now("2027-10-31T01:30:00") == now("2027-10-31T00:30:00Z")


def test_times_that_exist_beside_the_gap():
    assert now("2027-03-28T00:59:59") == now("2027-03-28T00:59:59Z")
    assert now("2027-03-28T02:00:00") == now("2027-03-28T01:00:00Z")


def test_keys_of_the_in_home_display_take_less_time_to_send_a_code():
    # 20 x 400 ms of OK: it is sent by itself. With B 20 x 400 ms and 2.7 s
    until = "- wait: {until: 2026-11-20T11:00:09}\n"
    assert steps(f"- press: right\n- enter: '{'1' * 20}'\n{until}")[2]["second"] == 11 * 3600 + 9
    with pytest.raises(ScenarioError, match="in the past"):
        steps(f"- press: A\n- enter: '{'1' * 20}'\n{until}")


def test_durations():
    spans = [s["ms"] for s in steps("".join(
        f"- wait: {text}\n" for text in ("1500ms", "90s", "15m", "2h", "3d", "1.5h", "0.5s")
    ))]  # fmt: skip
    assert spans == [1500, 90_000, 900_000, 7_200_000, 259_200_000, 5_400_000, 500]


def test_wait_until_is_utc():
    step = steps("- wait: {until: 2027-06-15T10:00:00}")[0]
    assert (step["do"], step["second"]) == ("wait_until", 9 * 3600)


def test_wait_until_now_is_not_in_the_past():
    assert steps("- wait: 1h\n- wait: {until: 2026-11-20T12:00:00}")[1]["second"] == 12 * 3600


def test_hold_lasts_two_and_a_half_seconds_unless_it_says_so():
    short, long = steps("- hold: B\n- hold: {button: A, for: 10s}")
    assert (short["key"], short["ms"]) == ("B", 2500)
    assert (long["key"], long["ms"]) == ("A", 10_000)


def test_codes_count_up_from_one():
    played = steps(
        "- vend: {amount: 10.00, as: a}\n- vend: {amount: 5, as: b}\n- enter: $b\n- enter: $a\n"
    )
    assert [s["counter"] for s in played[:2]] == [1, 2]
    assert played[2]["digits"] == make_code(keys_of({}), 2, "pence", 500)
    assert played[3]["digits"] == make_code(keys_of({}), 1, "pence", 1000)


def test_a_chosen_counter_is_kept_and_the_next_one_is_above_all():
    played = steps(
        "- vend: {amount: 1, as: a, counter: 600}\n- vend: {amount: 1, as: b, counter: 5}\n"
        "- vend: {amount: 1, as: c}\n"
    )
    assert [s["counter"] for s in played] == [600, 5, 601]


def test_codes_are_made_with_the_keys_given():
    text = "given: {keys: {meter: 0011223344556677}}\nsteps:\n- vend: {amount: 1, as: a}\n"
    code = compile_text(text, "x.yaml")["steps"][0]["code"]
    assert code == make_code(keys_of({"meter": "0011223344556677"}), 1, "pence", 100)


def test_scenario_may_vend_past_the_vendors_limits():
    assert steps("- vend: {amount: 150.00, as: a}")[0]["amount_mp"] == 15_000_000


def test_digits_may_have_spaces_and_be_few():
    assert steps("- enter: 7394 33")[0]["digits"] == "739433"


def test_commands():
    played = steps(
        "- remote: {top_up: 10.00}\n- remote: {set_time: 2027-06-15T01:00:00}\n- remote: disable\n"
        "- remote: {arm: true}\n- remote: {clear_lockout: }\n"
    )
    assert [(s["name"], s["value"]) for s in played] == [
        ("top_up", 1_000_000), ("set_time", [10027, 0]), ("disable", None), ("arm", None),
        ("clear_lockout", None),
    ]  # fmt: skip


def test_a_one_off_payment_names_one_register():
    played = steps("- remote: {pay_debt: {time1: 5.00}}\n- remote: {pay_debt: {accumulated: 1}}\n")
    assert [s["value"] for s in played] == [["time1", 500_000], ["accumulated", 100_000]]


def test_a_cut_at_a_write_tears_a_subset_and_lasts_a_second_unless_it_says_so():
    short, long = steps(
        "- power_cut: {at_write: 3}\n- power_cut: {at_write: 1, pattern: all, for: 2m}"
    )
    assert (short["do"], short["write"], short["pattern"], short["ms"]) == (
        "cut_at_write", 3, "subset", 1000)  # fmt: skip
    assert (long["write"], long["pattern"], long["ms"]) == (1, "all", 120_000)
    assert PATTERNS == chip_nor.PATTERNS


def test_clock_steps():
    played = steps("- clock: lost\n- clock: {step: +2h}\n- clock: {step: -1m}")
    assert [s["do"] for s in played] == ["clock_lost", "clock_step", "clock_step"]
    assert [s["s"] for s in played[1:]] == [7200, -60]


def test_expectations_are_in_the_units_the_meter_is_observed_in():
    assert expected("balance: -1.20, owed_to_restore: 1.72, energy_wh: 6000") == {
        "balance_mp": -120_000, "owed_to_restore_mp": 172_000, "energy_wh": 6000,
    }  # fmt: skip
    assert expected("balance_mp: -120000") == {"balance_mp": -120_000}
    assert expected("emergency: {state: in_use, left: 3.10, owed: 1.90}") == {
        "emergency": {"state": "in_use", "left_mp": 310_000, "owed_mp": 190_000}
    }
    assert expected("debt: {payment: 47, time1: 0}") == {
        "debt": {"payment_mp": 4_700_000, "time1_mp": 0}
    }
    assert expected("alerts: [8119, 8f83], friendly: true") == {
        "alerts": [0x8119, 0x8F83], "friendly": True,
    }  # fmt: skip
    assert expected("alerts: []") == {"alerts": []}


def test_registers_are_expected_by_the_names_of_the_rates():
    tariff = "given: {tariff: {blocks: [100], rates: {all: [20, 30]}}}\n"
    text = tariff + "steps:\n- expect: {registers: {all: 4000}, weekly_due: 3}\n"
    compiled = compile_text(text + "- expect: {registers: {all: [4000, 0]}}\n", "x.yaml")
    assert compiled["rates"] == ["all"]
    assert [step["expect"] for step in compiled["steps"]] == [
        {"registers": {"all": 4000}, "weekly_due_mp": 300_000}, {"registers": {"all": [4000, 0]}},
    ]  # fmt: skip
    assert expected("registers: {rate: 5}") == {"registers": {"rate": 5}}


def test_screen_is_one_text_or_any_of_several():
    assert expected("screen: Accept EmCr") == {"screen": ["Accept EmCr"]}
    assert expected("screen: [Supply off, Need £1.72]") == {"screen": ["Supply off", "Need £1.72"]}


def test_steps_know_their_number_line_and_the_comment_above():
    played = steps("- wait: 1s\n# The oven\n# goes on\n- load: 5   # aside\n\n- wait: 1s\n")
    assert [(s["n"], s["line"], s["note"]) for s in played] == [
        (1, 2, ""), (2, 5, "The oven goes on"), (3, 7, ""),
    ]  # fmt: skip
