"""shilling selftest: tries a board's parts one by one and reports: a line each, or JSON.

Takes the port. Without hands (no terminal, or --no-hands) what needs eyes, ears or fingers is `untested`.
The relay is moved only when asked for, as that cuts the supply. Exit status 1 when anything is faulty.
"""

import json
import sys
from collections import namedtuple
from datetime import UTC, datetime

from tools.device import BoardError, Device, add_port, chosen_port
from tools.errors import UserError
from tools.scenario.values import DAY_S, EPOCH

NAME = "selftest"
HELP = "try a board's display, buttons, relay, pulses, clock, store and buzzer one by one"
PARTS = ("display", "buttons", "relay", "pulses", "clock", "store", "buzzer")
OK, FAULT, UNTESTED = "ok", "fault", "untested"
KEYS = ("A", "B", "left", "right", "ok", "return")
KEY_MS, CELL_MS, CLOCK_MS = 10000, 250, 1500
CLOCK_S = 60  # further off than this, it was never set or its battery is empty
LEDGER_BYTES = 512 * 1024
START = "import selftest\nt=selftest.Test()\n"

Result = namedtuple("Result", "part result what")


def add_arguments(parser):
    parser.epilog = "example: shilling selftest --port /dev/ttyUSB0 --relay"
    add_port(parser)
    parser.add_argument(
        "--relay", action="store_true", help="move the relay too: it cuts the supply"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", default=PARTS,
                        help=f"of {', '.join(PARTS)}")  # fmt: skip
    parser.add_argument("--no-hands", action="store_true", help="ask nobody for anything")
    parser.add_argument("--pulse-seconds", type=int, default=10, metavar="S",
                        help="so long a pulse is waited for (10)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")


