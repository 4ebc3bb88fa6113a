"""A wrong scenario file: file, line, what is wrong, exit status 2, nothing played."""
# runs on: cpython

import pytest

from tools import cli, stage
from tools.scenario import ScenarioError, compile_text

HEAD = "name: x\nsteps:\n"  # steps begin on line 3
DAYS_21 = ", ".join(f"2027-01-{n:02d}: holiday" for n in range(1, 22))

# (the text, the line of the fault, what is said)
FAULTS = [
    # The file as a whole
    ("", 1, "the file is empty"),
    ("just words", 1, "a scenario must be a mapping"),
    ("[a, b]", 1, "a scenario must be a mapping"),
    ("name: x\nsteps: [", 2, "this is no YAML"),
    ("name: x\n\tsteps: 1", 2, "this is no YAML"),
    ("name: x", 1, "a scenario needs steps"),
    ("name: x\nsteps: []", 2, "steps must be a list"),
    ("name: x\nsteps: {wait: 1s}", 2, "steps must be a list"),
    ("name: []\nsteps: [wait: 1s]", 1, "name must be one value"),
    ("name: x\nname: y\nsteps: [wait: 1s]", 2, "name is given twice"),
    ("name: x\nstep: [wait: 1s]", 2, "unknown key 'step'; did you mean 'steps'?"),
    ("name: &a x\ngiven: *a\nsteps: [wait: 1s]", 1, "anchors and aliases"),
    ("name: a\x00b", 1, "cannot be in a file"),
    ("name: x\n? [a]\n: b", 2, "a key must be one word"),
    # given
    ("given:\n  colour: red\n" + HEAD, 2, "given: unknown key 'colour'"),
    ("given:\n  balence: 1\n" + HEAD, 2, "did you mean 'balance'?"),
    ("given: red\n" + HEAD, 1, "given must be a mapping"),
    ("given:\n  balance: ten\n" + HEAD, 2, "balance must be pounds such as 10.00, not 'ten'"),
    ("given:\n  balance: 1e3\n" + HEAD, 2, "balance must be pounds"),
    ("given:\n  balance: [1]\n" + HEAD, 2, "balance must be one value"),
    ("given:\n  balance:\n" + HEAD, 2, "balance must be one value, not nothing"),
    ("given:\n  balance: 0.000001\n" + HEAD, 2, "no whole number of milli-pence"),
    ("given:\n  balance: 10000.01\n" + HEAD, 2, "balance must be -10000 to 10000 pounds"),
    ("given:\n  rate: 24.5001\n" + HEAD, 2, "no whole number of milli-pence"),
    ("given:\n  rate: -1\n" + HEAD, 2, "rate must be 0 to 1000 pence"),
    ("given:\n  rate: {day: 1}\n" + HEAD, 2, "rate must be one value, not a list or a mapping"),
    ("given:\n  profile: none\n" + HEAD, 2, "must be smart_payg or key_meter or gas_weekly or remot"),
    ("given:\n  region: wales\n" + HEAD, 2, "region must be england_wales or scotland"),
    ("given:\n  imp_per_kwh: 0\n" + HEAD, 2, "imp_per_kwh must be 1 to 100000"),
    ("given:\n  imp_per_kwh: 1000.0\n" + HEAD, 2, "imp_per_kwh must be a whole number"),
    ("given:\n  debt: {time1: -0.01}\n" + HEAD, 2, "debt time1 must be 0 to 10000 pounds"),
    ("given:\n  debt: {weekly: 500.01}\n" + HEAD, 2, "debt weekly must be 0 to 500 pounds"),
    ("given:\n  debt: {parts: 8}\n" + HEAD, 2, "debt parts must be 7 or 100, not '8'"),
    ("given:\n  debt: {suspend_disabled: 1}\n" + HEAD, 2, "must be true or false, not '1'"),
    ("given:\n  profile: gas_weekly\n  debt: {payment: 5}\n" + HEAD, 3, "say time1"),
    ("given:\n  profile: gas_weekly\n  debt: {share: 5}\n" + HEAD, 3, "no payment-based debt"),
    ("given:\n  friendly_hours: 9-17\n" + HEAD, 2, "friendly_hours must be true or false"),
    ("given:\n  currency: £\n" + HEAD, 2, "currency must be GBP or CNY or ZAR or EUR or USD"),
    ("given:\n  special_days: [2026-12-24]\n" + HEAD, 2, "such as {2026-12-24: holiday}"),
    ("given:\n  special_days:\n    2026-12-24: off\n" + HEAD, 3, "must be holiday or working"),
    ("given:\n  special_days:\n    2026-02-29: holiday\n" + HEAD, 3, "there is no 2026-02-29"),
    ("given:\n  special_days:\n    24 December: holiday\n" + HEAD, 3, "a date like 2026-12-25"),
    ("given:\n  special_days:\n    1999-12-31: holiday\n" + HEAD, 3, "in the years 2000 to 2099"),
    (f"given:\n  special_days: {{{DAYS_21}}}\n" + HEAD, 2, "has 21 days: a meter keeps 20 at most"),
    ("given:\n  gas: {imp_per_m3: 100}\n" + HEAD, 2, "calorific_value is missing, such as 39.50"),
    ("given:\n  gas: {calorific_value: 39.505}\n" + HEAD, 2, "no whole number of hundredths of a MJ"),
    ("given:\n  gas: {calorific_value: 56}\n" + HEAD, 2, "must be 0.01 to 55 MJ/m3, not 56"),
    ("given:\n  gas: {calorific_value: 39, imp_per_m3: 0}\n" + HEAD, 2, "imp_per_m3 must be 1 to"),
    ("given:\n  imp_per_kwh: 1\n  gas: {calorific_value: 39}\n" + HEAD, 3, "say imp_per_m3 in it"),
    ("given:\n  emergency: {left: 1, activated: true}\n  profile: remote_tiered\n" + HEAD, 2,
     "emergency left must be 0 to 0 pounds"),
    ("given:\n  debt: {share: 101}\n" + HEAD, 2, "debt share must be 0 to 100"),
    ("given:\n  debt: {payment: -1}\n" + HEAD, 2, "debt payment must be 0 to 10000 pounds"),
    ("given:\n  emergency: {activated: yes}\n" + HEAD, 2, "must be true or false, not 'yes'"),
    ("given:\n  emergency: {left: 6}\n" + HEAD, 2, "emergency left must be 0 to 5 pounds"),
    ("given:\n  emergency:\n    left: 4\n" + HEAD, 3, "something is owed: say activated: true"),
    ("given:\n  keys: {meter: 12}\n" + HEAD, 2, "keys meter must be 16 hexadecimal digits"),
    # Time
    ("given:\n  now: noon\n" + HEAD, 2, "now must be like 2026-11-20T15:30:00"),
    ("given:\n  now: 2026-11-20\n" + HEAD, 2, "now must be like"),
    ("given:\n  now: 2026-11-20T15:30:00+01:00\n" + HEAD, 2, "now must be like"),
    ("given:\n  now: 2026-02-29T12:00:00\n" + HEAD, 2, "there is no 2026-02-29T12:00:00"),
    ("given:\n  now: 2027-03-28T01:30:00\n" + HEAD, 2, "does not exist, the clocks go forward"),
    ("given:\n  now: 1999-12-31T23:59:59\n" + HEAD, 2, "must lie in the years 2000 to 2099"),
    (HEAD + "- wait: {until: 2026-11-20T10:59:59}", 3, "is in the past"),
    (HEAD + "- wait: 2h\n- wait: {until: 2026-11-20T12:30:00}", 4, "it is Fri 2026-11-20 13:00:00"),
    (HEAD + "- power_cut: 1d\n- wait: {until: 2026-11-21T10:00:00}", 4, "is in the past"),
    # Typing 20 digits takes 20 x 400 ms and the long press 2700 ms at the very least
    (HEAD + f"- enter: '{'1' * 20}'\n- wait: {{until: 2026-11-20T11:00:10}}", 4, "in the past"),
    (HEAD + "- wait: {until: 2027-03-28T01:00:00}", 3, "does not exist"),
    (HEAD + "- wait: 40000d", 3, "runs past the year 2099"),
    # Steps
    (HEAD + "- wait", 3, "a step is one of load, wait"),
    (HEAD + "- wait: 1s\n  load: 5", 3, "a step is one of load, wait"),
    (HEAD + "- wait: 1s\n- wiat: 1s", 4, "unknown step 'wiat'; did you mean 'wait'?"),
    (HEAD + "- wait: 10", 3, "wait must be a time such as 90s"),
    (HEAD + "- wait: -5s", 3, "wait must be a time"),
    (HEAD + "- wait: 0s", 3, "no whole number of milliseconds above zero"),
    (HEAD + "- wait: 0.1ms", 3, "no whole number of milliseconds above zero"),
    (HEAD + "- wait: {for: 1s}", 3, "wait: unknown key 'for'"),
    (HEAD + "- wait: [1s]", 3, "wait must be one value"),
    (HEAD + "- load: 3kW", 3, "load must be a whole number"),
    (HEAD + "- load: -1", 3, "load must be 0 to 100000"),
    (HEAD + "- press: C", 3, "press must be A or B or left or right or ok or return, not 'C'"),
    (HEAD + "- hold: {for: 3s}", 3, "hold: which button?"),
    (HEAD + "- hold: {button: up}", 3, "hold must be A or B or left or right or ok or return"),
    (HEAD + "- hold: {button: B, for: 3}", 3, "hold for must be a time"),
    (HEAD + "- enter: $first", 3, "no code is called 'first' by then"),
    (HEAD + f"- enter: '{'1' * 21}'", 3, "a code is up to 20 digits or $name"),
    (HEAD + "- enter: 12x4", 3, "a code is up to 20 digits or $name"),
    (HEAD + "- enter: ''", 3, "enter must be one value, not nothing"),
    (HEAD + "- vend: {amount: 10}", 3, "vend: as is missing"),
    (HEAD + "- vend: {as: a}", 3, "vend: amount is missing"),
    (HEAD + "- vend: {amount: 82.50, as: a}", 3, "the nearest that can be vended: £82.00 and £83"),
    (HEAD + "- vend: {amount: 0.001, as: a}", 3, "a code carries whole pence"),
    (HEAD + "- vend: {amount: 1, as: a, counter: 0}", 3, "vend counter must be 1 to 4294967295"),
    (HEAD + "- vend: {amount: 1, as: a}\n- vend: {amount: 1, as: a}", 4, "no new name for a code"),
    (HEAD + "- vend: {amount: 1, as: a-b}", 3, "no new name for a code"),
    (HEAD + "- remote: {top_up: 1, arm: true}", 3, "remote: one command a step"),
    (HEAD + "- remote: pay_debt", 3, "remote: pay_debt needs a value"),
    (HEAD + "- remote: {pay_debt: 5.00}", 3, "pay_debt must be a mapping of payment, time1, accum"),
    (HEAD + "- remote: {pay_debt: {time2: 5}}", 3, "unknown key 'time2'; did you mean 'time1'?"),
    (HEAD + "- remote: {pay_debt: {payment: 0}}", 3, "pay_debt payment must be 0.00001 to 10000"),
    (HEAD + "- remote: {pay_debt: {payment: 1, time1: 1}}", 3, "one register a step, not payment and"),
    (HEAD + "- remote: top_up", 3, "remote: top_up needs a value"),
    (HEAD + "- remote: {arm: 5}", 3, "remote: arm takes no value"),
    (HEAD + "- remote: {set_time: later}", 3, "set_time must be like"),
    (HEAD + "- remote: explode", 3, "remote must be top_up or set_time"),
    (HEAD + "- power_cut: {at_write: 0}", 3, "power_cut at_write must be 1 to 1000000, not 0"),
    (HEAD + "- power_cut: {at_write: two}", 3, "power_cut at_write must be a whole number"),
    (HEAD + "- power_cut:\n    at_write: 1\n    pattern: half", 5, "must be nothing or prefix or"),
    (HEAD + "- power_cut:\n    at_write: 1\n    for: 0s", 5, "power_cut for: 0s is no whole number"),
    (HEAD + "- power_cut: {at_writ: 1}", 3, "unknown key 'at_writ'; did you mean 'at_write'?"),
    (HEAD + "- power_cut: {for: 3s}", 3, "power_cut: at which write?"),
    (HEAD + "- power_cut: {}", 3, "power_cut must be a mapping of at_write, pattern, for"),
    (HEAD + "- power_cut: long", 3, "power_cut must be a time"),
    (HEAD + "- clock: gone", 3, "clock must be lost, not 'gone'"),
    (HEAD + "- clock: {step: 2h30}", 3, "clock step must be a time"),
    (HEAD + "- clock: {step: 1500ms}", 3, "clock step must be whole seconds"),
    # expect
    (HEAD + "- expect: {}", 3, "expect must be a mapping"),
    (HEAD + "- expect:\n    balance: 1\n    colour: red", 5, "expect: unknown key 'colour'"),
    (HEAD + "- expect: {balance: 1, balance_mp: 1}", 3, "either balance or balance_mp"),
    (HEAD + "- expect: {balance_mp: 1.5}", 3, "expect balance_mp must be a whole number"),
    (HEAD + "- expect: {relay: on}", 3, "expect relay must be closed or open, not 'on'"),
    (HEAD + "- expect: {supply: on}", 3, "expect supply must be enabled or armed"),
    (HEAD + "- expect: {emergency: {state: used}}", 3, "expect emergency state must be none or"),
    (HEAD + "- expect: {emergency: in_use}", 3, "expect emergency must be a mapping"),
    (HEAD + "- expect: {debt: {total: -1}}", 3, "expect debt total must be 0 to 10000 pounds"),
    (HEAD + "- expect: {friendly: 1}", 3, "expect friendly must be true or false"),
    (HEAD + "- expect: {registers: 5}", 3, "such as {day: 4000, night: 2000}"),
    (HEAD + "- expect: {registers: {rate: 1.5}}", 3, "expect registers rate must be a whole number"),
    (HEAD + "- expect: {energy_wh: {rate: 1}}", 3, "expect energy_wh must be one value"),
    (HEAD + "- expect: {weekly_due: -1}", 3, "expect weekly_due must be 0 to 10000 pounds"),
    (HEAD + "- expect: {alerts: 8119}", 3, "expect alerts must be a list"),
    (HEAD + "- expect: {alerts: [8119, 8FFF]}", 3, "'8FFF' is no alert the meter has"),
    (HEAD + "- expect: {ledger: true}", 3, "expect ledger must be balanced or unbalanced"),
    (HEAD + "- expect: {screen: {a: b}}", 3, "expect screen must be one value"),
    (HEAD + "- expect: {screen: [a, [b]]}", 3, "expect screen must be one value"),
]  # fmt: skip


