"""DOMAIN 13: where a press on the in-home display's four keys leads, and that money follows."""

import unittest

from fingers import (
    EMERGENCY,
    LEFT,
    LONG,
    OK,
    REST,
    RETURN,
    RIGHT,
    ROUND,
    TOP_UP,
    A,
    B,
    Fingers,
)  # fmt: skip
from quiet import start
from shilling import codes
from support import make_code


class Display(Fingers):
    """The in-home display on its own."""

    def test_right_goes_on_and_left_goes_back_without_a_press_to_wake_it(self):
        ring = [TOP_UP, EMERGENCY] + ROUND[1:]
        self.assertEqual(self.walk(9, RIGHT), ring)
        self.assertEqual(self.walk(9, LEFT), ring[7::-1] + [REST])
        self.assertEqual((self.menu.face, self.menu.lamp_ms), (1, 0))

    def test_its_titles_are_its_own(self):
        self.press(RIGHT)
        self.assertEqual(self.text(), "TOP UP")
        self.press(RIGHT)
        self.assertEqual(self.text(), "EMGCY CREDIT")
        self.menu.touch(0)
        self.assertEqual(self.text(), "Accept EmCr")

    def test_a_screen_that_only_the_meter_has_counts_as_the_resting_screen(self):
        for screen in (codes.SCREEN_BALANCE, codes.SCREEN_OWED, codes.SCREEN_LEFT):
            self.menu.go(screen)
            self.assertEqual(self.walk(1, RIGHT), [TOP_UP])
            self.menu.go(screen)
            self.assertEqual(self.walk(1, LEFT), [codes.SCREEN_STATUS])

    def test_return_goes_to_rest_and_half_a_minute_does(self):
        self.press(RIGHT, RIGHT, RIGHT, RETURN)
        self.assertEqual(self.menu.screen, REST)
        self.press(LEFT)
        self.menu.wait(30000)
        self.assertEqual((self.menu.screen, self.menu.awake), (REST, False))

    def test_OK_does_what_B_does_there(self):
        self.press(RIGHT, RIGHT, RIGHT, OK)
        self.assertEqual((self.menu.screen, self.menu.part), (codes.SCREEN_USAGE, 1))
        self.menu.go(codes.SCREEN_ALERT_LEVEL)
        self.assertEqual(self.press(OK), codes.INTENT_LEVEL)
        for screen in (REST, EMERGENCY, codes.SCREEN_STATUS):
            self.menu.go(screen)
            self.assertEqual(self.press(OK), codes.INTENT_NONE)
            self.assertEqual((self.menu.screen, self.menu.part), (screen, 0))

    def test_emergency_credit_takes_a_long_return_and_nothing_else_does(self):
        self.press(RIGHT, RIGHT)
        self.assertEqual(self.press(RETURN | LONG), codes.INTENT_ACCEPT)
        for key in (LEFT, RIGHT, OK):
            self.assertEqual(self.press(key | LONG), codes.INTENT_NONE)
            self.assertEqual(self.menu.screen, EMERGENCY)
        for screen in ROUND:
            self.menu.go(screen)
            self.assertEqual(self.press(RETURN | LONG), codes.INTENT_NONE)
            self.assertEqual(self.menu.screen, screen)

    def test_it_cannot_enable_the_supply(self):
        self.supply = codes.ARMED
        for key in (LEFT, RIGHT, OK, RETURN):
            for press in (key, key | LONG):
                self.menu.go(REST)
                self.assertEqual(self.press(press), codes.INTENT_NONE)
        self.menu.go(REST)
        self.assertEqual(self.press(B), codes.INTENT_ENABLE)

    def test_the_front_end_used_last_has_the_display(self):
        self.press(RIGHT, A)
        self.assertEqual((self.menu.face, self.menu.screen), (0, codes.SCREEN_USAGE))
        self.press(RIGHT)
        self.assertEqual((self.menu.face, self.menu.screen), (1, codes.SCREEN_RATE))


