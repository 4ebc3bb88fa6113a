"""The head-end's API: sales, orders, what an operator may do, and who may not (DOMAIN 9, W7, W8)."""
# runs on: cpython

import base64
import csv
import io
import json
import struct

import pytest

from headend_house import METER, START_S, House, new_headend
from headend_web import Web
from tools.headend import bodies, envelope
from tools.headend.tables_desk import Sale
from tools.utrn_vend import keys_of, make_code

TOPUPS, COMMANDS = f"/api/meters/{METER}/topups", f"/api/meters/{METER}/commands"


@pytest.fixture
def house():
    return House(new_headend(), debt_mp=5_000_000)


@pytest.fixture
def web(house):
    with Web(house.headend, lambda: house.now) as web:
        yield web


@pytest.fixture(scope="module")
def still():
    """One that nothing is done to: what is asked of it is refused."""
    house = House(new_headend())
    with Web(house.headend, lambda: house.now) as web:
        yield web


def test_a_sale_gives_the_code_of_its_order(web):
    sale = web.post(TOPUPS, {"amount": "10.00", "sale": "till-1-0001"})
    assert sale["code"] == make_code(keys_of({}), 1, "pence", 1000)
    assert sale["groups"].replace(" ", "") == sale["code"]
    assert (sale["amount"], sale["number"]) == ({"mp": 1_000_000, "text": "£10.00"}, 1)
    assert web.get(f"/api/orders/{sale['order']}/code")["code"] == sale["code"]


@pytest.mark.parametrize("amount", ["0.50", "149.01", "100.50", "ten", "", "-10", "1.001", "1e2"])
def test_a_failed_sale_has_no_code_and_says_why(still, amount):
    answer = still.post(TOPUPS, {"amount": amount, "sale": "till-1-0001"}, 409)
    assert list(answer) == ["detail"] and answer["detail"]
    assert still.get(f"/api/meters/{METER}/orders") == []


def test_a_sale_that_failed_can_be_made_with_another_amount(web):
    web.post(TOPUPS, {"amount": "0.50", "sale": "till-1-0001"}, 409)
    assert web.post(TOPUPS, {"amount": "10.00", "sale": "till-1-0001"})["number"] == 1


def test_the_barcode_of_another_meter_is_refused(web):
    status, _, text = web.ask("POST", "/api/meters/00DB1234567890FF/topups", {"amount": "10.00"})
    assert (status, json.loads(text)) == (
        404,
        {"detail": "there is no meter 00DB1234567890FF here"},
    )
    assert web.ask("POST", "/api/meters/4006381333931/topups", {"amount": "10.00"})[0] == 422


def test_the_same_sale_asked_again_is_the_same_order(web):
    first = web.post(TOPUPS, {"amount": "10.00", "sale": "till-1-0001"})
    again = web.post(TOPUPS, {"amount": "10.00", "sale": "till-1-0001"})
    assert (first["is_again"], again) == (False, first | {"is_again": True})
    assert web.post(TOPUPS, {"amount": "10.00", "sale": "till-1-0002"})["number"] == 2
    assert len(web.get(f"/api/meters/{METER}/orders")) == 2


def test_a_sale_that_was_cut_off_is_not_made_again(web, house):
    with house.headend.store.writing() as session:
        session.add(Sale(key="till-1-0001", meter=METER, pence=1000, at_s=house.now))
    answer = web.post(TOPUPS, {"amount": "10.00", "sale": "till-1-0001"}, 503)
    assert "not known" in answer["detail"]
    assert web.get(f"/api/meters/{METER}/orders") == []


def test_an_order_goes_from_processing_to_issued_to_received(web, house):
    order = web.post(TOPUPS, {"amount": "10.00"})["order"]
    page = web.get(f"/api/orders/{order}")
    assert (page["state"], page["tries"], page["attempts"]) == ("processing", [], 0)
    house.is_heard = False
    house.hear()
    page = web.get(f"/api/orders/{order}")
    assert (page["state"], page["attempts"]) == ("issued", 1)
    assert [message["direction"] for message in page["messages"]] == ["down"]
    house.is_heard = True
    house.state()
    page = web.get(f"/api/orders/{order}")
    assert (page["state"], page["outcome"], page["balance_after"]["mp"]) == (
        "received",
        "done",
        2_000_000,
    )
    assert [message["direction"] for message in page["messages"]] == ["down", "up"]


