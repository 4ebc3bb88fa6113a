"""Bills of the head-end: prices, tiers and changes of both, every milli-penny (DOMAIN 8, 9)."""
# runs on: cpython

from collections import defaultdict
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headend_house import METER, House, new_headend
from tools.headend import bills, bodies, facts, prices
from tools.headend.bills import ADJUST, DAY_S, TOP_UP, Entry, Read
from tools.headend.envelope import EPOCH_S
from tools.settings.table import ROWS

HALF_S = 1800
STANDING_ROW = 6  # SPEC 9: of the settings
MONDAY_S = int(datetime(2026, 11, 16, tzinfo=UTC).timestamp())
DAY_NIGHT = prices.Tariff(2, (), ((30_000,), (10_000,)), ((0, 127, 1), (7 * 60, 127, 0)))
TIERS = prices.Tariff(1, (10_000, 20_000), ((50_000, 60_000, 80_000),), ())
NO_STANDING = prices.Timeline([(0, 0)])


def always(tariff):
    return prices.Timeline([(0, tariff)])


def daily(day, wh, balance_mp=0, worth_mp=None):
    worth_mp = balance_mp if worth_mp is None else worth_mp
    return Read(MONDAY_S + day * DAY_S, wh, balance_mp, None, None, worth_mp)


def half(number, wh, rate=0, block=0):
    return Read(MONDAY_S + number * HALF_S, wh, 0, rate, block, None)


def test_a_day_at_one_price():
    rows = bills.days(
        [daily(0, 5000), daily(1, 9321)], [], always(prices.flat(24_500)), NO_STANDING
    )
    assert [(row["wh"], row["energy_mp"]) for row in rows] == [(4321, 105_864)]  # 105 864.5
    assert rows[0]["lines"] == [
        {"rate": 0, "block": 0, "price_mp": 24_500, "wh": 4321, "cost_mp": 105_864}
    ]


def test_the_remainder_is_carried_into_the_next_day():
    reads = [daily(day, day) for day in range(4)]  # 1 Wh a day at 24.5 mp
    rows = bills.days(reads, [], always(prices.flat(24_500)), NO_STANDING)
    assert [row["energy_mp"] for row in rows] == [24, 25, 24]


def test_what_the_meter_took_is_what_came_in_less_what_is_left():
    reads = [daily(0, 0, 500_000), daily(1, 1000, 1_400_000, worth_mp=1_100_000)]
    entries = [Entry(MONDAY_S + 100, TOP_UP, 1_000_000), Entry(MONDAY_S + 200, ADJUST, -350_000)]
    row = bills.days(reads, entries, always(prices.flat(30_000)), prices.Timeline([(0, 20_000)]))[0]
    assert (row["energy_mp"], row["standing_mp"], row["cost_mp"]) == (30_000, 20_000, 50_000)
    assert row["taken_mp"] == 1_000_000 - 350_000 - 600_000 == 50_000
    assert row["differs_mp"] == 0


def test_each_midnight_has_its_standing_charge_also_those_without_a_read():
    reads = [daily(0, 0), daily(3, 0)]
    standing = prices.Timeline([(0, 100), (MONDAY_S + DAY_S + 1, 700)])
    row = bills.days(reads, [], always(prices.flat(1)), standing)[0]
    assert row["standing_mp"] == 100 + 700 + 700


def test_the_rate_is_that_of_the_half_hour():
    # 00:00 to 07:00 is rate 1 (night), then rate 0; a kWh each half-hour
    halves = [half(n, n * 1000, 1 if n < 14 else 0) for n in range(48)]
    rows = bills.days([daily(0, 0), *halves, daily(1, 48_000)], [], always(DAY_NIGHT), NO_STANDING)
    assert [(line["rate"], line["wh"]) for line in rows[0]["lines"]] == [(0, 34_000), (1, 14_000)]
    assert rows[0]["energy_mp"] == 34 * 30_000 + 14 * 10_000
    assert not rows[0]["is_spread"]


def test_a_holiday_is_known_by_the_rate_the_meter_says():
    halves = [half(n, n * 1000, 1) for n in range(48)]  # night all day long
    rows = bills.days([daily(0, 0), *halves, daily(1, 48_000)], [], always(DAY_NIGHT), NO_STANDING)
    assert [(line["rate"], line["wh"]) for line in rows[0]["lines"]] == [(1, 48_000)]


def test_without_half_hours_the_use_is_spread_evenly_and_the_bill_says_so():
    row = bills.days([daily(0, 0), daily(1, 24_000)], [], always(DAY_NIGHT), NO_STANDING)[0]
    assert [(line["rate"], line["wh"]) for line in row["lines"]] == [(0, 17_000), (1, 7000)]
    assert row["is_spread"]


