"""The sweep of cuts: `shilling sweep`, what its checks find, and that each failure can be replayed."""
# runs on: cpython

import shlex
from itertools import islice

import pytest

from evidence import cuts
from shilling import codes, ledger, record, topup
from shilling.app import App
from shilling.meter import Meter
from tools import cli
from tools.interpreters import ROOT

CODE = str(ROOT / "host_tests/scenarios/t1_used_code.yaml")
RELAY = str(ROOT / "host_tests/scenarios/s9_one_operation_a_minute.yaml")


def run(capsys, *args):
    """(exit status, standard output, standard error)."""
    status = cli.main(["sweep", *args])
    return (status, *capsys.readouterr())


def unit(kind="cut", scenario="t1_used_code", **more):
    return {"kind": kind, "scenario": scenario, "fill": 36, "part": 0, "parts": 1, "seed": 1, **more}


def test_every_write_is_cut_in_five_patterns(capsys):
    status, out, _ = run(capsys, CODE)
    assert (status, out.count("\n")) == (0, 1)
    assert out.startswith("ok   A code is good once  (70 cuts in ")  # 7 records in two rings


def test_pairs_cut_the_recovery_too(capsys):
    status, out, _ = run(capsys, CODE, "--pairs", "--at-write", "5", "--pattern", "subset")
    # Torn in ring A: 2 checkpoints that open a sector, 2 erases of the one left, each in 5 patterns
    assert (status, out.split("(")[1][:17]) == (0, "20 pairs of cuts ")


def test_one_write_and_one_tear(capsys):
    assert "(5 cuts in" in run(capsys, CODE, "--at-write", "4")[1]
    assert "(1 cuts in" in run(capsys, CODE, "--at-write", "4", "--pattern", "prefix", "--seed", "9")[1]


@pytest.mark.parametrize("args, said", [
    ((CODE, "--at-write", "15"), "t1_used_code.yaml has no such write"),
    ((CODE, "--at-write", "0"), "the first write is 1"),
    ((CODE, "--pattern", "all"), "--pattern goes with --at-write"),
    ((CODE, "--fill", "120"), "--fill is 0 to 119 records, not 120"),
    (("nowhere.yaml",), "nowhere.yaml:1: cannot be read"),
])  # fmt: skip
def test_wrong_arguments_are_status_2(capsys, args, said):
    status, out, err = run(capsys, *args)
    assert (status, out) == (2, "")
    assert said in err


def no_ring_b(monkeypatch):
    keep = ledger.Ledger._keep
    monkeypatch.setattr(
        ledger.Ledger, "_keep",
        lambda self, at, data, back: at >= self.store.size // 2 or keep(self, at, data, back),
    )  # fmt: skip


def test_a_failure_is_status_1_and_its_command_fails_alone(capsys, monkeypatch):
    monkeypatch.setattr(record, "is_next", lambda buf, head: buf[1] in record.KINDS)  # no CRC, no chain
    status, out, _ = run(capsys, RELAY, "--fill", "3")
    assert status == 1
    assert out.startswith("FAIL The contact waits for its minute")
    again = next(line for line in out.splitlines() if "--at-write" in line)
    words = shlex.split(again.split("again: ")[1])
    assert words[:3] == [".venv/bin/shilling", "sweep", RELAY]
    status, out, _ = run(capsys, *words[2:])
    assert (status, out.count("again: ")) == (1, 1)
    monkeypatch.undo()
    assert run(capsys, *words[2:])[0] == 0


def test_the_same_unit_counts_the_same():
    one = cuts.run(unit(tears=3))
    assert one == cuts.run(unit(tears=3))
    assert one["counts"]["cuts"] > cuts.run(unit())["counts"]["cuts"]
    assert one["failures"] == [] == cuts.run(unit("weak"))["failures"]


def test_a_tear_that_leaves_the_same_bytes_is_counted_once():
    assert cuts.run(unit())["counts"]["cuts"] == cuts.run(unit(only=[0]))["counts"]["cuts"] * 18
    many = cuts.run(unit(only=[0], tears=600))["counts"]["cuts"]
    assert 1 + 1 + 600 < many < 1 + 1 + 512 + 512 + 600  # a prefix and a suffix end at one of 512 bits


def test_no_cut_is_counted_in_two_units():
    fixed = {(each["scenario"], each["fill"]) for each in cuts.units("long", 1)
             if each["kind"] == "cut"}  # fmt: skip
    further = [(each["scenario"], each["fill"], each["part"]) for each in islice(cuts.more(1), 3000)]
    assert len(set(further)) == 3000
    assert not fixed & {each[:2] for each in further}
    assert further == [(each["scenario"], each["fill"], each["part"]) for each in islice(cuts.more(1), 3000)]


def test_random_scenarios_are_cut_too():
    found = cuts.run(unit(scenario="random 5"))
    assert found["failures"] == [] and found["counts"]["cuts"] > 50


def act_before_write(monkeypatch):
    follow = App._operate_relay

    def early(self):
        supply = self.meter.supply
        if supply.may_operate(self.meter.clock.day):
            self.board.relay(supply.wants_closed() == 1)
        follow(self)

    monkeypatch.setattr(App, "_operate_relay", early)


def erase_in_commit(monkeypatch):
    monkeypatch.setattr(ledger.Ledger, "prepare", lambda self: None)


def no_read_back(monkeypatch):
    def keep(self, at, data, back):
        self.store.program(at, data)
        return True

    monkeypatch.setattr(ledger.Ledger, "_keep", keep)


def lockout_in_memory_only(monkeypatch):
    begin = topup.TopUp.begin

    def forgetful(self, digits):
        write, self.meter.write = self.meter.write, lambda kind, counter: None
        try:
            return begin(self, digits)
        finally:
            self.meter.write = write

    monkeypatch.setattr(topup.TopUp, "begin", forgetful)


def credit_in_two_records(monkeypatch):
    credit = topup.TopUp._credit

    def twice(self, amount_mp, counter, local):
        credit(self, amount_mp, 0, local)
        self.meter.write(codes.RECORD_TOP_UP, counter)

    monkeypatch.setattr(topup.TopUp, "_credit", twice)


def charge_late(monkeypatch):
    monkeypatch.setattr(Meter, "next_pulses", lambda self: 400)


@pytest.mark.parametrize("plant, found_by", [
    (no_ring_b, unit()), (act_before_write, unit(scenario="s9_one_operation_a_minute")),
    (erase_in_commit, unit(scenario="m1_power_cut_keeps_to_a_penny", only=[0])),
    (no_read_back, unit("no-op", "e4_repaid_by_the_next_top_ups")),
    (lockout_in_memory_only, unit(scenario="l14_five_wrong_codes_lock", only=[0])),
    (credit_in_two_records, unit()), (charge_late, unit(scenario="m1_power_cut_keeps_to_a_penny", only=[0])),
], ids=lambda value: getattr(value, "__name__", ""))  # fmt: skip
def test_a_planted_defect_is_found(monkeypatch, plant, found_by):
    assert cuts.run(found_by)["counts"]["cuts_errors"] == 0
    plant(monkeypatch)
    found = cuts.run(found_by)
    assert found["counts"]["cuts_errors"] == len(found["failures"]) > 0
