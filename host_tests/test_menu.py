"""DOMAIN 13: where a press on the meter's two buttons leads, by profile."""

import unittest

from fingers import EMERGENCY, LEFT, LONG, OK, REST, RETURN, ROUND, TOP_UP, A, B, Fingers
from shilling import codes
from shilling.config import PROFILES


class Round(Fingers):
    def test_the_first_A_wakes_with_every_segment_lit_for_a_second(self):
        self.press(A)
        self.assertEqual((self.menu.screen, self.menu.lamp_ms), (REST, 1000))
        self.menu.wait(1000)
        self.assertEqual((self.menu.screen, self.menu.lamp_ms), (REST, 0))

    def test_A_goes_round_in_the_order_of_the_table(self):
        self.press(A)
        self.assertEqual(self.walk(8), ROUND)
        self.offered = True
        self.assertEqual(self.walk(3), [EMERGENCY, TOP_UP, codes.SCREEN_USAGE])

    def test_while_off_the_balance_closes_the_round(self):
        self.supply = codes.DISABLED
        self.press(A)
        self.assertEqual(self.walk(9)[-3:], [codes.SCREEN_STATUS, codes.SCREEN_BALANCE, REST])

    def test_B_enables_an_armed_supply_even_asleep_and_A_leaves_it(self):
        self.supply = codes.ARMED
        self.assertEqual(self.press(B), codes.INTENT_ENABLE)
        self.assertEqual(self.press(A, A), codes.INTENT_NONE)
        self.assertEqual(self.menu.screen, TOP_UP)

    def test_B_accepts_emergency_credit(self):
        self.offered = True
        self.assertEqual(self.press(A, A, B), codes.INTENT_ACCEPT)

    def test_B_does_nothing_at_rest_nor_enables_from_another_screen(self):
        self.press(A)
        self.assertEqual(self.press(B), codes.INTENT_NONE)
        self.assertEqual((self.menu.screen, self.menu.part), (REST, 0))
        self.supply = codes.ARMED
        self.assertEqual(self.press(A, A, B), codes.INTENT_NONE)

    def test_the_wait_asked_for_ends_where_another_screen_comes(self):
        menu = self.menu
        self.assertEqual(menu.next_ms(), 0x0FFFFFFF)
        self.press(A)
        menu.wait(400)
        self.assertEqual(menu.next_ms(), 600)
        self.assertTrue(menu.wait(600))
        self.assertEqual((menu.next_ms(), menu.shown_ms), (29000, 0))
        self.press(A, B)
        menu.wait(1000)
        self.assertEqual(menu.next_ms(), 299000)
        menu.tell(codes.DUPLICATE, codes.SCREEN_CODE, 6000)
        menu.wait(1000)
        self.assertEqual(menu.next_ms(), 5000)

    def test_only_the_resting_screen_begins_anew_when_its_texts_change(self):
        self.menu.wait(3000)
        self.menu.rest_anew()
        self.assertEqual(self.menu.shown_ms, 0)
        self.press(A, A)
        self.menu.wait(3000)
        self.menu.rest_anew()
        self.assertEqual(self.menu.shown_ms, 3000)

    def test_a_sleeping_meter_takes_no_B(self):
        self.offered = True
        self.menu.screen = EMERGENCY
        self.assertEqual(self.press(B), codes.INTENT_NONE)

    def test_half_a_minute_without_a_press_returns_to_rest(self):
        self.press(A, A)
        self.assertFalse(self.menu.wait(29999))
        self.assertTrue(self.menu.wait(1))
        self.assertEqual((self.menu.screen, self.menu.awake), (REST, False))

    def test_long_presses_do_nothing_but_send_and_mute(self):
        self.press(A)
        self.assertEqual(self.press(B | LONG), codes.INTENT_MUTE)
        self.assertEqual(self.press(A | LONG), codes.INTENT_NONE)
        self.press(A)
        self.assertEqual(self.press(B | LONG), codes.INTENT_NONE)
        self.assertEqual(self.menu.screen, TOP_UP)

    def test_B_turns_to_the_parts_of_a_screen_and_each_screen_begins_with_its_first(self):
        self.press(A, A)
        for screen in (codes.SCREEN_USAGE, codes.SCREEN_RATE, codes.SCREEN_DEBT, codes.SCREEN_REGISTER):
            self.menu.wait(1000)
            self.press(A)
            self.assertEqual((self.menu.screen, self.menu.part, self.menu.shown_ms), (screen, 0, 0))
            self.menu.wait(1000)
            self.press(B, B)
            self.assertEqual((self.menu.screen, self.menu.part, self.menu.shown_ms), (screen, 2, 0))
        self.press(A)
        self.assertEqual(self.press(B), codes.INTENT_LEVEL)
        self.assertEqual(self.press(A, B), codes.INTENT_NONE)
        self.assertEqual((self.menu.screen, self.menu.part), (codes.SCREEN_STATUS, 0))

    def test_only_gas_and_remote_meters_have_a_second_screen(self):
        seconds = []
        for name, _ in PROFILES:
            self.menu.config.set_profile(name)
            self.menu.go(REST)
            self.menu.awake = True
            seconds.append(self.walk(1)[0])
        self.assertEqual(seconds, [TOP_UP, TOP_UP, codes.SCREEN_OWED, codes.SCREEN_LEFT])


