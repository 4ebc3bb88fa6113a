"""Reads 14-segment cells as a person would: which character do these lit segments show?

Takes cells as integers, bit 0 = a, 1 = b .. in the order of NAMES; gives text. The table is
written by the names of the segments, apart from the driver's font, so that a slip in either shows.
a, d: top and bottom; f, b: upper left and right; e, c: lower left and right; g1, g2: halves of the
middle line; h j k: from the middle up to the left, straight up, up to the right; l m n: the same
downwards.
"""

NAMES = ("a", "b", "c", "d", "e", "f", "g1", "g2", "h", "j", "k", "l", "m", "n", "dp")
DOT = 1 << 14
EVERY = 0x7FFF
LAMP_TEST, UNKNOWN = "\x7f", "\ufffd"

# Each character and its segments; two blanks or more between one and the next.
GLYPHS = """
0 a b c d e f k l     1 b c k               2 a b d e g1 g2       3 a b c d g2
4 b c f g1 g2         5 a c d f g1 g2       6 a c d e f g1 g2     7 a b c
8 a b c d e f g1 g2   9 a b c d f g1 g2
A a b c e f g1 g2     B a b c d g2 j m      C a d e f             D a b c d j m
E a d e f g1 g2       F a e f g1            G a c d e f g2        H b c e f g1 g2
I a d j m             J b c d e             K e f g1 k n          L d e f
M b c e f h k         N b c e f h n         O a b c d e f         P a b e f g1 g2
Q a b c d e f n       R a b e f g1 g2 n     S a c d g2 h          T a j m
U b c d e f           V e f k l             W b c e f l n         X h k l n
Y h k m               Z a d k l
a a b c d e g1 g2     b c d e f g1 g2       c d e g1 g2           d b c d e g1 g2
e a b d e f g1 g2     f g1 g2 k m           g b c d g2 k          h c e f g1 g2
i m                   j b c d               k j k m n             l e f
m c e g1 g2 m         n c e g1 g2           o c d e g1 g2         p e f g1 h
q b c g2 k            r e g1                s d g2 n              t d e f g1
u c d e               v e l                 w c e l n             x g1 g2 l n
y b c d f g1 g2       z d g1 l
£ d g1 g2 k m         ¥ g1 g2 h k m         $ a c d f g1 g2 j m   € a d e f g1
- g1 g2               + g1 g2 j m           : j m
/ k l                 ? a b g2 m
"""


def _read_table():
    """-> {lit segments: character} of GLYPHS."""
    table = {0: " "}
    for glyph in GLYPHS.replace("\n", "  ").split("  "):
        words = glyph.split()
        if not words:
            continue
        lit = 0
        for name in words[1:]:
            lit |= 1 << NAMES.index(name)
        if lit in table:
            raise ValueError("two characters look the same: " + table[lit] + words[0])
        table[lit] = words[0]
    return table


CHARACTERS = _read_table()


def decode(cells):
    """-> the text: a dot follows its character, all lit is LAMP_TEST, blanks at the end go."""
    text = ""
    for lit in cells:
        if lit == EVERY:
            text += LAMP_TEST
        else:
            text += CHARACTERS.get(lit & ~DOT, UNKNOWN) + ("." if lit & DOT else "")
    return text.rstrip(" ")
