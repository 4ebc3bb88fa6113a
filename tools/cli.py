"""The `shilling` command: each subcommand is one module of this folder, imported only when used.

A subcommand module exposes NAME, HELP, add_arguments(parser) and main(args) -> exit status.
A UserError from it is printed as one sentence on standard error and ends with exit status 2.
"""

import argparse
import importlib
import importlib.util
import os
import sys

from tools.errors import UserError

# Every subcommand in the order of `shilling --help`; one whose file is not there is not listed.
COMMANDS = (
    "run", "play", "demo", "vend", "settings", "flash", "deploy", "provision", "label", "selftest",
    "lab", "headend", "explain", "bench", "report", "sweep", "evidence",
)  # fmt: skip

DESCRIPTION = "A prepayment electricity meter for the ESP32 that also runs without one."
EPILOG = "`shilling COMMAND --help` explains a command. Start with `shilling run`."


def present():
    """Names of the subcommands whose module exists."""
    return [name for name in COMMANDS if importlib.util.find_spec(f"tools.{name}")]


def build_parser(names):
    """The parser for `names`; imports those modules."""
    parser = argparse.ArgumentParser("shilling", description=DESCRIPTION, epilog=EPILOG)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in names:
        module = importlib.import_module(f"tools.{name}")
        sub = commands.add_parser(module.NAME, help=module.HELP, description=module.HELP)
        module.add_arguments(sub)
        sub.set_defaults(main=module.main)
    return parser


def main(argv=None):
    """Entry point of the `shilling` command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that has no pound sign shows "?"
            stream.reconfigure(errors="replace")
    argv = sys.argv[1:] if argv is None else argv
    names = present()
    wanted = [argv[0]] if argv and argv[0] in names else names
    args = build_parser(wanted).parse_args(argv)
    try:
        return args.main(args)
    except UserError as error:
        print(f"shilling: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:  # a folder that cannot be made, a full disk
        print(f"shilling: {error.filename or 'the system'}: {error.strerror}", file=sys.stderr)
        return 2
    except RecursionError:  # of a parser: no loop of ours is so deep
        print("shilling: what it was given is nested too deeply to be read", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
