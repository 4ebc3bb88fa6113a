"""How a text fits the cells of a display: as it is, in a short form, or in pages, and when each shows.

Takes full texts and ms, gives pages. A '.' shares the cell of the glyph before it. Source: DOMAIN 13.
"""

from micropython import const

from shilling.units import SYMBOLS

_PAGE_MS = const(4000)
_TITLE_MS = const(2000)  # all pages of a text but the last
_MESSAGE_MS = const(6000)

# Short forms where cutting at the spaces would read badly; capitals are clearest on 14 segments.
# Of a word it is the form for displays that it does not fit
SHORT = {
    "Accept EmCr": "ACC EmCr",
    "Add credit": "ADD CRED",
    "Enable supply?": "ENABLE?",
    "Supply off": "SUP OFF",
    "Supply on": "SUP ON",
    "EMGCY CREDIT": "EMGCY CR",
    "Yesterday": "YESTRDAY",
    "Accumulated": "ACCUM",
}


def width(text: str) -> int:
    """Cells the text takes."""
    cells = 0
    has_dot = True  # a dot that leads, or follows a dot, has a cell of its own
    for glyph in text:
        if glyph == "." and not has_dot:
            has_dot = True
        else:
            cells += 1
            has_dot = glyph == "."
    return cells


def pages(text: str, cells: int) -> list:
    """The text as it is, in its short form, or cut into pages at its spaces."""
    if width(text) <= cells:
        return [text]
    for short in _short_forms(text):
        if width(short) <= cells:
            return [short]
    words = text.split(" ")
    if len(words) == 3 and words[2] == "kWh" and width(text) <= cells + width(words[0]) + 1:
        words = [words[0], words[1] + " kWh"]  # a figure goes with its unit
    shown = [""]
    for word in words:
        longer = shown[-1] + " " + word if shown[-1] else word
        if width(longer) <= cells:
            shown[-1] = longer
            continue
        if shown[-1]:
            shown.append("")
        if width(word) > cells:
            word = SHORT.get(word, word)
        while width(word) > cells:  # a meter id
            shown[-1] = word[:cells]
            shown.append("")
            word = word[cells:]
        shown[-1] = word
    return shown


def _short_forms(text: str) -> list:
    if text in SHORT:
        return [SHORT[text]]
    title, _, value = text.partition(" ")
    if title == "Code":
        place, _, digit = value.partition(" ")
        return ["%02d %s" % (int(place), digit)]
    plain = value
    for symbol in SYMBOLS:
        plain = plain.replace(symbol, "")
    if title in ("Credit", "Balance"):  # on its own an amount is the balance; F says more than LOW
        plain = plain.replace(" LOW F", " F")
        return [value.replace(" LOW F", " F"), plain, plain.replace(" ", "")]
    if title in ("EmCr", "Owed", "Need"):
        plain = plain.replace(" ", "")
        return [(title if title == "EmCr" else title.upper()) + plain]
    if title in ("S", "27"):  # the names of the debt's screens
        return [text.replace(" Debt", ""), title + plain[4:]]
    return []


class Pager:
    """Which text, and which page of it, `shown_ms` after the screen came."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        self.text = ""
        self.page = ""
        self.left_ms = 0  # until the next page; 0: there is only one

    def turn(self, shown: list, shown_ms: int) -> None:
        """Choose the text and page; no more than one text of one page needs no turning."""
        fitted = [pages(text, self.cells) for text in shown]
        cycle_ms = 0
        for cut in fitted:
            cycle_ms += _TITLE_MS * (len(cut) - 1) + _PAGE_MS
        at_ms = shown_ms % cycle_ms
        for number in range(len(shown)):
            cut = fitted[number]
            for page in cut:
                lasts_ms = _PAGE_MS if page is cut[-1] else _TITLE_MS
                if at_ms < lasts_ms:
                    self.text = shown[number]
                    self.page = page
                    self.left_ms = 0 if cycle_ms == _PAGE_MS else lasts_ms - at_ms
                    return
                at_ms -= lasts_ms


def message_ms(shown: list, cells: int) -> int:
    """How long a message stays: each of its pages once, 6 s at least."""
    total_ms = 0
    for text in shown:
        total_ms += _TITLE_MS * (len(pages(text, cells)) - 1) + _PAGE_MS
    return max(_MESSAGE_MS, total_ms)
