"""The phone on the panel: a top-up bought there reaches the meter by radio, once; its texts; and why the
figures differ. In the house's simulated time, over power cuts, jumps and starts; and in a real Chromium.
"""
# runs on: cpython

import shutil
import sqlite3

import pytest

import browsing
import ready
from browsing import FRIDAY, PHONE, Panel
from running import Running

POUND_MP = 100_000
CODE = "return document.querySelector('#phone-orders code')?.textContent ?? ''"
QUICK = (*FRIDAY, "--on", "cpython")
ELEVEN_S = 9820 * 86400 + 39600


@pytest.fixture(scope="module")
def chromium():
    yield from browsing.chromium()


def seconds(at):
    return at[0] * 86400 + at[1]


def heard(meter):
    """The state once the head-end has heard of the meter."""
    return meter.until(lambda state: (state.get("phone") or {}).get("account"), 20)


def orders(meter):
    return meter.state["phone"]["orders"]


def first_is(meter, state, limit_s=30):
    """Until the newest order is in that state; -> it."""
    meter.until(
        lambda told: told["phone"]["orders"][:1] and orders(meter)[0]["state"] == state, limit_s
    )
    return orders(meter)[0]


def buy(meter, pounds):
    last = max([order["id"] for order in orders(meter)], default=0)
    meter.do("buy", pounds=pounds)
    new = lambda order: order["id"] > last and not order["shop"]  # noqa: E731
    meter.until(lambda _: any(map(new, orders(meter))))


# ---- an order


