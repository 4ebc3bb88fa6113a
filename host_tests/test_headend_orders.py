"""Orders: numbers never given twice, the same one for ever, states by what the meter says, 15 minutes."""
# runs on: cpython

import random

import pytest
from sqlalchemy import select

from headend_kit import (
    EPOCH_S,
    KEYS,
    NOW,
    OTHER,
    TEST,
    OtherSide,
    answer_body,
    credit,
    log_body,
    made,
    state_body,
)
from tools.headend import bodies, envelope
from tools.headend.headend import HeadEnd
from tools.headend.tables import Attempt, Message
from tools.utrn_vend import VendError, make_code

MINUTE = 60
DAY = 86400


def sent(headend, now, meter=TEST):
    """Numbers of the orders that are sent now, as the meter reads them."""
    read = [envelope.read_down(KEYS, data) for to, data in headend.packets(now) if to == meter]
    return [packet.number for packet in read if packet.number]


def attempts(headend, order):
    with headend.reading() as session:
        found = session.scalars(
            select(Attempt).where(Attempt.order == order.id).order_by(Attempt.id)
        )
        return [(attempt.at_s, attempt.why) for attempt in found]


def state(headend, order):
    order = headend.order(order.id)
    return order.state, order.flagged


def test_a_top_up_is_processing_then_issued_then_received():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    assert state(headend, order) == ("processing", 0)
    [(_, packet)] = headend.packets(NOW + 1)
    assert state(headend, order) == ("issued", 0)
    headend.take(meter.take(packet), NOW + 2)
    order = headend.order(order.id)
    assert (order.state, order.outcome, order.balance_mp, order.how) == (
        "received",
        0,
        10**6,
        "link",
    )
    assert (order.created_s, order.issued_s, order.answered_s) == (NOW, NOW + 1, NOW + 2)


def test_the_printed_code_and_the_packet_have_one_number():
    headend = made()
    order = headend.top_up(TEST, 1234, NOW)
    assert order.number == 1 and headend.code(order.id) == make_code(KEYS, 1, "pence", 1234)
    [(_, packet)] = headend.packets(NOW)
    assert envelope.read_down(KEYS, packet).number == order.number


def test_a_reissue_has_the_same_number_and_the_same_bytes():
    headend = made()
    order = headend.top_up(TEST, 1000, NOW)
    first = headend.packets(NOW)
    headend.reissue(order.id, NOW + 5)
    assert headend.packets(NOW + 5) == first
    assert headend.packets(NOW + DAY) == first
    assert [why for _, why in attempts(headend, order)] == [
        "first", "reissued by hand", "not received yet",
    ]  # fmt: skip


def test_after_15_minutes_an_order_is_flagged_and_sent_again():
    headend = made()
    order = headend.top_up(TEST, 1000, NOW)
    assert sent(headend, NOW) == [1]
    headend.tick(NOW + 15 * MINUTE - 1)
    assert state(headend, order) == ("issued", 0) and sent(headend, NOW + 15 * MINUTE - 1) == []
    headend.tick(NOW + 15 * MINUTE)
    assert state(headend, order) == ("issued", 1) and sent(headend, NOW + 15 * MINUTE) == [1]
    assert attempts(headend, order)[1] == (NOW + 15 * MINUTE, "not received after 15 minutes")


def test_a_meter_that_is_silent_is_asked_less_and_less_but_for_ever():
    headend = made()
    order = headend.top_up(TEST, 1000, NOW)
    for quarter in range(4 * 24 * 12):
        headend.packets(NOW + quarter * 15 * MINUTE)
    times = [at_s - NOW for at_s, _ in attempts(headend, order)]
    assert times[:5] == [0, 900, 2700, 6300, 13500]
    gaps = [b - a for a, b in zip(times, times[1:], strict=False)]
    assert max(gaps) == DAY and times[-1] >= 10 * DAY


def test_a_meter_that_is_heard_gets_its_orders_at_once():
    headend, meter = made(), OtherSide()
    headend.top_up(TEST, 1000, NOW)
    for hour in range(200):
        headend.packets(NOW + hour * 3600)
    now = NOW + 200 * 3600 + 1
    assert sent(headend, now) == []
    headend.take(meter.packet(bodies.STATE, state_body()), now)
    assert sent(headend, now) == [1]


def test_a_duplicate_answer_means_it_was_credited():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    headend.packets(NOW)
    body = answer_body(1, 1, bodies.DUPLICATE, 500)
    headend.take(meter.packet(bodies.ANSWER, body), NOW)
    assert state(headend, order) == ("received", 0)


def test_a_code_typed_at_the_meter_is_the_same_order():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    body = log_body(2, 1, credit(NOW - EPOCH_S, 1, 1_000_000, typed=1))
    headend.take(meter.packet(bodies.LOG, body), NOW + 60)
    order = headend.order(order.id)
    assert (order.state, order.how, order.attempts) == ("received", "buttons", 0)
    assert sent(headend, NOW + 61) == []