def test_an_order_that_is_late_is_flagged_and_sent_again_under_its_number(web, house):
    house.state()
    order = web.post(TOPUPS, {"amount": "10.00"})
    first = house.headend.packets(house.now)
    house.now += 899
    house.headend.tick(house.now)
    assert not web.get(f"/api/orders/{order['order']}")["flagged"]
    house.now += 1
    house.headend.tick(house.now)
    page = web.get(f"/api/orders/{order['order']}")
    assert page["flagged"] and page["can_reissue"]
    assert web.get("/api/meters")[0]["flagged"] == 1
    assert web.post(f"/api/orders/{page['id']}/reissue", None, 200)["number"] == order["number"]
    again = house.headend.packets(house.now)
    assert [packet for _, packet in again] == [packet for _, packet in first if packet[29] == 1]
    assert [each["why"] for each in web.get(f"/api/orders/{page['id']}")["tries"]][1:] == [
        "reissued by hand"
    ]


def test_an_order_that_was_received_is_not_sent_again(web, house):
    order = web.post(TOPUPS, {"amount": "10.00"})["order"]
    house.hear()
    web.post(f"/api/orders/{order}/reissue", None, 409)


AMOUNTS = [  # command, its debt, amount, kind, body
    ("pay_debt", "payment", "12.34", bodies.PAY_DEBT, struct.pack(">Bi", 0, 1_234_000)),
    ("pay_debt", "accumulated", "£1", bodies.PAY_DEBT, struct.pack(">Bi", 2, 100_000)),
    ("adjust_balance", None, "-2.5", bodies.ADJUST_BALANCE, struct.pack(">i", -250_000)),
    ("set_debt", "time1", "499.99999", bodies.SET_DEBT, struct.pack(">Bi", 1, 49_999_999)),
]
STANDING = {"command": "set_setting", "name": "standing_mp", "value": 60_000}
FLAT = {"command": "set_tariff", "tariff": {"rates": {"all": "24.50"}}}


@pytest.mark.parametrize("wish, kind, body", [
    *(({"command": name, "amount": amount} | ({"debt": debt} if debt else {}), kind, body)
      for name, debt, amount, kind, body in AMOUNTS),
    (STANDING, bodies.SET_SETTINGS, struct.pack(">BI", 6, 60_000)),
    (FLAT, bodies.SET_TARIFF, bytes(6) + bytes.fromhex("0101b45f0000")),
    ({"command": "special_days", "days": {"2026-12-24": "holiday", "2027-05-03": "working"}},
     bodies.SPECIAL_DAYS, struct.pack(">HBHB", 9854, 1, 9984, 0)),
    ({"command": "special_days", "days": {}}, bodies.SPECIAL_DAYS, b""),
    ({"command": "text", "text": "Pay by Friday"}, bodies.TEXT, b"Pay by Friday"),
    ({"command": "disable"}, bodies.DISABLE, b""), ({"command": "arm"}, bodies.ARM, b""),
    ({"command": "enable"}, bodies.ENABLE, b""), ({"command": "activate_ec"}, bodies.ACTIVATE_EC, b""),
    ({"command": "clear_lockout"}, bodies.CLEAR_LOCKOUT, b""),
])  # fmt: skip
def test_a_command_becomes_the_packet_of_the_specification(web, house, wish, kind, body):
    made = web.post(COMMANDS, wish)
    assert (made["state"], made["number"], made["window"]) == ("processing", 1, "command")
    packet = next(packet for _, packet in house.headend.packets(house.now) if packet[29] == kind)
    assert envelope.read_down(keys_of({}), packet).body == body


