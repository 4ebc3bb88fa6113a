"""shilling play: plays scenario files on the virtual meter and says whether what is seen is right.

Takes YAML files and an interpreter, or a board's lab port; prints a line a scenario, a readable
transcript (--trace) or one JSON object a scenario (--json). Exit status 0 all held, 1 something did
not, 2 a file is wrong or no board is there (then nothing is played). Source: SCENARIO.md.
"""

import sys
import threading
import time

from tools import stage
from tools.errors import UserError
from tools.scenario import ScenarioError, compile_file
from tools.transcript import Trace, as_json, failures

NAME = "play"
HELP = "play scenario files on the virtual meter and check what is seen"
QUIET_S = 2  # a play that takes longer says where it is
REPEAT_S = 10  # and again so often, where the line cannot be overwritten
# Steps that need hands inside the board
NOT_ON_A_PORT = {
    "power_cut": "switch off the mains", "cut_at_write": "cut the power in a flash write",
    "clock_lost": "make the clock chip forget", "clock_step": "move the clock chip",
}  # fmt: skip


def add_arguments(parser):
    parser.epilog = "example: shilling play --trace host_tests/scenarios/demo_weekend.yaml"
    parser.add_argument("files", nargs="+", metavar="FILE", help="scenario in YAML")
    parser.add_argument(
        "--on", metavar="WHERE",
        help="cpython, micropython or wasm; usually the MicroPython unix VM, or what there is. Or the"
        " lab port of a board: /dev/ttyUSB0, COM3, rfc2217://HOST:PORT, any URL of pyserial",
    )  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a scenario")
    form.add_argument("--trace", action="store_true", help="a readable transcript")


class Progress:
    """Tells on standard error, from the third second on, which of so many `things` it is at."""

    def __init__(self, name, total, things="steps"):
        self.name, self.total, self.things = name, total, things
        self.done = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._tell, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def at(self, n):
        self.done = n

    def _tell(self):
        start = time.monotonic()
        live = sys.stderr.isatty()
        wait_s = QUIET_S
        while not self.over.wait(wait_s):
            wait_s = 0.5 if live else REPEAT_S
            text = f"{self.name}: {self.done} of {self.total} {self.things}"
            text += f", {time.monotonic() - start:.0f} s"
            print(f"\r\x1b[K{text}" if live else text, end="" if live else "\n", file=sys.stderr)
            sys.stderr.flush()
        if live and wait_s != QUIET_S:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def compile_all(files):
    """The compiled scenarios, or None after saying what is wrong with each wrong file."""
    scenarios, wrong = [], False
    for file in files:
        try:
            scenarios.append(compile_file(file))
        except ScenarioError as error:
            print(error, file=sys.stderr)
            wrong = True
    return None if wrong else scenarios


def refuse_steps(scenarios, url):
    """Say of each file which of its steps a lab port cannot take. -> True if there is one."""
    wrong = False
    for scenario in scenarios:
        for step in scenario["steps"]:
            why = NOT_ON_A_PORT.get(step["do"])
            if why:
                where = f"{scenario['file']}:{step['line']}"
                print(f"{where}: the lab port of {url} cannot {why}: play this file without a board, "
                      "--on micropython", file=sys.stderr)  # fmt: skip
                wrong = True
                break
    return wrong


def leave_port(url):
    """The board's own meter goes on; without an answer it ends the test itself in ten minutes."""
    from tools.lab_port import LabError, LabPort

    try:
        with LabPort(url):  # ends the test when it is closed
            pass
    except LabError as error:
        print(f"the test on the board was not ended: {error}", file=sys.stderr)


def check_port(url):
    """UserError unless a lab port answers there, before anything is played."""
    from tools.lab_port import LabPort

    port = LabPort(url)
    port.close()
    if port.hello["segments"] != 14:
        raise UserError(f"the display of {url} has 7 segments, on which a play cannot tell all texts "
                        "apart: it needs displays of 14 segments")  # fmt: skip


def clock(seconds):
    """Hours, minutes and seconds: 26:00:05."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def tell(played, seconds, args):
    """Print what came of one scenario in the form asked for."""
    if args.json:
        print(as_json(played), flush=True)
        return
    if args.trace:
        trace = Trace(sys.stdout.isatty())
        for step, seen in zip(played.scenario["steps"], played.steps, strict=False):
            print("\n".join(trace.lines(step, seen)))
    simulated_s = played.steps[-1]["t_ms"] // 1000 if played.steps else 0
    verdict = "ok  " if played.passed else "FAIL"
    print(
        f"{verdict} {played.scenario['name']}  ({len(played.scenario['steps'])} steps, "
        f"{clock(simulated_s)} played in {seconds:.1f} s)"
    )
    for line in failures(played):
        print(line)
    sys.stdout.flush()


def main(args):
    scenarios = compile_all(args.files)
    if scenarios is None:
        return 2
    on = stage.choose(args.on)
    if stage.is_port(on):
        if refuse_steps(scenarios, on):
            return 2
        check_port(on)
    failed = 0
    who = None
    for scenario in scenarios:
        start = time.monotonic()
        try:
            with Progress(scenario["name"], len(scenario["steps"])) as progress:
                played = stage.play(scenario, on, progress.at)
        except KeyboardInterrupt:
            if stage.is_port(on):
                leave_port(on)
            raise
        if played.interpreter and played.interpreter != who:
            who = played.interpreter
            print(f"played on {stage.identity(who)}", file=sys.stderr)
        tell(played, time.monotonic() - start, args)
        failed += not played.passed
    if len(scenarios) > 1 and not args.json:
        print(f"{len(scenarios) - failed} of {len(scenarios)} scenarios passed")
    return 1 if failed else 0
