"""Random weeks on the core and on the model (weeks.py), and defects planted in debts and tariffs: each
has to be found. SHILLING_WEEKS: how many weeks (6000).
"""
# runs on: cpython

import os

import pytest

import weeks
from shilling import dues, remote, schedule
from shilling.debt import Debt
from shilling.dues import Dues
from shilling.meter import Meter
from shilling.registers import Registers
from shilling.tariff import Tariff

WEEKS = int(os.environ.get("SHILLING_WEEKS", "6000"))
PARTS = 4
PLANT_WEEKS = 5000  # a planted defect has to be found in so many


@pytest.mark.parametrize("part", range(PARTS))
def test_core_and_model_agree_over_random_weeks(part):
    count = WEEKS // PARTS
    assert weeks.live_through(count, part * count) == count


def test_a_failure_tells_how_to_replay_it(monkeypatch):
    plant_a_part_too_little(monkeypatch.setattr)
    replay = r"replay: .venv/bin/python host_tests/weeks.py \d+ \d+$"
    with pytest.raises(AssertionError, match=replay) as failure:
        weeks.live_through(PLANT_WEEKS)
    count, life = str(failure.value).split()[-2:]
    with pytest.raises(AssertionError) as again:
        weeks.live_through(int(count), int(life))
    assert str(again.value) == str(failure.value)


# Defects, planted


def plant_a_part_too_little(patch):
    patch(dues, "part_mp", lambda whole_mp, number, parts: whole_mp // parts)


def plant_a_part_more_than_the_register_holds(patch):
    part_mp = dues.part_mp
    patch(dues, "part_mp", lambda whole_mp, number, parts: part_mp(whole_mp, number, parts) + 1)


def plant_emergency_credit_suspends_nothing(patch):
    patch(Dues, "_take_part", without_setting(Dues._take_part, "suspend_debt_emergency"))


def plant_an_open_relay_suspends_nothing(patch):
    patch(Dues, "_take_part", without_setting(Dues._take_part, "suspend_debt_disabled"))


def without_setting(method, name):
    def changed(itself, *args):
        config = itself.account.config
        value = getattr(config, name)
        setattr(config, name, 0)
        method(itself, *args)
        setattr(config, name, value)

    return changed


def plant_debt_paid_below_zero(patch):
    catch_up = Dues._catch_up

    def deep(itself, day):
        itself.account.balance_mp += 1000
        catch_up(itself, day)
        itself.account.balance_mp -= 1000

    patch(Dues, "_catch_up", deep)


def plant_behind_counted_with_the_new_week(patch):
    begin = Dues._begin_week

    def late(itself, weekly_mp):
        begin(itself, weekly_mp)
        itself.behind_mp = itself.debt.weekly_due_mp // (weekly_mp or 1) * weekly_mp

    patch(Dues, "_begin_week", late)


def plant_two_o_clock_without_summer_time(patch):
    patch(dues, "two_o_clock", lambda day: 7200)


def plant_a_clock_set_back_collects_again(patch):
    set_time = remote.set_time

    def anew(meter, day, second):
        done = set_time(meter, day, second)
        if (day, second) < (meter.dues.day, meter.dues.second):
            meter.dues.day, meter.dues.second = day, second
            meter.dues.look()
        return done

    patch(remote, "set_time", anew)


def plant_no_catching_up_after_an_outage(patch):
    settle = schedule.Schedule.settle

    def skip(itself):
        meter = itself.meter
        if meter.clock.day > meter.dues.day + 1:
            meter.dues.day = meter.clock.day - 1
            meter.dues.look()
        return settle(itself)

    patch(schedule.Schedule, "settle", skip)


def plant_standing_charge_before_emergency_credit_of_w4(patch):
    pay = Debt._pay

    def swapped(debt, owed_mp):
        account = debt.account
        if debt.config.recovery == 2 and owed_mp == account.ec_owed_mp() > 0:
            return pay(debt, min(owed_mp, max(0, debt.rest_mp + account.accumulated_mp)))
        return pay(debt, owed_mp)

    patch(Debt, "_pay", swapped)


def plant_usable_share_rounded_up(patch):
    divide = Debt.divide

    def up(debt, amount_mp, week):
        divide(debt, amount_mp, week)
        if debt.to_time_mp and amount_mp * debt.config.usable_share % 100:
            debt.to_time_mp -= 1
            debt.to_balance_mp += 1

    patch(Debt, "divide", up)


def plant_a_payment_that_leaves_more_due_than_owed(patch):
    pay = Debt.pay

    def careless(debt, register, amount_mp):
        due_mp = debt.weekly_due_mp
        done = pay(debt, register, amount_mp)
        debt.weekly_due_mp = due_mp
        return done

    patch(Debt, "pay", careless)


def plant_a_block_ends_a_wh_late(patch):
    left_wh = Tariff.left_wh
    patch(Tariff, "left_wh", lambda tariff: left_wh(tariff) + (tariff.block < tariff.table.blocks - 1))


def plant_blocks_forget_the_other_rates(patch):
    rate_at = Tariff.rate_at

    def anew(tariff, *args):
        rate = rate_at(tariff, *args)
        if rate != tariff.rate:
            tariff.booked_wh = 0
        return rate

    patch(Tariff, "rate_at", anew)


def plant_the_month_never_ends(patch):
    patch(Tariff, "is_month_over", lambda tariff, day: False)


def plant_rates_by_utc(patch):
    rate_at = Tariff.rate_at

    class Utc:
        def __init__(self, local):
            second = (local.second - local.early_s) % 86400
            self.second, self.day = second, local.day - (second > local.second)

    patch(Tariff, "rate_at", lambda tariff, local, friendly: rate_at(tariff, Utc(local), friendly))


def plant_a_tariff_to_come_never_comes(patch):
    patch(Tariff, "starts", lambda tariff, day, second: 86400)


def plant_all_energy_in_one_register(patch):
    patch(Registers, "select", lambda registers, rate, block: False)


def plant_a_price_that_stays_when_a_block_ends(patch):
    patch(Meter, "_charge", frozen(Meter._charge))


def frozen(charge):
    def changed(meter, wh):
        price = meter.tariff.price
        charge(meter, wh)
        meter.tariff.price = price

    return changed


PLANTS = {name[6:]: plant for name, plant in list(globals().items()) if name.startswith("plant_")}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_defect_is_found(name, monkeypatch):
    PLANTS[name](monkeypatch.setattr)
    with pytest.raises(AssertionError, match="replay: ") as failure:
        weeks.live_through(PLANT_WEEKS)
    assert ": meter " in str(failure.value) or " taken " in str(failure.value)
