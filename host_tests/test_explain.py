"""shilling explain: each cause why an SMS and the meter differ, named, and what to do (DOMAIN 9)."""
# runs on: cpython

import json
import re
import time

import pytest

from headend_house import METER, START_S, House, new_headend
from tools import cli
from tools.headend import sms, why
from tools.headend.headend import HeadEnd
from tools.headend.tables_desk import ensure
from tools.utrn_vend import keys_of

HOUR_S, DAY_S = 3600, 86400
TIERED = "0102" + "0a00" + "50c300" + "60ea00" + "00"  # 50p, from 10 kWh of the month on 60p


class Nobody:
    def send(self, *_):
        pass


@pytest.fixture
def house():
    headend = new_headend(tariff=TIERED)
    return House(headend, price_of=lambda used: (0, 50_000) if used < 10_000 else (1, 60_000))


def told(house, display_mp=None):
    ensure(house.headend.store)
    return why.explain(house.headend.store, METER, house.now, display_mp)


def codes(house, display_mp=None):
    return [cause["code"] for cause in told(house, display_mp)["causes"]]


def text_of(house, code, display_mp=None):
    return next(
        c["text"] + " " + c["do"] for c in told(house, display_mp)["causes"] if c["code"] == code
    )


def sms_at(house, hour):
    """The batch of that hour of the first day."""
    house.now = START_S + hour * HOUR_S
    sms.Outbox(house.headend.store, Nobody()).tick(house.now)


def test_a_meter_that_was_never_heard(house):
    assert codes(house) == ["never_heard"]


def test_nothing_differs(house):
    house.state()
    assert codes(house, 1_000_000) == ["agree"]


def test_the_delay_of_the_copy(house):
    house.power_w = 2000
    house.state()
    house.now += 180
    assert codes(house) == ["sync_delay"]
    assert "3 minutes old; since then about £0.05" in text_of(house, "sync_delay")


def test_a_meter_that_is_not_heard(house):
    house.state()
    house.now += DAY_S
    assert codes(house) == ["not_heard"]
    assert "not been heard since yesterday 00:00, 24 hours ago" in text_of(house, "not_heard")


@pytest.mark.parametrize("age_s, advice", [
    (60, "usually takes 1 to 5 minutes"), (400, "10 minutes and more do happen"), (900, "It is late"),
])  # fmt: skip
def test_money_on_its_way(house, age_s, advice):
    order = house.headend.top_up(METER, 1000, house.now)
    assert order.number == 1
    house.now += age_s
    house.state()
    assert codes(house) == ["not_yet_received"]
    assert "waiting to be sent" in text_of(house, "not_yet_received")
    assert advice in text_of(house, "not_yet_received")
    figures = {each["what"]: each for each in told(house)["figures"]}
    assert figures["Account"]["mp"] == figures["Meter, last report"]["mp"] + 1_000_000
    assert figures["Account"]["note"] == "£10.00 of it not yet in the meter"


def test_money_that_was_sent_and_not_confirmed(house):
    house.headend.top_up(METER, 1000, house.now)
    house.headend.packets(house.now)
    house.state()
    assert "has not confirmed it" in text_of(house, "not_yet_received")


def test_money_on_its_way_to_a_silent_meter_is_typed(house):
    house.state()
    house.headend.top_up(METER, 1000, house.now)
    house.now += DAY_S
    assert "type the 20 digits" in text_of(house, "not_yet_received")


def test_the_time_of_the_batch(house):
    house.balance_mp = 150_000
    house.state()
    sms_at(house, 7)
    house.headend.top_up(METER, 2000, house.now)
    house.hear()
    house.state()
    assert codes(house) == ["sms_old_copy", "batch_time"]
    text = text_of(house, "batch_time")
    assert "since then there is £20.00 more (£20.00 topped up" in text
    assert "The next are written 19:00" in text


def test_an_early_warning_although_one_has_just_topped_up(house):
    house.balance_mp = 150_000
    house.now = START_S + 7 * HOUR_S - 60
    house.state()
    house.headend.top_up(METER, 2000, house.now)
    sms_at(house, 7)
    house.hear()
    house.state()
    assert codes(house) == ["batch_time"]


def test_debts_take_their_share(house):
    house.share, house.debt_mp = 30, 5_000_000
    house.headend.top_up(METER, 1000, house.now)
    house.hear()
    house.state()
    rest = "paid off what was owed; the balance rose by"
    assert f"Of top-up 1, £10.00, £3.00 {rest} £7.00." in text_of(house, "debts")
    house.headend.top_up(METER, 1000, house.now)
    house.hear()
    house.state()
    assert f"Of the last 2 top-ups, £20.00, £6.00 {rest} £14.00." in text_of(house, "debts")
    assert codes(house) == ["debts"]


def test_a_tier_that_was_reached_since_the_sms(house):
    house.balance_mp = 150_000
    house.state()
    sms_at(house, 7)
    house.month_wh = 10_000
    house.state()
    assert codes(house) == ["sms_old_copy", "tier"]
    assert "reached tier 2: a kWh now costs 60.00p, not 50.00p" in text_of(house, "tier")


def test_a_price_that_changed_since_the_sms(house):
    house.balance_mp = 150_000
    house.state()
    sms_at(house, 7)
    house.state(price=55_000)
    assert "now costs 55.00p; when the SMS was written it was 50.00p" in text_of(house, "price")


