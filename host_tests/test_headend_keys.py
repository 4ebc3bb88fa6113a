"""Keys of orders: a request that is repeated after a lost answer is the same order, never a second one."""
# runs on: cpython

import json
import socket
import threading
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from headend_house import METER, House, new_headend
from headend_kit import NOW, OTHER, made
from headend_web import Web
from tools.headend import headend as headend_module
from tools.headend import intents
from tools.headend.tables import Ask, ExtraReading

COMMANDS, TOPUPS = f"/api/meters/{METER}/commands", f"/api/meters/{METER}/topups"
READINGS, ORDERS = f"/api/meters/{METER}/readings", f"/api/meters/{METER}/orders"
KEY = "desk-1-0001"
PAY = {"command": "pay_debt", "debt": "payment", "amount": "5.00", "key": KEY}
ADJUST = {"command": "adjust_balance", "amount": "-2.50", "key": KEY}


@pytest.fixture
def house():
    return House(new_headend(), debt_mp=5_000_000)


@pytest.fixture
def web(house):
    with Web(house.headend, lambda: house.now) as web:
        yield web


def count(house, table):
    with house.headend.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("wish", [
    PAY, ADJUST, {"command": "set_debt", "debt": "time1", "amount": "9.00", "key": KEY},
    {"command": "set_tariff", "tariff": {"rates": {"all": "24.50"}}, "key": KEY},
    {"command": "set_setting", "name": "standing_mp", "value": 60_000, "key": KEY},
    {"command": "text", "text": "Pay by Friday", "key": KEY}, {"command": "arm", "key": KEY},
])  # fmt: skip
def test_a_command_asked_again_under_its_key_is_the_same_order(web, house, wish):
    first = web.post(COMMANDS, wish)
    house.hear()
    house.now += 60
    again = web.post(COMMANDS, wish)
    assert (again["id"], again["number"], again["state"]) == (first["id"], 1, "received")
    assert web.post(COMMANDS, wish | {"key": "desk-1-0002"})["number"] == 2
    assert len(web.get(ORDERS)) == 2


def test_an_order_whose_answer_was_lost_on_the_way_is_not_made_twice(web):
    body = json.dumps(PAY).encode()
    head = (f"POST {COMMANDS} HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
    with socket.create_connection(("127.0.0.1", web.port)) as line:
        line.sendall(head.encode() + body)
    end_s = time.monotonic() + 20
    while not web.get(ORDERS):
        assert time.monotonic() < end_s
    assert web.post(COMMANDS, PAY)["number"] == 1
    assert len(web.get(ORDERS)) == 1


@pytest.mark.parametrize("other", [
    PAY | {"amount": "6.00"}, PAY | {"debt": "time1"}, ADJUST, {"command": "arm", "key": KEY},
])  # fmt: skip
def test_a_key_with_other_contents_is_refused_and_nothing_is_ordered(web, other):
    web.post(COMMANDS, PAY)
    assert "key was used for something else" in web.post(COMMANDS, other, 409)["detail"]
    assert len(web.get(ORDERS)) == 1


def test_a_key_of_a_sale_is_none_of_a_command(web):
    web.post(TOPUPS, {"amount": "5.00", "sale": KEY})
    assert "something else" in web.post(COMMANDS, PAY, 409)["detail"]
    assert "something else" in web.post(TOPUPS, {"amount": "6.00", "sale": KEY}, 409)["detail"]
    assert "something else" in web.post(READINGS, {"kwh": "1", "key": KEY}, 409)["detail"]
    assert len(web.get(ORDERS)) == 1


def test_a_key_of_another_meter_is_refused():
    headend = made()
    with Web(headend, lambda: NOW) as web:
        web.post(COMMANDS, PAY)
        answer = web.post(f"/api/meters/{OTHER}/commands", PAY, 409)
        assert "another meter" in answer["detail"]
        assert web.get(f"/api/meters/{OTHER}/orders") == []


def test_an_order_is_known_by_its_key_also_when_it_could_not_be_made_any_more(web, house):
    house.state(clock=2)
    house.now += 300
    house.state(clock=2)
    wish = {"command": "set_time", "key": KEY}
    first = web.post(COMMANDS, wish)
    house.now += 300
    house.state(clock=2, uptime=5)  # two reports that do not agree
    web.post(COMMANDS, {"command": "set_time"}, 409)
    assert web.post(COMMANDS, wish)["id"] == first["id"]


def test_what_makes_no_order_is_done_once_too(web, house):
    for _ in range(2):
        said = web.post(READINGS, {"kwh": "1240.5", "key": KEY})
        asked = web.post(COMMANDS, {"command": "read_registers", "key": "desk-1-0002"})
    assert said["text"].startswith("The reading is kept") and "asked" in asked["text"]
    assert (count(house, ExtraReading), count(house, Ask)) == (1, 1)


def test_many_at_once_under_one_key_are_one_order(web):
    got, together = [], threading.Barrier(8)

    def ask():
        together.wait()
        got.append(web.post(COMMANDS, PAY)["id"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8 and len(set(got)) == 1 and len(web.get(ORDERS)) == 1


def test_a_key_and_its_order_are_kept_together_or_not_at_all(web, monkeypatch):
    def full(*_):
        raise OperationalError("", {}, Exception("database or disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr(headend_module.intents, "keep", full)
        assert "under the same key" in web.post(COMMANDS, PAY, 503)["detail"]
    assert web.get(ORDERS) == []
    assert web.post(COMMANDS, PAY)["number"] == web.post(COMMANDS, PAY)["number"] == 1
    assert len(web.get(ORDERS)) == 1


def test_a_sale_of_an_older_store_is_the_same_order(web, house):
    order = house.headend.top_up(METER, 1000, house.now)
    with house.headend.store.writing() as session:
        old = intents.Sale(key=KEY, meter=METER, pence=1000, at_s=house.now, order=order.id)
        session.add(old)
    assert web.post(TOPUPS, {"amount": "10.00", "sale": KEY})["order"] == order.id
    assert "something else" in web.post(COMMANDS, PAY, 409)["detail"]
    assert len(web.get(ORDERS)) == 1
