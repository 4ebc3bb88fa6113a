"""DOMAIN 13: the exact texts, how they fit 8 cells, and where a press leads."""

import unittest

from shilling import codes, commands, screens
from shilling.menu import Menu
from support import Bench

POUND = 100000
SHOWN = (  # full text, pages on 8 cells, pages on 12 cells
    ("Credit £3.50", ["£3.50"], ["Credit £3.50"]),
    ("Credit £1000.00", ["£1000.00"], ["£1000.00"]),
    ("Credit £1.50 LOW", ["£1.50 LOW"], ["£1.50 LOW"]),
    ("Credit -£1.20 LOW", ["-1.20 LOW"], ["-£1.20 LOW"]),
    ("Credit -£1.20 LOW F", ["-£1.20 F"], ["-£1.20 F"]),
    ("Credit -£112.20 LOW F", ["-112.20 F"], ["-£112.20 F"]),
    ("Credit -£1112.20 LOW F", ["-1112.20F"], ["-£1112.20 F"]),
    ("EmCr £3.10", ["EmCr3.10"], ["EmCr £3.10"]),
    ("EmCr £0.00 F", ["EmCr0.00F"], ["EmCr £0.00 F"]),
    ("Owed £5.00 F", ["OWED5.00F"], ["Owed £5.00 F"]),
    ("Supply off", ["SUP OFF"], ["Supply off"]),
    ("Need £1.72", ["NEED1.72"], ["Need £1.72"]),
    ("Enable supply?", ["ENABLE?"], ["ENABLE?"]),
    ("Supply on", ["SUP ON"], ["Supply on"]),
    ("Accept EmCr", ["ACC EmCr"], ["Accept EmCr"]),
    ("Add credit", ["ADD CRED"], ["Add credit"]),
    ("Code 3 7", ["Code 3 7"], ["Code 3 7"]),
    ("Code 13 7", ["13 7"], ["Code 13 7"]),
    ("DONE £10.00", ["DONE", "£10.00"], ["DONE £10.00"]),
    ("Used already", ["Used", "already"], ["Used already"]),
    ("Invalid re-enter code", ["Invalid", "re-enter", "code"], ["Invalid", "re-enter", "code"]),
    ("Over limit", ["Over", "limit"], ["Over limit"]),
    ("Locked 10 min", ["Locked", "10 min"], ["Locked 10", "min"]),
    ("2.40 kW £0.59/h", ["2.40 kW", "£0.59/h"], ["2.40 kW", "£0.59/h"]),
    ("12345.6 kWh", ["12345.6", "kWh"], ["12345.6 kWh"]),
    ("Id 00DB1234567890A0", ["Id", "00DB1234", "567890A0"], ["Id", "00DB12345678", "90A0"]),
)  # fmt: skip


class Fitting(unittest.TestCase):
    def test_every_text_fits(self):
        for text, on_8, on_12 in SHOWN:
            with self.subTest(text):
                self.assertEqual(screens.pages(text, 8), on_8)
                self.assertEqual(screens.pages(text, 12), on_12)

    def test_a_dot_shares_the_cell_before_it(self):
        for text, cells in (("£3.50", 4), (".5", 2), ("1..2", 3), ("", 0), ("12345.6 kWh", 10)):
            self.assertEqual(screens.width(text), cells)

    def test_titles_last_2_s_and_values_4_s(self):
        pager = screens.Pager(8)
        seen = []
        for shown_ms in (0, 1999, 2000, 5999, 6000):
            pager.turn(["DONE £10.00"], shown_ms)
            seen.append((pager.page, pager.left_ms))
        self.assertEqual(seen, [("DONE", 2000), ("DONE", 1), ("£10.00", 4000), ("£10.00", 1), ("DONE", 2000)])

    def test_resting_texts_take_4_s_each(self):
        pager = screens.Pager(8)
        seen = []
        for shown_ms in (0, 3999, 4000, 8000):
            pager.turn(["Supply off", "Need £1.72"], shown_ms)
            seen.append(pager.text)
        self.assertEqual(seen, ["Supply off", "Supply off", "Need £1.72", "Supply off"])

    def test_one_page_is_never_turned(self):
        pager = screens.Pager(8)
        pager.turn(["Credit £3.50"], 123456)
        self.assertEqual((pager.page, pager.left_ms), ("£3.50", 0))


