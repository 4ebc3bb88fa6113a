"""The head-end's page in a real Chromium, as an operator uses it; and a household to look at.

SHILLING_PICTURES names a folder that keeps a screenshot of each view.
"""

import base64
import time
from pathlib import Path

from selenium.webdriver.common.by import By

from browsing import PICTURES
from headend_house import METER, House, new_headend
from tools.headend import sms

WIDE = (1280, 900)
STEPS, STEP = 25, 4  # half-hours


class Nobody:
    def send(self, *_):
        pass


def household():
    """Two days of a House: tiers, a debt, a top-up, SMS."""
    tiers = [(4_000, 50_000), (12_000, 60_000), (10**9, 80_000)]

    def price_of(used):
        return next((n, price) for n, (edge, price) in enumerate(tiers) if used < edge)

    made = House(
        new_headend(tariff="0103" + "04000c00" + "50c300" + "60ea00" + "803801" + "00", warn_mp=950_000),
        price_of, debt_mp=2_000_000, share=30,
    )  # fmt: skip
    outbox = sms.Outbox(made.headend.store, Nobody())
    for number in range(STEPS):
        made.live(STEP)
        outbox.tick(made.now)
        if number == 15:
            made.headend.top_up(METER, 1500, made.now)
            made.hear()
    return made


class Page:
    """The page as an operator uses it."""

    def __init__(self, browser, web):
        self.browser, self.web = browser, web

    def open(self, view, size=WIDE, scheme="dark"):
        width, height = size
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})  # fmt: skip
        self.browser.get("about:blank")
        self.browser.get_log("browser")  # what an earlier page had to say
        self.browser.get(f"{self.web.url}#/{view}")

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return [each.text for each in self.all(selector)]

    def until(self, true, limit_s=15):
        """As soon as true() is something; a page that draws itself anew in between is no fault."""
        end_s = time.monotonic() + limit_s
        while True:
            assert time.monotonic() < end_s, self.find("body").text
            try:
                found = true()
            except Exception as error:  # noqa: BLE001 - not there yet, or drawn anew
                found, self.trouble = None, error
            if found:
                return found
            time.sleep(0.02)

    def refresh(self):
        """Look now, not in a few seconds."""
        self.browser.execute_script("document.dispatchEvent(new Event('headend-changed'))")

    def until_says(self, selector, text):
        return self.until(lambda: text in " ".join(self.texts(selector)))

    def complaints(self):
        """What the browser says is wrong, refusals that we asked for left out."""
        return [
            entry for entry in self.browser.get_log("browser")
            if entry["level"] != "INFO" and "status of 4" not in entry["message"]
        ]  # fmt: skip

    def picture(self, name):
        if PICTURES:
            self.until(
                lambda: self.browser.execute_script("return !document.getAnimations().length")
            )
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            width, height = self.browser.execute_script(
                "const all = document.documentElement; return [innerWidth, all.scrollHeight]"
            )
            clip = {"x": 0, "y": 0, "width": width, "height": min(height, 4000), "scale": 1}
            how = {"format": "png", "captureBeyondViewport": True, "clip": clip}
            shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", how)
            Path(PICTURES, f"headend-{name}.png").write_bytes(base64.b64decode(shot["data"]))
