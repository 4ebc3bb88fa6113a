"""The store: what a call has told is there after a kill at any moment, numbers are never doubled; the
copies of what meters tell are the newest, each entry once."""
# runs on: cpython

import shutil
import signal
import subprocess
import sys

import pytest
from sqlalchemy import event, func, select

from headend_kit import (
    ALL_KEYS,
    EPOCH_S,
    KEYS,
    NOW,
    TEST,
    OtherSide,
    alert,
    answer_body,
    credit,
    half_hour,
    log_body,
    made,
    state_body,
)
from tools import interpreters
from tools.headend import bodies, envelope
from tools.headend.headend import KEEP_S, HeadEnd
from tools.headend.tables import (
    Alert,
    Mark,
    Message,
    Meter,
    Order,
    Reading,
    Refusal,
    Register,
    State,
)

DAY = 86400
WIRE = NOW - EPOCH_S


class Killed(BaseException):
    """The process is gone."""


def rows(headend, table):
    with headend.reading() as session:
        return session.scalars(select(table)).all()


def marks(headend):
    """The RECEIVED that the test meter gets now."""
    for meter, data in headend.packets(NOW):
        packet = envelope.read_down(KEYS, data)
        if meter == TEST and packet.kind == bodies.RECEIVED:
            return [int.from_bytes(packet.body[at : at + 4], "big") for at in range(0, 16, 4)]
    return None


def refusals(headend):
    return {(row.meter, row.why): row.count for row in rows(headend, Refusal)}


# --- kills


def day_of_work(headend, meter, told):
    """Everything a head-end does, with every kind of commit; `told`: what the world has learnt."""
    for step in range(2):
        order = headend.top_up(TEST, 1000 + step, NOW)
        told.append((order.id, order.number, headend.code(order.id)))
        headend.command(TEST, bodies.ARM, b"", NOW)
        headend.ask(TEST, bodies.READ_REGISTERS, b"", NOW)
        headend.take(meter.packet(bodies.STATE, state_body()), NOW)
        for _, packet in headend.packets(NOW):
            answer = meter.take(packet)
            if answer and step:
                headend.take(answer, NOW)
        entry = half_hour(WIRE + 1800 * step, step)
        headend.take(meter.packet(bodies.LOG, log_body(0, step + 1, entry)), NOW)
        headend.extra_reading(TEST, 5, NOW)
        headend.tick(NOW + step)
        if step == 0:
            headend.reissue(order.id, NOW)


def killed_at(empty, path, number, after):
    """The work until the commit of this number, which is done (`after`) or not; False: it was all."""
    shutil.copy(empty, path)
    headend, meter, told, count = HeadEnd(f"sqlite:///{path}", ALL_KEYS.get), OtherSide(), [], [0]

    def commit(connection):
        del connection
        count[0] += 1
        if count[0] == number and not after:
            raise Killed
        if count[0] == number + 1 and after:
            raise Killed  # nothing of the next one: as if killed right after ours

    event.listen(headend.store.engine, "commit", commit)
    try:
        day_of_work(headend, meter, told)
    except Killed:
        return meter, told, False
    finally:
        headend.close()
    return meter, told, True


def test_killed_at_any_commit_nothing_is_lost_or_doubled(tmp_path):
    number, finished, empty = 0, False, tmp_path / "empty.db"
    made(f"sqlite:///{empty}").close()
    while not finished:
        number += 1
        path = tmp_path / f"{number}.db"
        meter, told, finished = killed_at(empty, path, number, after=number % 2)
        headend = HeadEnd(f"sqlite:///{path}", ALL_KEYS.get)
        orders = rows(headend, Order)
        assert {(o.id, o.number) for o in orders} >= {(i, n) for i, n, _ in told}
        assert all(headend.code(i) == code for i, _, code in told)
        new = headend.top_up(TEST, 500, NOW)
        places = [(o.window, o.number) for o in rows(headend, Order)]
        assert len(set(places)) == len(places)
        assert new.number == 1 + max([o.number for o in orders if o.window == "top_up"], default=0)
        for day in range(30):  # commands go one after another
            for _, packet in headend.packets(NOW + DAY * (1 + day)):
                answer = meter.take(packet)
                if answer:
                    headend.take(answer, NOW)
        assert {o.state for o in rows(headend, Order)} == {"received"}
        assert meter.balance_mp == sum(o.amount_mp for o in rows(headend, Order))
        headend.close()
        path.unlink()
    assert number > 15


