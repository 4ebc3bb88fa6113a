"""Glyphs for 14-segment cells, and how a text falls into cells.

Takes text; gives two bytes a cell, low byte first, as HT16K33 backpacks are wired: bits 0-7 =
segments a b c d e f g1 g2, 8-13 = h j k (upper left, middle, right) l m n (lower left, middle,
right), 14 = dot. An unknown character is blank, never an exception. 0 has a stroke and S a slope,
so that 0 O, 5 S, 1 I l all differ.
"""

from micropython import const

_FIRST = const(0x20)
# Beyond FONT: every segment for the lamp test, pound, yen, euro
_OTHERS = ((0x7F, 0x7FFF), (0xA3, 0x14C8), (0xA5, 0x15C0), (0x20AC, 0x0079))
CELL_BYTES = 2
DOT = 0x40  # in the last byte of a cell
_DOT_HIGH = const(0x40)  # the same, faster

# fmt: off
FONT = (
    # space !      "       #       $       %       &       '
    0x0000, 0x0000, 0x0000, 0x0000, 0x12ED, 0x0000, 0x0000, 0x0000,
    # (     )      *       +       ,       -       .       /
    0x0000, 0x0000, 0x0000, 0x12C0, 0x0000, 0x00C0, 0x0000, 0x0C00,
    # 0     1      2       3       4       5       6       7
    0x0C3F, 0x0406, 0x00DB, 0x008F, 0x00E6, 0x00ED, 0x00FD, 0x0007,
    # 8     9      :       ;       <       =       >       ?
    0x00FF, 0x00EF, 0x1200, 0x0000, 0x0000, 0x0000, 0x0000, 0x1083,
    # @     A      B       C       D       E       F       G
    0x0000, 0x00F7, 0x128F, 0x0039, 0x120F, 0x00F9, 0x0071, 0x00BD,
    # H     I      J       K       L       M       N       O
    0x00F6, 0x1209, 0x001E, 0x2470, 0x0038, 0x0536, 0x2136, 0x003F,
    # P     Q      R       S       T       U       V       W
    0x00F3, 0x203F, 0x20F3, 0x018D, 0x1201, 0x003E, 0x0C30, 0x2836,
    # X     Y      Z       [       \       ]       ^       _
    0x2D00, 0x1500, 0x0C09, 0x0000, 0x0000, 0x0000, 0x0000, 0x0000,
    # `     a      b       c       d       e       f       g
    0x0000, 0x00DF, 0x00FC, 0x00D8, 0x00DE, 0x00FB, 0x14C0, 0x048E,
    # h     i      j       k       l       m       n       o
    0x00F4, 0x1000, 0x000E, 0x3600, 0x0030, 0x10D4, 0x00D4, 0x00DC,
    # p     q      r       s       t       u       v       w
    0x0170, 0x0486, 0x0050, 0x2088, 0x0078, 0x001C, 0x0810, 0x2814,
    # x     y      z
    0x28C0, 0x00EE, 0x0848,
)
# fmt: on


def glyph(code: int) -> int:
    """-> the segments of a character code, 0 = blank."""
    if _FIRST <= code < _FIRST + len(FONT):
        return FONT[code - _FIRST]
    for other, lit in _OTHERS:
        if code == other:
            return lit
    return 0


def render(text: str, cells: bytearray) -> None:
    """Fills `cells` (two bytes each); a dot shares the cell before it, unless that has one."""
    end = 0
    for i in range(len(cells)):
        cells[i] = 0
    for character in text:
        if character == "." and end and not cells[end - 1] & _DOT_HIGH:
            cells[end - 1] |= _DOT_HIGH
        elif end == len(cells):
            return
        else:
            lit = glyph(ord(character))
            cells[end] = lit & 0xFF
            cells[end + 1] = _DOT_HIGH if character == "." else lit >> 8
            end += 2
