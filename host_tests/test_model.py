"""The firmware and the referee live through the same random lives and agree to the milli-penny.

SHILLING_DUELS: lives of the core (1000), SHILLING_PLAYS: of whole meters (16), SHILLING_FIRST: the
first seed (0). A failure tells its seed and the shortest sequence that shows it; to play one again:
SHILLING_FIRST=seed SHILLING_DUELS=1 .venv/bin/python -m pytest host_tests/test_model.py
"""
# runs on: cpython

import os

import pytest

import referee_chance
import referee_play
from model_money import POUND
from referee_duel import Duel
from shilling import calendar, lockout, supply
from shilling.account import ACCUMULATED, BALANCE, STANDING, Account
from shilling.debt import Debt
from shilling.friendly import Friendly
from shilling.meter import Meter
from shilling.supply import Supply
from shilling.tariff import Tariff
from shilling.utrn import Window
from tools import interpreters, stage

FIRST = int(os.environ.get("SHILLING_FIRST", "0"))
DUELS = int(os.environ.get("SHILLING_DUELS", "1000"))
PLAYS = int(os.environ.get("SHILLING_PLAYS", "16"))
PARTS = min(4, DUELS)
PLANT_SEEDS = 400  # a planted defect has to be found in so many lives
EVERYTHING = {
    ("supply", "enabled", True), ("supply", "enabled", False), ("supply", "disabled", False),
    ("supply", "armed", False), ("supply", "remote_off", False), ("ec", "none"), ("ec", "offered"),
    ("ec", "active"), ("ec", "in_use"), ("ec", "exhausted"), ("friendly", True), ("trusted", False),
    ("locked", True), ("due", True), ("many", True), ("accept", True), ("accept", False),
    ("good", "done"), ("good", "over_credit"), ("good", "over_balance"),
    ("late", "done"), ("duplicate", "used"), ("far", "not_authentic"), ("typo", "malformed"),
    ("forged", "not_authentic"), ("forged", "locked"), ("class", "malformed"), ("remote", "done"),
    ("pay", True), ("pay", False), ("time debt", True), ("weekly due", True), ("behind", True),
    ("block", 3), ("rate", 7), ("profile", "smart_payg"), ("profile", "key_meter"),
    ("profile", "gas_weekly"), ("profile", "remote_tiered"),
}  # fmt: skip


