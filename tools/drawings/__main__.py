"""Makes everything in docs/ that is drawn or listed by a program, and says what changed."""

import functools
import sys

from tools.drawings import relay, sheet, timing, uses, wiring
from tools.interpreters import ROOT


def pages():
    """(file, function that gives its text) of each."""
    for name in wiring.VARIANTS:
        yield wiring.FOLDER / f"{name}.svg", functools.partial(wiring.drawing, name)
    yield wiring.FOLDER / "relay.svg", relay.drawing
    yield sheet.PATH, sheet.drawing
    yield uses.PAGE, uses.page
    yield timing.PATH, timing.page


def main():
    """Write each file whose content is another now."""
    for path, make in pages():
        print(f"{path.relative_to(ROOT)}: ", end="", flush=True)
        text = make()
        same = path.exists() and path.read_text(encoding="utf-8") == text
        print("as it was" if same else "made")
        if not same:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