SELLER = """
import sys
sys.path[:0] = {path!r}
from headend_kit import NOW, TEST, made
headend = made("sqlite:///" + sys.argv[1])
while True:
    order = headend.top_up(TEST, 1000, NOW)
    print(order.number, headend.code(order.id), flush=True)
"""


def test_a_code_that_was_shown_outlives_the_kill_of_the_process(tmp_path):
    path = tmp_path / "headend.db"
    script = SELLER.format(path=[str(interpreters.ROOT / "host_tests"), str(interpreters.ROOT)])
    shown = []
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
        ) as seller:
            shown += [seller.stdout.readline().split() for _ in range(9)]
            seller.send_signal(signal.SIGKILL)
            shown += [line.split() for line in seller.stdout if line.endswith("\n")]
    headend = HeadEnd(f"sqlite:///{path}", ALL_KEYS.get)
    known = {str(order.number): headend.code(order.id) for order in rows(headend, Order)}
    assert len(shown) == len({number for number, _ in shown}) >= 18
    assert all(known[number] == code for number, code in shown)


def test_two_head_ends_on_one_store_never_give_a_number_twice(tmp_path):
    url = f"sqlite:///{tmp_path / 'headend.db'}"
    one, two = made(url), made(url)
    numbers = [headend.top_up(TEST, 1000, NOW).number for _ in range(10) for headend in (one, two)]
    assert numbers == list(range(1, 21))


def test_a_commit_is_on_the_disk(tmp_path):
    headend = made(f"sqlite:///{tmp_path / 'headend.db'}")
    with headend.store.engine.connect() as connection:
        asked = [connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                 for name in ("journal_mode", "synchronous", "foreign_keys")]  # fmt: skip
    assert asked == ["wal", 2, 1]


def test_a_packet_that_could_not_be_noted_is_not_sent(tmp_path):
    headend = made(f"sqlite:///{tmp_path / 'headend.db'}")
    order = headend.top_up(TEST, 1000, NOW)

    def full(connection):
        raise OSError("disk full")

    event.listen(headend.store.engine, "commit", full)
    with pytest.raises(OSError):
        headend.packets(NOW)
    with pytest.raises(OSError):
        headend.top_up(TEST, 1000, NOW)
    event.remove(headend.store.engine, "commit", full)
    assert (headend.order(order.id).attempts, headend.order(order.id).state) == (0, "processing")
    assert headend.top_up(TEST, 1000, NOW).number == 2


# --- what meters tell


def test_the_newest_state_is_kept_whatever_comes_late():
    headend, meter = made(), OtherSide()
    old = meter.packet(bodies.STATE, state_body(100), WIRE)
    meter.sequence += 1
    meter.count = 0  # it started again
    headend.take(meter.packet(bodies.STATE, state_body(200), WIRE + 5), NOW + 5)
    headend.take(old, NOW + 9)
    [state] = rows(headend, State)
    assert (state.balance_mp, state.time_s, state.heard_s) == (200, NOW + 5, NOW + 5)
    assert state.told.wh == 12_345_678


def test_a_state_of_the_same_ledger_counts_by_packet_and_after_a_start_by_time():
    headend, meter = made(), OtherSide()
    packets = [meter.packet(bodies.STATE, state_body(n, session=1), 0) for n in range(3)]
    for at in (0, 2, 1):
        headend.take(packets[at], NOW)
    assert rows(headend, State)[0].balance_mp == 2
    meter.count = 0
    headend.take(meter.packet(bodies.STATE, state_body(9, session=2), 0), NOW)
    assert rows(headend, State)[0].balance_mp == 9


