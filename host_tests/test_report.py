"""`shilling report`: what it reads from a ledger is what the meter wrote, to the Wh and the milli-penny.

The reader knows SPEC.md only; here the firmware writes and the reader reads. Figures by hand first.
"""
# runs on: cpython

import gzip
import random
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keeping import SECTOR, TOU, Kept, three_days
from shilling import codes
from support import POUND
from tools.errors import UserError
from tools.interpreters import ROOT
from tools.report import fields, ledger, page, periods, rows, story

HALF_S = 1800
FRIDAY = 9820  # 2026-11-20
WIDTH = {"u8": 1, "u16": 2, "u32": 4, "i32": 4}


def told_by(meter):
    return story.told(ledger.read(meter.image(), "ledger.bin"))


def half(day, hour):
    """The half-hour that begins at an hour of a UTC day."""
    return int(day * 48 + hour * 2)


# ---- by hand


def test_a_half_hour_by_hand():
    meter = Kept()  # 11:00, £10.00, 24.50 p/kWh
    meter.burn(500, 1800)  # half a kWh until 11:30: 12.25 p
    meter.meter.commit_use()
    meter.burn(250, 1800)  # 6.125 p
    meter.meter.commit_use()
    told = told_by(meter)
    assert [(told.halves[half(FRIDAY, h)].total_wh(), told.halves[half(FRIDAY, h)].mp)
            for h in (11, 11.5)] == [(500, 12250), (250, 6125)]  # fmt: skip
    assert told.state["balance_mp"] == 10 * POUND - 18375
    assert told.now_s == FRIDAY * 86400 + 12 * 3600


def test_use_is_booked_to_the_rate_that_was_active():
    meter = Kept(day=FRIDAY, second=0, tariff=TOU)
    meter.burn(90, 3600)  # 00:00 to 01:00: 30 min at 28 p, 30 min at 12 p
    meter.meter.commit_use()
    told = told_by(meter)
    assert dict(told.halves[half(FRIDAY, 0)].wh) == {0: 45}
    assert dict(told.halves[half(FRIDAY, 0.5)].wh) == {1: 45}
    assert told.halves[half(FRIDAY, 0)].mp == 45 * 28
    assert told.halves[half(FRIDAY, 0.5)].mp == 45 * 12
    assert fields.registers(told.state) == {(0, 0): 45, (1, 0): 45}
    assert told.state["prices"] == {(0, 0): 28000, (1, 0): 12000}


def test_standing_charge_belongs_to_the_day_that_begins():
    meter = Kept(second=23 * 3600, standing_mp=45000)
    meter.wait(3600)
    meter.wait(3600)
    assert {place: use.mp for place, use in told_by(meter).halves.items()} == {
        half(FRIDAY + 1, 0): 45000
    }


def test_a_top_up_is_found_with_its_counter_and_the_balance_after_it():
    meter = Kept(balance_mp=0, payment_mp=50 * POUND, ec_activated=1, ec_owed_mp=5 * POUND)
    meter.wait(60)
    assert meter.top_up.remote(10 * POUND) == codes.DONE  # £3 to the debt, £5 to EC
    told = told_by(meter)
    assert [(top_up.mp, top_up.balance_mp) for top_up in told.top_ups] == [(10 * POUND, 2 * POUND)]
    assert told.top_ups[0].time_s == FRIDAY * 86400 + 11 * 3600 + 60
    assert told.state["payment_mp"] == -47 * POUND


def test_what_was_off_and_what_was_lent():
    meter = Kept(balance_mp=1000, ec_activated=1, ec_owed_mp=5 * POUND - 500)
    meter.burn(100, 600)  # 2.45 p of 1.5 p: off at 62 Wh
    opened_s = FRIDAY * 86400 + 11 * 3600
    meter.meter.supply.operate(meter.meter.clock.day)
    meter.meter.record_supply()
    meter.wait(7200)
    told = told_by(meter)
    (off,) = told.off
    assert opened_s < off.start_s <= opened_s + 600 and off.end_s == told.now_s
    assert [span.start_s for span in told.emergency] == [told.first_s]


def test_an_outage_is_a_time_without_records():
    meter = Kept()
    meter.wait(3600)
    meter.meter.clock.advance(5 * 3600 * 1000)  # nothing ran
    meter.meter.write(codes.RECORD_CLOCK, 0)
    (dark,) = told_by(meter).dark
    assert 5 * 3600 <= dark.end_s - dark.start_s <= 6 * 3600


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_spread_is_all_there(amount, start_s, length_s):
    parts = story.spread(amount, start_s, start_s + length_s)
    assert sum(parts.values()) == amount and min(parts.values()) >= 0
    assert all(
        (start_s - 1) // HALF_S <= place <= (start_s + length_s) // HALF_S for place in parts
    )


# ---- against the firmware and SPEC.md


def spec_tables():
    """{kind, or 128 for the state: widths in their order} as SPEC.md lists them."""
    text = (ROOT / "firmware/SPEC.md").read_text(encoding="utf-8")
    records, _, checkpoint = text.partition("## 3 Checkpoint")
    row = re.compile(r"^\| \d+ \| (\w+) \| `[\w.]+` \|$", re.MULTILINE)
    sections = re.split(r"^### (\d+) ", records, flags=re.MULTILINE)
    found = {
        int(kind): row.findall(body)
        for kind, body in zip(sections[1::2], sections[2::2], strict=True)
    }
    found[128] = row.findall(checkpoint)
    return found


