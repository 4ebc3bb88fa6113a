"""shilling sweep: cuts the power inside every flash write of scenarios and says what was not as before.

Takes YAML files; prints a line a scenario and, for each failure, the one command that replays it. Exit
status 0 every meter started again as it should, 1 one did not, 2 a file or an argument is wrong (then
nothing is played). The cuts are those of host_tests/evidence/cuts.py, on CPython.
"""

import json
import shlex
import time

from tools.errors import UserError
from tools.evidence.checks import load
from tools.play import Progress, compile_all
from tools.scenario.steps import PATTERNS

NAME = "sweep"
HELP = "cut the power inside every flash write of scenario files"
COUNTED = {"cut": "cuts", "pair": "cut_pairs"}
MOST_FILL = 119  # records: with one more, the ring of three sectors is where it began


def add_arguments(parser):
    parser.epilog = "example: shilling sweep host_tests/scenarios/t1_used_code.yaml --pairs"
    parser.add_argument("files", nargs="+", metavar="FILE", help="scenario in YAML")
    parser.add_argument(
        "--pairs", action="store_true", help="cut once more, in every write of each recovery"
    )
    parser.add_argument("--at-write", type=int, metavar="N", help="this write only, the first is 1")
    parser.add_argument(
        "--pattern", choices=PATTERNS, help="with --at-write: how it is torn; else in all five ways"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of what is torn (1)")
    parser.add_argument(
        "--fill", type=int, default=0, metavar="R",
        help="records written before the scenario begins, so that a sector ends elsewhere (0)",
    )  # fmt: skip


def units_of(args, scenarios):
    """What cuts.py is to do, a unit a file."""
    if not 0 <= args.fill <= MOST_FILL:
        raise UserError(f"--fill is 0 to {MOST_FILL} records, not {args.fill}")
    if args.pattern and args.at_write is None:
        raise UserError("--pattern goes with --at-write")
    if args.at_write is not None and args.at_write < 1:
        raise UserError("the first write is 1")
    only = {}
    if args.at_write is not None:
        only = {"only": [args.at_write - 1, *([args.pattern, args.seed] if args.pattern else [])]}
    return [
        {"kind": "pair" if args.pairs else "cut", "scenario": file, "fill": args.fill, "part": 0,
         "parts": 1, "seed": args.seed, **only}
        for file in args.files
    ]  # fmt: skip


def replay(unit):
    """The one command that does this unit again."""
    write, pattern, seed, *further = unit.get("only", (None, None, unit["seed"]))
    if further:
        return "shilling evidence --replay " + shlex.quote(json.dumps(["cuts", unit]))
    words = ["shilling", "sweep", unit["scenario"], *(["--pairs"] if unit["kind"] == "pair" else [])]
    if write is not None:
        words += ["--at-write", str(write + 1), "--pattern", pattern]
    words += ["--seed", str(seed)]
    words += ["--fill", str(unit["fill"])] if unit["fill"] else []
    return shlex.join(words)


def main(args):
    scenarios = compile_all(args.files)
    if scenarios is None:
        return 2
    units = units_of(args, scenarios)
    cuts = load("evidence.cuts")
    failed = False
    for scenario, unit in zip(scenarios, units, strict=True):
        start = time.monotonic()
        with Progress(scenario["name"], "?", "writes") as progress:

            def tell(done, writes, progress=progress):
                progress.done, progress.total = done, writes

            result = cuts.sweep(unit, tell)
        counted = result["counts"].get(COUNTED[unit["kind"]], 0)
        if not counted and not result["failures"]:
            raise UserError(f"{unit['scenario']} has no such write")
        what = "pairs of cuts" if args.pairs else "cuts"
        verdict = "FAIL" if result["failures"] else "ok  "
        print(f"{verdict} {scenario['name']}  ({counted} {what} in {time.monotonic() - start:.1f} s)")
        for failure in result["failures"]:
            print(f"  {failure['text']}")
            print(f"    again: .venv/bin/{replay(failure['unit'])}")
        failed = failed or bool(result["failures"])
    return 1 if failed else 0
