"""Glyphs and words for 7-segment cells, and how a text falls into them.

Takes text; gives one byte a cell as a MAX7219 has it: bit 6 = a .. bit 0 = g, bit 7 = the dot.
Seven segments have no K, M, V, W, X, and S looks like 5: a word with one of those has a form that
reads, never longer than itself. An unknown character is blank, never an exception. Capitals and
small letters look the same.
"""

from micropython import const

CELL_BYTES = 1
DOT = 0x80
_DOT = const(0x80)
_LETTERS = (
    b"\x77\x1f\x4e\x3d\x4f\x47\x5e\x37\x06\x3c\x00\x0e\x00"  # A to M
    b"\x15\x1d\x67\x73\x05\x5b\x0f\x3e\x00\x00\x00\x3b\x6d"
)
_FIGURES = b"\x7e\x30\x6d\x79\x33\x5b\x5f\x70\x7f\x7b"
# every segment for the lamp test; - + / ? ' "; pound, yen, dollar, euro
_OTHERS = (
    (0x7F, 0xFF), (0x2D, 0x01), (0x2B, 0x07), (0x2F, 0x25), (0x3F, 0x65), (0x27, 0x02),
    (0x22, 0x22), (0xA3, 0x4D), (0xA5, 0x2B), (0x24, 0x13), (0x20AC, 0x49),
)  # fmt: skip
# By word, in small letters
FORMS = {
    "accum": "ACCU",
    "accumulated": "ACCU",
    "clock": "CLOC",
    "dev": "dEb",  # debug: the development variant
    "emcr": "E Cr",
    "emgcy": "E",
    "holdover": "UnSurE",
    "invalid": "bAd",
    "kw": "Po",  # power
    "kwh": "En",  # energy
    "limit": "HIGH",  # 'Over limit' is 'too HIGH'
    "link": "LInE",
    "locked": "bArrEd",
    "low": "LO",
    "min": "nIn",
    "month": "nonth",
    "over": "too",
    "owed": "duE",
    "payment": "PAY",
    "time": "tInE",
    "valid": "good",
    "version": "rELEASE",
    "wait": "HOLd",
    "week": "7dAY",
}


def spelled(text: str) -> str:
    """The text in words that can be read; '40s' becomes '40\\"', a colon a dot."""
    out = ""
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and text[end].isalpha():
            end += 1
        word = text[start:end]
        if word == "s" and start and text[start - 1].isdigit():
            word = '"'
        out += FORMS.get(word.lower(), word)
        if end < len(text):
            out += "." if text[end] == ":" else text[end]
        start = end + 1
    return out


def glyph(code: int) -> int:
    """-> the segments of a character code, 0 = blank."""
    if 0x30 <= code <= 0x39:
        return _FIGURES[code - 0x30]
    small = code | 0x20
    if 0x61 <= small <= 0x7A and code < 0x7B:
        return _LETTERS[small - 0x61]
    for other, lit in _OTHERS:
        if code == other:
            return lit
    return 0


def render(text: str, cells: bytearray) -> None:
    """Fills `cells` (a byte each); a dot shares the cell before it, unless that has one."""
    end = 0
    for i in range(len(cells)):
        cells[i] = 0
    for character in spelled(text):
        if character == "." and end and not cells[end - 1] & _DOT:
            cells[end - 1] |= _DOT
        elif end == len(cells):
            return
        else:
            cells[end] = _DOT if character == "." else glyph(ord(character))
            end += 1
