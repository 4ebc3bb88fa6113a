"""What came of it: the table, the failures with their replay commands, and the files in build/.

Takes an Outcome; prints, writes evidence.json and evidence.html whole or not at all.
"""

import json
import os
import tempfile
from collections import Counter, namedtuple
from pathlib import Path

from tools.bench import table
from tools.evidence.tally import verdict

SHOWN = 5  # failures of each check on the screen; the page has more

# figures, failures and series as the Tally gives them; notes: what cut it short
Outcome = namedtuple("Outcome", "commit seed seconds effort units figures failures series notes")


def number(value):
    """1234567 as 1 234 567; a small part with three digits."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", " ")
    if isinstance(value, float):
        return number(round(value)) if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)


def rows(outcome):
    """What, goal, reached, unit, verdict of each figure, as text."""
    return [
        (f["name"], number(f["goal"]), number(f["reached"]), f["unit"], verdict(f))
        for f in outcome.figures
    ]


def headline(outcome):
    return (
        f"{outcome.effort}, seed {outcome.seed}, commit {outcome.commit}, "
        f"{number(outcome.units)} units in {number(outcome.seconds)} s"
    )


def show(outcome):
    """Print the table and the failures."""
    table(f"Evidence: {headline(outcome)}", ("what", "goal", "reached", "unit", "ok?"), rows(outcome))
    shown = Counter()
    for check, text, command in outcome.failures:
        shown[check] += 1
        if shown[check] <= SHOWN:
            print(f"\n  FAIL {check}: {text}\n       {command}")
    for check, count in shown.items():
        if count > SHOWN:
            print(f"\n  {count - SHOWN} more of {check} in evidence.html")
    for note in outcome.notes:
        print(f"\n{note}")


def write(outcome, folder):
    """The two files; returns their paths."""
    from tools.evidence import page  # it draws, which takes a second to load

    kept = {
        "commit": outcome.commit, "seed": outcome.seed, "seconds": round(outcome.seconds, 1),
        "figures": [{key: f[key] for key in ("name", "goal", "reached", "unit")}
                    for f in outcome.figures],
    }  # fmt: skip
    files = {
        Path(folder, "evidence.json"): json.dumps(kept, indent=1, allow_nan=False) + "\n",
        Path(folder, "evidence.html"): page.page(outcome),
    }
    for path, text in files.items():
        write_whole(path, text)
    return list(files)


def make_folder(folder):
    """Make the folder and see that it takes files, before an hour is spent; OSError tells why not."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder) as probe:
        probe.write(b"\n")


def write_whole(path, text):
    """The file has the new text or, whatever happens, what it had."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(fresh, 0o644)
        os.replace(fresh, path)
    except OSError as error:
        os.unlink(fresh)
        raise OSError(error.errno, error.strerror, str(path)) from None
    except BaseException:
        os.unlink(fresh)
        raise
