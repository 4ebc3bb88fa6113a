"""Every kind of display: its chips show the text, the mark and the brightness; who is silent is noted."""

import unittest

import segments7
import virtual_time
from variants import start

KINDS = (({}, 8), ({"display": "ht16k33-12"}, 12), ({"display": "max7219"}, 8))
DOT = segments7.DOT
TEXT = "1234567890.12"


class Kinds(unittest.TestCase):
    def test_a_text_fills_the_cells_from_the_left(self):
        for given, cells in KINDS:
            w, board = start(given)
            self.assertEqual(board.cells, cells)
            self.assertTrue(board.show(TEXT))
            self.assertEqual(w.text(), TEXT[:cells] if cells == 8 else TEXT)
            board.show("\x7f" * cells)
            self.assertEqual(w.text(), "\x7f" * cells)

    def test_it_is_blank_before_the_first_text(self):
        for given, cells in KINDS:
            w, _ = start(given)
            self.assertEqual(w.cells(), [0] * cells)

    def test_dim_is_dimmer_and_stays_with_the_next_text(self):
        for given, _ in KINDS:
            w, board = start(given)
            for dim in (True, False):
                board.dim(dim)
                board.show("Text %d" % dim)
                for chip in w.displays:
                    self.assertEqual(chip.brightness, 3 if dim else 16)

    def test_a_display_that_lost_its_supply_shows_all_again(self):
        for given, _ in KINDS:
            w, board = start(given, jump=False)
            board.show("123")
            for chip in w.displays:
                chip.lose_power()
            self.assertFalse(w.text() == "123")
            for _ in range(1000):  # the 5 s of its own idle
                board.idle(5, 1)
            self.assertEqual(w.text(), "123")

    def test_words_have_their_forms_on_7_segments(self):
        w, board = start({"display": "max7219"})
        board.show("Wait 40s")
        self.assertTrue(segments7.shows(w.cells(), 'HOLd 40"'))


class Mark(unittest.TestCase):
    def last(self, mark, text="1"):
        """-> whether the last cell's dot is lit, each 100 ms for 2 s; for each kind."""
        told = []
        for given, _ in KINDS:
            w, board = start(given)
            board.show(text)
            board.mark = mark
            lit = ""
            for _ in range(20):
                board.elapsed_ms()
                lit += "x" if w.cells()[-1] & DOT else "."
                virtual_time.sleep_ms(100)
            told.append(lit)
        return told

    def test_none_by_itself(self):
        self.assertEqual(self.last(0), ["." * 20] * 3)

    def test_development_is_lit(self):
        self.assertEqual(self.last(1), ["x" * 20] * 3)

    def test_the_lab_port_blinks_once_a_second(self):
        self.assertEqual(self.last(2), [("x" * 5 + "." * 5) * 2] * 3)

    def test_it_leaves_the_text_alone_and_goes_when_it_is_off(self):
        for given, cells in KINDS:
            w, board = start(given)
            text = "12" * (cells // 2)
            board.show(text)
            plain = w.cells()
            marked = plain[:-1] + [plain[-1] | DOT]
            board.mark = 1
            board.elapsed_ms()
            self.assertEqual(w.cells(), marked)
            board.show("another")
            board.show(text)
            self.assertEqual(w.cells(), marked)
            board.mark = 0
            board.elapsed_ms()
            self.assertEqual(w.cells(), plain)
            board.show(text + ".")  # a dot of the text's own
            board.elapsed_ms()
            self.assertEqual(w.cells(), marked)


class Silent(unittest.TestCase):
    def test_each_display_that_is_silent_is_noted_until_it_answers(self):
        w, board = start({"display": "ht16k33-12"})
        self.assertEqual(board.notes, [])
        w.unplug(0x71)
        self.assertFalse(board.show("12345678ABCD"))
        self.assertEqual((board.notes, w.text()), (["No display 2"], "1234    ABCD"))
        w.unplug(0x72)
        self.assertFalse(board.show("12345678ABC"))
        self.assertEqual(board.notes, ["No display 2", "No display 3"])
        w.plug(0x71)
        w.plug(0x72)
        virtual_time.sleep_ms(1000)
        board.elapsed_ms()  # a poll, and nobody shows anything new
        self.assertEqual((board.notes, w.text()), ([], "12345678ABC"))

    def test_it_is_asked_once_a_second_and_costs_no_time(self):
        w, board = start({})
        w.silence(0x70)
        board.show("12")
        before = w.bus.transfers
        for _ in range(100):
            virtual_time.sleep_ms(100)
            board.elapsed_ms()
        asked = w.bus.transfers - before
        self.assertEqual(asked, 10 * (1 + 4))  # the one that is silent, and all for the other one
        self.assertEqual(w.bus.blocked_ms, 0)

    def test_the_notes_stay_the_same_list(self):
        w, board = start({})
        notes = board.notes
        w.unplug(0x70)
        board.show("1")
        self.assertTrue(notes is board.notes and notes == ["No display 1"])


if __name__ == "__main__":
    unittest.main()