class Resting(unittest.TestCase):
    def texts(self, **settings):
        return screens.resting(Bench(**settings).meter)

    def test_balance(self):
        self.assertEqual(self.texts(balance_mp=350000), ["Credit £3.50"])
        self.assertEqual(self.texts(balance_mp=200000), ["Credit £2.00"])
        self.assertEqual(self.texts(balance_mp=199999), ["Credit £1.99 LOW"])

    def test_friendly_hours_show_F(self):
        self.assertEqual(self.texts(balance_mp=-120000, second=60000), ["Credit -£1.20 LOW F"])

    def test_emergency_credit_in_use(self):
        self.assertEqual(
            self.texts(balance_mp=0, ec_activated=1, ec_owed_mp=190000), ["EmCr £3.10", "Owed £1.90"]
        )

    def test_exhausted_and_below_zero_the_balance_joins(self):
        self.assertEqual(
            self.texts(balance_mp=-50, ec_activated=1, ec_owed_mp=500000, second=60000),
            ["EmCr £0.00 F", "Owed £5.00 F", "Credit -£0.01 LOW F"],
        )

    def test_off_shows_the_need_never_below_the_vending_minimum(self):
        self.assertEqual(
            self.texts(balance_mp=-120000, payment_mp=5000000), ["Supply off", "Need £1.72"]
        )
        self.assertEqual(self.texts(balance_mp=0), ["Supply off", "Need £1.00"])

    def test_armed_remote_off_waiting_and_halted(self):
        bench = Bench(balance_mp=0)
        bench.top_up.remote(POUND)
        self.assertEqual(screens.resting(bench.meter), ["Enable supply?"])
        bench.meter.supply.operate(bench.meter.clock.day)
        bench.meter.record_supply()
        bench.wait(20)
        commands.enable(bench.meter)
        self.assertEqual(screens.resting(bench.meter), ["Wait 40s"])
        commands.disable(bench.meter)
        self.assertEqual(screens.resting(bench.meter), ["Supply off"])
        bench.meter.halt()
        self.assertEqual(screens.resting(bench.meter), ["Store fault"])


class Round(unittest.TestCase):
    def setUp(self):
        self.menu = Menu()
        self.supply = codes.ENABLED
        self.offered = False

    def press(self, *presses):
        for press in presses:
            intent = self.menu.press(press, self.supply, self.offered)
        return intent

    def walk(self, count):
        seen = []
        for _ in range(count):
            self.press(codes.SHORT_A)
            seen.append(self.menu.screen)
        return seen

    def test_the_first_A_wakes_with_every_segment_lit_for_a_second(self):
        self.press(codes.SHORT_A)
        self.assertEqual((self.menu.screen, self.menu.lamp_ms), (codes.SCREEN_REST, 1000))
        self.menu.wait(1000)
        self.assertEqual((self.menu.screen, self.menu.lamp_ms), (codes.SCREEN_REST, 0))

    def test_A_goes_round_in_the_order_of_the_table(self):
        self.press(codes.SHORT_A)
        self.assertEqual(self.walk(8), [2, 3, 4, 5, 6, 7, 8, codes.SCREEN_REST])
        self.offered = True
        self.assertEqual(self.walk(2), [codes.SCREEN_ACCEPT, codes.SCREEN_ADD_CREDIT])

    def test_while_off_the_balance_closes_the_round(self):
        self.supply = codes.DISABLED
        self.press(codes.SHORT_A)
        self.assertEqual(self.walk(9)[-2:], [codes.SCREEN_BALANCE, codes.SCREEN_REST])

    def test_B_enables_an_armed_supply_even_asleep_and_A_leaves_it(self):
        self.supply = codes.ARMED
        self.assertEqual(self.press(codes.SHORT_B), codes.INTENT_ENABLE)
        self.assertEqual(self.press(codes.SHORT_A, codes.SHORT_A), codes.INTENT_NONE)
        self.assertEqual(self.menu.screen, codes.SCREEN_ADD_CREDIT)

    def test_B_accepts_emergency_credit(self):
        self.offered = True
        self.assertEqual(
            self.press(codes.SHORT_A, codes.SHORT_A, codes.SHORT_B), codes.INTENT_ACCEPT
        )

    def test_a_sleeping_meter_takes_no_B(self):
        self.offered = True
        self.menu.screen = codes.SCREEN_ACCEPT
        self.assertEqual(self.press(codes.SHORT_B), codes.INTENT_NONE)

    def test_half_a_minute_without_a_press_returns_to_rest(self):
        self.press(codes.SHORT_A, codes.SHORT_A)
        self.assertFalse(self.menu.wait(29999))
        self.assertTrue(self.menu.wait(1))
        self.assertEqual((self.menu.screen, self.menu.awake), (codes.SCREEN_REST, False))

    def test_long_presses_do_nothing_but_send_and_mute(self):
        self.press(codes.SHORT_A)
        self.assertEqual(self.press(codes.LONG_B), codes.INTENT_MUTE)
        self.assertEqual(self.press(codes.LONG_A), codes.INTENT_NONE)
        self.press(codes.SHORT_A)
        self.assertEqual(self.press(codes.LONG_B), codes.INTENT_NONE)
        self.assertEqual(self.menu.screen, codes.SCREEN_ADD_CREDIT)


