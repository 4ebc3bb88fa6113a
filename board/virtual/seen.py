"""What a scenario expects against what is seen; and whether the cells honestly show the text.

Takes the expectation and the state as dicts (mp, Wh, texts); gives [[key, expected, seen], ...].
`cells` is decoded from the bus bytes; `screen` is the firmware's full text. Source: SCENARIO.md
("Honesty"), DOMAIN 13.
"""

WIDTH = 8  # cells of the display
SIGNS = "£¥€$"  # of currencies; the rand's R is a letter as any other
LETTER = 1
FIGURE = 2


def differences(expected, state):
    """Every expectation that does not hold, in the order of the keys."""
    failed = []
    for key in sorted(expected):
        want = expected[key]
        got = state[key]
        if key == "screen":
            failed.extend(_display(want, state))
        elif key == "registers":
            failed.extend(_registers(want, got))
        elif isinstance(want, dict):
            for part in sorted(want):
                if got[part] != want[part]:
                    failed.append([key + "." + part, want[part], got[part]])
        elif got != want:
            failed.append([key, want, list(got) if isinstance(got, (list, tuple)) else got])
    return failed


def _registers(want, got):
    """Wh of a rate: a number is the sum of its blocks, a list names each of them."""
    found = {}
    for name, blocks in got:
        found[name] = sum(blocks) if isinstance(want.get(name), int) else list(blocks)
    failed = []
    for name in sorted(want):
        if found.get(name) != want[name]:
            failed.append(["registers." + name, want[name], found.get(name)])
    return failed


def _display(texts, state):
    """The full text is one of `texts`; the cells show it, its short form or one of its pages."""
    text = state["screen"]
    cells = state["cells"]
    failed = []
    if text not in texts:
        failed.append(["screen", texts, text])
    pages = [page.rstrip() for page in state["pages"]]
    if cells not in pages:
        failed.append(["cells", pages, cells])
    if not shows(cells, text):
        failed.append(["cells", "a part or a short form of " + text, cells])
    return failed


def shows(cells, text):
    """True if the cells are words of the text, whole or abbreviated, in its order.

    '£' (or another sign) and spaces may go for want of room, a number has to be there whole: '3.10'
    of 'EmCr £3.10' is honest, '3.1' is not. A word wider than the display may be cut.
    """
    if cells == text or (cells and _is_cut(cells, text)):
        return True
    parts = _parts(text)
    place = 0
    for part in _parts(cells):
        while place < len(parts) and not _abbreviates(part, parts[place]):
            place += 1
        if place == len(parts):
            return False
        place += 1
    return bool(cells)


def _is_cut(cells, text):
    """The cells are a piece of one word that is wider than all of them."""
    for word in text.split():
        if len(word) > WIDTH and cells in word:
            return True
    return False


def _parts(text):
    """Runs of letters and of figures (with their dots and minus): 'EmCr3.10F' has three."""
    parts = []
    kind = None
    for sign in SIGNS:
        text = text.replace(sign, "")
    for letter in text:
        new = FIGURE if "0" <= letter <= "9" or letter in ".-" else LETTER
        if letter in " ?":
            new = None
        elif new == kind and (new == LETTER or letter != "-"):
            parts[-1] += letter
        else:
            parts.append(letter)
        kind = new
    return parts


def _abbreviates(short, word):
    """A figure is whole (a place may have a leading zero: '03 7' of 'Code 3 7'); of a word the first
    letter is there, and others in their order, in capitals or not."""
    short, word = short.lower(), word.lower()
    if "0" <= short[-1] <= "9" or "0" <= word[-1] <= "9":
        return short == word or (len(short) == 2 and short == "0" + word)
    place = 0
    for letter in short:
        place = word.find(letter, place) + 1
        if place == 0:
            return False
    return short[0] == word[0]


def code_place(screen):
    """(place, digit) of the text 'Code 3 7', or None when another screen is shown."""
    words = screen.split()
    if len(words) != 3 or words[0] != "Code":
        return None
    return int(words[1]), int(words[2])
