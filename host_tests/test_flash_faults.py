"""The checks orders, hostile and sectors of the evidence: what their units cover, that they find nothing
in the firmware as it is and something in a broken one, and that a failure's unit replays it."""
# runs on: cpython

import json

import pytest

from evidence import hostile, household, orders, sectors
from shilling import codes, record, utrn
from shilling.ledger import Ledger

SMALL = {
    orders: {"counters": [1, 2, 3, 4, 5, 6, 7, 8], "start": [4, 2, 7, 1, 8], "fill": 33, "rests": True,
             "seed": 5},
    hostile: {"seed": 3, "entries": 300},
    sectors: {"what": "skips", "seed": 1, "state": 30},
}  # fmt: skip


@pytest.mark.parametrize("check", SMALL, ids=lambda check: check.NAME)
def test_a_unit_finds_nothing_and_is_the_same_every_time(check):
    found = check.run(SMALL[check])
    assert found["failures"] == []
    assert found == check.run(json.loads(json.dumps(SMALL[check])))
    names = {figure["name"]: figure["reached"] for figure in check.figures(found["counts"])}
    assert sum(names.values()) > 50
    assert all(reached == 0 for name, reached in names.items() if name.endswith("_errors"))


def errors_and_replay(check, unit):
    """Failures of a unit; the first one's own unit is a single case, and fails with the same words."""
    found = check.run(unit)
    assert found["failures"]
    failure = found["failures"][0]
    again = check.run(json.loads(json.dumps(failure["unit"])))["failures"]
    assert [each["text"] for each in again] == [failure["text"]]
    return failure


@pytest.mark.parametrize("check", (orders, hostile), ids=lambda check: check.NAME)
def test_a_window_that_forgets_is_found(check, monkeypatch):
    monkeypatch.setattr(utrn.Window, "is_used", lambda window, counter: False)
    failure = errors_and_replay(check, SMALL[check])
    monkeypatch.undo()
    assert check.run(failure["unit"])["failures"] == []


def test_a_read_back_that_is_skipped_is_found(monkeypatch):
    def keep(ledger, at, data, back):
        ledger.store.program(at, data)
        return True

    monkeypatch.setattr(Ledger, "_keep", keep)
    failure = errors_and_replay(sectors, SMALL[sectors])
    monkeypatch.undo()
    assert sectors.run(failure["unit"])["failures"] == []


@pytest.mark.parametrize("what", ("bits", "pairs"))
def test_a_record_that_is_believed_without_its_crc_is_found(what, monkeypatch):
    monkeypatch.setattr(record, "is_whole", lambda buf: buf[0] in (1, 2, 3) and buf[1] in record.KINDS)
    place, first, size = list(sectors.samples(household.states(1)))[-1]
    assert size == record.RECORD_BYTES
    unit = {"what": what, "seed": 1, "state": place, "first": first, "size": size}
    assert errors_and_replay(sectors, unit)


def test_the_long_form_has_every_order_once():
    starts = [tuple(unit["start"]) for unit in orders.units("long", 1)
              if tuple(unit["counters"]) == orders.EIGHT]  # fmt: skip
    assert len(starts) == len(set(starts)) == 8 * 7 * 6 * 5
    found = orders.run(dict(SMALL[orders], start=list(starts[77])))
    assert found["counts"]["code_orders"] * len(starts) == orders.ALL_ORDERS


def test_the_window_is_what_UTRN_says():
    for counter, highest, outcome in (
        (1, 512, codes.DONE), (1, 513, codes.NOT_AUTHENTIC), (513, 1, codes.DONE),
        (1023, 0, codes.DONE), (1024, 0, codes.DONE), (1025, 0, codes.NOT_AUTHENTIC),
        (1535, 1023, codes.DONE), (1536, 1023, codes.NOT_AUTHENTIC), (512, 1023, codes.DONE),
        (511, 1023, codes.NOT_AUTHENTIC), (7, 7, codes.DUPLICATE),
    ):  # fmt: skip
        assert orders.expected(counter, [highest] if highest else []) == outcome, (counter, highest)


def test_one_record_of_each_kind_and_a_checkpoint_are_flipped():
    lived = household.states(1)
    samples = list(sectors.samples(lived))
    kinds = {lived[place].image[first + 1] for place, first, _ in samples}
    kinds = {kind if kind == record.CHECKPOINT else kind & codes.KIND for kind in kinds}
    others = {codes.RECORD_ALERT, codes.RECORD_WEEK_TOP_UP}  # of a halt, of another profile
    assert kinds == set(record.KINDS) - others | {record.CHECKPOINT}
    sizes = [size for _, _, size in samples]  # each as the last of its chain, and with records behind
    assert sizes.count(record.CHECKPOINT_BYTES) == 2


def test_the_long_form_flips_the_whole_store_with_the_head_in_each_sector():
    lived = household.states(1)
    places = {}
    for unit in sectors.units("long", 1):
        if unit["what"] == "bits":
            places.setdefault(unit["state"], set()).update(
                range(unit["first"], unit["first"] + unit["size"]))  # fmt: skip
    assert {lived[place].sector for place in places} == {0, 1, 2}
    assert all(len(flipped) == 2 * household.RING for flipped in places.values())


def test_there_are_always_more_people_and_lives():
    for check in (hostile, sectors):
        further = check.more(1)
        taken = [json.dumps(next(further)) for _ in range(50)]
        assert len(set(taken)) == 50