def test_a_tariff_to_come_has_its_start(web, house):
    tariff = {"rates": {"day": "30", "night": "10"}, "from": "2027-04-01T00:00:00",
              "switch": [{"at": "00:30", "rate": "night"}, {"at": "07:30", "rate": "day"}]}  # fmt: skip
    web.post(COMMANDS, {"command": "set_tariff", "tariff": tariff})
    body = envelope.read_down(keys_of({}), house.headend.packets(house.now)[0][1]).body
    assert struct.unpack_from(">HI", body) == (9951, 23 * 3600)  # 31 March 2027, 23:00 UTC


@pytest.mark.parametrize("wish, status", [
    ({"command": "set_debt", "debt": "payment", "amount": "500.00"}, 409),
    ({"command": "pay_debt", "debt": "payment", "amount": "0"}, 409),
    ({"command": "pay_debt", "debt": "time2", "amount": "1"}, 422),
    ({"command": "set_setting", "name": "colour", "value": 1}, 409),
    ({"command": "set_setting", "name": "share", "value": 101}, 409),
    ({"command": "set_setting", "name": "parts", "value": 50}, 409),
    ({"command": "set_setting", "name": "profile", "value": 1}, 409),
    ({"command": "set_setting", "name": "share", "value": True}, 422),
    ({"command": "special_days", "days": {"2026-02-30": "holiday"}}, 409),
    ({"command": "special_days", "days": {"2026-12-24": "feast"}}, 422),
    ({"command": "set_tariff", "tariff": {"rates": {}}}, 409),
    ({"command": "set_tariff", "tariff": {"rates": {"a": "1", "b": "2"}}}, 409),
    ({"command": "text", "text": "£5"}, 409), ({"command": "text", "text": "x" * 49}, 422),
    ({"command": "set_time"}, 409), ({"command": "top_up"}, 422), ({}, 422),
])  # fmt: skip
def test_a_command_that_cannot_be_is_refused_in_a_sentence(still, wish, status):
    answer = still.post(COMMANDS, wish, status)
    assert list(answer) == ["detail"] and len(answer["detail"]) > 10
    assert still.get(f"/api/meters/{METER}/orders") == []


def test_the_time_is_set_by_two_reports_that_came_without_delay(web, house):
    house.state(clock=2)
    house.now += 300
    house.state(clock=2)
    web.post(COMMANDS, {"command": "set_time"})
    packet = next(
        packet for _, packet in house.headend.packets(house.now) if packet[29] == bodies.SET_TIME
    )
    day, second, session, uptime_s = struct.unpack(
        ">HIII", envelope.read_down(keys_of({}), packet).body
    )
    assert (day * 86400 + second + envelope.EPOCH_S, session, uptime_s) == (
        house.now,
        7,
        house.now - START_S,
    )


def test_the_time_is_not_set_by_a_report_that_was_late(web, house):
    house.state(clock=2)
    house.now += 300
    house.state(clock=2, uptime=200)
    web.post(COMMANDS, {"command": "set_time"}, 409)


def test_a_debt_brought_over_is_below_500_pounds(web):
    path = f"/api/meters/{METER}"
    assert web.ask("PUT", path, {"debt": "500.00"})[0] == 409
    assert web.ask("PUT", path, {"debt": "499.99", "phone": "+44 7700 900555"})[0] == 200
    assert web.get(path)["phone"] == "+44 7700 900555"


def test_what_was_agreed_is_what_bills_go_by(web, house):
    house.headend.add_meter(METER, house.now, tariff=None, standing_mp=0)
    house.live(48)
    days = f"/api/meters/{METER}/bills"
    assert [bill["differs"] for bill in web.get(days)["days"]] == [None]  # no tariff: no check
    given = {"standing": "25.00", "tariff": {"rates": {"all": "30.00"}}, "warn": "3.00"}
    assert web.ask("PUT", f"/api/meters/{METER}", given)[0] == 200
    assert [bill["differs"]["mp"] for bill in web.get(days)["days"]] == [0]
    late = {"tariff": {"rates": {"all": "30.00"}, "from": "2030-01-01T00:00:00"}}
    assert web.ask("PUT", f"/api/meters/{METER}", late)[0] == 409


