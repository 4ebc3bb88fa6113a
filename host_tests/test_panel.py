"""The front panel in a real Chromium: a code bought, typed with the two buttons, and credited.

SHILLING_PICTURES=docs keeps a screenshot of the moment a top-up is done, for the README.
"""
# runs on: cpython

import socket
import time

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import browsing
from browsing import FRIDAY, LAMP_TEST, LONG_S, PHONE, PICTURES, WATCH, Panel, code_text
from running import Running
from segments import DOT, NAMES, decode
from tools.interpreters import ROOT


@pytest.fixture(scope="module")
def chromium():
    yield from browsing.chromium()


def test_a_code_from_the_till_typed_with_two_buttons_is_credited(tmp_path, chromium):
    folder = ROOT / "build/panel" if PICTURES else tmp_path  # it can be read in the picture
    with Running(folder, *FRIDAY, "--fresh") as meter:
        panel = Panel(chromium, meter)
        before_mp = panel.balance_mp()
        digits = panel.buy("10.00")
        assert [len(group) for group in panel.find("receipt-code").text.split(" ")] == [4] * 5
        panel.enter(digits)
        chromium.execute_script(WATCH)
        button = panel.find("button-b")
        ActionChains(chromium).click_and_hold(button).perform()
        panel.until_shows("£10.00")  # the second half of 'DONE £10.00'
        ActionChains(chromium).release(button).perform()
        seen = chromium.execute_script("return seen")
        assert seen == [code_text(1, digits[0]), "WAIT", "DONE", "£10.00"]
        panel.until(lambda: panel.balance_mp() == before_mp + 1000000)
        panel.until_shows("£20.00")
        if PICTURES:
            time.sleep(8)  # by now the meter knows that nothing ran
            panel.tap("#phone-pay")
            for name in ("lights", "kettle"):
                panel.run(f"document.querySelector('[value={name}]').click()")
            time.sleep(25)
        panel.picture("panel")
        assert panel.complaints() == []


def test_what_the_page_draws_is_what_the_cells_show(tmp_path, chromium):
    read = """return [...document.querySelectorAll('#display > g')].map(
        cell => [...cell.querySelectorAll('.lit')].map(part => part.dataset.segment))"""
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        panel.wake()
        texts = set()
        for _ in range(4):
            panel.click("A")
            time.sleep(0.4)
            lit = chromium.execute_script(read)
            names = [["dp" if name == "dot" else name for name in cell] for cell in lit]
            cells = [sum(1 << NAMES.index(name) for name in cell) for cell in names]
            assert cells[-1] & DOT  # the mark of a development variant, which is no text
            cells[-1] &= ~DOT
            assert decode(cells) == panel.display()
            texts.add(panel.display())
        assert len(texts) == 4


def test_the_keyboard_presses_the_buttons(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        body = chromium.find_element(By.TAG_NAME, "body")
        body.send_keys("a")
        panel.until_shows(LAMP_TEST)
        panel.until(lambda: panel.display() != LAMP_TEST)
        body.send_keys("a")
        panel.until_shows("ADD CRED")
        panel.find("button-b").send_keys(Keys.ENTER)
        panel.until_shows(code_text(1, 0))
        panel.find("till-amount").send_keys("a")  # typing in a field is no press
        time.sleep(0.5)
        assert panel.display() == code_text(1, 0)
        chromium.execute_script("document.activeElement.blur()")
        body.send_keys("a")
        panel.until_shows(code_text(1, 1))
        ActionChains(chromium).key_down("b").pause(LONG_S).key_up("b").perform()
        panel.until(lambda: panel.display() != code_text(1, 1))  # held: too few digits
        assert panel.balance_mp() == 1000000


def test_the_lamp_goes_out_when_the_credit_does(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY, "--balance", "0.20") as meter:
        panel = Panel(chromium, meter)
        assert panel.find("relay").get_attribute("data-contact") == "1"
        assert panel.find("lamp").get_attribute("data-lit") == "1"
        panel.tap("#appliances label:has([value=kettle])")
        panel.until(lambda: panel.find("watts").text == "3.00 kW")
        panel.tap("#speed label:has([value='600'])")
        panel.until(lambda: panel.find("relay").get_attribute("data-contact") == "0", 30)
        panel.until(lambda: panel.find("lamp").get_attribute("data-lit") == "0")
        panel.until(lambda: panel.find("watts").text == "0 W")
        panel.until(lambda: panel.balance_mp() == 0)
        panel.until(lambda: "disabled" in panel.find("supply").text)


def test_the_mains_switch_darkens_the_meter_and_keeps_its_credit(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        before_mp = panel.balance_mp()
        panel.tap(".switch")
        panel.until_shows("")
        assert chromium.find_elements(By.CSS_SELECTOR, "#display .lit") == []
        panel.until(lambda: panel.find("status").text.startswith("Mains off"))
        panel.find("mains").send_keys(" ")  # it is reached by the keyboard too
        panel.until(lambda: panel.display().startswith("£"))
        assert panel.balance_mp() == before_mp


def test_the_clock_jumps_and_refuses_the_past(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        panel.tap("#chips button:nth-child(3)")
        panel.until(lambda: panel.find("clock").text.startswith("16:00"), 30)
        chromium.execute_script(
            "const jump = document.getElementById('jump'); jump.value = '2026-11-20T12:00';"
            "jump.dispatchEvent(new Event('input')); jump.form.requestSubmit()"
        )
        panel.until(lambda: "is past" in panel.find("clock-fault").text)


def test_the_till_says_what_it_cannot_sell(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        refusals = {"149.01": "outside £1.00 to £149.00", "ten": "an amount is pounds"}
        for typed, fault in refusals.items():
            amount = panel.find("till-amount")
            amount.clear()
            amount.send_keys(typed, Keys.ENTER)
            panel.until(lambda fault=fault: fault in panel.find("till-fault").text)
        assert not panel.find("receipt").is_displayed()


def test_it_fits_a_phone_and_asks_nobody_else_for_anything(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter, PHONE)
        assert chromium.execute_script("return document.documentElement.scrollWidth") == PHONE[0]
        for name in ("button-a", "button-b", "lamp", "relay", "display"):
            box = panel.find(name).rect
            assert 0 <= box["x"] and box["x"] + box["width"] <= PHONE[0], name
        asked = chromium.execute_script(
            "return performance.getEntriesByType('resource').map(entry => entry.name)"
        )
        assert asked and all(url.startswith((meter.url, "data:")) for url in asked), asked
        nameless = chromium.execute_script(
            "return [...document.querySelectorAll('button, input')].filter(e => !(e.ariaLabel ||"
            " e.textContent.trim() || e.labels?.length)).map(e => e.id || e.outerHTML)"
        )
        assert nameless == []
        assert panel.complaints() == []


def test_a_page_finds_its_meter_again(tmp_path, chromium):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Running(tmp_path, *FRIDAY, "--port", str(port)) as meter:
        panel = Panel(chromium, meter)
    panel.until(lambda: "switched off" in panel.find("status").text)
    with Running(tmp_path, "--port", str(port)) as meter:
        assert meter.port == port
        panel.until(lambda: panel.find("status").text.startswith("Running"))
