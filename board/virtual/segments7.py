"""Reads 7-segment cells as a person would: which characters can these lit segments be?

Takes cells as integers, bit 0 = a .. bit 6 = g (a the top, then clockwise, g the middle), bit 14 =
dot; gives text. The table is written by the names of the segments, apart from the driver's font, so
that a slip in either shows. 0 and O, 2 and Z, 5 and S look the same: what stands beside them decides.
"""

from segments import DOT, LAMP_TEST, UNKNOWN

NAMES = "abcdefg"
EVERY = 0x7F | DOT
# Segments and what they can be: the first is the figure, where there is one
READINGS = """
abcdef 0O  bc 1  abdeg 2Z  abcdg 3  bcfg 4  acdfg 5S  acdefg 6  abc 7  abcdefg 8  abcdfg 9
abcefg A  cdefg b  adef C  deg c  bcdeg d  adefg E  aefg F  acdef G  bcefg H  cefg h  ef I  c i
bcde J  def L  ceg n  cdeg o  abefg P  abcfg q  eg r  defg t  bcdef U  cde u  bcdfg y
g -  d _  dg =  efg +  beg /  abeg ?  f '  bf "  abfg °  adeg £  bdfg ¥  cfg $  adg €
"""
FIGURES = "0123456789£¥$€"


def _read_table():
    """-> {lit segments: characters} of READINGS."""
    table = {0: " "}
    words = READINGS.split()
    for place in range(0, len(words), 2):
        lit = 0
        for name in words[place]:
            lit |= 1 << NAMES.index(name)
        if lit in table:
            raise ValueError("the same segments twice: " + words[place])
        table[lit] = words[place + 1]
    return table


CHARACTERS = _read_table()


def readings(lit):
    """-> all that one cell can be, its dot aside."""
    return CHARACTERS.get(lit & ~DOT, UNKNOWN)


def shows(cells, text):
    """-> True if the cells can be read as the text, letters in capitals or not, blanks behind it
    aside."""
    place = 0
    for lit in cells:
        character = text[place] if place < len(text) else " "
        place += 1
        if character.lower() not in readings(lit).lower():
            return False
        has_dot = place < len(text) and text[place] == "."
        if has_dot != bool(lit & DOT):
            return False
        place += has_dot
    return place >= len(text)


def decode(cells):
    """-> the text: a dot follows its character, all lit is LAMP_TEST, blanks at the end go."""
    text = ""
    for place in range(len(cells)):
        lit = cells[place]
        if lit == EVERY:
            text += LAMP_TEST
            continue
        could_be = readings(lit)
        is_letter = len(could_be) > 1 and not _is_figure(cells, place)
        text += could_be[1 if is_letter else 0] + ("." if lit & DOT else "")
    return text.rstrip(" ")


def _is_figure(cells, place):
    """A cell that can be both: the nearest one to the left that is sure decides, or to the right."""
    if cells[place] & DOT:
        return True
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(cells) and cells[at] & ~DOT:
            could_be = readings(cells[at])
            if len(could_be) == 1 or cells[at] & DOT:
                return could_be[0] in FIGURES
            at += step
    return True
