"""SMS of the head-end: batches at fixed times from its own copy, each once, whatever fails (DOMAIN 9)."""
# runs on: cpython

from datetime import UTC, datetime

import pytest

from headend_house import METER, START_S, House, new_headend
from tools.headend import sms
from tools.headend.desk import Desk

DAY_S, HOUR_S = 86400, 3600


class Sender:
    """Keeps what is sent; fails while `broken`."""

    def __init__(self):
        self.sent, self.broken = [], False

    def send(self, number, phone, text):
        if self.broken:
            raise OSError(5, "the modem is gone")
        self.sent.append((number, phone, text))


@pytest.fixture
def house():
    house = House(new_headend())
    house.balance_mp = 140_000
    return house


@pytest.fixture
def outbox(house):
    return sms.Outbox(house.headend.store, Sender())


def utc(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("now, last, after", [
    (utc(2026, 11, 4, 7), utc(2026, 11, 4, 7), utc(2026, 11, 4, 19)),
    (utc(2026, 11, 4, 6, 59, 59), utc(2026, 11, 3, 19), utc(2026, 11, 4, 7)),
    (utc(2026, 7, 1, 6), utc(2026, 7, 1, 6), utc(2026, 7, 1, 18)),  # 07:00 of summer time
    (utc(2026, 10, 24, 20), utc(2026, 10, 24, 18), utc(2026, 10, 25, 7)),  # the clocks go back
    (utc(2027, 3, 27, 20), utc(2027, 3, 27, 19), utc(2027, 3, 28, 6)),  # and forward
])  # fmt: skip
def test_batches_are_at_seven_by_the_local_clock(now, last, after):
    assert sms.batches(now) == (last, after)


def test_a_low_meter_gets_one_message_a_batch(house, outbox):
    house.now = START_S + 6 * HOUR_S
    house.state()
    for minute in range(0, 14 * 60, 7):
        outbox.tick(house.now + minute * 60)
    assert [(number, phone) for number, phone, _ in outbox.sender.sent] == [
        (1, "+44 7700 900123"), (2, "+44 7700 900123"),
    ]  # fmt: skip
    assert outbox.sender.sent[0][2] == (
        "Meter ..90A0 had £1.40 left at 06:00, 4 Nov. Please top up."
        " The meter's display is what counts."
    )


def test_a_message_says_what_the_copy_said_however_old(house, outbox):
    house.state()
    house.balance_mp = 9_000_000  # the meter knows better, but is not heard
    outbox.tick(START_S + 3 * DAY_S + 7 * HOUR_S)
    assert "had £1.40 left at 00:00, 4 Nov" in outbox.sender.sent[0][2]


def test_nobody_is_told_above_the_limit_nor_without_a_number(house, outbox):
    house.balance_mp = 200_000
    house.state()
    outbox.tick(START_S + 7 * HOUR_S)
    house.balance_mp = 100_000
    house.state()
    outbox.tick(START_S + 7 * HOUR_S + 600)  # the batch was written before
    house.headend.add_meter(METER, house.now, phone=None)
    outbox.tick(START_S + 19 * HOUR_S)
    assert outbox.sender.sent == []


def test_a_batch_of_long_ago_is_left_out(house, outbox):
    house.state()
    outbox.tick(START_S + 8 * HOUR_S + 1)
    assert outbox.sender.sent == []
    outbox.tick(START_S + 19 * HOUR_S + 3599)
    assert len(outbox.sender.sent) == 1


def test_what_cannot_be_sent_is_tried_again_and_given_up_after_six_hours(house, outbox):
    house.state()
    outbox.sender.broken = True
    outbox.tick(START_S + 7 * HOUR_S)
    outbox.sender.broken = False
    outbox.tick(START_S + 7 * HOUR_S + 60)
    assert len(outbox.sender.sent) == 1
    outbox.sender.broken = True
    outbox.tick(START_S + 19 * HOUR_S)
    outbox.sender.broken = False
    outbox.tick(START_S + 25 * HOUR_S + 1)
    assert len(outbox.sender.sent) == 1
    rows = Desk(house.headend, lambda: house.now).sms(METER)["messages"]
    assert [row["sent"] is None for row in rows] == [True, False]


def test_a_message_sent_before_a_crash_has_the_same_number_after_it(house, outbox, tmp_path):
    house.state()
    sms.write(house.headend.store, START_S + 7 * HOUR_S)
    sender = sms.FileSender(tmp_path / "sms")
    sender.send(1, "+44 7700 900123", "sent, and then the power went")
    sms.Outbox(house.headend.store, sender).tick(START_S + 7 * HOUR_S + 60)
    assert [file.name for file in (tmp_path / "sms").iterdir()] == ["sms-000001.txt"]
    assert "£1.40" in (tmp_path / "sms" / "sms-000001.txt").read_text(encoding="utf-8")


def test_emergency_credit_in_use_is_what_the_message_tells(house, outbox):
    house.balance_mp = 0
    house.state(ec=3, ec_left=310_000, ec_owed=190_000)
    outbox.tick(START_S + 7 * HOUR_S)
    assert "emergency credit £3.10 left" in outbox.sender.sent[0][2]


def test_a_message_fits_one_sms(house, outbox):
    house.balance_mp = -999_999_999
    house.state()
    outbox.tick(START_S + 7 * HOUR_S)
    assert len(outbox.sender.sent[0][2]) <= 160


def test_a_number_that_is_no_longer_the_meters_gets_nothing(house, outbox):
    """Neither when it was removed nor when another took its place, while a message waited."""
    house.balance_mp = 150_000
    house.now = START_S + 7 * 3600 - 60
    house.state()
    house.now += 60
    for phone, sent in ((None, 0), ("+44 7700 900999", 0), ("+44 7700 900123", 1)):
        sms.write(house.headend.store, house.now)
        house.headend.add_meter(METER, house.now, phone=phone)
        count, fault = sms.send(house.headend.store, house.now, outbox.sender)
        assert (count, fault) == (sent, None)
