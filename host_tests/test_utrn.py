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
        config = make_config()
        for code in (RESERVED_CLASS, make_code(config, 1, 100, 2), make_code(config, 1, 100, 3)):
            self.assertEqual(utrn.Code(digits(code)).outcome, codes.RESERVED_CLASS)

    def test_every_bit_of_counter_and_value_is_read(self):
        for shift in range(10):
            read = utrn.Code(digits(make_code(make_config(), 1 << shift, 0)))
            self.assertEqual((read.low_counter, read.amount_mp), (1 << shift, 0))
        for shift in range(13):
            for value_class, unit_mp in ((0, 1000), (1, 100000)):
                read = utrn.Code(digits(make_code(make_config(), 0, 1 << shift, value_class)))
                self.assertEqual((read.low_counter, read.amount_mp), (0, unit_mp << shift))

    def test_what_is_refused_by_its_form_says_nothing(self):
        code = digits(VECTORS[0][1])
        for wrong in (b"", code[:19], code + b"\0", code[:19] + bytes([code[19] ^ 1])):
            read = utrn.Code(wrong)
            self.assertNotEqual(read.outcome, codes.DONE)
            self.assertEqual((read.low_counter, read.high, read.mac, read.amount_mp), (0, b"", b"", 0))

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
        base = 7394156990786306048  # UTRN.md
        for number in (base - 1, base + (1 << 57)):
            self.assertEqual(utrn.Code(digits(with_check_digit(str(number)))).outcome, codes.MALFORMED)
        self.assertEqual(utrn.Code(digits("7394")).outcome, codes.MALFORMED)
        lowest = utrn.Code(digits(with_check_digit(str(base))))
        self.assertEqual((lowest.outcome, lowest.amount_mp), (codes.DONE, 0))
        highest = utrn.Code(digits(with_check_digit(str(base + (1 << 57) - 1))))
        self.assertEqual(highest.outcome, codes.RESERVED_CLASS)

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

    def test_a_new_window_has_used_nothing(self):
        window = utrn.Window()
        self.assertEqual(window.highest, 0)
        self.assertFalse(window.is_used(1) or window.is_used(1024))

    def test_512_back_is_too_far_whatever_the_bits_say(self):
        window = utrn.Window()
        window.highest = 5000
        self.assertTrue(window.is_used(4488))
        self.assertFalse(window.is_used(4489))

    def test_moving_up_forgets_no_used_one_and_takes_no_new_one_for_used(self):
        for start in (511, 512, 1000):
            for steps in (1, 2, 3, 64, 509, 510, 511, 512, 513, 5000):
                window = utrn.Window()
                for counter in range(max(1, start - 511), start + 1):
                    window.mark(counter)
                window.mark(start + steps)
                for counter in range(start + steps - 511, start + steps):
                    self.assertEqual(window.is_used(counter), counter <= start)

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

    def test_merging_two_copies_keeps_what_either_knows(self):
        random = Random(9)
        for lower, higher in ((0, 3), (300, 300), (500, 700), (600, 1111), (600, 1112), (600, 9000)):
            for turned in (False, True):
                highest = (higher, lower) if turned else (lower, higher)
                windows, used = (utrn.Window(), utrn.Window()), set()
                for window, top in zip(windows, highest):
                    for _ in range(80):
                        counter = max(1, top - random.below(600))
                        if top and not window.is_used(counter):
                            window.mark(counter)
                            used.add(counter)
                top = max(windows[0].highest, windows[1].highest)
                windows[0].merge(windows[1])
                self.assertEqual(windows[0].highest, top)
                for counter in range(1, top + 3):
                    expected = counter in used or counter <= top - 512
                    self.assertEqual(windows[0].is_used(counter), expected)

    def test_merging_begins_with_the_oldest_that_the_copy_knows(self):
        for highest in (512, 600, 0x3FFFFFFF, 0x80000010, utrn.MAX_COUNTER):
            window, other = utrn.Window(), utrn.Window()
            other.mark(highest)
            other.mark(highest - 511)
            window.merge(other)
            self.assertTrue(window.is_used(highest - 511) and window.is_used(highest))
            self.assertFalse(window.is_used(highest - 510) or window.is_used(highest - 1))

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

    def test_the_counter_ends_at_32_bits(self):
        bench = Bench(balance_mp=0)
        bench.meter.window.mark(0xFFFFFFFE)
        last = make_code(bench.meter.config, 0xFFFFFFFF, 100)
        self.assertEqual(bench.enter(last), codes.DONE)
        self.assertEqual(bench.enter(last), codes.DUPLICATE)
        self.assertEqual(bench.enter(make_code(bench.meter.config, 0, 100)), codes.NOT_AUTHENTIC)
        self.assertEqual(bench.figures()[0], 100000)

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
            bench.meter.invariants.remember()
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
