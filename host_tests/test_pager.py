"""DOMAIN 13: how every text fits 8 and 12 cells, how long each page shows, and that all of it reads."""

import unittest

import font14
import seen
import segments
from shilling import pager

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
    ("Balance ¥12.40", ["¥12.40"], ["¥12.40"]),
    ("Balance ¥1.24 LOW", ["¥1.24 LOW"], ["¥1.24 LOW"]),
    ("Owed R16.20", ["OWED16.20"], ["Owed R16.20"]),
    ("Need R116.20", ["Need", "R116.20"], ["Need R116.20"]),
    ("S Debt £0.00", ["S £0.00"], ["S Debt £0.00"]),
    ("S Debt £255.99", ["S £255.99"], ["S £255.99"]),
    ("27 Debt £93.00", ["27 £93.00"], ["27 £93.00"]),
    ("27 Debt £193.00", ["27 193.00"], ["27 £193.00"]),
    ("27 Debt £1193.00", ["27 Debt", "£1193.00"], ["27 £1193.00"]),
    ("Left 23 kWh", ["Left", "23 kWh"], ["Left 23 kWh"]),
    ("Left 12345 kWh", ["Left", "12345", "kWh"], ["Left", "12345 kWh"]),
    ("R1 4.0 kWh", ["R1", "4.0 kWh"], ["R1 4.0 kWh"]),
    ("R2 12345.6 kWh", ["R2", "12345.6", "kWh"], ["R2", "12345.6 kWh"]),
    ("Rate 2 12.00p", ["Rate 2", "12.00p"], ["Rate 2 12.00p"]),
    ("Rate ¥0.5600", ["Rate", "¥0.5600"], ["Rate ¥0.5600"]),
    ("Yesterday £1.24", ["YESTRDAY", "£1.24"], ["Yesterday", "£1.24"]),
    ("Accumulated £47.00", ["ACCUM", "£47.00"], ["Accumulated", "£47.00"]),
    ("Payment €47.00", ["Payment", "€47.00"], ["Payment", "€47.00"]),
    ("+1.70 kW", ["+1.70 kW"], ["+1.70 kW"]),
    ("+£12.42/h", ["+£12.42/h"], ["+£12.42/h"]),
    ("EMGCY CREDIT", ["EMGCY CR"], ["EMGCY CREDIT"]),
    ("TOP UP", ["TOP UP"], ["TOP UP"]),
    ("2.40 kW £0.59/h", ["2.40 kW", "£0.59/h"], ["2.40 kW", "£0.59/h"]),
    ("12345.6 kWh", ["12345.6", "kWh"], ["12345.6 kWh"]),
    ("Id 00DB1234567890A0", ["Id", "00DB1234", "567890A0"], ["Id", "00DB12345678", "90A0"]),
)  # fmt: skip


class Fitting(unittest.TestCase):
    def test_every_text_fits(self):
        for text, on_8, on_12 in SHOWN:
            with self.subTest(text):
                self.assertEqual(pager.pages(text, 8), on_8)
                self.assertEqual(pager.pages(text, 12), on_12)

    def test_every_page_reads_back_from_the_cells_and_is_honest(self):
        for text, on_8, on_12 in SHOWN:
            for cells, pages in ((8, on_8), (12, on_12)):
                for page in pages:
                    lit = bytearray(2 * cells)
                    font14.render(page, lit)
                    read = segments.decode([lit[i] | lit[i + 1] << 8 for i in range(0, 2 * cells, 2)])
                    self.assertEqual(read, page)
                    self.assertTrue(cells > 8 or seen.shows(page, text), (page, text))

    def test_a_dot_shares_the_cell_before_it(self):
        for text, cells in (("£3.50", 4), (".5", 2), ("1..2", 3), ("", 0), ("12345.6 kWh", 10)):
            self.assertEqual(pager.width(text), cells)

    def test_titles_last_2_s_and_values_4_s(self):
        turning = pager.Pager(8)
        turned = []
        for shown_ms in (0, 1999, 2000, 5999, 6000):
            turning.turn(["DONE £10.00"], shown_ms)
            turned.append((turning.page, turning.left_ms))
        self.assertEqual(turned[:2], [("DONE", 2000), ("DONE", 1)])
        self.assertEqual(turned[2:], [("£10.00", 4000), ("£10.00", 1), ("DONE", 2000)])

    def test_resting_texts_take_4_s_each(self):
        turning = pager.Pager(8)
        turned = []
        for shown_ms in (0, 3999, 4000, 8000):
            turning.turn(["Supply off", "Need £1.72"], shown_ms)
            turned.append(turning.text)
        self.assertEqual(turned, ["Supply off", "Supply off", "Need £1.72", "Supply off"])

    def test_a_message_shows_each_of_its_pages_once_and_stays_6_s_at_least(self):
        for texts, on_8, on_12 in (
            (["WAIT"], 6000, 6000),
            (["DONE £10.00"], 6000, 6000),
            (["Invalid re-enter code"], 8000, 8000),
            (["DONE", "£10.00"], 8000, 8000),
            (["FAIL", "Invalid re-enter code", "Locked 10 min"], 18000, 18000),
            (["FAIL", "Used already"], 10000, 8000),
        ):
            self.assertEqual(pager.message_ms(texts, 8), on_8)
            self.assertEqual(pager.message_ms(texts, 12), on_12)

    def test_one_page_is_never_turned(self):
        turning = pager.Pager(8)
        turning.turn(["Credit £3.50"], 123456)
        self.assertEqual((turning.page, turning.left_ms), ("£3.50", 0))


if __name__ == "__main__":
    unittest.main()
