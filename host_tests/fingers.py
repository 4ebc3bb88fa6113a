"""Presses on a menu without a meter around it, at both front ends."""

import unittest

from shilling import codes, ihd, screens
from shilling.config import Config
from shilling.menu import Menu

A, B, LONG = codes.KEY_A, codes.KEY_B, codes.LONG
LEFT, RIGHT, OK, RETURN = ihd.LEFT, ihd.RIGHT, ihd.OK, ihd.RETURN
REST, TOP_UP, EMERGENCY = codes.SCREEN_REST, codes.SCREEN_ADD_CREDIT, codes.SCREEN_ACCEPT
ROUND = [
    codes.SCREEN_ADD_CREDIT, codes.SCREEN_USAGE, codes.SCREEN_RATE, codes.SCREEN_DEBT,
    codes.SCREEN_REGISTER, codes.SCREEN_ALERT_LEVEL, codes.SCREEN_STATUS, codes.SCREEN_REST,
]  # fmt: skip


class Fingers(unittest.TestCase):
    profile = "smart_payg"

    def setUp(self):
        config = Config()
        config.set_profile(self.profile)
        self.menu = Menu(config)
        self.supply = codes.ENABLED
        self.offered = False

    def press(self, *presses):
        for press in presses:
            intent = ihd.press(self.menu, press, self.supply, self.offered)
        return intent

    def walk(self, count, press=A):
        seen = []
        for _ in range(count):
            self.press(press)
            seen.append(self.menu.screen)
        return seen

    def text(self):
        return screens.texts(None, self.menu, 0)[0]
