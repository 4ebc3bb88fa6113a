"""shilling report: what a meter's ledger tells, as one HTML page to read and as CSV.

Takes the image of the ledger partition (`shilling run` keeps one, or a dump of a board's), which is only
read. What is damaged is said; a file that is no ledger is refused in one sentence with exit status 2.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path

from tools.errors import UserError
from tools.interpreters import ROOT

NAME = "report"
HELP = "write what a meter's ledger tells as an HTML page and CSV"
LEDGER = ROOT / "build/run/ledger.bin"
PAGE = ROOT / "build/report.html"
MAX_BYTES = 16 << 20  # no ledger is larger; a disk image is not read whole to be refused
QUIET_S = 2
DAY_S = 86400


def days(text):
    value = int(text)
    if not 1 <= value <= 36600:
        raise argparse.ArgumentTypeError(f"{text} is not 1 to 36600 days")
    return value


def add_arguments(parser):
    parser.epilog = "example: shilling report build/run/ledger.bin --csv build/report.csv"
    parser.add_argument("file", type=Path, nargs="?", default=LEDGER, metavar="FILE",
                        help="the ledger partition's image (build/run/ledger.bin)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=PAGE, metavar="HTML",
                        help="the page to write (build/report.html)")  # fmt: skip
    parser.add_argument("--csv", type=Path, metavar="CSV", help="also write the half-hours")
    parser.add_argument("--days", type=days, metavar="N",
                        help="balance and half-hours of the last N days only")  # fmt: skip


def image(path):
    """The file's bytes; UserError says why it cannot be a ledger."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise UserError(f"{path} is no file")
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise UserError(f"{path} is no ledger: {size} bytes are too many")
            return file.read(MAX_BYTES)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None


def story_of(path):
    """The Story that a ledger's image tells."""
    from tools.report import ledger, story

    return story.told(ledger.read(image(path), path))


def since_of(told, count):
    """UTC seconds at which the last `count` days begin; None: everything."""
    return told.now_s - count * DAY_S if count else 0


def page_of(path, count=None):
    """The page of a ledger's image, as text."""
    from tools.report import page  # it draws, which takes a second to load

    told = story_of(path)
    return page.page(told, since_of(told, count))


def csv_of(path, count=None):
    """The half-hours of a ledger's image, as text."""
    from tools.report import fields, rows

    told = story_of(path)
    return rows.csv_text(told, since_of(told, count), fields.currency(told.state)[1])


class Progress:
    """Says what is being done, once it has taken long enough for somebody to wonder."""

    def __enter__(self):
        self.what = "reading the ledger"
        self.start_s = time.monotonic()
        self.timer = threading.Timer(QUIET_S, self.say)
        self.timer.daemon = True
        self.timer.start()
        return self

    def __exit__(self, *_):
        self.timer.cancel()

    def at(self, what):
        self.what = what
        if time.monotonic() - self.start_s > QUIET_S:
            self.say()

    def say(self):
        print(f"{self.what}…", file=sys.stderr, flush=True)


def refuse_overwriting(args):
    """No output may be the ledger itself, nor both outputs one file."""
    outputs = [path for path in (args.out, args.csv) if path]
    for path in outputs:
        if path.exists() and not path.is_file():
            raise UserError(f"{path} is no file: a report goes into a file of its own")
        folder = next(each for each in path.absolute().parents if each.exists())
        if not folder.is_dir():
            raise UserError(f"{folder} is no folder: a report needs one to go into")
        if path.exists() and args.file.exists() and path.samefile(args.file):
            raise UserError(f"{path} is the ledger itself; it is never written to")
    if args.csv and args.csv.resolve() == args.out.resolve():
        raise UserError("--out and --csv must be two files")


def texts_of(args, progress):
    """{path: text} of everything that was asked for."""
    from tools.report import fields, page, rows

    told = story_of(args.file)
    for note in told.notes:
        print(f"note: {note}", file=sys.stderr)
    since_s = since_of(told, args.days)
    progress.at("drawing the report")
    texts = {args.out: page.page(told, since_s)}
    if args.csv:
        progress.at("writing the half-hours")
        texts[args.csv] = rows.csv_text(told, since_s, fields.currency(told.state)[1])
    return texts


def main(args):
    from tools.evidence.report import write_whole

    refuse_overwriting(args)
    with Progress() as progress:
        texts = texts_of(args, progress)
    for path, text in texts.items():
        path = path.resolve()  # a link stays one
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
        print(f"written: {path}")
    return 0
