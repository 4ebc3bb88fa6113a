"""shilling evidence: runs the checks of host_tests/evidence and shows what was reached.

Prints a table and the failures with their replay commands; writes evidence.json and evidence.html.
Exit status 0 when every _errors figure is 0, 1 when one is not, 2 for bad arguments, 128 + signal
when it was ended early. Source: RELIABILITY, figures to reach.
"""

import argparse
import contextlib
import json
import math
import time
from pathlib import Path

from tools.errors import UserError
from tools.evidence import checks, report, source, workers
from tools.evidence.plan import Further, fixed
from tools.evidence.progress import progress
from tools.evidence.run import Run, Stop, Stopped
from tools.evidence.tally import Tally, verdict
from tools.interpreters import ROOT

NAME = "evidence"
HELP = "prove that nothing is lost: cuts, years of faults, attacks, broken flash"
HOUR_S = 3600
LOCAL = "here"  # --dask without an address


def whole(text):
    """An argument that counts something."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def hours(text):
    value = float(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no time")
    return value


def add_arguments(parser):
    parser.epilog = "example: shilling evidence --hours 8 --seed 2"
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--quick", action="store_true", help="the short form, about two minutes")
    effort.add_argument(
        "--hours", type=hours, default=1.0, metavar="H",
        help="go on with further units until H hours are over (1); the fixed ones are run to their end",
    )  # fmt: skip
    effort.add_argument("--replay", metavar="JSON", help="run one unit, as a failure prints it")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of all chance in it (1)")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these checks only")
    parser.add_argument("--workers", type=whole, metavar="N", help="processes (one for each core)")
    parser.add_argument(
        "--dask", nargs="?", const=LOCAL, metavar="ADDRESS",
        help="run on the Dask cluster at ADDRESS, or on one of this machine",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=ROOT / "build", metavar="FOLDER",
        help="where evidence.json and evidence.html go (build)",
    )  # fmt: skip


def replay(text):
    """Run one unit and tell what happened."""
    try:
        name, unit = json.loads(text)
        module = checks.choose([name])[name]
    except (ValueError, TypeError):
        raise UserError(f"no unit to replay: {text!r}; a failure prints it") from None
    result = checks.run_unit(module, unit)
    if "broken" in result:
        print(f"FAIL {result['broken']}")
        return 1
    for each, count in sorted(result["counts"].items()):
        print(f"{each}: {count}")
    for failure in result["failures"]:
        print(f"FAIL {failure['text']}")
    print(f"{len(result['failures'])} failures")
    return 1 if result["failures"] else 0


def run_all(args, tally, loaded, modules, stop, bar):
    """Run what was asked for; notes on what cut it short."""
    end_s = time.monotonic() + args.hours * HOUR_S
    tasks = fixed(loaded, modules, "quick" if args.quick else "long", args.seed)
    count = args.workers or workers.cores()
    address = None if args.dask == LOCAL else args.dask
    place = workers.dask(address, count) if args.dask else workers.local(count)
    run = None
    with contextlib.suppress(Stopped), place as (executor, slots):
        run = Run(executor, slots, tally, bar, stop)
        run.fixed(tasks)
        if not args.quick:
            run.until(Further(loaded, modules, args.seed), end_s)
    notes = [run.lost] if run and run.lost else []
    if stop.number:
        notes.append("Ended early: these are the figures of what was reached.")
    return notes


def main(args):
    if args.replay is not None:
        return replay(args.replay)
    modules = checks.choose(args.only)
    report.make_folder(args.out)
    loaded = {name: checks.load(module) for name, module in modules.items()}
    tally = Tally(loaded)
    commit = source.commit()
    start_s = time.monotonic()
    with progress() as bar, Stop(bar.tell) as stop:
        notes = run_all(args, tally, loaded, modules, stop, bar)
    effort = "quick form" if args.quick else f"long form, {args.hours:g} h"
    outcome = report.Outcome(
        commit, args.seed, time.monotonic() - start_s, effort, tally.units, tally.figures(),
        tally.told(), tally.series, notes,
    )  # fmt: skip
    report.show(outcome)
    for path in report.write(outcome, args.out):
        print(f"written: {path}")
    if stop.number:
        return 128 + stop.number
    return 1 if any(verdict(figure) == "ERROR" for figure in outcome.figures) else 0