def test_a_top_up_bought_by_phone_comes_by_radio_after_some_minutes(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        heard(meter)
        assert meter.state["phone"]["account"]["mp"] == 10 * POUND_MP
        buy(meter, "10.00")
        assert orders(meter)[0]["state"] == "processing"
        meter.do("speed", x=60)
        bought_s = seconds(orders(meter)[0]["created"])
        first_is(meter, "issued")
        done = first_is(meter, "received", 60)
        assert done["how"] == "link" and done["outcome"] == "done"
        assert 60 <= seconds(done["answered"]) - bought_s <= 1260
        meter.until(lambda state: state["meter"]["balance_mp"] == 20 * POUND_MP)
        meter.until(lambda state: state["phone"]["account"]["mp"] == 20 * POUND_MP)


def test_what_cannot_be_sold_is_said_and_is_no_order(tmp_path):
    with Running(tmp_path, *QUICK) as meter:
        heard(meter)
        for pounds, why in (("149.01", "outside £1.00 to £149.00"), ("ten", "an amount is pounds")):
            meter.do("buy", pounds=pounds)
            assert why in meter.reply("fault")
        for wish in ({"do": "buy"}, {"do": "buy", "pounds": 5}, {"do": "code", "id": "x"}):
            meter.do(**{"what": wish.pop("do"), **wish})
            assert meter.reply("fault")
        assert meter.settled()["phone"]["orders"] == []


def test_till_and_phone_never_use_one_number_twice(tmp_path):
    numbers, codes = [], []
    for _ in range(2):
        with Running(tmp_path, *(QUICK[2:] if numbers else QUICK)) as meter:
            heard(meter)
            for _ in range(2):
                meter.do("sell", pounds="5.00")
                receipt = meter.reply("receipt")
                numbers.append(int(receipt["number"]))
                codes.append(receipt["code"])
                buy(meter, "5.00")
                meter.do("code", id=orders(meter)[0]["id"])
                codes.append(meter.reply("code")["digits"])
    assert numbers == [1, 3, 5, 7]
    assert len(set(codes)) == len(codes) == 8


def test_a_code_that_was_typed_is_not_credited_again_by_radio(tmp_path):
    with Running(tmp_path, *QUICK) as meter:
        heard(meter)
        meter.do("sell", pounds="10.00")
        type_in(meter, meter.reply("receipt")["code"].replace(" ", ""))
        meter.until(lambda state: state["meter"]["balance_mp"] == 20 * POUND_MP, 20)
        done = first_is(meter, "received")
        assert done["how"] == "buttons"
        meter.do("jump", local="2026-11-20T11:40")  # the radio brings it too
        meter.until(lambda state: seconds(state["utc"]) >= ELEVEN_S + 2400)
        assert meter.settled()["meter"]["balance_mp"] == 20 * POUND_MP


def type_in(meter, digits):
    """With the four keys of the in-home display."""
    meter.press("right")
    meter.until(lambda state: state["text"] == "TOP UP")
    meter.press("ok")
    for place, digit in enumerate(digits, 1):
        up = int(digit) <= 5
        for step in range(0, (int(digit) if up else 10 - int(digit)) + 1):
            shown = step if up or not step else 10 - step
            text = browsing.code_text(place, shown)
            meter.until(lambda state, text=text: state["text"] == text)
            if shown != int(digit):
                meter.press("right" if up else "left")
        meter.press("ok")


# ---- whatever happens meanwhile


def test_a_meter_without_mains_gets_it_when_it_is_back(tmp_path):
    with Running(tmp_path, *QUICK) as meter:
        heard(meter)
        buy(meter, "10.00")
        meter.do("mains", on=False)
        meter.until(lambda state: state["vm"] == "off")
        jump_off = "2026-11-20T14:00"
        meter.do("jump", local=jump_off)
        meter.until(lambda state: seconds(state["utc"]) >= ELEVEN_S + 3 * 3600)
        late = meter.until(lambda state: orders(meter)[0]["flagged"]) and orders(meter)[0]
        assert late["state"] == "issued"
        meter.do("why")
        causes = {cause["code"] for cause in meter.reply("why")["causes"]}
        assert causes >= {"not_heard", "not_yet_received"}
        meter.do("mains", on=True)
        meter.until(lambda state: state["vm"] == "running")
        meter.do("speed", x=600)
        done = first_is(meter, "received", 60)
        assert not done["flagged"]
        assert meter.settled()["meter"]["balance_mp"] == 20 * POUND_MP


def test_a_jump_of_days_passes_the_order_and_the_texts_on_its_way(tmp_path):
    with Running(tmp_path, *QUICK, "--balance", "4.00") as meter:
        heard(meter)
        meter.do("appliance", name="heater", on=True)
        meter.do("load", other_w=100)
        meter.do("jump", local="2026-11-20T16:30")
        meter.until(lambda state: seconds(state["utc"]) >= ELEVEN_S + 19800, 60)
        meter.do("jump", local="2026-11-20T19:30")  # £4.00 less 8.5 h at 2.1 kW: below £2.00
        texts = meter.until(lambda state: state["phone"]["texts"], 60)["phone"]["texts"]
        assert seconds(texts[0]["at"]) == ELEVEN_S + 8 * 3600 and "left at" in texts[0]["text"]
        buy(meter, "20.00")
        meter.do("jump", local="2026-11-21T12:00")
        meter.until(lambda state: seconds(state["utc"]) >= ELEVEN_S + 25 * 3600, 90)
        meter.until(lambda state: not state["jumping"])
        done = orders(meter)[0]
        assert done["state"] == "received"
        assert 60 <= seconds(done["answered"]) - seconds(done["created"]) <= 2400
        meter.do("why")
        told = meter.reply("why")
        assert {"batch_time"} <= {cause["code"] for cause in told["causes"]}
        assert [figure["what"] for figure in told["figures"]][-1] == "Last SMS"


def test_what_was_under_way_at_ctrl_c_arrives_in_the_next_run(tmp_path):
    with Running(tmp_path, *QUICK) as meter:
        heard(meter)
        buy(meter, "10.00")
        assert meter.stop() == 0
    with Running(tmp_path, *QUICK[2:]) as meter:
        heard(meter)
        assert [order["amount_mp"] for order in orders(meter)] == [10 * POUND_MP]
        meter.do("speed", x=600)
        assert first_is(meter, "received", 60)["how"] == "link"
        assert meter.settled()["meter"]["balance_mp"] == 20 * POUND_MP
    with Running(tmp_path, *QUICK, "--fresh") as meter:
        assert heard(meter)["phone"]["orders"] == []
        assert meter.state["meter"]["balance_mp"] == 10 * POUND_MP


def test_a_folder_of_a_till_without_a_head_end_counts_on(tmp_path):
    (tmp_path / "till").write_text("41\n", encoding="utf-8")
    with Running(tmp_path, *QUICK) as meter:
        meter.do("sell", pounds="10.00")
        assert meter.reply("receipt")["number"] == "42"
    assert not (tmp_path / "till").exists()
    with Running(tmp_path, *QUICK[2:]) as meter:
        meter.do("sell", pounds="10.00")
        assert meter.reply("receipt")["number"] == "43"


@pytest.mark.parametrize(
    "name, content", [("till", "many\n"), ("headend.db", "this is no database, but text" * 300)]
)
def test_a_store_that_cannot_be_read_is_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    ended = ready.run("tools.cli", "run", "--no-browser", "--folder", tmp_path, timeout=30)
    assert ended.returncode == 2, ended
    assert len(ended.stderr.splitlines()) == 1 and name in ended.stderr


def test_a_store_that_fails_later_is_told_on_the_phone(tmp_path):
    with Running(tmp_path, *QUICK) as meter:
        heard(meter)
        shutil.copy(tmp_path / "headend.db", tmp_path / "copy.db")
        with sqlite3.connect(tmp_path / "headend.db") as other:
            other.execute("ALTER TABLE orders RENAME TO lost")
        meter.do("buy", pounds="10.00")
        assert "does not work" in meter.reply("fault")
        meter.do("speed", x=600)
        meter.until(lambda state: state["phone"]["wrong"])
        with sqlite3.connect(tmp_path / "headend.db") as other:
            other.execute("ALTER TABLE lost RENAME TO orders")
        meter.until(lambda state: state["phone"]["wrong"] is None)
        assert meter.state["vm"] == "running"


# ---- as a person sees it


def state_of(panel):
    """Of the newest order."""
    return panel.run("return document.querySelector('#phone-orders li')?.dataset.state ?? ''")


def test_buying_with_the_phone_and_asking_why(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        panel.until(lambda: panel.find("phone-balance").text == "£10.00")
        panel.tap("#phone-amounts [value='20.00']")
        panel.tap("#phone-pay")
        panel.until(lambda: state_of(panel) == "processing")
        panel.tap("#phone-orders .link")
        panel.until(lambda: len(panel.run(CODE)) == 24)
        panel.tap("#phone-tab-why")
        panel.until(lambda: "bought" in panel.find("phone-causes").text)
        panel.picture("phone_why")
        panel.tap("#phone-tab-buy")
        panel.tap("#speed label:has([value='60'])")
        panel.until(lambda: state_of(panel) == "received", 60)
        panel.until(lambda: panel.find("phone-balance").text == "£30.00")
        assert panel.balance_mp() == 30 * POUND_MP
        panel.tap("#phone-tab-why")
        panel.until(lambda: "£30.00" in panel.find("phone-figures").text)
        panel.tap("#phone-tab-buy")
        field = panel.find("phone-amount")
        field.clear()
        field.send_keys("150")
        panel.tap("#phone-pay")
        panel.until(lambda: "outside £1.00 to £149.00" in panel.find("phone-fault").text)
        panel.picture("phone_bought")
        assert panel.complaints() == []


def test_it_speaks_the_meters_money_and_fits_a_phone(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY, "--profile", "remote_tiered") as meter:
        panel = Panel(chromium, meter, PHONE)
        panel.until(lambda: panel.find("phone-balance").text == "¥12.40")
        panel.tap("#phone-pay")
        panel.until(lambda: state_of(panel) == "processing")
        panel.tap("#phone-tab-why")
        panel.until(lambda: "¥" in panel.find("phone-figures").text)
        assert "£" not in panel.find("phone").text
        assert panel.run("return document.documentElement.scrollWidth") == PHONE[0]
        panel.picture("phone_small")