def test_a_meter_without_keys_cannot_be_added(web):
    assert web.ask("PUT", "/api/meters/00DB1234567890FF", {"name": "?"})[0] == 409


def test_the_customers_own_reading_is_kept_beside_the_meters(web, house):
    house.state()
    said = web.post(f"/api/meters/{METER}/readings", {"kwh": "1240.5"})
    assert "6.000 kWh more" in said["text"]
    own = [
        row
        for row in web.get(f"/api/meters/{METER}/readings")
        if row["what"] == "the customer's own"
    ]
    assert [row["kwh"] for row in own] == ["1240.500"]
    web.post(f"/api/meters/{METER}/readings", {"kwh": "12,5"}, 409)


def test_bills_as_csv_are_exact(web, house):
    house.live(2 * 48)
    table = list(csv.DictReader(io.StringIO(web.ask("GET", f"/api/meters/{METER}/bills.csv")[2])))
    days = [row for row in table if row["kind"] == "day"]
    assert len(days) == 2
    assert [row["kwh"] for row in days] == ["10.430"] * 2
    assert [row["cost"] for row in days] == ["3.37900"] * 2  # 10.43 kWh at 30p, and 25p
    assert [row["taken_by_meter"] for row in days] == ["3.37900"] * 2
    month = next(row for row in table if row["kind"] == "month")
    assert month["cost"] == "6.75800"


def test_drawings_and_label_are_there(web, house):
    house.live(4)
    for path, start in (("plots", "<section"), ("label.svg", "<svg")):
        status, _, text = web.ask("GET", f"/api/meters/{METER}/{path}")
        assert (status, text[: len(start)]) == (200, start)


@pytest.mark.parametrize("headers, status", [
    ({"Host": "evil.example"}, 421), ({"Host": "evil.example:80"}, 421),
    ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403),
    ({"Sec_Fetch_Site": "cross-site"}, 403), ({"Sec_Fetch_Site": "same-site"}, 403),
    ({"Content_Type": "text/plain"}, 422),
])  # fmt: skip
def test_no_other_site_can_sell(still, headers, status):
    assert still.ask("POST", TOPUPS, {"amount": "10.00"}, **headers)[0] == status
    assert still.get(f"/api/meters/{METER}/orders") == []


def test_our_own_page_can_sell(web):
    origin = web.url.rstrip("/")
    assert (
        web.ask("POST", TOPUPS, {"amount": "10.00"}, Origin=origin, Sec_Fetch_Site="same-origin")[0]
        == 201
    )


def test_too_long_a_request_is_refused_before_it_is_read(web):
    assert web.ask("POST", TOPUPS, b"[" * 30_000, Content_Type="application/json")[0] == 413


def test_a_password_is_asked_for_if_there_is_one(house):
    with Web(house.headend, lambda: house.now, password="open sesame") as web:
        right = base64.b64encode(b"operator:open sesame").decode()
        wrong = base64.b64encode(b"operator:open").decode()
        assert web.ask("GET", "/api/meters")[0] == 401
        assert web.ask("GET", "/api/meters", Authorization=f"Basic {wrong}")[0] == 401
        assert (
            web.ask("GET", "/api/meters", Authorization="Basic ä".encode().decode("latin-1"))[0]
            == 401
        )
        assert web.ask("GET", "/api/meters", Authorization=f"Basic {right}")[0] == 200


def test_no_answer_has_a_secret_or_may_be_framed(web, house):
    house.live(2)
    web.post(TOPUPS, {"amount": "10.00"})
    house.hear()
    secret, password = keys_of({}).secret.hex(), envelope.mqtt_password(keys_of({}))
    paths = [path for path, item in web.app.openapi()["paths"].items() if "get" in item]
    assert len(paths) > 10
    for path in [*paths, "/", "/page.js", "/openapi.json"]:
        path = path.replace("{meter}", METER).replace("{order}", "1")
        status, headers, text = web.ask("GET", path)
        assert status == 200, path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert secret not in text.lower() and password not in text.lower()
