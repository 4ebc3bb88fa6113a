"""A settings file that is wrong: every fault with its line, its range, what it was and what stays."""
# runs on: cpython

import pytest

from shilling.calendar import day_of
from tools import cli, settings
from tools.errors import UserError
from tools.scenario.values import DAY_S
from tools.settings import file, table

NOW_S = day_of(2026, 11, 20) * DAY_S + 39600


def written(tmp_path, text):
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(tmp_path, text):
    """What is said of a file, without its name."""
    path = written(tmp_path, text)
    return [fault.removeprefix(f"{path}:") for fault in file.checked(path, NOW_S)[1]]


def entry(path, text):
    """A file with one value: `debt: {share: 30}`."""
    return f"{path[0]}: {{{path[1]}: {text}}}\n" if len(path) > 1 else f"{path[0]}: {text}\n"


# ---- ranges


@pytest.mark.parametrize("row", table.ROWS, ids=lambda row: row.name)
def test_a_file_takes_what_the_firmwares_table_takes_and_nothing_else(tmp_path, row):
    ends = {row.low, row.high} if row.name != "calorific" else {1, row.high}
    for value in ends:
        given = settings.settings_of(written(tmp_path, entry(row.path, row.text(value))), NOW_S)
        assert given[row.name] == (row.text(value) if row.name == "profile" else value)
    beyond = [min(ends) - 1, row.high + 1]
    for value in beyond if row.table_unit not in table.WORDS else ("wrong",):
        text = value if value == "wrong" else row.text(value)
        (said,) = faults_of(tmp_path, entry(row.path, text))
        assert said.startswith(f"1: {' '.join(row.path)} must be ") and text in said
        assert said.endswith(f" (it stays {row.default_text('smart_payg')})")


# ---- what is said

DAYS_21 = ", ".join(f"2027-01-{n:02d}: holiday" for n in range(1, 22))
TOU = "tariff: {rates: {day: 28, night: 12}, switch: "
FAULTS = [
    ("debt: {share: 101}", "1: debt share must be 0 to 100, not 101 (it stays 30)"),
    ("usable_share: 101\nprofile: key_meter", "1: usable_share must be 0 to 100, not 101 (it stays 30)"),
    ("profile: key_meter\ndebt:\n  share: 200", "3: debt share must be 0 to 100, not 200 (it stays 0)"),
    ("debt: {payment: 500.00}", "1: debt payment: what is brought over must be 0 to 499.99999 pounds in all,"
     " not 500.00 (it stays 0.00)"),
    ("debt:\n  time1: 300\n  accumulated: 200\n  weekly: 7",
     "3: debt accumulated: what is brought over must be 0 to 499.99999 pounds in all,"
     " not 500.00 (it stays 0.00)"),
    (f"special_days: {{{DAYS_21}}}", "1: special_days has 21 days: a meter keeps 20 at most"
     " (it stays as the region has it)"),
    ("tariff:\n  rates: {all: [1, 2, 3]}\n  blocks: [200, 100]", "3: tariff blocks must ascend, but 100"
     " follows 200 (it stays one rate of 24.50)"),
    (TOU + '[{at: "00:30", rate: night, days: mon-fri}, {at: "07:30", rate: day, days: mon-fri}]}',
     "1: tariff switch leaves a gap: nothing begins on sat sun; each weekday needs a switch"
     " (it stays one rate of 24.50)"),
    (TOU + '[{at: "00:30", rate: night}, {at: "00:30", rate: day}]}', "1: tariff switch: there is a switch at"
     " 00:30 on mon already (it stays one rate of 24.50)"),
    ("tariff: {rates: {day: 28}, next: {from: 2026-11-20T11:00:00, rates: {day: 30}}}", "1: tariff from"
     " 2026-11-20T11:00:00 is no time to come: choose a later one (it stays one rate of 24.50)"),
    ("rate: 1000.01", "1: rate must be 0 to 1000 pence, not 1000.01 (it stays 24.50)"),
    ("rate: 20\ntariff: {rates: {day: 28}}", "2: rate and tariff are both there, keep one of them"
     " (it stays one rate of 24.50)"),
    ("low_credt: 3.00", "1: settings: unknown key 'low_credt'; did you mean 'low_credit'?"),
    ("debt: {wekly: 3.00}", "1: debt: unknown key 'wekly'; did you mean 'weekly'?"),
    ("keys: {meter: 00DB1234567890A0}", "1: keys do not belong in this file: provisioning makes them"),
    ("now: 2026-11-20T11:00:00", "1: now does not belong in this file: provisioning sets the clock"),
    ("max_credit: ten", "1: max_credit must be pounds such as 10.00, not 'ten' (it stays 149.00)"),
    ("max_credit: 0.000001", "1: max_credit: 0.000001 pounds is no whole number of milli-pence"
     " (it stays 149.00)"),
    ("ec_below_zero: yes", "1: ec_below_zero must be true or false, not 'yes' (it stays false)"),
    ("ec_below_zero:", "1: ec_below_zero must be one value, not nothing (it stays false)"),
    ("recovery: weekly", "1: recovery must be none or weekly_parts or gas_week, not 'weekly'"
     " (it stays none)"),
    ("profile: key_meter\ndebt: {time1: 20.00}", "2: debt time1 needs a weekly amount: nothing else"
     " collects it (it stays 0.00)"),
    ("debt: {weekly: 5.00}\nrecovery: none", "2: recovery must be weekly_parts or gas_week for a debt weekly"
     " of 5.00, not none (it stays none)"),
    ("profile: gas\n", "1: profile must be smart_payg or key_meter or gas_weekly or remote_tiered, not 'gas'"
     " (it stays smart_payg)"),
    ("imp_per_kwh: 100\ngas: {calorific_value: 39}", "2: with gas the pulses count cubic metres, say"
     " imp_per_m3 in it (it stays without)"),
    ("gas: {imp_per_m3: 0, calorific_value: 39}", "1: gas imp_per_m3 must be 1 to 100000, not 0"
     " (it stays 100)"),
    ("emergency: {left: 6}", "1: emergency left must be 0 to 5 pounds, not 6 (it stays all of the limit)"),
    ("debt: 5", "1: debt must be a mapping of payment, share, weekly_cap, time1, weekly, parts, accumulated,"
     " suspend_emergency, suspend_disabled (it stays as the profile has it)"),
    ("balance: 10000.01", "1: balance must be -10000 to 10000 pounds, not 10000.01 (it stays 0.00)"),
    ("low_credit: 1\nlow_credit: 2", "2: low_credit is given twice"),
    ("", "1: the file is empty"),
    ("low_credit", "1: settings must be a mapping of profile, region, balance, rate, tariff, standing_charge,"
     " debt, emergency, imp_per_kwh, special_days, gas, currency, friendly_hours, recovery, usable_share,"
     " ec_below_zero, low_credit, max_credit, max_balance, min_vend"),
]  # fmt: skip


