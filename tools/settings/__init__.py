"""shilling settings: the settings of a meter to look at, to write down in a file, and to check there.

Without an option it prints the table; with --check it says what is wrong in a file, one line each, and
ends with exit status 2. Whoever sets up a meter takes settings_of(file).
"""

import sys
from pathlib import Path

from tools.errors import UserError
from tools.settings.file import checked
from tools.settings.table import PROFILES, ROWS, with_unit

NAME = "settings"
HELP = "show a meter's settings, make a file of them, check one"
PIPED_COLUMNS = 160  # where there is no terminal, nothing is folded


def add_arguments(parser):
    parser.epilog = "example: shilling settings --template key_meter > my_meter.yaml"
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="the page docs/SETTINGS.md")
    form.add_argument("--template", nargs="?", choices=PROFILES, const=PROFILES[0],
                      help="a file with the defaults of a profile (smart_payg)")  # fmt: skip
    form.add_argument("--check", metavar="FILE", type=Path, help="say what is wrong in a file")


def settings_of(path, now_s=None):
    """The dict for provision() that a file makes, but for time and keys; what it does not say is left
    out. UserError has every fault, a line each. now_s: UTC since 2000-01-01, the present if None."""
    settings, faults = checked(path, now_s)
    if faults:
        raise UserError("\n".join(faults))
    return settings


def differences(settings):
    """Each setting that is not the profile's default, as `debt.share 25 %`."""
    for row in ROWS:
        value = settings.get(row.name)
        if row.name != "profile" and value not in (None, row.default_of(settings["profile"])):
            yield f"{'.'.join(row.path)} {with_unit(row.text(value), row.unit)}"


def check(path):
    """Exit status 2 with every fault on standard error; else what the file changes."""
    settings, faults = checked(path)
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 2
    print(f"{path}: nothing is wrong; profile {settings['profile']}")
    for line in differences(settings):
        print(f"  {line}")
    return 0


def show():
    from rich.console import Console

    from tools.settings import pages

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPED_COLUMNS)
    console.print(pages.terminal())


def main(args):
    if args.check:
        return check(args.check)
    if args.template:
        from tools.settings.template import template

        print(template(args.template), end="")
    elif args.markdown:
        from tools.settings.pages import markdown

        print(markdown(), end="")
    else:
        show()
    return 0
