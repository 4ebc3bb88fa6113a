"""What a play calls different, and which cells honestly show a text. Runs on every interpreter."""

import unittest

import seen

# (cells, full text)
HONEST = (
    ("£3.50", "Credit £3.50"),
    ("Credit", "Credit £3.50"),
    ("£3.50 LOW", "Credit £3.50 LOW"),
    ("-£1.20 F", "Credit -£1.20 LOW F"),
    ("-1.20F", "Credit -£1.20 LOW F"),
    ("EmCr3.10F", "EmCr £3.10 F"),
    ("ACC EmCr", "Accept EmCr"),
    ("ENABLE?", "Enable supply?"),
    ("SUP OFF", "Supply off"),
    ("03 7", "Code 3 7"),
    ("Code 3 7", "Code 3 7"),
    ("re-enter", "Invalid re-enter code"),
    ("10 min", "Locked 10 min"),
    ("2.40 kW", "2.40 kW £0.59/h"),
    ("£0.59/h", "2.40 kW £0.59/h"),
    ("12345.6", "12345.6 kWh"),
    ("00DB1234", "Id 00DB1234567890A0"),
    ("11:00", "11:00"),
    ("¥12.40", "Balance ¥12.40"),
    ("12.40", "Balance ¥12.40"),
    ("EmCr3.10", "EmCr €3.10"),
    ("R3.50", "Credit R3.50"),
    ("S 255.99", "S Debt £255.99"),
    ("27 Debt", "27 Debt £193.00"),
    ("R1 4.0", "R1 4.0 kWh"),
    ("+1.70 kW", "+1.70 kW"),
)
FALSE = (
    ("", "Credit £3.50"),
    ("£3.5", "Credit £3.50"),
    ("£3.51", "Credit £3.50"),
    ("£1.20 F", "Credit -£1.20 LOW F"),
    ("£3.50 F", "Credit £3.50"),
    ("3.50 Cr", "Credit £3.50"),
    ("13 7", "Code 3 7"),
    ("03 8", "Code 3 7"),
    ("SUP ON", "Supply off"),
    ("1 min", "Locked 10 min"),
    ("2345.6", "12345.6 kWh"),
    ("1:00", "11:00"),
    ("DB123456", "Id 00DB12"),
    ("¥12.4", "Balance ¥12.40"),
    ("255.99", "S Debt £255.98"),
    ("R2 4.0", "R1 4.0 kWh"),
    ("+0.70 kW", "+1.70 kW"),
)


def state(**changes):
    """A state whose display is in order."""
    whole = {
        "screen": "Credit £3.50",
        "pages": ["£3.50"],
        "cells": "£3.50",
        "balance_mp": 350000,
        "relay": "closed",
        "emergency": {"state": "offered", "left_mp": 500000, "owed_mp": 0},
        "alerts": [0x8119],
    }
    whole.update(changes)
    return whole


class Cells(unittest.TestCase):
    def test_whole_words_short_forms_and_pages_show_the_text(self):
        for cells, text in HONEST:
            self.assertTrue(seen.shows(cells, text), cells + " of " + text)

    def test_a_cut_figure_or_another_word_does_not(self):
        for cells, text in FALSE:
            self.assertFalse(seen.shows(cells, text), cells + " of " + text)

    def test_code_screen_is_recognised(self):
        self.assertEqual(seen.code_place("Code 12 7"), (12, 7))
        for text in ("Add credit", "Credit £3.50", "Code", ""):
            self.assertEqual(seen.code_place(text), None)


class Differences(unittest.TestCase):
    def test_what_holds_is_no_difference(self):
        expected = {
            "screen": ["Need £1.72", "Credit £3.50"],
            "balance_mp": 350000,
            "relay": "closed",
            "emergency": {"state": "offered", "owed_mp": 0},
            "alerts": [0x8119],
        }
        self.assertEqual(seen.differences(expected, state()), [])

    def test_each_difference_is_named_with_both_values(self):
        expected = {"relay": "open", "balance_mp": 350001, "alerts": []}
        expected["emergency"] = {"left_mp": 1}
        self.assertEqual(
            seen.differences(expected, state()),
            [
                ["alerts", [], [0x8119]],
                ["balance_mp", 350001, 350000],
                ["emergency.left_mp", 1, 500000],
                ["relay", "open", "closed"],
            ],
        )

    def test_registers_are_compared_by_name_as_a_sum_or_block_by_block(self):
        registers = [["day", [4000, 500]], ["night", [2000]]]
        expected = {"registers": {"day": 4500, "night": [2000]}}
        self.assertEqual(seen.differences(expected, state(registers=registers)), [])
        expected = {"registers": {"day": [4500], "night": 2001, "peak": 0}}
        self.assertEqual(
            seen.differences(expected, state(registers=registers)),
            [
                ["registers.day", [4500], [4000, 500]],
                ["registers.night", 2001, 2000],
                ["registers.peak", 0, None],
            ],
        )

    def test_the_right_text_on_other_cells_is_a_difference(self):
        expected = {"screen": ["Credit £3.50"]}
        found = seen.differences(expected, state(cells="£3.40"))
        self.assertEqual([difference[0] for difference in found], ["cells", "cells"])

    def test_pages_that_do_not_come_from_the_text_are_a_difference(self):
        expected = {"screen": ["Credit £3.50"]}
        found = seen.differences(expected, state(cells="£9.99", pages=["£9.99"]))
        self.assertEqual(found, [["cells", "a part or a short form of Credit £3.50", "£9.99"]])

    def test_another_text_is_a_difference(self):
        found = seen.differences({"screen": ["Add credit"]}, state())
        self.assertEqual(found, [["screen", ["Add credit"], "Credit £3.50"]])
