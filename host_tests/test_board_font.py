"""The font reads back: every glyph as the other table, written by segment names, knows it."""

import unittest

import font14
import segments

# Every text of DOMAIN 13 and what can stand in for a figure, letter or sign in it.
USED = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    + "\u00a3\u00a5\u20ac$"  # pound, yen, euro
    + "-+:/? "
)
ALIKE = (
    "5S$", "CE\u20ac", "Y\u00a5", "f\u00a3", "0O", "1Il", "2Z", "8B", "0D", "6b", "9g", "UV", "uv",
    "cC", "xX", "4y",
)  # fmt: skip


def lit(text, cells=8):
    """-> the segments of each cell that shows text."""
    glyphs = bytearray(2 * cells)
    font14.render(text, glyphs)
    return [glyphs[i] | glyphs[i + 1] << 8 for i in range(0, len(glyphs), 2)]


class GlyphTest(unittest.TestCase):
    def test_every_character_in_use_reads_back(self):
        for character in USED:
            with self.subTest(character=character):
                self.assertEqual(segments.decode(lit("x" + character + "x", 3)), "x%sx" % character)

    def test_every_character_that_reads_is_in_use(self):
        self.assertEqual(sorted(segments.CHARACTERS.values()), sorted(USED))

    def test_characters_that_people_confuse_look_different(self):
        for group in ALIKE:
            shapes = [lit(character, 1)[0] for character in group]
            with self.subTest(group=group):
                self.assertEqual(len(set(shapes)), len(group))

    def test_an_unknown_character_is_blank(self):
        for character in ("\u20ab", "\x00", "\x1f", "~", "@", "\u00ff"):
            self.assertEqual(lit("a" + character + "b", 3)[1], 0)

    def test_unknown_segments_are_not_taken_for_a_character(self):
        self.assertEqual(segments.decode([0x0101, 0x3FFF]), "\ufffd\ufffd")


class RenderTest(unittest.TestCase):
    def test_the_dot_shares_the_cell_of_the_glyph_before_it(self):
        one, two, five = lit("125", 3)
        self.assertEqual(lit("12.5", 3), [one, two | segments.DOT, five])

    def test_eight_cells_hold_seven_figures_a_sign_and_a_dot(self):
        self.assertEqual(segments.decode(lit("-12345.67")), "-12345.67")

    def test_a_first_dot_and_a_second_dot_have_cells_of_their_own(self):
        self.assertEqual(lit(".5", 2), [segments.DOT, lit("5", 1)[0]])
        self.assertEqual(lit("5..", 2), [lit("5", 1)[0] | segments.DOT, segments.DOT])

    def test_what_is_too_long_is_cut_and_its_dot_is_kept(self):
        self.assertEqual(segments.decode(lit("12345678.9")), "12345678.")

    def test_a_short_text_leaves_blanks(self):
        self.assertEqual(lit("1"), [lit("1", 1)[0]] + [0] * 7)

    def test_the_lamp_test_lights_everything(self):
        self.assertEqual(lit("\x7f" * 8), [segments.EVERY] * 8)
        self.assertEqual(segments.decode(lit("\x7f" * 8)), "\x7f" * 8)


if __name__ == "__main__":
    unittest.main()
