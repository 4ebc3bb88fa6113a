"""The `remote` step: packets made when the file is read, numbers, what the network does, wrong steps."""
# runs on: cpython

import pytest

from mac import hmac
from tools import stage
from tools.headend import bodies, envelope
from tools.scenario import ScenarioError, compile_text, orders
from tools.transcript import as_json, did, failures
from tools.utrn_vend import keys_of, make_code

KEYS = keys_of({})
HEAD = "given: {now: 2026-11-20T12:00:00}\nsteps:\n"


def steps(text):
    return compile_text(HEAD + text, "x.yaml")["steps"]


def read(step):
    return envelope.read_down(KEYS, bytes.fromhex(step["packet"]))


def test_numbers_of_top_ups_count_on_with_the_codes_and_those_of_orders_by_themselves():
    played = steps(
        "- vend: {amount: 10, as: a}\n- remote: {top_up: 10}\n- remote: disable\n"
        "- remote: {top_up: 5, counter: 9}\n"
        "- vend: {amount: 10, as: b}\n- remote: arm\n- remote: {read_registers: true}\n- remote: arm\n"
    )
    assert [step.get("number", step.get("counter")) for step in played] == [1, 2, 1, 9, 10, 2, 0, 3]
    assert [read(played[n]).number for n in (1, 2, 3, 5, 6, 7)] == [2, 1, 9, 2, 0, 3]


def test_the_code_of_a_remote_top_up_has_its_number():
    played = steps("- remote: {top_up: 12.34, as: order, counter: 4}\n- enter: $order\n")
    assert played[1]["digits"] == make_code(KEYS, 4, "pence", 1234)


@pytest.mark.parametrize("name, kind, body", [
    ("{top_up: 10.00}", 1, "000f4240"), ("{pay_debt: {accumulated: 0.00001}}", 2, "0200000001"),
    ("{adjust_balance: -0.00002}", 3, "fffffffe"),
    ("{set_tariff: {rates: {all: 30.00}}}", 4, "000000000000" + "010130750000"),
    ("{set_settings: {share: 50, region: 2}}", 5, "0700000032" + "0100000002"),
    ("{set_debt: {time1: 0}}", 6, "0100000000"), ("{special_days: {2026-12-24: holiday}}", 7, "267e01"),
    ("disable", 8, ""), ("arm", 9, ""), ("enable", 10, ""), ("activate_ec", 11, ""),
    ("{text: Hi}", 13, "4869"), ("{text: none}", 13, ""), ("clear_lockout", 14, ""),
    ("read_registers", 128, ""), ("{read_log: {money: 5}}", 129, "0200000005"),
])  # fmt: skip
def test_a_command_is_this_packet(name, kind, body):
    packet = read(steps(f"- remote: {name}\n")[0])
    assert (packet.kind, packet.body.hex(), packet.time_s) == (kind, body, 0)


def test_every_kind_of_the_head_end_can_be_said_but_its_own_receipts():
    assert set(orders.COMMANDS) == set(bodies.COMMAND_NAMES.values()) - {"received"}


def test_a_time_lacks_its_session_and_its_mac_until_it_is_sent():
    step = steps("- remote: {set_time: 2026-11-20T12:00:10}\n")[0]
    body = bytes.fromhex(step["packet"])[30:]
    assert body == bodies.set_time(step["value"][0] * 86400 + step["value"][1])
    data = bytes.fromhex(step["packet"])
    assert hmac(bytes.fromhex(step["key"]), data)[:16] == envelope.mac(KEYS, "down", data)


def test_not_after_is_in_the_packet():
    step = steps("- remote: {disable: true, not_after: 2026-11-20T12:00:10}\n")[0]
    assert read(step).time_s == 9820 * 86400 + 43210


def test_again_is_the_very_same_packet():
    first, again = steps("- remote: {top_up: 1, as: a, mac: wrong}\n- remote: {again: a, copies: 3}\n")
    assert (again["packet"], again["number"], again["copies"]) == (first["packet"], 1, 3)
    assert "mac" not in again


@pytest.mark.parametrize("step, what", [
    ("{again: x}", "no order is called 'x' by then"), ("{top_up: 1, arm: true}", "one command a step"),
    ("{disable: true, copies: 1}", "copies must be 2 to 100"), ("{lost: true}", "one command a step"),
    ("{disable: true, lost: maybe}", "lost must be true"), ("{disable: true, mac: right}", "must be wrong"),
    ("{disable: true, after: 0s}", "no whole number of milliseconds above zero"),
    ("{disable: true, answer: perhaps}", "answer must be done or refused"),
    ("{disable: true, after: 1h, answer: done}", "with after say answers in an expect"),
    ("{disable: true, counter: 0}", "counter must be 1 to"),
    ("{read_registers: true, counter: 5}", "has no counter"),
    ("{set_settings: {shared: 1}}", "did you mean 'share'?"), ("{adjust_balance: 0}", "of nothing is none"),
    ("{set_debt: {accumulated: 1}}", "unknown key 'accumulated'"), ("{read_log: {days: 0}}", "must be 1 to"),
    ("{text: " + 49 * "x" + "}", "at most 48"),
    ("{special_days: {2026-12-24: party}}", "must be holiday or"),
    ("{disable: true, not_after: soon}", "must be like 2026-11-20T15:30:00"),
    ("{disable: true, as: 1x}", "no new name"),
])  # fmt: skip
def test_what_is_wrong_is_a_fault_of_the_file(step, what):
    with pytest.raises(ScenarioError, match=r"^x\.yaml:3: ") as caught:
        steps(f"- remote: {step}\n")
    assert what in str(caught.value)


def test_answers_are_words_that_a_meter_says():
    with pytest.raises(ScenarioError, match="expect answers must be done or refused"):
        steps("- expect: {answers: [yes]}\n")
    assert steps("- expect: {answers: []}\n")[0]["expect"] == {"answers": []}


def played(text):
    return stage.play(compile_text(HEAD + text, "x.yaml"), "cpython")


def test_an_answer_that_is_another_fails_its_step_and_the_play_goes_on():
    told = played(
        "- remote: {pay_debt: {payment: 1.00}, answer: done}\n"
        "- remote: {top_up: 1, mac: wrong, answer: done}\n"
        "- expect: {answers: [done]}\n"
    )
    assert not told.passed and len(told.steps) == 3
    assert [step["failed"] for step in told.steps] == [
        [["answer", ["done"], "refused"]], [["answer", ["done"], "nothing"]],
        [["answers", ["done"], ["refused"]]],
    ]  # fmt: skip
    assert "answer: expected 'done'" in "\n".join(failures(told))
    assert '"answers": ["refused"]' in as_json(told)


def test_what_was_done_in_words():
    played = steps(
        "- remote: {top_up: 10, as: a, copies: 3}\n- remote: {again: a, after: 2h}\n- remote: {text: Hello}\n"
        "- remote: {adjust_balance: -1.50, lost: true}\n- remote: {disable: true, mac: wrong}\n"
        "- remote: {set_debt: {time1: 2}}\n- remote: {read_log: {money: 5}}\n"
        "- remote: {set_settings: {share: 5}}\n"
    )
    assert [did(step, "£") for step in played] == [
        "remote top_up £10.00, 3 copies", "remote top_up £10.00 again, in 2h", "remote text Hello",
        "remote adjust_balance -£1.50, lost", "remote disable, its MAC wrong", "remote set_debt time1 £2.00",
        "remote read_log money from 5", "remote set_settings row 7: 5",
    ]  # fmt: skip