class DisplayCode(Fingers):
    def setUp(self):
        Fingers.setUp(self)
        self.press(RIGHT, OK)

    def test_left_and_right_scroll_the_digit_round(self):
        self.assertEqual(self.text(), "Code 1 0")
        self.press(LEFT)
        self.assertEqual(self.text(), "Code 1 9")
        self.press(RIGHT, RIGHT, RIGHT)
        self.assertEqual(self.text(), "Code 1 2")

    def test_return_deletes_the_last_digit_and_on_the_first_place_leaves(self):
        self.press(RIGHT, OK, RIGHT, RIGHT, OK, RIGHT)  # 1, 2, and 1 not taken yet
        self.press(RETURN)
        self.assertEqual((self.text(), bytes(self.menu.digits[:3])), ("Code 2 0", b"\x01\x00\x00"))
        self.press(RETURN)
        self.assertEqual((self.text(), bytes(self.menu.digits[:3])), ("Code 1 0", bytes(3)))
        self.press(RETURN)
        self.assertEqual(self.menu.screen, TOP_UP)

    def test_the_20th_OK_sends(self):
        intents = [self.press(OK) for _ in range(20)]
        self.assertEqual(intents, [codes.INTENT_NONE] * 19 + [codes.INTENT_SEND])
        self.assertTrue(self.menu.is_code_complete())

    def test_a_digit_that_was_deleted_must_be_taken_again(self):
        self.press(*[OK] * 19)
        self.press(RETURN)
        self.assertEqual(self.press(OK), codes.INTENT_NONE)
        self.assertFalse(self.menu.is_code_complete())
        self.assertEqual(self.press(OK), codes.INTENT_SEND)

    def test_after_a_refusal_a_deleted_digit_is_not_sent_from_the_meter(self):
        self.press(*[OK] * 20)
        self.menu.tell(codes.DUPLICATE, codes.SCREEN_CODE, 6000)
        self.press(OK, OK)
        self.assertTrue(self.menu.is_code_complete())
        self.press(RETURN)
        self.assertFalse(self.menu.is_code_complete())

    def test_after_a_refusal_the_code_is_entered_again_over_its_digits(self):
        self.press(RIGHT, *[OK] * 20)
        self.menu.tell(codes.DUPLICATE, codes.SCREEN_CODE, 6000)
        self.menu.wait(6000)
        self.assertEqual(self.text(), "Code 1 1")
        intents = [self.press(OK) for _ in range(20)]
        self.assertEqual(intents, [codes.INTENT_NONE] * 19 + [codes.INTENT_SEND])


class WholeMeter(unittest.TestCase):
    """Keys, texts and money together, on a board of plain integers."""

    def begin(self, **settings):
        self.app = start(**settings)
        self.wait(2000)

    def wait(self, ms):
        for _ in range(ms // 20):
            self.app.board.now_ms += 20
            self.app.poll()

    def press(self, *keys, lasts_ms=200):
        for key in keys:
            self.app.board.keys_down = key
            self.wait(lasts_ms)
            self.app.board.keys_down = 0
            self.wait(200)

    def screen(self):
        return self.app.observe()["screen"]

    def enter(self, digits):
        for digit in digits:
            self.press(*[RIGHT] * int(digit), OK)

    def test_a_code_typed_at_the_display_is_credited_once(self):
        self.begin()
        code = make_code(self.app.meter.config, 7, 500)
        self.press(RIGHT, OK)
        self.enter(code)
        self.assertEqual(self.screen(), "WAIT")
        self.wait(600)
        self.assertEqual((self.screen(), self.app.observe()["face"]), ("DONE", "display"))
        self.wait(4000)
        self.assertEqual(self.screen(), "£5.00")
        self.wait(4000)
        self.assertEqual(self.screen(), "Credit £15.00")
        self.press(RIGHT, OK)
        self.enter(code)
        self.wait(600)
        self.assertEqual(self.screen(), "FAIL")
        self.wait(4000)
        self.assertEqual(self.screen(), "Used already")
        self.wait(8000)
        self.assertEqual(self.screen(), "Code 1 " + code[0])
        self.assertEqual(self.app.meter.account.balance_mp, 1500000)

    def test_emergency_credit_at_the_display(self):
        self.begin(balance_mp=100000)
        self.press(RIGHT, RIGHT)
        self.assertEqual(self.screen(), "EMGCY CREDIT")
        self.press(RETURN, lasts_ms=2500)
        self.assertEqual(self.screen(), "EmCr £5.00")
        self.wait(8000)
        self.press(RIGHT, RIGHT)
        self.press(RETURN, lasts_ms=2500)
        self.assertEqual(self.screen(), "NO CREDIT")

    def test_a_gas_meter_says_what_it_is_owed_first(self):
        self.begin(profile="gas_weekly", accumulated_mp=620000)
        self.press(A)
        self.wait(1000)
        self.assertEqual(self.screen(), "Owed £6.20")


if __name__ == "__main__":
    unittest.main()
