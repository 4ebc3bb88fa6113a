"""The head-end's page in a real Chromium: the till, an order's way, bills, why the figures differ."""
# runs on: cpython

import pytest
from selenium.webdriver.common.keys import Keys

import browsing
from headend_browsing import Page, household
from headend_house import METER
from headend_web import Web
from tools.utrn_vend import keys_of, make_code


@pytest.fixture(scope="module")
def chromium():
    yield from browsing.chromium()


@pytest.fixture(scope="module")
def house():
    return household()


@pytest.fixture
def page(house, chromium):
    with Web(house.headend, lambda: house.now) as web:
        yield Page(chromium, web)


def scan(page, text):
    """As a scanner does: the characters, then Enter."""
    page.until(lambda: page.find("#scan"))
    page.find("#scan").clear()
    page.find("#scan").send_keys(text, Keys.ENTER)


def test_the_till_sells_by_the_barcode_and_follows_the_order(page, house):
    page.open("till")
    scan(page, METER)
    page.until_says("#whose", "12 Mill Lane")
    page.find("#amount").send_keys("12.34")
    page.find("#sell").click()
    number = page.until(lambda: page.texts(".slip dd")[2])  # the paper is out so far
    code = page.find("#code").text.replace(" ", "")
    assert code == make_code(keys_of({}), int(number), "pence", 1234)
    page.until(
        lambda: page.find("#progress [data-state]").get_attribute("data-state") == "processing"
    )
    page.picture("till")
    house.hear()
    house.state()
    page.refresh()
    page.until(
        lambda: page.find("#progress [data-state]").get_attribute("data-state") == "received"
    )
    assert page.complaints() == []


def test_a_wrong_barcode_is_refused_and_nothing_can_be_sold(page):
    page.open("till")
    scan(page, "4006381333931")
    page.until_says("#whose", "no meter's barcode")
    scan(page, "00DB1234567890FF")
    page.until_says("#whose", "There is no meter 00DB1234567890FF here.")
    assert page.find("#sell").get_attribute("disabled")


def test_a_failed_sale_prints_no_code_and_says_that_it_failed(page):
    page.open("till")
    scan(page, METER)
    page.until_says("#whose", "12 Mill Lane")
    for amount, why in (("0.50", "£1.00"), ("200", "£149.00"), ("ten", "10.00")):
        page.find("#amount").clear()
        page.find("#amount").send_keys(amount)
        page.find("#sell").click()
        page.until_says(".slip.failed", why)
        page.until_says(".slip.failed", "The sale failed. There is no code.")  # the whole paper
        assert not page.texts("#code")
        page.until(lambda: page.find("#sell").is_enabled())
    page.picture("till-failed")


def test_a_sale_whose_answer_was_lost_is_not_sold_twice(page, house):
    page.open("till")
    scan(page, METER)
    page.until_says("#whose", "12 Mill Lane")
    page.browser.execute_script("""const real = window.fetch; window.fetch = async (...how) => {
        const answer = await real(...how);
        if (String(how[0]).endsWith('topups')) { window.fetch = real; throw new TypeError('lost'); }
        return answer; };""")
    page.find("#amount").send_keys("7.00")
    page.find("#sell").click()
    page.until_says(".slip.failed", "It is not known whether this was sold.")
    sold = len(page.web.get(f"/api/meters/{METER}/orders"))
    page.until(lambda: page.find("#sell").is_enabled())
    page.find("#sell").click()
    page.until(lambda: page.find("#code").text)
    assert len(page.web.get(f"/api/meters/{METER}/orders")) == sold
    house.hear()
    house.state()


LOSE = """const real = window.fetch; window.fetch = async (...how) => {
    const answer = await real(...how);
    if (how[1]?.method === 'POST') { window.fetch = real; throw new TypeError('lost'); }
    return answer; };"""


