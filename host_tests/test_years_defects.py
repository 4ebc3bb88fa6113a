"""Defects planted in the firmware's core: the checks of years, jumps, forging and wear find each.

The failure they tell replays it, and is none when the firmware is sound again.
"""
# runs on: cpython

import pytest

from evidence import forging, jumps, wear, years
from shilling import record
from shilling.account import Account
from shilling.chain import Chain
from shilling.clock import Clock
from shilling.ledger import Ledger
from shilling.lockout import Lockout
from shilling.meter import Meter
from shilling.topup import TopUp
from test_years import ATTACK, DAYS, SOME_JUMPS

# Defects: (check, unit, class, method, what the method becomes)


def charge_twice(right):
    """One charge in 500 is taken twice."""
    calls = [0]

    def charge(self, cost_mp, protected):
        calls[0] += 1
        return right(self, cost_mp * (2 if calls[0] % 500 == 0 else 1), protected)

    return charge


def forget_lockout(right):
    def begin(self):
        self.lockout.failures = self.lockout.left_s = 0
        right(self)

    return begin


def forget_mark(right):
    def take_mark(parts, buf, at):
        right(parts, buf, at)
        parts["clock"].mark_day -= 60

    return take_mark


def forget_operations(right):
    def begin(self):
        self.supply.operations = 0
        right(self)

    return begin


def restore_supply(right):
    """A start closes what was off."""
    def begin(self):
        right(self)
        self.supply.state = 0

    return begin


def charge_days_again(right):
    """A midnight in an outage is charged twice."""
    def begin(self):
        right(self)
        self.dues.day = min(self.dues.day, self.clock.day - 1)
        self.dues.look()

    return begin


def believe_what_is_behind(right):
    return lambda self, day, second, ahead_ms: False


def believe_holdover_for_ever(right):
    def advance(self, elapsed_ms):
        right(self, elapsed_ms)
        self.holdover_ms = 0

    return advance


def do_nothing(right):
    return lambda self, *args: None


def say_yes(right):
    return lambda self, *args: True


def skip_a_sector(right):
    def open_sector(self, parts):
        self.sector = (self.sector + 1) % self.count
        self.ready = 0
        return right(self, parts)

    return open_sector


def write_no_attempt(right):
    """The MAC is looked at before the attempt is on flash."""
    def begin(self, digits):
        journal, self.meter.journal = self.meter.journal, lambda kind, counter: True
        try:
            return right(self, digits)
        finally:
            self.meter.journal = journal

    return begin


def wait_five_minutes_less(right):
    def attempt(self):
        right(self)
        self.left_s = max(0, self.left_s - 300)

    return attempt


TEN_KWH, FULL = wear.units("quick", 0)
HOSTILE = dict(DAYS, days=30, seed="hostile 3", visits=96)
DEFECTS = [
    (years, dict(DAYS, days=20), Account, "charge", charge_twice),
    (years, HOSTILE, Meter, "begin", forget_lockout),
    (years, dict(DAYS, days=30, visits=48), Meter, "begin", forget_operations),
    (years, dict(DAYS, days=30), Meter, "begin", restore_supply),
    (years, DAYS, Meter, "begin", charge_days_again),
    (years, DAYS, Ledger, "prepare", do_nothing),
    (jumps, dict(SOME_JUMPS, first=0, last=400), record, "_take_mark", forget_mark),
    (jumps, SOME_JUMPS, Clock, "_is_behind", believe_what_is_behind),
    (jumps, SOME_JUMPS, Clock, "advance", believe_holdover_for_ever),
    (jumps, SOME_JUMPS, Meter, "begin", charge_days_again),
    (forging, ATTACK, Meter, "begin", forget_lockout),
    (forging, ATTACK, TopUp, "begin", write_no_attempt),
    (forging, ATTACK, Lockout, "attempt", wait_five_minutes_less),
    (wear, FULL, Ledger, "prepare", do_nothing),
    (wear, FULL, Ledger, "open_sector", skip_a_sector),
    (wear, FULL, Chain, "is_erased", say_yes),
]


@pytest.mark.parametrize("check, unit, kind, name, defect", DEFECTS,
                         ids=[f"{d[0].NAME}-{d[4].__name__}" for d in DEFECTS])  # fmt: skip
def test_a_planted_defect_is_found_and_its_unit_replays_it(monkeypatch, check, unit, kind, name, defect):
    right = getattr(kind, name)
    monkeypatch.setattr(kind, name, defect(right))
    result = check.run(unit)
    errors = sum(count for key, count in result["counts"].items() if key.endswith("_errors"))
    assert errors == len(result["failures"]) > 0
    monkeypatch.setattr(kind, name, defect(right))
    assert check.run(result["failures"][0]["unit"])["failures"] != []
    monkeypatch.setattr(kind, name, right)
    assert check.run(result["failures"][0]["unit"])["failures"] == []