def test_tiers_go_by_the_use_of_the_month():
    reads = [daily(0, 0), daily(1, 8000), daily(2, 15_000), daily(3, 25_000)]
    rows = bills.days(reads, [], always(TIERS), NO_STANDING)
    assert [[(line["block"], line["wh"]) for line in row["lines"]] for row in rows] == [
        [(0, 8000)], [(0, 2000), (1, 5000)], [(1, 5000), (2, 5000)],
    ]  # fmt: skip


def test_tiers_begin_again_with_the_month():
    reads = [daily(day, day * 10_000) for day in range(17)]  # 16 November to 2 December
    rows = bills.days(reads, [], always(TIERS), NO_STANDING)
    assert [line["block"] for line in rows[14]["lines"]] == [2]
    assert [line["block"] for line in rows[15]["lines"]] == [0]
    assert [row["month"] for row in bills.months(rows)] == ["2026-11", "2026-12"]


def test_a_higher_block_of_the_meter_is_believed():
    reads = [daily(0, 90_000), half(1, 90_500, 0, 2), half(2, 91_000, 0, 2), daily(1, 92_000)]
    row = bills.days(reads, [], always(TIERS), NO_STANDING)[0]
    assert [(line["block"], line["wh"]) for line in row["lines"]] == [(0, 500), (2, 1500)]


def test_a_tariff_that_changes_at_noon_counts_from_noon_on():
    change = prices.Timeline(
        [(0, prices.flat(10_000)), (MONDAY_S + 24 * HALF_S, prices.flat(99_000))]
    )
    reads = [daily(0, 0), *[half(n, n * 100) for n in range(1, 48)], daily(1, 4800)]
    row = bills.days(reads, [], change, NO_STANDING)[0]
    assert [(line["price_mp"], line["wh"]) for line in row["lines"]] == [
        (10_000, 2400),
        (99_000, 2400),
    ]


def test_what_came_after_the_last_daily_read_is_the_running_day():
    reads = [daily(0, 0), daily(1, 1000), half(60, 1700)]
    rows = bills.days(reads, [], always(prices.flat(10_000)), NO_STANDING)
    assert [(row["wh"], row["is_now"], row["taken_mp"]) for row in rows] == [
        (1000, False, 0), (700, True, None),
    ]  # fmt: skip


@pytest.mark.parametrize("packed", ["", "01", "0101a00f", "0001a00f0000", "0101a00f000000"])
def test_bytes_that_are_no_tariff_are_refused(packed):
    with pytest.raises(ValueError):
        prices.unpack(bytes.fromhex(packed))


def test_a_packed_tariff_is_read_as_the_specification_has_it():
    prices_of = "307500" + "409c00" + "102700" + "204e00"
    packed = "0202" + "3c00" + prices_of + "02" + "7f010000" + "7f00a401"
    assert prices.unpack(bytes.fromhex(packed)) == prices.Tariff(
        2, (60_000,), ((30_000, 40_000), (10_000, 20_000)), ((0, 127, 1), (420, 127, 0))
    )