def with_steps(text):
    """Texts that end in HEAD are about what is above the steps: give them one."""
    return text + "- wait: 1s\n" if text.endswith(HEAD) else text


@pytest.mark.parametrize("text, line, said", FAULTS, ids=range(len(FAULTS)))
def test_fault_is_told_with_its_line(text, line, said):
    with pytest.raises(ScenarioError) as told:
        compile_text(with_steps(text), "house.yaml")
    assert str(told.value).startswith(f"house.yaml:{line}: ")
    assert said in str(told.value)
    assert "\n" not in str(told.value)


GOOD = "name: good\nsteps:\n- expect: {balance: 10.00}\n"
WRONG = "name: wrong\nsteps:\n- press: A\n- pres: B\n"


@pytest.fixture
def no_play(monkeypatch):
    """Fails if anything is played."""

    def play(*_):
        raise AssertionError("it was played")

    monkeypatch.setattr(stage, "play", play)


def test_wrong_file_ends_with_status_2_and_nothing_is_played(tmp_path, capsys, no_play):
    good, wrong = tmp_path / "good.yaml", tmp_path / "wrong.yaml"
    good.write_text(GOOD)
    wrong.write_text(WRONG)
    assert cli.main(["play", str(good), str(wrong)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"{wrong}:4: unknown step 'pres'; did you mean 'press'?\n"


def test_every_wrong_file_is_told(tmp_path, capsys, no_play):
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for file in files:
        file.write_text(WRONG)
    assert cli.main(["play", *map(str, files)]) == 2
    assert capsys.readouterr().err.count(":4: unknown step") == 2


def test_file_that_cannot_be_read(tmp_path, capsys, no_play):
    assert cli.main(["play", str(tmp_path / "none.yaml")]) == 2
    assert "none.yaml:1: cannot be read: No such file" in capsys.readouterr().err
    assert cli.main(["play", str(tmp_path)]) == 2
    assert "cannot be read: Is a directory" in capsys.readouterr().err


def test_file_that_is_no_text(tmp_path, capsys, no_play):
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"name: x\nsteps:\n- expect: {screen: Credit \xa33.50}\n")
    assert cli.main(["play", str(path)]) == 2
    assert "latin.yaml:3: this is no UTF-8 text" in capsys.readouterr().err


def test_file_nested_without_end(tmp_path, capsys, no_play):
    path = tmp_path / "deep.yaml"
    path.write_text("[" * 100_000)
    assert cli.main(["play", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}:1: ")