class Gas(Fingers):
    profile = "gas_weekly"

    def test_the_first_A_shows_what_is_owed_after_the_lamp_test(self):
        self.press(A)
        self.assertEqual((self.menu.screen, self.menu.lamp_ms), (codes.SCREEN_OWED, 1000))
        self.menu.wait(1000)
        self.assertEqual(self.walk(2), [TOP_UP, codes.SCREEN_USAGE])

    def test_a_press_during_the_lamp_test_only_ends_it(self):
        for press in (A, B):
            self.press(A)
            self.assertEqual(self.press(press), codes.INTENT_NONE)
            self.assertEqual((self.menu.screen, self.menu.lamp_ms), (codes.SCREEN_OWED, 0))
            self.assertEqual(self.walk(1), [TOP_UP])
            self.menu.wait(30000)

    def test_it_is_in_the_round_after_the_resting_screen(self):
        self.offered = True
        self.press(A, A)
        self.assertEqual(self.walk(11)[-3:], [REST, codes.SCREEN_OWED, EMERGENCY])

    def test_while_armed_the_first_screen_is_the_question(self):
        self.supply = codes.ARMED
        self.press(A)
        self.assertEqual(self.menu.screen, REST)
        self.assertEqual(self.press(B), codes.INTENT_ENABLE)
        self.assertEqual(self.walk(1), [codes.SCREEN_OWED])


class CodeEntry(Fingers):
    def setUp(self):
        Fingers.setUp(self)
        self.press(A, A, B)

    def test_A_moves_the_digit_round_and_B_takes_it(self):
        self.assertEqual(self.text(), "Code 1 0")
        self.press(*[A] * 13)
        self.assertEqual(self.text(), "Code 1 3")
        self.press(B)
        self.assertEqual(self.text(), "Code 2 0")

    def test_after_the_20th_B_it_wraps_so_that_any_digit_can_be_corrected(self):
        self.press(A, *[B] * 20)
        self.assertEqual(self.text(), "Code 1 1")
        self.assertTrue(self.menu.is_code_complete())
        self.press(B, A)
        self.assertEqual(self.text(), "Code 2 1")
        self.assertTrue(self.menu.is_code_complete())

    def test_fewer_than_20_digits_are_not_complete(self):
        self.press(*[B] * 18)
        self.assertFalse(self.menu.is_code_complete())
        self.press(B)  # the 20th digit is shown now, and not taken yet
        self.assertFalse(self.menu.is_code_complete())
        self.assertEqual(self.press(B), codes.INTENT_NONE)  # at the meter nothing is sent by itself
        self.assertTrue(self.menu.is_code_complete())
        self.assertEqual(self.press(B | LONG), codes.INTENT_SEND)

    def test_digits_are_kept_for_five_minutes(self):
        self.press(A, B)
        self.assertFalse(self.menu.wait(299999))
        self.assertEqual(self.text(), "Code 2 0")
        self.menu.wait(1)
        self.assertEqual((self.menu.screen, bytes(self.menu.digits)), (REST, bytes(20)))

    def test_each_press_begins_the_pages_anew(self):
        for press in (A, B, LEFT, OK, RETURN):
            self.menu.wait(3000)
            self.press(press)
            self.assertEqual((self.menu.screen, self.menu.shown_ms), (codes.SCREEN_CODE, 0))

    def test_a_code_that_was_left_is_begun_anew(self):
        self.press(A, *[B] * 20)
        self.menu.wait(300000)
        self.press(A, A, B)
        self.assertEqual(self.text(), "Code 1 0")
        self.press(B)
        self.assertFalse(self.menu.is_code_complete())

    def test_after_a_refusal_the_code_comes_back_with_its_digits(self):
        self.press(A, *[B] * 23)
        self.menu.tell(codes.DUPLICATE, codes.SCREEN_CODE, 6000)
        self.assertFalse(self.menu.wait(5999))
        self.assertTrue(self.menu.wait(1))
        self.assertEqual(self.text(), "Code 1 1")

    def test_a_press_ends_a_message_and_counts_beneath_it(self):
        self.menu.tell(codes.DUPLICATE, codes.SCREEN_CODE, 6000)
        self.press(A)
        self.assertEqual(self.text(), "Code 1 1")


if __name__ == "__main__":
    unittest.main()
