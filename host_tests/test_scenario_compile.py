"""What a scenario file means: defaults, money as text, local time, codes, notes beside the steps."""
# runs on: cpython

import chip_nor
from tools.interpreters import ROOT
from tools.scenario import compile_text
from tools.scenario.expect import KNOWN
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
    assert settings["payment_mp"] == settings["accumulated_mp"] == settings["weekly_cap_mp"] == 0
    assert settings["share"] == 30
    assert settings["ec_limit_mp"] == settings["ec_left_mp"] == 500_000
    assert settings["ec_threshold_mp"] == 500_000
    assert settings["ec_activated"] == 0
    assert settings["imp_per_kwh"] == 1000
    assert settings["meter_id"] == "00db1234567890a0"


def test_example_of_the_readme_uses_every_step_and_expectation():
    readme = (ROOT / "host_tests/scenarios/README.md").read_text(encoding="utf-8")
    played = compile_text(readme.split("```yaml\n")[1].split("```")[0], "README.md")["steps"]
    assert {step["do"].split("_lost")[0] for step in played} == set(STEPS)
    shown = {key.removesuffix("_mp") for key in played[-1]["expect"]}
    assert shown == set(KNOWN) - {"balance_mp"}


def test_name_defaults_to_the_file():
    assert compile_text(WAIT, "a/b/d1_order.yaml")["name"] == "d1_order"


def test_money_is_exact_decimal_text():
    settings = given("given: {balance: -1.20001, rate: 24.505, standing_charge: 0.001}\n")
    assert settings["balance_mp"] == -120_001
    assert settings["rate_mp"] == 24_505
    assert settings["standing_mp"] == 1


def test_emergency_left_defaults_to_its_limit():
    assert given("given: {emergency: {limit: 10}}\n")["ec_left_mp"] == 1_000_000


def test_local_time_in_winter_and_summer():
    assert now("2026-11-20T15:30:00") == now("2026-11-20T15:30:00Z")
    assert now("2027-06-15T01:00:00") == now("2027-06-15T00:00:00Z")


def test_of_a_local_time_that_exists_twice_the_first_is_meant():
    # On 31 October 2027 01:30 comes at 00:30 UTC (summer time) and again at 01:30 UTC
    assert now("2027-10-31T01:30:00") == now("2027-10-31T00:30:00Z")


def test_times_that_exist_beside_the_gap():
    assert now("2027-03-28T00:59:59") == now("2027-03-28T00:59:59Z")
    assert now("2027-03-28T02:00:00") == now("2027-03-28T01:00:00Z")


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


def test_screen_is_one_text_or_any_of_several():
    assert expected("screen: Accept EmCr") == {"screen": ["Accept EmCr"]}
    assert expected("screen: [Supply off, Need £1.72]") == {"screen": ["Supply off", "Need £1.72"]}


def test_steps_know_their_number_line_and_the_comment_above():
    played = steps("- wait: 1s\n# The oven\n# goes on\n- load: 5   # aside\n\n- wait: 1s\n")
    assert [(s["n"], s["line"], s["note"]) for s in played] == [
        (1, 2, ""), (2, 5, "The oven goes on"), (3, 7, ""),
    ]  # fmt: skip