def test_an_untrusted_clock_is_no_time():
    headend, meter = made(), OtherSide()
    headend.take(meter.packet(bodies.STATE, state_body(), 0), NOW)
    headend.take(meter.packet(bodies.LOG, log_body(2, 1, credit(0, 1, 5))), NOW)
    assert rows(headend, State)[0].time_s is None and rows(headend, Reading)[0].time_s is None


def test_every_state_and_log_is_answered_with_what_arrived():
    headend, meter = made(), OtherSide()
    assert marks(headend) is None
    headend.take(meter.packet(bodies.STATE, state_body()), NOW)
    assert marks(headend) == [0, 0, 0, 0] and marks(headend) is None
    entries = [half_hour(WIRE + 1800 * n, n) for n in range(3)]
    headend.take(meter.packet(bodies.LOG, log_body(0, 1, *entries)), NOW)
    assert marks(headend) == [3, 0, 0, 0]


def test_an_entry_that_comes_twice_or_out_of_order_is_there_once():
    headend, meter = made(), OtherSide()
    later = log_body(0, 3, half_hour(WIRE, 3), half_hour(WIRE, 4))
    headend.take(meter.packet(bodies.LOG, later), NOW)
    assert marks(headend) == [0, 0, 0, 0]  # two are missing
    first = log_body(0, 1, half_hour(WIRE, 1), half_hour(WIRE, 2), half_hour(WIRE, 3))
    headend.take_all([meter.packet(bodies.LOG, first), meter.packet(bodies.LOG, first)], NOW)
    assert marks(headend) == [4, 0, 0, 0]
    found = sorted((row.number, row.wh) for row in rows(headend, Reading))
    assert found == [(1, 1500), (2, 2500), (3, 3500), (4, 4500)]


def test_entries_that_are_gone_by_age_are_not_waited_for():
    headend, meter = made(), OtherSide()
    body = log_body(0, 700, half_hour(WIRE, 7))
    headend.take(meter.packet(bodies.LOG, body), NOW)
    assert marks(headend)[0] == 0
    headend.take(
        meter.packet(bodies.STATE, state_body(last=(700, 0, 0, 0), first=(650, 0, 0, 0))), NOW
    )
    assert marks(headend)[0] == 649
    headend.take(
        meter.packet(bodies.STATE, state_body(last=(700, 0, 0, 0), first=(700, 0, 0, 0))), NOW
    )
    assert marks(headend)[0] == 700


def test_a_meter_that_lost_its_log_begins_anew_and_keeps_what_was_told():
    headend, meter = made(), OtherSide()
    old = [half_hour(WIRE, n) for n in range(9)]
    headend.take(meter.packet(bodies.LOG, log_body(0, 1, *old)), NOW)
    assert marks(headend)[0] == 9
    meter.sequence += 1
    headend.take(meter.packet(bodies.STATE, state_body(last=(0,) * 4)), NOW)
    assert marks(headend)[0] == 9  # none at all: the files may come back
    meter.sequence += 1
    told = state_body(last=(2, 0, 0, 0), first=(1, 0, 0, 0))
    headend.take(meter.packet(bodies.STATE, told), NOW)
    kinds = [envelope.read_down(KEYS, data).kind for _, data in headend.packets(NOW)]
    assert kinds == [bodies.READ_LOG, bodies.RECEIVED]
    headend.take(
        meter.packet(bodies.LOG, log_body(0, 1, half_hour(WIRE, 50), half_hour(WIRE, 51))), NOW
    )
    assert marks(headend)[0] == 2
    assert len(rows(headend, Reading)) == 11
    assert [(mark.life, mark.number) for mark in rows(headend, Mark) if mark.stream == 0] == [
        (1, 2)
    ]