def test_another_top_up_under_the_number_is_seen():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    body = log_body(2, 1, credit(NOW - EPOCH_S, 1, 2_000_000, typed=1))
    headend.take(meter.packet(bodies.LOG, body), NOW + 60)
    order = headend.order(order.id)
    assert (order.state, order.how) == ("failed", "another top-up had its number")
    headend.take(meter.packet(bodies.ANSWER, answer_body(1, 1, bodies.DUPLICATE)), NOW + 61)
    assert headend.order(order.id).state == "failed"


@pytest.mark.parametrize(
    "outcome", [bodies.OVER_MAX_CREDIT, bodies.OVER_MAX_BALANCE, bodies.HALTED]
)
def test_a_top_up_refused_for_now_may_still_arrive(outcome):
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    packets = headend.packets(NOW)
    headend.take(meter.packet(bodies.ANSWER, answer_body(1, 1, outcome)), NOW + 1)
    assert state(headend, order) == ("failed", 0) and sent(headend, NOW + DAY) == []
    headend.reissue(order.id, NOW + DAY)
    assert headend.packets(NOW + DAY) == packets
    headend.take(meter.take(packets[0][1]), NOW + DAY)
    assert state(headend, order) == ("received", 0)


def test_an_older_copy_that_arrives_makes_a_failed_order_received():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    [(_, packet)] = headend.packets(NOW)
    headend.take(meter.packet(bodies.ANSWER, answer_body(1, 1, 8)), NOW + 1)
    headend.take(meter.take(packet), NOW + 2)
    assert state(headend, order) == ("received", 0)


def test_an_old_refusal_takes_nothing_back():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    refusal = meter.packet(bodies.ANSWER, answer_body(1, 1, 8))
    [(_, packet)] = headend.packets(NOW)
    headend.take(meter.take(packet), NOW + 2)
    headend.take(refusal, NOW + 3)
    assert state(headend, order) == ("received", 0)


def test_a_refusal_that_comes_again_does_not_end_a_reissue():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    headend.packets(NOW)
    early = meter.packet(bodies.ANSWER, answer_body(1, 1, 8))
    late = meter.packet(bodies.ANSWER, answer_body(1, 1, 8))
    headend.take(late, NOW + 1)
    headend.reissue(order.id, NOW + 2)
    headend.take(early, NOW + 3)
    assert state(headend, order) == ("issued", 0)


def test_a_refused_command_is_refused_for_good():
    headend, meter = made(), OtherSide()
    order = headend.command(TEST, bodies.PAY_DEBT, bodies.pay_debt("payment", 5), NOW)
    headend.packets(NOW)
    headend.take(meter.packet(bodies.ANSWER, answer_body(2, 1, bodies.REFUSED)), NOW + 1)
    assert state(headend, order) == ("failed", 0)
    with pytest.raises(VendError, match="for good"):
        headend.reissue(order.id, NOW + 2)


def test_what_was_received_is_not_reissued():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    [(_, packet)] = headend.packets(NOW)
    headend.take(meter.take(packet), NOW)
    with pytest.raises(VendError, match="has been received"):
        headend.reissue(order.id, NOW)


def test_top_ups_and_commands_are_numbered_apart_and_meters_too():
    headend = made()
    orders = [
        headend.top_up(TEST, 1000, NOW), headend.command(TEST, bodies.ARM, b"", NOW),
        headend.top_up(TEST, 1000, NOW), headend.top_up(OTHER, 1000, NOW),
        headend.command(TEST, bodies.DISABLE, b"", NOW),
    ]  # fmt: skip
    assert [order.number for order in orders] == [1, 1, 2, 1, 2]


@pytest.mark.parametrize("tell", [
    lambda meter: meter.packet(bodies.STATE, state_body(top_up=40)),
    lambda meter: meter.packet(bodies.ANSWER, answer_body(1, 40)),
    lambda meter: meter.packet(bodies.LOG, log_body(2, 1, credit(0, 40, 5))),
])  # fmt: skip
def test_a_number_the_meter_knows_is_never_given_out(tell):
    headend, meter = made(), OtherSide()
    headend.take(tell(meter), NOW)
    assert headend.top_up(TEST, 1000, NOW).number == 41


def test_an_older_state_takes_no_number_back():
    headend, meter = made(), OtherSide()
    old = meter.packet(bodies.STATE, state_body(top_up=3))
    headend.take(meter.packet(bodies.STATE, state_body(top_up=40)), NOW)
    headend.take(old, NOW)
    assert headend.top_up(TEST, 1000, NOW).number == 41


