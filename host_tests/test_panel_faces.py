"""Each face of the panel in a real Chromium, used as its owner would: the in-home display with its four
keys, the key meter's screen S, the gas meter's red A, the remote meter in its own money, the usage view.
"""
# runs on: cpython

import time

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import browsing
from browsing import FRIDAY, LAMP_TEST, LONG_S, PHONE, WATCH, Panel, code_text
from running import Running

RED_MINUS_GREEN = """const [r, g] = getComputedStyle(arguments[0]).backgroundImage
    .match(/rgb\\((\\d+), (\\d+)/g).at(1).match(/\\d+/g).map(Number); return r - g"""
TARIFF = """
rates: {day: 28.00, night: 12.00}
switch: [{at: "00:30", rate: night}, {at: "07:30", rate: day}]
"""


@pytest.fixture(scope="module")
def chromium():
    yield from browsing.chromium()


def wrong(digits):
    """The code with its tenth digit one further: its check digit is wrong now."""
    return digits[:9] + str((int(digits[9]) + 1) % 10) + digits[10:]


def has(panel, name, text, limit_s=15):
    panel.until(lambda: text in panel.find(name).text, limit_s)


# ---- the in-home display


def test_a_code_typed_with_four_keys_is_credited(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        digits = panel.buy("10.00")
        chromium.execute_script(WATCH)
        panel.enter_at_home(digits)
        panel.until(lambda: panel.balance_mp() == 2000000)
        panel.until_shows("£20.00")
        seen = chromium.execute_script("return seen")
        assert seen[seen.index("WAIT") :][:2] == ["WAIT", "DONE"]
        home = panel.find("home-display")
        assert home.get_attribute("data-text") == "£20.00"  # one display for both
        has(panel, "home-balance", "£20.00")
        panel.picture("in_home_display")
        assert panel.complaints() == []


def test_a_wrong_code_fails_and_is_typed_again(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        digits = panel.buy("5.00")
        panel.enter_at_home(wrong(digits))
        panel.until_shows("FAIL")
        panel.until_shows(code_text(1, 7))  # entry again, what was typed is still there
        assert panel.balance_mp() == 1000000
        panel.cap("left").click()
        panel.until_shows(code_text(1, 6))
        panel.cap("ok").click()
        panel.until_shows(code_text(2, 3))
        panel.cap("return").click()
        panel.until_shows(code_text(1, 0))  # the digit is gone
        panel.cap("return").click()
        panel.until_shows("TOP UP")


def hold_return(panel):
    ActionChains(panel.browser).click_and_hold(panel.cap("return")).pause(
        LONG_S
    ).release().perform()


def test_emergency_credit_is_accepted_by_a_long_return(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY, "--balance", "3.00") as meter:
        panel = Panel(chromium, meter)
        panel.go("EMGCY CR")
        panel.cap("return").click()  # short: only back to the resting screen
        panel.until(lambda: panel.display().startswith("£3"))
        has(panel, "emergency", "offered")
        panel.go("EMGCY CR")
        hold_return(panel)
        panel.until(lambda: "5.00" in panel.display())
        has(panel, "emergency", "active · £5.00 left")


def test_without_an_offer_there_is_no_credit(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        panel.go("EMGCY CR")
        chromium.execute_script(WATCH)
        hold_return(panel)
        panel.until(lambda: {"NO", "CREDIT"} <= set(chromium.execute_script("return seen")))
        has(panel, "emergency", "none")


def test_arrows_enter_and_escape_are_the_four_keys(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        body = chromium.find_element(By.TAG_NAME, "body")
        for key, shown in (
            (Keys.ARROW_RIGHT, "TOP UP"), (Keys.ENTER, code_text(1, 0)),
            (Keys.ARROW_LEFT, code_text(1, 9)), (Keys.ENTER, code_text(2, 0)),
            (Keys.ESCAPE, code_text(1, 0)), (Keys.ESCAPE, "TOP UP"), (Keys.ARROW_LEFT, "£10.00"),
        ):  # fmt: skip
            body.send_keys(key)
            panel.until_shows(shown)
        panel.find("load").send_keys(Keys.ARROW_RIGHT)  # a slider's own key is no press
        has(panel, "load-w", "10 W")
        time.sleep(0.5)
        assert panel.display() == "£10.00"
        panel.cap("right").send_keys(Keys.ENTER)  # the focused key itself, not OK
        panel.until_shows("TOP UP")


def quiet(meter, seconds):
    """So many of the meter's seconds, at sixty of them a second; then as fast as life again."""
    now_s = lambda state: state["utc"][0] * 86400 + state["utc"][1]  # noqa: E731
    until_s = now_s(meter.state) + seconds
    meter.do("speed", x=60)
    meter.until(lambda state: now_s(state) >= until_s, 60)
    meter.do("speed", x=1)
    meter.until(lambda state: state["pace"] == 1)


def test_the_light_the_cost_and_what_costs_most(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter)
        assert panel.find("light").get_attribute("data-level") == "low"
        assert panel.find("home-cost").text == "£0.00"
        quiet(meter, 40)  # a meter that has seen nothing for so long knows that nothing runs
        panel.tap("#appliances label:has([value=kettle])")
        panel.until(lambda: panel.find("light").get_attribute("data-level") == "high", 30)
        assert panel.find("light").get_attribute("aria-label") == "High use"
        has(panel, "home-power", "3.00 kW", 30)
        assert panel.find("home-cost").text in ("£0.73", "£0.74")  # 73.5 p
        has(panel, "ranking", "Kettle", 30)
        assert "/h" in panel.find("ranking").text and "+3.00 kW" in panel.find("ranking").text
        panel.picture("what_costs_most")


# ---- the other profiles


def plate(panel):
    return panel.find("kind").get_attribute("textContent")


def test_the_key_meter_shows_screen_s(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY, "--profile", "key_meter") as meter:
        panel = Panel(chromium, meter)
        panel.until(lambda: plate(panel) == "Electricity key meter")
        panel.wake()
        for _ in range(8):
            if panel.display() == "S £47.00":
                break
            before = panel.display()
            panel.click("A")
            panel.until(lambda before=before: panel.display() != before)
        panel.until(lambda: "S Debt £47.00" in panel.find("display").get_attribute("aria-label"))
        has(panel, "debt", "£47.00")
        panel.picture("key_meter")


def test_the_gas_meters_red_a_shows_what_is_owed(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY, "--profile", "gas_weekly") as meter:
        panel = Panel(chromium, meter)
        panel.until(lambda: plate(panel) == "Prepayment gas meter")
        assert chromium.execute_script(RED_MINUS_GREEN, panel.find("button-a")) > 60
        assert chromium.execute_script(RED_MINUS_GREEN, panel.find("button-b")) < 30
        panel.click("A")
        panel.until_shows(LAMP_TEST)
        panel.until(lambda: "Owed £6.20" in panel.find("display").get_attribute("aria-label"))
        assert panel.find("lamp").get_attribute("aria-label") == "Burner lit"
        labels = panel.find("appliances").text
        assert "Central heating" in labels and "Kettle" not in labels
        panel.picture("gas_meter")


def test_the_remote_meter_counts_in_its_own_money(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY, "--profile", "remote_tiered") as meter:
        panel = Panel(chromium, meter)
        panel.until_shows("¥12.40")
        assert panel.find("balance").text == panel.find("home-balance").text == "¥12.40"
        panel.wake()
        panel.click("A")
        panel.until(lambda: "Left 25 kWh" in panel.find("display").get_attribute("aria-label"))
        panel.until(lambda: panel.find("till-symbol").text == "¥")
        digits = panel.buy("10.00")
        assert panel.find("receipt-amount").text == "¥10.00"
        panel.cap("return").click()
        panel.until_shows("¥12.40")
        panel.enter_at_home(digits)
        panel.until(lambda: panel.balance_mp() == 2240000)
        panel.picture("remote_meter")
        page = chromium.find_element(By.TAG_NAME, "main").text
        assert "£" not in page


# ---- the usage view


def use_two_days(meter, panel):
    """A load over two midnights, and a top-up: something of everything to draw."""
    meter.do("load", other_w=600)
    for local in ("2026-11-21T09:00", "2026-11-22T19:30"):
        meter.do("jump", local=local)
        panel.until(lambda: panel.find("pace").text == "jumping…")
        panel.until(lambda: panel.find("pace").text == "", 120)


def test_the_usage_view_draws_what_the_records_tell(tmp_path, chromium):
    tariff = tmp_path / "tariff.yaml"
    tariff.write_text(TARIFF, encoding="utf-8")
    with Running(tmp_path / "run", *FRIDAY, "--tariff", str(tariff)) as meter:
        panel = Panel(chromium, meter)
        panel.enter_at_home(panel.buy("20.00"))
        panel.until(lambda: panel.balance_mp() > 2500000)
        use_two_days(meter, panel)
        panel.tap(".views [data-view=usage]")
        has(panel, "usage-status", "up to Sunday 22 November 2026", 60)
        assert not panel.find("panel").is_displayed()
        bars = chromium.execute_script(
            "return [...document.querySelectorAll('#usage-report svg.wide .told > title')]"
            ".map(title => title.textContent)"
        )
        halves = [bar for bar in bars if bar[2:3] == ":"]
        assert len(halves) >= 38, bars  # from midnight to 19:00 at least
        assert "12:00–12:30: 0.30 kWh, £0.08" in halves  # 600 W at 28 p/kWh: 8.4 p
        assert any("paid in" in bar and "£20.00" in bar for bar in bars), bars
        colours = chromium.execute_script(
            "return new Set([...document.querySelectorAll('#usage-report svg.wide .told path')]"
            ".map(path => path.style.fill)).size"
        )
        assert colours >= 3  # two rates, and the bars of days
        assert "Rate 2, 12.00p" in panel.find("usage-report").text
        panel.picture("usage", whole=True)
        panel.tap(".views [data-view=panel]")
        panel.until(lambda: panel.find("panel").is_displayed())
        assert panel.complaints() == []


# ---- on a phone


def width(panel):
    return panel.run("return document.documentElement.scrollWidth")


def test_a_phone_shows_one_device_at_a_time(tmp_path, chromium):
    with Running(tmp_path, *FRIDAY) as meter:
        panel = Panel(chromium, meter, PHONE)
        assert panel.find("meter").is_displayed() and not panel.find("home").is_displayed()
        assert width(panel) == PHONE[0]
        panel.picture("phone_meter")
        panel.find("tab-home").click()
        assert panel.find("home").is_displayed() and not panel.find("meter").is_displayed()
        assert panel.find("tab-home").get_attribute("aria-selected") == "true"
        for key in ("left", "right", "ok", "return"):
            box = panel.cap(key).rect
            assert 0 <= box["x"] and box["x"] + box["width"] <= PHONE[0] and box["height"] >= 40
        panel.go("TOP UP")
        panel.cap("ok").click()
        panel.until_shows(code_text(1, 0))
        assert width(panel) == PHONE[0]
        panel.picture("phone_in_home_display")
        panel.find("tab-home").send_keys(Keys.ARROW_LEFT)
        panel.until(lambda: panel.find("meter").is_displayed())
        panel.tap(".views [data-view=usage]")
        has(panel, "usage-status", "up to", 60)
        assert width(panel) == PHONE[0]
        panel.picture("phone_usage", whole=True)
        assert panel.complaints() == []