def test_a_sale_whose_answer_was_lost_is_the_same_after_a_reload(page, house):
    page.open("till")
    scan(page, METER)
    page.until_says("#whose", "12 Mill Lane")
    page.browser.execute_script(LOSE)
    page.find("#amount").send_keys("8.00")
    page.find("#sell").click()
    page.until_says(".slip.failed", "It is not known whether this was sold.")
    sold = len(page.web.get(f"/api/meters/{METER}/orders"))
    page.browser.refresh()
    page.until_says(".slip.failed", "the same sale is never made twice")
    page.until(lambda: page.find("#sell").is_enabled())
    page.find("#sell").click()
    page.until_says(".slip", "it is the same sale")
    page.until(lambda: page.find("#code").text)
    assert len(page.web.get(f"/api/meters/{METER}/orders")) == sold
    house.hear()
    house.state()


def test_a_debt_payment_that_is_sent_twice_or_after_a_reload_is_one_order(page, house):
    path = f"/api/meters/{METER}/orders"
    before = len(page.web.get(path))
    page.open(f"meter/{METER}/deeds")
    page.until(lambda: page.find("#do-debt [name=amount]"))
    page.browser.execute_script(LOSE)
    page.find("#do-debt [name=amount]").send_keys("3.00", Keys.ENTER)
    page.until_says("main", "It is not known whether this was done.")
    page.browser.refresh()
    page.until_says("main", "It is not known whether this was done.")
    assert page.find("#do-debt [name=amount]").get_attribute("value") == "3.00"
    page.browser.execute_script("""const button = document.querySelector('#do-debt button');
        button.click(); button.click();""")
    page.until_says("main", "It is on its way to the meter.")
    assert len(page.web.get(path)) == before + 1
    page.find("#do-debt [name=amount]").send_keys("3.00", Keys.ENTER)  # meant anew
    page.until(lambda: len(page.web.get(path)) == before + 2)
    house.hear()


def test_a_meters_phone_number_can_be_removed(page, house):
    page.open(f"meter/{METER}/deeds")
    page.until(lambda: page.find("#do-who [name=phone]").get_attribute("value"))
    page.find("#do-who [name=phone]").clear()
    page.find("#do-who button").click()
    page.until_says("main", "There is no phone number: no SMS is sent.")
    kept = page.web.get(f"/api/meters/{METER}")
    assert (kept["phone"], kept["name"]) == (None, "12 Mill Lane")
    page.open(f"meter/{METER}")
    page.until_says("main", "none: no SMS")
    house.headend.add_meter(METER, house.now, phone="+44 7700 900123")


def test_a_meter_is_found_by_a_part_of_its_name_number_or_phone(page):
    page.open("")
    page.until(lambda: page.all("tr.link"))
    for text, count in (("mill", 1), ("7700900", 1), ("00db 1234", 1), ("nobody", 0)):
        page.find("#find").clear()
        page.find("#find").send_keys(text)
        page.until(lambda count=count: len(page.all("tr.link")) == count)


def test_registers_that_were_asked_for_are_shown(page, house):
    from tools.headend import bodies

    house.send(
        bodies.REGISTERS, bytes((1, 2)) + bytes((0, 0, 0, 7, 0, 5)) + bytes((0, 0, 0, 8, 0, 0))
    )
    page.open(f"meter/{METER}")
    page.until_says("main", "Rate 1, tier 1")
    assert any("7.005 kWh" in text for text in page.texts(".facts"))


def test_an_order_shows_its_attempts_and_its_code_to_a_caller(page, house):
    order = page.web.desk.top_up(METER, "10.00")
    house.is_heard = False
    house.hear()
    house.now += 901
    house.headend.tick(house.now)
    page.open(f"meter/{METER}/orders")
    page.until_says(f"[data-order='{order['order']}']", "late")
    page.find(f"[data-order='{order['order']}']").click()
    page.until_says(".inside", "first")
    page.until(lambda: [b for b in page.all(".inside button") if "code" in b.text])[0].click()
    page.until_says("#code-dialog .code", order["groups"])
    page.picture("order")
    page.find("#code-dialog button").click()
    page.until(lambda: [b for b in page.all(".inside button") if b.text == "Send again"])[0].click()
    page.until(lambda: page.web.get(f"/api/orders/{order['order']}")["next"]["at_s"] == house.now)
    house.is_heard = True
    house.state()
    page.refresh()
    page.until(
        lambda: (
            page.find(f"[data-order='{order['order']}'] [data-state]").get_attribute("data-state")
            == "received"
        )
    )
    assert page.complaints() == []