@pytest.mark.parametrize("pence", [0, 99, 14901, 8192, -100])
def test_a_sale_that_cannot_be_makes_no_order(pence):
    headend = made()
    with pytest.raises(VendError):
        headend.top_up(TEST, pence, NOW)
    assert headend.top_up(TEST, 1000, NOW).number == 1


def test_nobody_sells_to_a_meter_without_keys():
    headend = made()
    with pytest.raises(VendError, match="no keys"):
        headend.top_up("00DB1234567890FF", 1000, NOW)


def test_a_meter_whose_keys_are_gone_holds_up_no_other(tmp_path):
    url = f"sqlite:///{tmp_path / 'headend.db'}"
    headend, meter = made(url), OtherSide()
    lost = headend.top_up(OTHER, 1000, NOW)
    headend.top_up(TEST, 1000, NOW)
    headend.close()
    headend = HeadEnd(url, {TEST: KEYS}.get)
    headend.take_all(
        [OtherSide(OTHER).packet(bodies.STATE, state_body()), meter.packet(5, b"")], NOW
    )
    assert [to for to, _ in headend.packets(NOW)] == [TEST]
    assert state(headend, lost) == ("processing", 0)


@pytest.mark.parametrize("kind, body, not_after", [
    (bodies.TOP_UP, bodies.top_up(5), None), (bodies.READ_LOG, b"12345", None), (99, b"", None),
    (bodies.ARM, b"x", None), (bodies.PAY_DEBT, b"", None), (bodies.SET_SETTINGS, b"1234", None),
    (bodies.SET_TIME, bodies.set_time(5), None), (bodies.ARM, b"", NOW), (bodies.SET_TARIFF, b"", None),
])  # fmt: skip
def test_a_command_no_meter_would_answer_is_no_order(kind, body, not_after):
    headend = made()
    with pytest.raises(VendError):
        headend.command(TEST, kind, body, NOW, not_after)
    assert headend.command(TEST, bodies.ARM, b"", NOW).number == 1


def test_not_after_is_in_the_packet_for_ever():
    headend, meter = made(), OtherSide()
    order = headend.command(TEST, bodies.DISABLE, b"", NOW, not_after=NOW + 300)
    for now in (NOW, NOW + 3600):
        [(_, packet)] = headend.packets(now)
        assert envelope.read_down(KEYS, packet).time_s == NOW + 300 - EPOCH_S
    headend.take(meter.packet(bodies.ANSWER, answer_body(8, 1, bodies.EXPIRED)), NOW + 3601)
    assert headend.order(order.id).state == "failed"


def test_no_more_orders_are_under_way_than_a_meter_can_tell_apart():
    headend, meter = made(), OtherSide()
    headend.take(meter.packet(bodies.STATE, state_body()), NOW)
    for _ in range(500):
        headend.top_up(TEST, 100, NOW)
    with pytest.raises(VendError, match="has not answered order number 1"):
        headend.top_up(TEST, 100, NOW)


def test_few_are_sent_at_a_time_and_answers_make_room():
    headend, meter = made(), OtherSide()
    for _ in range(20):
        headend.top_up(TEST, 100, NOW)
    seen = []
    while len(meter.done) < 20:
        packets = headend.packets(NOW)
        assert 0 < len(packets) <= 8
        seen.append(len(packets))
        for _, packet in packets:
            headend.take(meter.take(packet), NOW)
    assert seen == [8, 8, 4] and meter.balance_mp == 20 * 100_000


def test_nothing_waits_for_a_time_that_the_hosts_clock_only_seemed_to_have():
    headend = made()
    for _ in range(8):
        headend.top_up(TEST, 1000, NOW)
    assert sent(headend, NOW + 365 * DAY) == list(range(1, 9))
    headend.top_up(TEST, 1000, NOW + 1)
    assert sent(headend, NOW + 1) == list(range(1, 9))
    assert sent(headend, NOW + 1 + 16 * MINUTE) != []


def test_commands_go_one_after_another():
    headend, meter = made(), OtherSide()
    headend.command(TEST, bodies.ARM, b"", NOW)
    for _ in range(20):
        headend.command(TEST, bodies.DISABLE, b"", NOW)
    got = []
    for minute in range(14):
        for _, packet in headend.packets(NOW + minute * MINUTE):
            number = envelope.read_down(KEYS, packet).number
            got.append(number)
            answer = meter.take(packet)
            if minute >= 10:  # until then every answer is lost
                headend.take(answer, NOW + minute * MINUTE)
    assert got == [1]
    for minute in range(15, 20):
        for _, packet in headend.packets(NOW + minute * MINUTE):
            got.append(envelope.read_down(KEYS, packet).number)
            headend.take(meter.take(packet), NOW + minute * MINUTE)
    assert got == [1, 1, 2, 3, 4, 5]