def share(count, part, parts):
    """The seeds of one part of a run, so that parts can run side by side."""
    return range(FIRST + count * part // parts, FIRST + count * (part + 1) // parts)


@pytest.mark.parametrize("part", range(PARTS))
def test_duel_core_and_model_agree_after_every_event(part):
    failure, steps, seen = referee_chance.find(Duel, share(DUELS, part, PARTS))
    assert failure is None, failure
    assert steps >= 10 * len(share(DUELS, part, PARTS))
    if DUELS >= 1000:
        assert EVERYTHING - seen == set()


@pytest.mark.parametrize("part", range(4))
def test_whole_meters_show_what_the_model_says(part):
    failure, compared = referee_play.find(share(PLAYS, part, 4))
    assert failure is None, failure
    assert compared >= 4 * len(share(PLAYS, part, 4))


@pytest.mark.parametrize("on", ["micropython", "wasm"])
def test_a_whole_meter_in_a_vm_shows_what_the_model_says(on):
    if interpreters.available(on):
        pytest.skip(interpreters.available(on))
    scenario = referee_play.Scenario(FIRST + 4).compiled()
    played = stage.play(scenario, on)
    assert not played.stopped
    assert [line["failed"] for line in played.steps if not line["ok"]] == []
    assert len(played.steps) == len(scenario["steps"])


# Defects, planted: the referee has to find each of them


def plant_share_rounded_up(patch):
    share_mp = Debt._share_mp
    patch(Debt, "_share_mp", lambda debt, amount_mp, week: min(
        share_mp(debt, amount_mp, week) + (amount_mp * debt.config.share % 100 > 0),
        -debt.account.payment_mp))  # fmt: skip


def plant_cap_ignored(patch):
    patch(Debt, "_is_later", lambda debt, week: True)


def plant_emergency_offered_at_the_threshold(patch):
    offered = Account.is_ec_offered
    patch(Account, "is_ec_offered", lambda account: offered(account) or (
        account.balance_mp == account.config.ec_threshold_mp > 0 == account.emergency_mp
        and account.config.ec_limit_mp > 0 and not account.ec_activated))  # fmt: skip


def plant_emergency_never_ended(patch):
    patch(Account, "settle_ec", lambda account: None)


def plant_standing_charge_twice(patch):
    draw = Account.draw
    patch(Account, "draw", lambda account, total, amount_mp: draw(
        account, total, amount_mp * (2 if total == STANDING else 1)))  # fmt: skip


def plant_standing_charge_never_accumulated(patch):
    spend = Account.spend
    patch(Account, "spend", lambda account, source, total, amount_mp: spend(
        account, BALANCE if (source, total) == (ACCUMULATED, STANDING) else source, total, amount_mp))


def plant_d3_ignored(patch):
    charge = Account.charge
    patch(Account, "charge", lambda account, cost_mp, protected: charge(account, cost_mp, True))


def plant_pulse_at_a_boundary_belongs_to_the_time_after(patch):
    flow = Meter._flow

    def late(meter, pulses):
        meter.was_protected = meter.is_protected()
        flow(meter, pulses)

    patch(Meter, "_flow", late)


def plant_remainder_of_the_price_lost(patch):
    cost_mp = Tariff.cost_mp

    def lossy(tariff, wh):
        tariff.part = 0
        return cost_mp(tariff, wh)

    patch(Tariff, "cost_mp", lossy)


def plant_friendly_hours_a_second_short(patch):
    is_on = Friendly.is_on
    patch(Friendly, "is_on", lambda friendly, day, second: is_on(
        friendly, day, min(second + 1, 86399)))  # fmt: skip


def plant_bank_holidays_forgotten(patch):
    patch(calendar, "is_bank_holiday", lambda day, region, special_days: False)


def plant_summer_time_forgotten(patch):
    patch(calendar, "offset_s", lambda day, second: 0)


def plant_supply_on_by_itself(patch):
    table = [list(row) for row in supply.TABLE]
    table[supply.DISABLED][supply.CREDIT] = supply.ENABLED
    patch(supply, "TABLE", table)


def plant_minute_of_the_relay_ignored(patch):
    patch(Supply, "rest", lambda itself, elapsed_ms: setattr(itself, "rest_ms", 0))


def plant_twenty_one_operations(patch):
    count = Supply.count
    patch(Supply, "count", lambda itself, day: count(itself, day) - 1)


def plant_only_the_last_counter_remembered(patch):
    patch(Window, "is_used", lambda window, counter: counter == window.highest)


def plant_older_codes_refused(patch):
    patch(Window, "is_used", lambda window, counter: counter <= window.highest)


def plant_four_guesses_lock(patch):
    wait_s = lockout.wait_s
    patch(lockout, "wait_s", lambda failures: wait_s(failures + 1))


def plant_need_without_the_share(patch):
    patch(Debt, "_restores", lambda debt, amount_mp, week: debt.account.balance_mp + amount_mp > 0)


PLANTS = {name[6:]: plant for name, plant in list(globals().items()) if name.startswith("plant_")}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_defect_is_found(name, monkeypatch):
    PLANTS[name](monkeypatch.setattr)
    for seed in range(PLANT_SEEDS):
        failure, _ = referee_chance.fails(Duel, *referee_chance.sequence(seed))
        if failure:
            assert type(failure).__name__ == "Disagreement", failure
            return
    raise AssertionError(f"not found in {PLANT_SEEDS} lives")


# What the duels found, by hand


def lives(*events, **settings):
    """A duel over these events; from Friday 2026-11-20 11:00 UTC, £10.00, unless told otherwise."""
    Duel(dict({"day": 9820, "second": 39600, "balance_mp": 10 * POUND}, **settings)).play(events)


def test_a_code_over_the_limit_lowers_no_step():
    """T1: a refused top-up changes nothing. Else one code of £150 makes guessing free for ever."""
    lives(("guess", 4, 0), ("code", "good", 15000), ("code", "forged", 1000), ("code", "good", 1000))


def test_a_clock_set_back_over_monday_collects_no_cap_twice():
    """T3: £5 in the week of Monday 00:00:30; set back 61 s and on again: nothing is left of it."""
    top_up = ("remote", 50 * POUND)
    lives(top_up, ("set", -61), top_up, ("set", 61), top_up,
          day=9823, second=30, payment_mp=50 * POUND, weekly_cap_mp=5 * POUND)  # fmt: skip


def test_a_start_without_a_clock_does_not_forget_the_operations_of_today():
    """S9: 20 operations, then closing waits for the next day, over a cut and a lost clock too."""
    duel = Duel({"day": 9820, "second": 39600, "balance_mp": 10 * POUND})
    duel.do(("flap", 11))
    duel.core.power_cut(1000, keeps_time=False)
    says = duel.core.figures()
    assert (says["supply"], says["contact"], says["trusted"]) == ("enabled", False, False)


def test_use_while_the_contact_waits_to_open_is_on_flash_after_each_penny():
    """RELIABILITY 6: 18 kW for 20 s after credit has ended are 2.45 p, and a cut loses all of it."""
    lives(("disable",), ("arm",), ("wait", 61000), ("enable",), ("drain", "nothing", 0),
          ("wait", 20000, 100), ("cut", 1000, True), balance_mp=24500)  # fmt: skip