def one_by_one(uses, tariff, rates):
    """What a tariff costs, Wh by Wh: another way to the same."""
    thousandths, month, used = 0, None, 0
    for number, wh in enumerate(uses):
        now = datetime.fromtimestamp(MONDAY_S + number * HALF_S, UTC)
        if month != (now.year, now.month):
            month, used = (now.year, now.month), 0
        for _ in range(wh):
            block = len([edge for edge in tariff.edges_wh if used >= edge])
            thousandths += tariff.prices[rates[number]][block]
            used += 1
    return thousandths // 1000


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_days_add_up_to_the_months_and_to_the_whole(data):
    days = data.draw(st.integers(1, 20))
    uses = data.draw(st.lists(st.integers(0, 90), min_size=days * 48, max_size=days * 48))
    cells = (30_001, 40_003, 55_555), (9_999, 9_999, 12_345)
    tariff = prices.Tariff(2, (300, 700), cells, DAY_NIGHT.switches)
    rates, reads, wh = [], [], 0
    for number in range(days * 48 + 1):
        rates.append(prices.rate_at(tariff, MONDAY_S + number * HALF_S))
        reads.append(half(number, wh, rates[-1]))
        if number % 48 == 0:
            reads.append(daily(number // 48, wh))
        wh += uses[number] if number < len(uses) else 0
    rows = bills.days(reads, [], always(tariff), NO_STANDING)
    assert sum(row["energy_mp"] for row in rows) == one_by_one(uses, tariff, rates)
    assert sum(row["wh"] for row in rows) == sum(uses)
    by_line = defaultdict(int)
    for row in rows:
        assert sum(line["cost_mp"] for line in row["lines"]) == row["energy_mp"]
        for line in row["lines"]:
            by_line[bills.month_of(row["from_s"]), line["price_mp"]] += line["cost_mp"]
    months = bills.months(rows)
    assert sum(row["energy_mp"] for row in months) == sum(row["energy_mp"] for row in rows)
    for month in months:
        assert sum(line["cost_mp"] for line in month["lines"]) == month["energy_mp"]
        assert month["energy_mp"] == sum(
            mp for (name, _), mp in by_line.items() if name == month["month"]
        )


# What orders changed, as the meter told when it did it

CHEAP, DEAR = (
    bytes.fromhex("0101" + price.hex() + "00") for price in (b"\x30\x75\0", b"\x60\xea\0")
)


@pytest.fixture
def house():
    return House(new_headend(tariff=CHEAP.hex()))


def order(house, kind, body):
    house.headend.command(METER, kind, body, house.now)
    house.hear()


def rows_of(house):
    with house.headend.reading() as session:
        return facts.bill_days(session, session.get(facts.Meter, METER))


def test_a_tariff_by_order_counts_from_when_the_meter_took_it(house):
    house.live(24)
    order(house, bodies.SET_TARIFF, bodies.set_tariff(DEAR))
    house.price_of = lambda _: (0, 60_000)
    house.live(48)
    rows = rows_of(house)
    assert [line["price_mp"] for line in rows[0]["lines"]] == [30_000, 60_000]
    assert [(row["differs_mp"], row["is_spread"]) for row in rows] == [(0, False)] * 2


def test_a_tariff_to_come_counts_from_its_start(house):
    start_s = house.now + 36 * HALF_S
    order(house, bodies.SET_TARIFF, bodies.set_tariff(DEAR, start_s - EPOCH_S))
    house.live(36)
    house.price_of = lambda _: (0, 60_000)
    house.live(12)
    assert [line["price_mp"] for line in rows_of(house)[0]["lines"]] == [30_000, 60_000]
    assert rows_of(house)[0]["differs_mp"] == 0


def test_a_later_order_takes_a_tariff_to_come_away(house):
    order(house, bodies.SET_TARIFF, bodies.set_tariff(DEAR, house.now + DAY_S - EPOCH_S))
    house.live(2)
    order(house, bodies.SET_TARIFF, bodies.set_tariff(CHEAP))
    house.live(94)
    assert {line["price_mp"] for row in rows_of(house) for line in row["lines"]} == {30_000}
    assert [row["differs_mp"] for row in rows_of(house)] == [0, 0]


def test_an_order_that_was_not_received_changes_no_bill(house):
    house.headend.command(METER, bodies.SET_TARIFF, bodies.set_tariff(DEAR), house.now)
    house.live(48)
    assert [line["price_mp"] for line in rows_of(house)[0]["lines"]] == [30_000]


def test_a_standing_charge_by_order_counts_from_the_next_midnight(house):
    house.live(24)
    order(house, bodies.SET_SETTINGS, bodies.set_settings({STANDING_ROW: 99_000}))
    house.standing_mp = 99_000
    house.live(48)
    assert [row["standing_mp"] for row in rows_of(house)] == [99_000, 0]
    assert [row["differs_mp"] for row in rows_of(house)] == [0, 0]


def test_the_row_of_the_standing_charge_is_that_of_the_settings():
    assert [row.name for row in ROWS][facts.STANDING_ROW] == "standing_mp"


def test_a_day_on_which_the_debt_was_set_has_no_sum_of_the_meters_own(house):
    house.live(24)
    order(house, bodies.SET_DEBT, bodies.set_debt("payment", 1_000_000))
    house.debt_mp = 1_000_000
    house.live(72)
    assert [row["differs_mp"] for row in rows_of(house)] == [None, 0]


def test_money_that_came_and_went_is_on_the_bill(house):
    house.share, house.debt_mp = 30, 1_000_000
    house.read(bodies.DAY)  # as of the debt
    house.live(10)
    house.headend.top_up(METER, 2000, house.now)
    house.hear()
    house.live(38)
    row = rows_of(house)[-1]
    assert (row["topped_up_mp"], row["differs_mp"]) == (2_000_000, 0)
    assert row["balance_to_mp"] == house.balance_mp


def test_a_meter_that_was_silent_for_days_is_billed_when_it_tells(house):
    house.is_heard = False
    house.live(3 * 48)
    assert rows_of(house) == []
    house.is_heard = True
    house.state()
    assert [row["differs_mp"] for row in rows_of(house)] == [0, 0, 0]
    assert sum(row["cost_mp"] for row in rows_of(house)) == house.charged_mp