def test_the_tables_are_those_of_the_specification():
    tables = {**fields.BODIES, 128: fields.STATES[max(fields.FORMATS)]}
    ours = {
        kind: [row.split()[0] for row in text.split(",") if row] for kind, text in tables.items()
    }
    assert ours == spec_tables()
    assert all(sum(map(WIDTH.get, ours[kind])) <= 42 for kind in fields.BODIES)


def test_days_weeks_and_months_are_the_meters_own():
    meter = Kept(day=FRIDAY, second=0, standing_mp=20000, sectors=32)
    for n in range(40):
        meter.burn(20 + n, 3600)
        meter.meter.commit_use()
        meter.wait_until(meter.meter.clock.day + 1, 0)
    meter.ledger.open_sector(meter.meter.parts)
    told = told_by(meter)
    found = {name: periods.periods(told, name) for name in periods.KINDS}
    usage = meter.meter.usage
    for number, name in enumerate(("days", "weeks", "months")):
        for ago, each in enumerate(found[name][-2::-1]):
            usage.past(number, ago)
            assert (each.wh, each.mp) == (usage.shown_wh, usage.shown_mp), (name, ago)
    assert found["days"][-2].wh == 20 + 39  # the last day by hand
    assert found["days"][-2].mp == 20000 + 59 * 24500 // 1000 + 1  # half an mp was carried
    assert [each.start for each in found["days"]] == [
        date(2026, 12, 22) + timedelta(n) for n in range(9)
    ]
    assert found["weeks"][-1].start == date(2026, 12, 28) and len(found["weeks"]) == 6
    assert [each.start.month for each in found["months"]] == [11, 12]
    assert all(each.whole for name in found for each in found[name])
    state = told.state
    assert sum(each.wh for each in found["months"]) == state["kwh"] * 1000 + state["wh"]


@pytest.mark.parametrize(
    "version, balance_mp, wh, price_mp, kept_mp",
    [(1, 2735692, 3033, 24500, 25 * POUND), (2, 2394150, 3007, 31999, 20 * POUND)],
)
def test_older_formats_are_read(version, balance_mp, wh, price_mp, kept_mp):
    image = ROOT / f"host_tests/images/ledger_format_{version}.bin.gz"
    told = story.told(ledger.read(gzip.decompress(image.read_bytes()), image))
    assert told.state["format"] == version and told.notes == []
    assert told.state["balance_mp"] == balance_mp
    assert told.state["kwh"] * 1000 + told.state["wh"] == wh
    assert -story.total_mp(told.state, "money_in") == 25 * POUND
    assert told.state["prices"] == {(0, 0): price_mp}
    assert sum(top_up.mp for top_up in told.top_ups) == kept_mp  # an older one is overwritten
    assert page.page(told, 0).count("<svg") == 10


# ---- damage


@pytest.fixture(scope="module")
def used():
    return three_days()


def test_one_damaged_copy_costs_nothing(used):
    whole = story.told(ledger.read(used, "x"))
    for copy, name in ((0, "first"), (len(used) // 2, "second")):
        data = bytearray(used)
        data[copy + 2 * SECTOR : copy + 3 * SECTOR] = random.Random(1).randbytes(SECTOR)
        told = story.told(ledger.read(bytes(data), "x"))
        assert [name in note for note in told.notes] == [True]
        assert (told.state, told.top_ups, len(told.moments)) == (
            whole.state, whole.top_ups, len(whole.moments),
        )  # fmt: skip


def test_what_both_copies_lost_is_said_and_the_rest_is_told(used):
    whole = story.told(ledger.read(used, "x"))
    data = bytearray(used)
    for copy in (0, len(used) // 2):
        data[copy + 2 * SECTOR : copy + 3 * SECTOR] = bytes(SECTOR)
    told = story.told(ledger.read(bytes(data), "x"))
    assert len(told.moments) == len(whole.moments) - 41
    assert [note[:34] for note in told.notes] == ["41 records are lost in both copies"]
    assert told.state == whole.state
    text = page.page(told, 0)
    assert "What could not be read" in text and "41 records are lost" in text
    assert sum(use.mp for use in told.halves.values()) == sum(
        use.mp for use in whole.halves.values()
    )


def test_a_halted_meter_is_said_to_be_one():
    meter = Kept()
    meter.meter.fault = 1
    meter.meter.write(codes.RECORD_ALERT, 0)
    assert any("halted" in note and "sum to zero" in note for note in told_by(meter).notes)


def test_no_damage_whatever_breaks_it(used):
    rng = random.Random(7)
    for _ in range(60):
        data = bytearray(used[: 8 * SECTOR] + used[len(used) // 2 :][: 8 * SECTOR])
        for _ in range(rng.choice((1, 30, 3000))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        try:
            told = story.told(ledger.read(bytes(data), "x"))
        except UserError:
            continue
        assert all(periods.periods(told, name) for name in periods.KINDS)


# ---- the calendar


def test_a_day_has_48_half_hours_but_where_the_clocks_change():
    days = {date(2026, 11, 20): 48, date(2026, 3, 29): 46, date(2026, 10, 25): 50}
    for day, count in days.items():
        assert len(story.day_halves(day)) == count


def test_the_hour_that_comes_twice_is_two_rows():
    meter = Kept(day=9793, second=23 * 3600 + 1800)  # Sunday 2026-10-25, 00:30 BST
    meter.burn(400, 4 * 3600)
    meter.meter.commit_use()
    lines = rows.csv_text(told_by(meter), 0, "GBP").splitlines()[1:]
    local = [line.split(",")[1] for line in lines]
    assert "2026-10-25T01:30+01:00" in local and "2026-10-25T01:30+00:00" in local
    assert len(set(local)) == len(local)
