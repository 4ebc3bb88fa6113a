"""shilling vend: sells a top-up, printing a receipt with the 20-digit code for one meter.

Takes amounts in pounds as decimal text (never a float), keys as hex; prints text or JSON. What
cannot be vended is refused with one sentence and exit status 2. Source: UTRN.md, DOMAIN T2.
"""

import json
import re
import sys
from pathlib import Path

import yaml

from tools.utrn_vend import (
    COUNTER_MAX,
    KEY_BYTES,
    PUBLIC_TEST_KEYS,
    VendError,
    amount_of,
    fit,
    keys_of,
    make_code,
    pounds,
)

NAME = "vend"
HELP = "sell a top-up: print a receipt with the 20-digit code for a meter"
EXAMPLE = "example: shilling vend --amount 10.00 --counter 7"
RULE = "  " + "-" * 40


def add_arguments(parser):
    parser.epilog = EXAMPLE + "; without keys the public test set of UTRN.md is used"
    parser.add_argument("--amount", required=True, metavar="POUNDS", help="such as 10.00")
    parser.add_argument(
        "--counter", required=True, metavar="N", help=f"1 to {COUNTER_MAX}, new for each code"
    )
    for name, size in KEY_BYTES.items():
        parser.add_argument(f"--{name}", metavar="HEX", help=f"{2 * size} hexadecimal digits")
    parser.add_argument("--keys", metavar="FILE", help="JSON or YAML: meter, originator, secret")
    parser.add_argument("--class", dest="value_class", choices=("pence", "pounds"))
    parser.add_argument("--no-limits", action="store_true", help="not only £1.00 to £149.00")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def read_keys(path):
    """The texts of a keys file; every scalar is text, so an id of digits only stays what it is."""
    try:
        given = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise VendError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise VendError(f"{path} is neither JSON nor YAML") from error
    if not isinstance(given, dict) or set(given) != set(KEY_BYTES):
        raise VendError(f"{path} must hold {', '.join(KEY_BYTES)} and nothing else")
    return given


def chosen_keys(args):
    """Keys from --keys or from the options; both at once are refused, never mixed."""
    named = {name: getattr(args, name) for name in KEY_BYTES if getattr(args, name) is not None}
    if args.keys is None:
        return keys_of(named)
    if named:
        raise VendError(f"give --keys or --{' --'.join(named)}, not both")
    return keys_of(read_keys(args.keys))


def vend(args):
    """The sale as a dict of texts and numbers; VendError says what is wrong."""
    keys = chosen_keys(args)
    if not re.fullmatch("[0-9]{1,10}", args.counter):
        raise VendError(f"the counter must be 1 to {COUNTER_MAX}, not {args.counter!r}")
    pence = amount_of(args.amount)
    value_class, value = fit(pence, args.value_class, limits=not args.no_limits)
    counter = int(args.counter)
    code = make_code(keys, counter, value_class, value)
    return {
        "meter": keys.meter.hex().upper(),
        "originator": keys.originator.hex().upper(),
        "counter": counter,
        "amount": pounds(pence)[1:],
        "class": value_class,
        "code": code,
        "groups": grouped(code),
        "test_keys": keys == keys_of(PUBLIC_TEST_KEYS),
    }


def grouped(code):
    """The digits in groups of four, as on a till receipt."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def receipt(sale):
    """The lines a till prints."""
    lines = [
        RULE,
        f"  {'SHILLING  top-up receipt':^40}",
        RULE,
        f"  Meter      {sale['meter']}",
        f"  Amount     £{sale['amount']}",
        f"  Sale no.   {sale['counter']}",
        "",
        f"  {sale['groups']:^40}",
        "",
        "  At the meter: A to 'Add credit', then B.",
        "  A changes a digit, B takes it.",
        "  After the 20th digit hold B.",
        RULE,
    ]
    if sale["test_keys"]:
        lines.append("  Public test keys: for a meter on test only.")
    return "\n".join(lines)


def main(args):
    try:
        sale = vend(args)
    except VendError as error:
        print(f"shilling vend: {error}", file=sys.stderr)
        return 2
    print(json.dumps(sale, ensure_ascii=False) if args.json else receipt(sale))
    return 0