def test_money_waits_no_longer_than_15_minutes_for_a_command():
    headend, meter = made(), OtherSide()
    headend.command(TEST, bodies.ARM, b"", NOW)
    orders = [headend.top_up(TEST, 100, NOW) for _ in range(8)]
    for _, packet in headend.packets(NOW):
        if envelope.read_down(KEYS, packet).kind == bodies.TOP_UP:
            headend.take(meter.take(packet), NOW)
    assert sent(headend, NOW + MINUTE) == []
    assert orders[-1].number in sent(headend, NOW + 15 * MINUTE)


def test_a_command_that_is_never_answered_holds_nothing_for_ever():
    headend, meter = made(), OtherSide()
    for _ in range(30):
        headend.command(TEST, bodies.ARM, b"", NOW)
    lost = 1
    for minute in range(0, 4 * 24 * 60, 15):
        for _, packet in headend.packets(NOW + minute * MINUTE):
            if envelope.read_down(KEYS, packet).number != lost:
                headend.take(meter.take(packet), NOW + minute * MINUTE)
    assert {number for _, number in meter.done} == set(range(2, 31))


def test_what_was_sold_before_the_meter_was_ever_heard_goes_out_at_its_first_word():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    headend.command(TEST, bodies.ARM, b"", NOW)
    assert len(headend.packets(NOW)) == 2  # nobody is there to get them
    assert sent(headend, NOW + MINUTE) == []
    headend.take(meter.packet(bodies.STATE, state_body()), NOW + MINUTE)
    assert sorted(sent(headend, NOW + MINUTE)) == [1, 1]
    assert attempts(headend, order)[1] == (NOW + MINUTE, "the meter was heard for the first time")
    headend.take(meter.packet(bodies.STATE, state_body(), NOW), NOW + 2 * MINUTE)
    assert sent(headend, NOW + 2 * MINUTE) == []  # only the first word counts so much


def test_of_many_sold_before_the_first_word_no_more_go_out_than_a_meter_can_answer():
    headend, meter = made(), OtherSide()
    for _ in range(20):
        headend.top_up(TEST, 100, NOW)
    assert (len(headend.packets(NOW)), len(headend.packets(NOW + MINUTE))) == (8, 0)
    headend.take(meter.packet(bodies.STATE, state_body()), NOW + 5 * MINUTE)
    seen = []
    while len(meter.done) < 20:
        packets = [data for _, data in headend.packets(NOW + 5 * MINUTE)]
        tops = [data for data in packets if envelope.read_down(KEYS, data).number]
        seen.append(len(tops))
        assert tops
        for packet in tops:
            headend.take(meter.take(packet), NOW + 5 * MINUTE)
    assert seen == [8, 8, 4] and meter.balance_mp == 20 * 100_000


def test_every_attempt_and_packet_is_on_record():
    headend, meter = made(), OtherSide()
    order = headend.top_up(TEST, 1000, NOW)
    headend.packets(NOW)
    [(_, packet)] = headend.packets(NOW + 900)
    headend.take(meter.take(packet), NOW + 901)
    with headend.reading() as session:
        messages = session.scalars(select(Message).order_by(Message.id)).all()
    assert [(m.direction, m.copies, m.order, m.why) for m in messages] == [
        ("down", 2, order.id, "first"), ("up", 1, order.id, "answer: done"),
    ]  # fmt: skip
    assert messages[0].packet == packet and messages[0].last_s == NOW + 900


@pytest.mark.parametrize("seed", range(2))
def test_whatever_the_network_does_each_order_is_done_once_and_known(seed):
    """Half of everything is lost, half comes twice, up to hours late and in any order."""
    chance, headend, meter = random.Random(seed), made(), OtherSide()
    orders, air, now = [], [], NOW

    def send(is_up, packet):
        for _ in range(chance.choice((0, 0, 1, 2))):
            air.append((now + chance.randrange(60, 7200, 60), is_up, packet))

    while len(orders) < 25 or not all(headend.order(o.id).answered_s for o in orders):
        now += 600
        assert now < NOW + 30 * DAY
        if len(orders) < 25 and chance.random() < 0.5:
            if chance.random() < 0.7:
                orders.append(headend.top_up(TEST, chance.randrange(100, 5000), now))
            else:
                orders.append(headend.command(TEST, bodies.ARM, b"", now))
        send(True, meter.packet(bodies.STATE, state_body()))
        for _, packet in headend.packets(now):
            send(False, packet)
        landing = [flight for flight in air if flight[0] <= now]
        air = [flight for flight in air if flight[0] > now]
        for _, is_up, packet in landing:
            answer = headend.take(packet, now) if is_up else meter.take(packet)
            if answer:
                send(True, answer)
        headend.tick(now)
    assert {headend.order(order.id).state for order in orders} == {"received"}
    assert meter.balance_mp == sum(order.amount_mp for order in orders)