class Hands:
    """The person beside the board, if there is one."""

    def __init__(self, are_here):
        self.are_here = are_here

    def tell(self, text):
        if self.are_here:
            print(f"  {text}", file=sys.stderr, flush=True)

    def confirm(self, question):
        """(result, what) of a question that only a person can answer."""
        if not self.are_here:
            return UNTESTED, "nobody looked"
        print(f"  {question} [y/n] ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip().lower()
        if not answer:
            return UNTESTED, "not answered"
        return (OK, "seen") if answer.startswith("y") else (FAULT, f"answered no: {question}")


class SelfTest:
    """Takes an entered Device; gives Results one at a time."""

    def __init__(self, device, hands, relay=False, pulse_s=10):
        self.device, self.hands, self.relay_too, self.pulse_s = device, hands, relay, pulse_s
        try:
            device.run(START, timeout_s=30)
        except BoardError as error:
            raise UserError(f"the self-test does not start ({error.last}): run shilling deploy first"
                            " if the firmware is old or not there") from None  # fmt: skip
        self.cells, self.notes, self.remembers = self.ask("about()")

    def ask(self, call, limit_s=10):
        return self.device.value(f"t.{call}", timeout_s=limit_s + 10)

    def run(self, parts):
        """A Result for each part; one that raises on the board is faulty."""
        for part in parts:
            try:
                result, what = getattr(self, part)()
            except BoardError as error:
                result, what = FAULT, error.last
            yield Result(part, result, what)

    def display(self):
        self.hands.tell("look at the display: all segments, then each cell alone, then dim 8s")
        answered = self.ask(f"display({CELL_MS})", 30)
        if not answered:
            missing = [note for note in self.notes if "isplay" in note]
            return FAULT, f"a part of it does not answer {' '.join(missing)}".strip()
        result, what = self.hands.confirm(f"did all {self.cells} cells light fully, one by one?")
        return (OK if result == UNTESTED else result), f"{self.cells} cells answer, {what}"

    def buttons(self):
        down = self.ask("keys()")
        stuck = [name for bit, name in enumerate(KEYS) if down >> bit & 1]
        if stuck:
            return FAULT, f"down though nobody presses: {', '.join(stuck)}"
        if not self.hands.are_here:
            return UNTESTED, "none is down; nobody pressed"
        for bit, name in enumerate(KEYS[:2]):
            self.hands.tell(f"press {name}")
            seen = self.ask(f"key({bit},{KEY_MS})", KEY_MS // 1000)
            if seen != 1 << bit:
                others = [KEYS[n] for n in range(len(KEYS)) if seen >> n & 1]
                return FAULT, f"{name} pressed, seen: {', '.join(others) or 'nothing'}"
        return OK, "A and B, each alone"

    def relay(self):
        if not self.relay_too:
            return UNTESTED, "--relay moves it, and cuts the supply"
        before = self.ask("contact()")
        if before < 0:
            for closed in (False, True, False):
                self.ask(f"relay({closed})")
            result, what = self.hands.confirm("did the relay click three times?")
            return result, f"no feedback; {what}"
        for closed in (not before, bool(before)):
            seen = self.ask(f"relay({closed})")
            if seen != closed:
                words = ("open", "closed")
                return FAULT, f"told to be {words[closed]}, the contact says {words[seen]}"
        return OK, f"open and closed as the contact says; {('open', 'closed')[before]} again"

    def pulses(self):
        self.hands.tell(f"pulses: switch a load on, or short the input; up to {self.pulse_s} s")
        count = self.ask(f"pulses({1000 * self.pulse_s},3)", self.pulse_s)
        if count:
            return OK, f"{count} counted"
        return UNTESTED, f"none came in {self.pulse_s} s: switch a load on"

    def clock(self):
        status, day, second, took_ms = self.ask(f"clock({CLOCK_MS})")
        if status:
            return FAULT, ("", "it had stopped: set it, look at its battery", "no answer")[status]
        if took_ms >= CLOCK_MS:
            return FAULT, "it does not count seconds"
        now_s = (datetime.now(UTC) - EPOCH).total_seconds()
        off_s = day * DAY_S + second - int(now_s)
        if abs(off_s) > CLOCK_S:
            return FAULT, f"it counts, and is {off_s:+d} s from this computer's time: set it"
        return OK, f"it counts, {off_s:+d} s from this computer's time"

    def store(self):
        size, sector, bad = self.ask("store()", 60)
        if bad:
            return FAULT, f"{bad} of {size // sector} sectors cannot be read"
        if size < LEDGER_BYTES:
            return FAULT, f"the partition has {size} bytes, not {LEDGER_BYTES}"
        return OK, f"{size // 1024} KB read, nothing written"

    def buzzer(self):
        self.ask("buzzer()")
        result, what = self.hands.confirm("did it sound three times?")
        return result, f"driven three times, {what}"


def run(device, parts=PARTS, hands=False, relay=False, pulse_s=10):
    """(notes of the board, [Result]) of an entered device; for other tools."""
    test = SelfTest(device, Hands(hands), relay, pulse_s)
    return test.notes, list(test.run(parts))


def main(args):
    port = chosen_port(args.port)
    if not 1 <= args.pulse_seconds <= 3600:
        raise UserError(f"--pulse-seconds must be 1 to 3600, not {args.pulse_seconds}")
    hands = Hands(sys.stdin.isatty() and not args.no_hands)
    results = []
    with Device(port) as device:
        device.enter()
        test = SelfTest(device, hands, args.relay, args.pulse_seconds)
        if not args.json:
            print(f"board     {port}" + "".join(f"\nnote      {note}" for note in test.notes))
        for result in test.run(args.only):
            results.append(result)
            if not args.json:
                print(f"{result.part:<9} {result.result:<9} {result.what}", flush=True)
    faults = sum(result.result == FAULT for result in results)
    if args.json:
        told = {"port": port, "notes": test.notes, "faults": faults}
        print(json.dumps({**told, "parts": [r._asdict() for r in results]}, ensure_ascii=False))
    else:
        print(f"{faults} faulty" if faults else "nothing is faulty")
    return 1 if faults else 0
