"""Every view of the head-end's page in a real Chromium: it fits, complains of nothing, runs no code."""
# runs on: cpython

import pytest

import browsing
from browsing import PHONE, PICTURES
from headend_browsing import WIDE, Page, household
from headend_house import METER
from headend_web import Web


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


@pytest.mark.parametrize("view, there", [
    ("", "tr.link"), ("till", "#scan"), ("sms", "tbody tr"), (f"meter/{METER}", "#figures b"),
    (f"meter/{METER}/orders", "tbody tr"), (f"meter/{METER}/bills", "tr.bill"),
    (f"meter/{METER}/readings", "#plots svg"), (f"meter/{METER}/record", "tbody tr"),
    (f"meter/{METER}/sms", "tbody tr"), (f"meter/{METER}/deeds", "form"),
])  # fmt: skip
def test_each_view_fits_a_phone_and_complains_of_nothing(page, view, there):
    sizes = [(WIDE, "dark"), (PHONE, "light")] if PICTURES else [(PHONE, "light")]
    for size, scheme in sizes:
        page.open(view, size, scheme)
        page.until(lambda: page.all(there))
        width = page.browser.execute_script("return document.documentElement.scrollWidth")
        assert width <= size[0]
        page.picture(f"{view.replace('/', '-') or 'meters'}-{size[0]}")
    assert page.complaints() == []


def test_what_a_customer_is_called_is_text_never_code(page, house):
    evil = "<img src=x onerror=document.title='evil'>"
    house.headend.add_meter(METER, house.now, name=evil)
    page.open("")
    page.until_says("main", evil)
    page.open(f"meter/{METER}")
    page.until_says("main", evil)
    assert page.browser.title == "Shilling head-end"
    house.headend.add_meter(METER, house.now, name="12 Mill Lane")
