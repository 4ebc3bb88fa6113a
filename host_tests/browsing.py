"""The front panel in a real Chromium, as a person uses it: looks at the display, presses the keys.

Takes a running meter (running.py) and the size of a window. SHILLING_PICTURES names a folder that
keeps a screenshot of what the tests show.
"""

import base64
import os
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

from needs import program

DESKTOP, PHONE = (1440, 1180), (390, 844)
FRIDAY = ("--now", "2026-11-20T11:00:00")
LAMP_TEST = "\x7f" * 8
LONG_S = 2.6
WATCH = """const display = document.getElementById('display');
    window.seen = [display.dataset.text];
    new MutationObserver(() => {
        if (seen.at(-1) !== display.dataset.text) seen.push(display.dataset.text);
    }).observe(display, {attributeFilter: ['data-text']})"""  # what the display shows from now on
RESTING = ("£", "¥")  # how the resting screen begins
PICTURES = os.environ.get("SHILLING_PICTURES")


def chromium():
    """A browser for the tests of one file; skips them where there is none."""
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium")
    language = {**os.environ, "LANGUAGE": "en_GB"}
    service = webdriver.ChromeService(program("chromedriver"), env=language)
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                   "--disable-dev-shm-usage", "--lang=en-GB"):  # fmt: skip
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=service)
    yield browser
    browser.quit()


def code_text(place, digit):
    """How 8 cells show a digit of the code."""
    whole = f"Code {place} {digit}"
    return whole if len(whole) <= 8 else f"{place:02d} {digit}"


class Panel:
    """The page as a person uses it: looks at the display, presses the buttons."""

    def __init__(self, browser, meter, size=DESKTOP):
        self.browser = browser
        browser.get_log("browser")  # an earlier page's
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(meter.url)
        self.until(lambda: self.display().startswith(RESTING))

    def find(self, name):
        return self.browser.find_element(By.ID, name)

    def display(self):
        return self.find("display").get_attribute("data-text")

    def balance_mp(self):
        return int(self.find("balance").get_attribute("data-mp"))

    def until(self, true, limit_s=15):
        end_s, pause_s = time.monotonic() + limit_s, 0.01
        while not true():
            assert time.monotonic() < end_s, f"not seen in {limit_s} s; display {self.display()!r}"
            time.sleep(pause_s)  # three processes are busy with each look
            pause_s = min(pause_s * 1.5, 0.1)

    def until_shows(self, text):
        self.until(lambda: self.display() == text)

    def tap(self, selector):
        self.browser.find_element(By.CSS_SELECTOR, selector).click()

    def click(self, key):
        self.find(f"button-{key.lower()}").click()

    def hold(self, key):
        button = self.find(f"button-{key.lower()}")
        ActionChains(self.browser).click_and_hold(button).pause(LONG_S).release().perform()

    def wake(self):
        """The first press lights everything for a second."""
        self.click("A")
        self.until_shows(LAMP_TEST)
        self.until(lambda: self.display().startswith(RESTING))

    def enter(self, digits):
        """Type a code from the resting screen on, looking at each digit."""
        self.wake()
        self.click("A")
        self.until_shows("ADD CRED")
        self.click("B")
        for place, digit in enumerate(digits, 1):
            for shown in range(int(digit) + 1):
                self.until_shows(code_text(place, shown))
                self.click("A" if shown < int(digit) else "B")
        self.until_shows(code_text(1, digits[0]))  # after the 20th comes the first

    def cap(self, key):
        """A key of the in-home display."""
        return self.browser.find_element(By.CSS_SELECTOR, f".home-key[data-key={key}]")

    def go(self, text):
        """Round the in-home display's ring to the screen that shows this."""
        for _ in range(12):
            if self.display() == text:
                return
            before = self.display()
            self.cap("right").click()
            self.until(lambda before=before: self.display() != before)
        raise AssertionError(f"{text} is not in the ring")

    def enter_at_home(self, digits):
        """Type a code with the four keys, looking at each digit; it sends itself."""
        self.go("TOP UP")
        self.cap("ok").click()
        for place, digit in enumerate(digits, 1):
            self.until_shows(code_text(place, 0))
            up = int(digit) <= 5
            for step in range(1, (int(digit) if up else 10 - int(digit)) + 1):
                self.cap("right" if up else "left").click()
                self.until_shows(code_text(place, step if up else 10 - step))
            self.cap("ok").click()

    def buy(self, amount):
        """A code from the till: its 20 digits."""
        field = self.find("till-amount")
        field.clear()
        field.send_keys(amount)
        before = self.find("receipt-number").text
        self.find("till-sell").click()
        self.until(lambda: self.find("receipt-number").text not in ("", before))
        self.until(lambda: len(self.find("receipt-code").text) == 24)
        self.until(lambda: self.find("receipt-amount").text)  # the whole paper is out
        return self.find("receipt-code").text.replace(" ", "")

    def complaints(self):
        return [entry for entry in self.browser.get_log("browser") if entry["level"] != "INFO"]

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def picture(self, name, whole=False):
        """Keep what is seen, if somebody wants pictures."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            how = {"format": "png", "captureBeyondViewport": whole}
            if whole:
                width, height = self.run(
                    "const all = document.documentElement; return [all.scrollWidth, all.scrollHeight]"
                )
                how["clip"] = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
            shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", how)
            Path(PICTURES, f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