def test_alerts_are_kept_with_their_codes():
    headend, meter = made(), OtherSide()
    headend.take(
        meter.packet(bodies.LOG, log_body(3, 1, alert(WIRE, 0x810D), alert(0, 0x8F63))), NOW
    )
    found = [(row.number, row.gbcs, row.time_s) for row in rows(headend, Alert)]
    assert found == [(1, 0x810D, NOW), (2, 0x8F63, None)]


def test_the_last_registers_are_kept():
    headend, meter = made(), OtherSide()
    for kwh in (1, 2):
        body = bytes((2, 1)) + bytes((0, 0, 0, kwh, 0, 7)) * 2
        headend.take(meter.packet(bodies.REGISTERS, body), NOW)
    found = sorted((row.rate, row.block, row.wh) for row in rows(headend, Register))
    assert found == [(0, 0, 2007), (1, 0, 2007)]


def test_what_is_wrong_is_counted_and_changes_nothing():
    headend, meter = made(), OtherSide()
    headend.top_up(TEST, 1000, NOW)
    good = meter.packet(bodies.ANSWER, answer_body(1, 1))
    bad = [
        b"", b"x" * 45, b"x" * 497, good[:-1] + b"\0", bytes(60),
        envelope.down(KEYS, 1, bodies.ARM), meter.packet(77, b""), meter.packet(bodies.STATE, b"short"),
    ]  # fmt: skip
    headend.take_all(bad, NOW)
    headend.take(good[:-1] + b"\0", NOW)
    assert refusals(headend) == {
        ("", "wrong size"): 3, ("", "unknown meter"): 1, (TEST, "not authentic"): 3,
        (TEST, "unknown kind"): 1, (TEST, "wrong length of the body"): 1,
    }  # fmt: skip
    assert headend.order(1).state == "processing"
    assert rows(headend, Meter)[0].heard_s is None and rows(headend, Message) == []
    headend.take(good, NOW)
    assert headend.order(1).state == "received"


def test_a_packet_that_is_replayed_is_one_line_of_the_record():
    headend, meter = made(), OtherSide()
    packet = meter.packet(bodies.STATE, state_body())
    for second in range(50):
        headend.take(packet, NOW + second)
    [message] = rows(headend, Message)
    assert (message.copies, message.at_s, message.last_s) == (50, NOW, NOW + 49)
    assert rows(headend, State)[0].heard_s == NOW


def test_the_record_keeps_orders_and_answers_for_ever_and_the_rest_for_months():
    headend, meter = made(), OtherSide()
    headend.top_up(TEST, 1000, NOW)
    headend.take(meter.packet(bodies.STATE, state_body()), NOW)
    for _, packet in headend.packets(NOW):
        answer = meter.take(packet)
        if answer:
            headend.take(answer, NOW)
    assert len(rows(headend, Message)) == 4
    headend.tick(NOW + KEEP_S + DAY + 1)
    assert [message.why for message in rows(headend, Message)] == ["first", "answer: done"]


def test_a_customers_own_reading_is_kept():
    headend = made()
    headend.extra_reading(TEST, 12_345_000, NOW)
    with headend.reading() as session:
        assert session.execute(select(func.count()).select_from(Reading)).scalar() == 0
    with pytest.raises(ValueError):
        headend.extra_reading(TEST, -1, NOW)


def test_facts_of_a_meter_can_be_changed_and_no_others():
    headend = made()
    headend.add_meter(TEST, NOW + 5, name="Flat 3", phone="+44 7700 900123")
    with headend.reading() as session:
        meter = session.get(Meter, TEST)
    assert (meter.name, meter.phone, meter.added_s) == ("Flat 3", "+44 7700 900123", NOW)
    with pytest.raises(ValueError, match="no colour"):
        headend.add_meter(TEST, NOW, colour="red")
    with pytest.raises(ValueError, match="no keys"):
        headend.add_meter("00" * 8, NOW)