@pytest.mark.parametrize("text, said", FAULTS, ids=range(len(FAULTS)))
def test_a_wrong_value_is_said_with_line_range_and_what_stays(tmp_path, text, said):
    assert faults_of(tmp_path, text) == [said]


def test_every_wrong_value_has_its_line_in_the_order_of_the_file(tmp_path):
    text = """min_vend: 0.999999
debt: {share: 101, payment: 300, time1: 250,
  weekly: 500.01}
special_days: {2026-02-30: holiday, 2026-12-24: off, 2026-12-25: working}
region: wales
tariff: {rates: {all: [1, 2, 3]}, blocks: [2, 1]}
low_credit: 2.00
emergency: {limit: 101, threshold: 102}
x: 1
"""
    lines = [(line[0], line[3:30]) for line in faults_of(tmp_path, text)]
    assert lines == [
        ("1", "min_vend: 0.999999 pounds i"), ("2", "debt share must be 0 to 100"),
        ("2", "debt time1: what is brought"), ("3", "debt weekly must be 0 to 50"),
        ("4", "special_days: there is no 2"), ("4", "special_days 2026-12-24 mus"),
        ("5", "region must be england_wale"), ("6", "tariff blocks must ascend, "),
        ("8", "emergency limit must be 0 t"), ("8", "emergency threshold must be"),
        ("9", "settings: unknown key 'x'; "),
    ]  # fmt: skip


def test_twenty_special_days_fit(tmp_path):
    path = written(tmp_path, f"special_days: {{{DAYS_21.partition(', ')[2]}}}")
    assert len(settings.settings_of(path, NOW_S)["special_days"]) == 20 * 3


def test_a_debt_just_below_five_hundred_pounds_may_come_along(tmp_path):
    given = settings.settings_of(written(tmp_path, "debt: {payment: 499.99999}"), NOW_S)
    assert given["payment_mp"] == 49_999_999


# ---- the command


def test_a_wrong_file_ends_with_status_2_and_one_line_a_fault(tmp_path, capsys):
    path = written(tmp_path, "low_credit: 101\nmin_vend: -1\nregion: scotland\n")
    assert cli.main(["settings", "--check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        f"{path}:1: low_credit must be 0 to 100 pounds, not 101 (it stays 2.00)",
        f"{path}:2: min_vend must be 0 to 100 pounds, not -1 (it stays 1.00)",
    ]
    with pytest.raises(UserError, match=r":1: low_credit must[^\n]*\n[^\n]*:2: min_vend must"):
        settings.settings_of(path)


@pytest.mark.parametrize("make, said", [
    (lambda path: None, "cannot be read: No such file or directory"),
    (lambda path: path.mkdir(), "cannot be read: Is a directory"),
    (lambda path: path.write_bytes(b"region: scotland\n# \xa3"), ":2: this is no UTF-8 text"),
    (lambda path: path.write_bytes(b"#" * 40_000), "is no settings file: it has more than 32768 bytes"),
    (lambda path: path.write_text("[" * 30_000), ":1: the file is nested too deeply"),
], ids=range(5))  # fmt: skip
def test_a_file_that_is_none_is_one_sentence(tmp_path, capsys, make, said):
    make(tmp_path / "m.yaml")
    assert cli.main(["settings", "--check", str(tmp_path / "m.yaml")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err and err.count("\n") == 1