class CodeEntry(unittest.TestCase):
    def setUp(self):
        self.menu = Menu()
        for press in (codes.SHORT_A, codes.SHORT_A, codes.SHORT_B):
            self.menu.press(press, codes.ENABLED, False)

    def press(self, *presses):
        for press in presses:
            intent = self.menu.press(press, codes.ENABLED, False)
        return intent

    def text(self):
        return screens.texts(None, self.menu, 0)[0]

    def test_A_moves_the_digit_round_and_B_takes_it(self):
        self.assertEqual(self.text(), "Code 1 0")
        self.press(*[codes.SHORT_A] * 13)
        self.assertEqual(self.text(), "Code 1 3")
        self.press(codes.SHORT_B)
        self.assertEqual(self.text(), "Code 2 0")

    def test_after_the_20th_B_it_wraps_so_that_any_digit_can_be_corrected(self):
        self.press(codes.SHORT_A, *[codes.SHORT_B] * 20)
        self.assertEqual(self.text(), "Code 1 1")
        self.assertTrue(self.menu.is_code_complete())
        self.press(codes.SHORT_B, codes.SHORT_A)
        self.assertEqual(self.text(), "Code 2 1")
        self.assertTrue(self.menu.is_code_complete())

    def test_fewer_than_20_digits_are_not_complete(self):
        self.press(*[codes.SHORT_B] * 18)
        self.assertFalse(self.menu.is_code_complete())
        self.press(codes.SHORT_B)  # the 20th digit is shown now, and not taken yet
        self.assertFalse(self.menu.is_code_complete())
        self.press(codes.SHORT_B)
        self.assertTrue(self.menu.is_code_complete())
        self.assertEqual(self.press(codes.LONG_B), codes.INTENT_SEND)

    def test_digits_are_kept_for_five_minutes(self):
        self.press(codes.SHORT_A, codes.SHORT_B)
        self.assertFalse(self.menu.wait(299999))
        self.assertEqual(self.text(), "Code 2 0")
        self.menu.wait(1)
        self.assertEqual((self.menu.screen, bytes(self.menu.digits)), (codes.SCREEN_REST, bytes(20)))

    def test_after_a_refusal_the_code_comes_back_with_its_digits(self):
        self.press(codes.SHORT_A, *[codes.SHORT_B] * 20)
        self.menu.tell(codes.DUPLICATE, codes.SCREEN_CODE, 6000)
        self.assertFalse(self.menu.wait(5999))
        self.assertTrue(self.menu.wait(1))
        self.assertEqual(self.text(), "Code 1 1")

    def test_a_press_ends_a_message_and_counts_beneath_it(self):
        self.menu.tell(codes.DUPLICATE, codes.SCREEN_CODE, 6000)
        self.press(codes.SHORT_A)
        self.assertEqual(self.text(), "Code 1 1")


if __name__ == "__main__":
    unittest.main()