def test_the_display_shows_emergency_credit(house):
    house.balance_mp = 0
    house.state(ec=3, ec_left=310_000, ec_owed=190_000)
    assert codes(house, 310_000) == ["emergency"]
    assert "£3.10 left and £1.90 owed" in text_of(house, "emergency")


def test_a_top_up_that_the_meter_refused(house):
    from tools.headend import bodies

    house.headend.top_up(METER, 1000, house.now)
    house.headend.packets(house.now)
    house.sequence += 1
    house.send(bodies.ANSWER, bytes((1, 0, 0, 0, 1, 8)) + bytes(5))
    house.state()
    assert "refused by the meter: over maximum balance" in text_of(house, "refused")


@pytest.mark.parametrize("flags, said", [(2, "is halted"), (4, "fault in its relay")])
def test_a_meter_that_is_out_of_order(house, flags, said):
    house.state(flags=flags)
    assert codes(house) == ["out_of_order"]
    assert said in text_of(house, "out_of_order")


def test_a_clock_that_is_not_right(house):
    house.state(clock=2)
    assert codes(house) == ["clock"]


def test_a_difference_that_nothing_explains(house):
    house.state()
    assert codes(house, 400_000) == ["unexplained"]
    assert "£6.00 apart" in text_of(house, "unexplained", 400_000)


def test_money_on_its_way_explains_no_more_than_itself(house):
    house.headend.top_up(METER, 1000, house.now)
    house.state()
    assert codes(house, 2_000_000) == ["not_yet_received"]  # it is there, and not yet confirmed
    assert codes(house, 2_050_000) == ["not_yet_received"]  # as exact as an estimate is
    assert codes(house, 2_050_001) == ["unexplained", "not_yet_received"]
    assert codes(house, 900_000) == ["unexplained", "not_yet_received"]


def test_forty_top_ups_on_their_way_are_one_sentence_for_each_cause(house):
    from tools import explain

    house.state()
    for number in range(40):
        house.headend.top_up(METER, 1000 + number, house.now)
        house.now += 60
    house.headend.packets(house.now)  # as many as a meter can answer
    house.headend.tick(house.now)
    house.state()
    assert codes(house) == ["not_yet_received"] * 4  # sent and waiting; late, slow and new
    found = told(house)["causes"]
    assert found[0]["text"].startswith("8 top-ups, £80.28 in all, the oldest no. 1, bought 00:00, have"
                                       " been sent, but the meter has not confirmed them")  # fmt: skip
    assert found[0]["do"].startswith(
        "They are late. Have them sent again, or type the 20 digits of its"
    )
    assert sum(int(each["text"].split()[0]) for each in found) == 40
    lines = list(explain.lines(told(house), 100))
    assert len(lines) <= 30 and lines[0].startswith("- 8 top-ups, £80.28 in all")


def test_top_ups_refused_for_one_reason_are_one_sentence(house):
    from tools.headend import bodies

    for number in (1, 2):
        house.headend.top_up(METER, 1000, house.now)
        house.headend.packets(house.now)
        house.sequence += 1
        house.send(bodies.ANSWER, bytes((1, 0, 0, 0, number, 8)) + bytes(5))
    house.state()
    assert codes(house) == ["refused"]
    text = text_of(house, "refused")
    assert text.startswith("2 top-ups, £20.00 in all, the oldest no. 1, bought 00:00, were refused")
    assert "Have them sent again" in text


def test_what_matters_most_is_said_first(house):
    house.balance_mp = 150_000
    house.state()
    sms_at(house, 7)
    house.headend.top_up(METER, 1000, house.now)
    house.power_w = 2000
    house.balance_mp = 140_000
    house.state(ec=3, clock=2)
    house.now += 120
    assert codes(house)[:3] == ["not_yet_received", "clock", "emergency"]
    house.state(flags=2)
    house.now += DAY_S
    assert codes(house, 900_000)[:3] == ["out_of_order", "not_heard", "not_yet_received"]


@pytest.fixture
def kept(tmp_path):
    """A head-end's folder with one meter that was heard just now."""
    headend = HeadEnd(f"sqlite:///{tmp_path / 'headend.db'}", lambda _: keys_of({}))
    headend.add_meter(METER, START_S)
    house = House(headend)
    house.now = int(time.time()) - DAY_S
    house.state()
    headend.close()
    return tmp_path


def test_the_command_sets_the_figures_side_by_side(kept, capsys):
    assert cli.main(["explain", METER.lower(), "--data", str(kept), "--display", "£9.00"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("- The meter has not been heard since")  # what matters most
    figures = lines[lines.index("") + 1 :]
    assert re.fullmatch(
        r"On the meter's display +£9\.00  [0-9:]{5}, as it was read to us", figures[0]
    )
    assert re.fullmatch(r"Meter, last report +£10\.00  .*[0-9:]{5}, 24 hours ago", figures[1])
    assert max(map(len, lines)) <= 100
    assert cli.main(["explain", METER, "--data", str(kept), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"][0]["mp"] == 1_000_000


@pytest.mark.parametrize("meter, more, said", [
    ("00DB1234567890FF", (), "knows no meter"), ("12", (), "16 hexadecimal digits"),
    (METER, ("--display", "much"), "an amount is like 10.00"),
    (METER, ("--db", "sqlite:////nowhere/x"), "cannot be read"),
    (METER, ("--data", "/nowhere"), "there is no head-end in /nowhere"),
])  # fmt: skip
def test_what_cannot_be_explained_is_one_sentence(kept, capsys, meter, more, said):
    assert cli.main(["explain", meter, "--data", str(kept), *more]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1
