"""shilling demo: plays a household's Friday to Monday in seconds and prints it to read.

Uses the MicroPython unix VM, or says what it uses instead. Exit status as `shilling play`.
"""

import sys
import time

from tools import stage
from tools.interpreters import ROOT
from tools.play import Progress
from tools.scenario import compile_file
from tools.transcript import Trace, failures

NAME = "demo"
HELP = "play a household's Friday to Monday in seconds, as a readable transcript"
SCENARIO = ROOT / "host_tests/scenarios/demo_weekend.yaml"
LEGEND = "  time      display     the screen's full text   relay     balance   what happens"


def add_arguments(parser):
    parser.add_argument("--on", choices=("cpython", "micropython", "wasm"), help="interpreter")


def main(args):
    scenario = compile_file(SCENARIO)
    on = stage.choose(args.on)
    start = time.monotonic()
    with Progress(scenario["name"], len(scenario["steps"])) as progress:
        played = stage.play(scenario, on, progress.at)
    print(scenario["name"])
    print(f"\n{LEGEND}")
    trace = Trace(sys.stdout.isatty())
    for step, seen in zip(scenario["steps"], played.steps, strict=False):
        if step["do"] != "expect" or not seen["ok"]:
            print("\n".join(trace.lines(step, seen)))
    for line in failures(played):
        print(line)
    if played.interpreter:
        days = played.steps[-1]["t_ms"] / 86_400_000 if played.steps else 0
        print(
            f"\n{days:.1f} days in {time.monotonic() - start:.1f} s on "
            f"{stage.identity(played.interpreter)}; the figures are checked as it plays."
        )
    return 0 if played.passed else 1
