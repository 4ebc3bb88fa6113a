"""The 7-segment font reads back, and a word with a letter that it lacks has a form that reads."""

import unittest

import font7
import segments7

USED = "ABCDEFGHIJLNOPQRSTUYZabcdefghijlnopqrstuyz0123456789\u00a3\u00a5\u20ac$-+/?'\" "
LACKING = "KMVWX"
ALIKE = "5$ E\u20ac\u00a3 3\u20ac y\u00a5 0o 1I 8B 0D 6b 9g 4y t+".split()
SAME = {"accum": "accumulated", "emgcy": "emcr"}  # the same in other words


def lit(text, cells=8):
    """-> the segments of each cell, bit 0 = a .. bit 6 = g, bit 14 = dot."""
    glyphs = bytearray(cells)
    font7.render(text, glyphs)
    shown = []
    for glyph in glyphs:
        seen = segments7.DOT if glyph & 0x80 else 0
        for segment in range(7):
            seen |= (glyph >> 6 - segment & 1) << segment
        shown.append(seen)
    return shown


class Glyphs(unittest.TestCase):
    def test_every_character_in_use_reads_back(self):
        for character in USED:
            with self.subTest(character=character):
                could_be = segments7.readings(lit(character, 1)[0])
                self.assertIn(character.lower(), could_be.lower())

    def test_figures_and_signs_that_people_confuse_look_different(self):
        for group in ALIKE:
            shapes = [lit(character, 1)[0] for character in group]
            self.assertEqual(len(set(shapes)), len(group), group)

    def test_unknown_and_lacking_characters_are_blank(self):
        for character in "\u20ab~@#%&*=<>[]{}_|\x00\x1f\u00ff" + LACKING + LACKING.lower():
            self.assertEqual(lit("a" + character + "1", 3)[1], 0, character)

    def test_the_lamp_test_lights_everything(self):
        self.assertEqual(lit("\x7f" * 8), [segments7.EVERY] * 8)

    def test_dots_share_cells_as_on_14_segments(self):
        for text in ("12.5", "-12345.67", "1.2.3"):
            self.assertEqual(segments7.decode(lit(text)), text)
        self.assertEqual(lit(".5", 2), [segments7.DOT, lit("5", 1)[0]])
        self.assertEqual(lit("5..", 2), [lit("5", 1)[0] | segments7.DOT, segments7.DOT])
        self.assertEqual(segments7.decode(lit("12345671.9")), "12345671.")
        self.assertEqual(len([c for c in lit("12.5", 3) if c & segments7.DOT]), 1)


class Words(unittest.TestCase):
    def test_no_form_is_longer_than_its_word_or_has_a_letter_that_is_lacking(self):
        for word in font7.FORMS:
            form = font7.FORMS[word]
            self.assertEqual(word, word.lower())
            self.assertTrue(len(form) <= len(word), word)
            for letter in form:
                self.assertFalse(letter.upper() in LACKING, form)

    def test_words_that_differ_in_meaning_have_forms_that_differ(self):
        words = [word for word in font7.FORMS if word not in SAME]
        forms = [font7.FORMS[word].lower() for word in words]
        self.assertEqual(len(set(forms)), len(words))

    def test_whole_texts_read(self):
        for text, read in (
            ("\u00a312.34 LOW", "\u00a312.34 LO"),
            ("EmCr3.10", "E Cr3.10"),
            ("OWED1.23", "duE1.23"),
            ("Wait 40s", 'HOLd 40"'),
            ("Wait 3h", "HOLd 3h"),
            ("12.34 kWh", "12.34 En"),
            ("0.25 kW", "0.25 Po"),
            ("11:05", "11.05"),
            ("--:--", "--.--"),
            ("ENABLE?", "EnAbLE?"),
            ("S \u00a325.99", "S \u00a325.99"),
            ("03 7", "03 7"),
        ):
            cells = lit(text)
            self.assertTrue(segments7.shows(cells, read), (text, segments7.decode(cells)))

    def test_an_s_behind_a_figure_is_no_5(self):
        self.assertEqual(font7.spelled("40s"), '40"')
        self.assertEqual(font7.spelled("pulses"), "pulses")


if __name__ == "__main__":
    unittest.main()