def test_the_days_of_a_bill_add_up_to_the_month(page):
    page.open(f"meter/{METER}/bills")
    page.until(lambda: page.texts("#days tr.bill"))
    costs = [
        [int(row.get_attribute("data-cost-mp")) for row in page.all(f"{part} tr.bill")]
        for part in ("#days", "#months")
    ]
    assert len(costs[0]) >= 3 and sum(costs[0]) == sum(costs[1]) > 0
    assert any("Tier 2 at 60.00p" in text for text in page.texts("#days tr.inner"))
    assert all("as the meter took" in text for text in page.texts("#days tr.bill"))


def test_the_page_says_why_the_figures_differ(page, house):
    page.open(f"meter/{METER}")
    page.until_says("#figures", "Meter, last report")
    page.find("#display").send_keys("99.00", Keys.ENTER)
    page.until_says("#figures", "On the meter's display")
    page.until_says("#causes", "which nothing here explains")


def test_a_one_off_debt_payment_is_taken(page, house):
    page.open(f"meter/{METER}/deeds")
    page.until(lambda: page.find("#do-debt [name=amount]"))
    page.find("#do-debt [name=amount]").send_keys("5.00", Keys.ENTER)
    page.until_says("main", "It is on its way to the meter.")
    assert page.web.get(f"/api/meters/{METER}/orders")[0]["what"] == "pay debt"
    page.find("#do-set-debt [name=amount]").send_keys("500.00", Keys.ENTER)
    page.until_says("main", "A debt can be brought over only below 500.00.")
    house.hear()


@pytest.mark.parametrize(
    "text", ["rubbish", "2026-12-24", "2026-12-24 holiday,", "2026-12-24 holiday or not", ""]
)
def test_11_what_is_no_list_of_special_days_takes_none_away(page, text):
    before = len(page.web.get(f"/api/meters/{METER}/orders"))
    page.open(f"meter/{METER}")
    page.open(f"meter/{METER}/deeds")
    page.until(lambda: page.find("#do-days [name=days]"))
    page.find("#do-days [name=days]").send_keys(text)
    page.find("#do-days button").click()
    if text:
        page.until(lambda: page.find("#do-days + p").get_attribute("class") == "fault")
    else:
        assert not page.browser.execute_script(
            "return document.querySelector('#do-days').checkValidity()"
        )
    assert len(page.web.get(f"/api/meters/{METER}/orders")) == before


@pytest.mark.parametrize("text, bytes_", [
    ("2026-12-24 holiday, 2027-05-03  working", "267E01" "270000"), ("none", ""),
])  # fmt: skip
def test_11_special_days_are_sent_all_at_once(page, house, text, bytes_):
    page.open(f"meter/{METER}")
    page.open(f"meter/{METER}/deeds")
    page.until(lambda: page.find("#do-days [name=days]"))
    page.find("#do-days [name=days]").send_keys(text, Keys.ENTER)
    page.until_says("main", "It is on its way to the meter.")
    newest = page.web.get(f"/api/meters/{METER}/orders")[0]
    assert newest["what"] == "special days"
    assert house.headend.order(newest["id"]).body.hex().upper() == bytes_
    house.hear()


def test_older_orders_are_there_too(page, house):
    for _ in range(205):
        house.headend.command(METER, 9, b"", house.now)
    page.open(f"meter/{METER}/orders")
    page.until(lambda: len(page.all("tr.link")) == 200)
    [older] = [button for button in page.all("button") if button.text == "Older"]
    older.click()
    page.until(lambda: len(page.all("tr.link")) == len({
        each.get_attribute("data-order") for each in page.all("tr.link")
    }) > 205)  # fmt: skip
