"""shilling explain: why the SMS, the head-end and the meter say different things, and what to do.

Takes a meter's id (as its label has it) and looks into the head-end's store, running or not; prints what
matters most, the figures side by side with their times, each other cause, and what to do. Source: DOMAIN 9.
"""

import json
import re
import shutil
import textwrap
import time
from pathlib import Path

from tools.errors import UserError
from tools.headend import default_data
from tools.utrn_vend import VendError

NAME = "explain"
HELP = "say why an SMS, the head-end and the meter's display differ"


def add_arguments(parser):
    parser.epilog = "example: shilling explain 00DB1234567890A0 --display 3.50"
    parser.add_argument("meter", metavar="METER", help="the meter's id, 16 hexadecimal digits")
    parser.add_argument(
        "--display", metavar="AMOUNT", help="what is read at the meter, such as 3.50"
    )
    parser.add_argument("--data", metavar="DIR", type=Path, default=default_data(),
                        help=f"where the head-end keeps everything ({default_data()})")  # fmt: skip
    parser.add_argument("--db", metavar="URL", help="its store, if it is not in there")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def url_of(args):
    """The store's URL; one that is not there is not made."""
    if args.db:
        return args.db.replace("postgresql://", "postgresql+psycopg://", 1)
    file = args.data / "headend.db"
    if not file.exists():
        raise UserError(f"there is no head-end in {args.data}; start it with shilling headend")
    return f"sqlite:///{file}"


def meter_id(text):
    """16 hexadecimal digits, upper case; spaces as on the label do not matter."""
    digits = text.replace(" ", "").upper()
    if not re.fullmatch("[0-9A-F]{16}", digits):
        raise UserError(f"a meter's id has 16 hexadecimal digits, not {text!r}")
    return digits


def explained(args, now):
    """What why.py says of the meter."""
    from sqlalchemy.exc import SQLAlchemyError

    from tools.headend import why
    from tools.headend.amounts import any_mp
    from tools.headend.store import Store
    from tools.headend.tables_desk import ensure

    wanted = meter_id(args.meter)
    url = url_of(args)
    try:
        display_mp = None if args.display is None else any_mp(args.display)
        store = Store(url)
        ensure(store)
        try:
            told = why.explain(store, wanted, now, display_mp)
        finally:
            store.close()
    except VendError as error:
        raise UserError(str(error)) from None
    except (SQLAlchemyError, ImportError) as error:
        first = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise UserError(f"the head-end's store cannot be read: {first}") from None
    if told is None:
        raise UserError(f"the head-end knows no meter {wanted}")
    return told


def lines(told, columns):
    """The text of it, folded for so many columns: what matters most, the figures, the other causes."""

    def cause(each):
        yield from textwrap.wrap(f"- {each['text']}", columns, subsequent_indent="  ")
        yield from textwrap.wrap(each["do"], columns, initial_indent="  ", subsequent_indent="  ")
        yield ""

    for each in told["causes"][:1]:
        yield from cause(each)
    wide = max((len(each["what"]) for each in told["figures"]), default=0)
    amount = max((len(each["text"]) for each in told["figures"]), default=0)
    for each in told["figures"]:
        note = f", {each['note']}" if each["note"] else ""
        yield f"{each['what']:{wide}}  {each['text']:>{amount}}  {each['at']}{note}"
    yield ""
    for each in told["causes"][1:]:
        yield from cause(each)
    yield told["golden"]


def main(args):
    told = explained(args, int(time.time()))
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print("\n".join(lines(told, min(shutil.get_terminal_size().columns, 100))))
    return 0
