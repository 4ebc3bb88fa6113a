"""UTRN.md: public vectors, check digit, counter, replay window. Runs on every interpreter."""

import sys
import unittest

from shilling import codes, gmac, utrn
from shilling.config import Config
from support import (
    TEST_METER,
    TEST_ORIGINATOR,
    TEST_SECRET,
    Bench,
    Random,
    make_code,
    with_check_digit,
)

# Source: the public test suite of the GB network operator's own parser (facts only)
VECTORS = (
    (1, "73943333457189043313", 10000000),
    (4, "73947252416745201637", 1234000),
)
RESERVED_CLASS = "74301825837596672005"
ORDERS = 10000 if sys.implementation.name == "cpython" else 300
TURNS = 5


def digits(code):
    return bytes([int(digit) for digit in code])


def make_config():
    config = Config()
    config.meter_id, config.originator_id, config.secret = TEST_METER, TEST_ORIGINATOR, TEST_SECRET
    return config


class Form(unittest.TestCase):
    def test_public_vectors_are_read(self):
        for counter, code, amount_mp in VECTORS:
            read = utrn.Code(digits(code))
            self.assertEqual(read.outcome, codes.DONE)
            self.assertEqual((read.low_counter, read.amount_mp), (counter, amount_mp))
            self.assertEqual(utrn.mac(make_config(), counter, read.high), read.mac)

    def test_a_reserved_class_is_not_a_wrong_check_digit(self):
        read = utrn.Code(digits(RESERVED_CLASS))
        self.assertEqual(read.outcome, codes.RESERVED_CLASS)

    def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught(self):
        random = Random(20)
        count = 1000 if sys.implementation.name == "cpython" else 30
        for _ in range(count):
            nineteen = str(utrn.PPTD_BASE + random.below(1 << 23) * random.below(1 << 23) * 1024)
            code = bytearray(digits(with_check_digit(nineteen)))
            for at in range(20):
                right = code[at]
                for wrong in range(10):
                    code[at] = wrong
                    self.assertEqual(utrn.is_check_digit_right(code), wrong == right)
                code[at] = right
            for at in range(19):
                if code[at] != code[at + 1]:
                    code[at], code[at + 1] = code[at + 1], code[at]
                    self.assertFalse(utrn.is_check_digit_right(code))
                    code[at], code[at + 1] = code[at + 1], code[at]

    def test_a_number_below_or_above_the_prefixes_is_malformed(self):
        for number in (utrn.PPTD_BASE - 1, utrn.PPTD_BASE + utrn.PTUT_LIMIT):
            self.assertEqual(utrn.Code(digits(with_check_digit(str(number)))).outcome, codes.MALFORMED)
        self.assertEqual(utrn.Code(digits("7394")).outcome, codes.MALFORMED)

    def test_gcm_of_nothing(self):
        # NIST GCM test case 1: key 0, IV 0, no text, no data
        tag = gmac.tag(bytes(16), bytes(12), b"")
        self.assertEqual(tag, bytes.fromhex("58e2fccefa7e3061367f1d57a4e7455a"))

    def test_comparison_looks_at_every_byte(self):
        self.assertTrue(utrn.is_equal(b"abcd", b"abcd"))
        for other in (b"Abcd", b"aBcd", b"abCd", b"abcD"):
            self.assertFalse(utrn.is_equal(b"abcd", other))


class Window(unittest.TestCase):
    def test_the_first_code_may_have_any_counter_from_1_to_1023(self):
        for counter in range(1, 1024):
            self.assertEqual(utrn.Window().candidate(counter), counter)
        self.assertEqual(utrn.Window().candidate(0), 1024)

    def test_the_candidate_is_the_largest_up_to_512_above(self):
        for highest, low, counter in ((5000, 5000 % 1024, 5000), (5000, 5512 % 1024, 5512),
                                      (5000, 5513 % 1024, 4489), (600, 88, 88), (600, 89, 89),
                                      (600, 1112 % 1024, 1112)):  # fmt: skip
            window = utrn.Window()
            window.highest = highest
            expected = max(c for c in range(1, highest + 513) if c % 1024 == low)
            self.assertEqual(window.candidate(low), expected)
            if highest == 5000:
                self.assertEqual(expected, counter)

    def test_used_unused_and_too_far_back(self):
        window = utrn.Window()
        window.mark(600)
        window.mark(100)
        self.assertTrue(window.is_used(600) and window.is_used(100) and window.is_used(88))
        self.assertFalse(window.is_used(89) or window.is_used(599) or window.is_used(601))
        window.mark(612)
        self.assertTrue(window.is_used(100))
        window.mark(700)
        self.assertFalse(window.is_used(699) or window.is_used(613))
        self.assertTrue(window.is_used(600) and window.is_used(612))
        window.mark(100000)
        self.assertFalse(window.is_used(99999) or window.is_used(99489))
        self.assertTrue(window.is_used(99488))

    def test_the_window_agrees_with_a_set(self):
        random = Random(5)
        window, used, highest = utrn.Window(), set(), 0
        for _ in range(1500):
            counter = max(1, highest - 600 + random.below(700))
            expected = counter in used or counter <= highest - 512
            self.assertEqual(window.is_used(counter), expected)
            if not expected:
                window.mark(counter)
                used.add(counter)
                highest = max(highest, counter)
            self.assertEqual(window.highest, highest)


class Replay(unittest.TestCase):
    def test_the_peers_order_4_2_6_2_credits_2_once(self):
        bench = Bench(balance_mp=0)
        made = {c: make_code(bench.meter.config, c, 100) for c in (2, 4, 6)}
        outcomes = [bench.enter(made[c]) for c in (4, 2, 6, 2)]
        self.assertEqual(outcomes, [codes.DONE, codes.DONE, codes.DONE, codes.DUPLICATE])
        self.assertEqual(bench.meter.account.balance_mp, 300000)

    def test_random_orders_of_use_and_replay(self):
        """No code accepted twice, no unused one refused, whatever the order."""
        random = Random(1)
        config = make_config()
        pool = [1 + random.below(512) for _ in range(40)]
        made = {counter: make_code(config, counter, 1) for counter in pool}
        bench = Bench(balance_mp=0)
        for _ in range(ORDERS):
            window = bench.meter.window
            window.highest = 0
            window.bits[:] = bytes(64)
            used = set()
            for _ in range(TURNS):
                counter = pool[random.below(40)]
                expected = codes.DUPLICATE if counter in used else codes.DONE
                self.assertEqual(bench.enter(made[counter]), expected)
                used.add(counter)
            bench.alerts()
            bench.meter.account.balance_mp = 0  # room for the next order
            bench.meter.account.money_in.__init__()


if __name__ == "__main__":
    unittest.main()
