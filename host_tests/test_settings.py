"""`shilling settings`: one table, the page and the file made from it, and the meter a file makes."""
# runs on: cpython

import argparse
import re

import pytest

from chip_nor import Nor
from shilling import config
from shilling.calendar import day_of
from shilling.ledger import OPENED, Ledger
from shilling.meter import Meter
from shilling.provision import provision
from tools import cli, settings
from tools.interpreters import ROOT
from tools.scenario.values import DAY_S
from tools.settings import pages, table
from tools.settings.template import template

NOW_S = day_of(2026, 11, 20) * DAY_S + 39600
CONTROLS = {name: row for name, *row in config.SETTINGS}


def written(tmp_path, text):
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def meter_of(given):
    """A meter as it starts from the flash that provision() wrote."""
    nor = Nor(bytearray(b"\xff" * 8 * 4096))
    provision(nor, {**given, "day": NOW_S // DAY_S, "second": NOW_S % DAY_S})
    meter = Meter()
    assert Ledger(nor).recover(meter.parts) == OPENED
    return meter


def everything(meter):
    """All that a file can set."""
    account, tariff = meter.account, meter.tariff
    return (
        {name: getattr(meter.config, name) for name in CONTROLS},
        meter.config.special_days, bytes(tariff.table.packed), bytes(tariff.coming),
        account.balance_mp, account.payment_mp, account.time_1_mp, account.accumulated_mp,
        account.emergency_mp, account.ec_activated,
    )  # fmt: skip


# ---- the file that is handed out


@pytest.mark.parametrize("profile", table.PROFILES)
def test_a_template_gives_just_the_defaults_of_its_profile(tmp_path, profile):
    given = settings.settings_of(written(tmp_path, template(profile)), NOW_S)
    assert everything(meter_of(given)) == everything(meter_of({"profile": profile}))
    assert list(settings.differences(given)) == []


@pytest.mark.parametrize("profile", table.PROFILES)
def test_a_template_names_every_setting_with_range_and_rule(profile):
    text = template(profile)
    for row in table.ROWS:
        if profile == "gas_weekly" and row.name in ("share", "weekly_cap_mp"):
            assert f" {row.path[1]}:" not in text  # it has no payment-based debt
            continue
        assert re.search(rf"^#? *{row.path[-1]}: .", text, re.MULTILINE), row.name
        assert row.name == "calorific" or f"{row.what}" in text and f", rule {row.rule}\n" in text


def test_what_a_template_has_as_a_comment_is_right_too(tmp_path):
    text = template("gas_weekly").replace("rate: 24.50\n", "").replace("imp_per_kwh: 1000\n", "")
    text = re.sub(
        r"^#(?! \S)", "", text, flags=re.MULTILINE
    )  # what is said has one space before it
    given = settings.settings_of(written(tmp_path, text), NOW_S)
    meter = meter_of(given)
    assert (meter.config.calorific, meter.config.imp_per_kwh) == (3950, 100)
    assert (meter.tariff.table.rates, meter.tariff.table.blocks) == (2, 2)
    assert len(meter.config.special_days) == 2 * 3


def test_what_a_file_leaves_out_is_left_to_the_profile(tmp_path):
    given = settings.settings_of(written(tmp_path, "profile: remote_tiered\n"), NOW_S)
    assert everything(meter_of(given)) == everything(meter_of({"profile": "remote_tiered"}))
    assert not {"secret", "meter_id", "originator_id", "day", "balance_mp"} & set(given)


def test_a_file_reaches_the_meter(tmp_path):
    text = """profile: key_meter
region: scotland
currency: EUR
balance: -1.20
debt: {time1: 47.00, weekly: 7.00, parts: 100, suspend_disabled: false}
emergency: {limit: 10.00, activated: true, left: 3.10}
low_credit: 5.00
max_credit: 49.99999
tariff: {rates: {day: 28, night: 12}, switch: [{at: "00:30", rate: night}, {at: "07:30", rate: day}],
  next: {from: 2027-04-01T00:00:00, rates: {day: 30, night: 13}, switch: [
    {at: "00:30", rate: night}, {at: "07:30", rate: day}]}}
special_days: {2026-12-24: holiday, 2027-05-03: working}
"""
    meter = meter_of(settings.settings_of(written(tmp_path, text), NOW_S))
    has = meter.config
    assert (has.profile, has.region, has.currency, has.parts, has.recovery) == (1, 1, 3, 100, 1)
    assert (has.weekly_mp, has.low_credit_mp, has.max_credit_mp) == (700_000, 500_000, 4_999_999)
    assert (has.suspend_debt_emergency, has.suspend_debt_disabled) == (1, 0)
    account = meter.account
    assert (account.balance_mp, account.time_1_mp) == (-120_000, -4_700_000)
    assert (account.emergency_mp, account.ec_activated) == (-690_000, 1)  # of its 10.00 below 0
    days = day_of(2026, 12, 24), day_of(2027, 5, 3)
    first, second = [day.to_bytes(2, "big") for day in days]
    assert has.special_days == first + b"\1" + second + b"\0"
    assert meter.tariff.table.prices == [28_000, 12_000]
    assert meter.tariff.coming[:2] == day_of(2027, 3, 31).to_bytes(2, "little")  # 23:00 UTC


# ---- one table


def test_words_stand_for_all_the_numbers_of_the_table():
    for row in table.ROWS:
        if row.table_unit in table.WORDS:
            assert len(table.WORDS[row.table_unit]) == row.high + 1
    assert table.RECOVERIES.index("weekly_parts") == config.BY_PARTS
    assert table.RECOVERIES.index("gas_week") == config.BY_GAS_WEEK


def test_there_is_a_meaning_for_each_row_and_no_other():
    assert set(table.MEANINGS) == set(CONTROLS)
    assert [row.name for row in table.ROWS] == [row[0] for row in config.SETTINGS]


def test_the_page_in_docs_is_up_to_date():
    page = (ROOT / "docs/SETTINGS.md").read_text(encoding="utf-8")
    assert page == pages.markdown(), "shilling settings --markdown > docs/SETTINGS.md"


# ---- the command


def test_a_right_file_says_what_it_changes(tmp_path, capsys):
    path = written(tmp_path, "profile: key_meter\ndebt: {share: 25, weekly: 7, parts: 7}\n"
                             "standing_charge: 53.1\nfriendly_hours: false\n")  # fmt: skip
    assert cli.main(["settings", "--check", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: nothing is wrong; profile key_meter", "  friendly_hours false",
        "  standing_charge 53.10 pence a day", "  debt.share 25 %", "  debt.weekly £7.00 a week",
    ]  # fmt: skip


def test_the_table_is_printed_whole_where_there_is_no_terminal(capsys):
    assert cli.main(["settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for row in table.ROWS:
        (line,) = [line for line in lines if line.split() and line.split()[0] == ".".join(row.path)]
        assert line.split()[-1] == row.rule
    assert any("0.00 to 500.00" in line and "£ a week" in line for line in lines)
    assert any("30; 0 in key_meter, gas_weekly, remote_tiered" in line for line in lines)


def test_the_command_prints_the_page_and_the_template(capsys):
    assert cli.main(["settings", "--markdown"]) == 0
    assert capsys.readouterr().out == pages.markdown()
    assert cli.main(["settings", "--template"]) == 0
    assert capsys.readouterr().out == template("smart_payg")
    assert cli.main(["settings", "--template", "gas_weekly"]) == 0
    assert capsys.readouterr().out == template("gas_weekly")


def test_an_unknown_profile_or_two_forms_at_once_are_refused():
    parser = argparse.ArgumentParser()
    settings.add_arguments(parser)
    for argv in (["--template", "none"], ["--markdown", "--template"], ["--check"]):
        with pytest.raises(SystemExit) as end:
            parser.parse_args(argv)
        assert end.value.code == 2
