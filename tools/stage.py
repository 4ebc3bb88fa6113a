"""Plays one compiled scenario inside a chosen interpreter, or on a board through its lab port.

Takes the dict of tools.scenario and an interpreter's name or a port's URL; gives a Played: what was
seen in each step. The order of keys is made the same here: dicts of the MicroPython VMs do not keep
theirs. Source: SCENARIO.md.
"""

import json
import sys
from dataclasses import dataclass, field

from tools import interpreters
from tools.errors import UserError
from tools.scenario.values import DAY_S, MP_PER_POUND, local_text

ENTRY = "host_tests/vm/play_entry.py"
LAB_ENTRY = "board/virtual/lab_play.py"  # the player on CPython, the meter at the end of a line
SMALL_MAXSIZE = 2**31 - 1  # sys.maxsize of the wasm VM


@dataclass
class Played:
    """What came of a scenario: the steps played, and in one line why it ended early, if it did."""

    scenario: dict
    interpreter: dict = field(default_factory=dict)
    steps: list = field(default_factory=list)
    stopped: str = ""

    @property
    def passed(self):
        return not self.stopped and all(step["ok"] for step in self.steps)


def choose(on):
    """The interpreter to use; None takes the best there is, and says what stands in for it. The URL
    of a port stays as it is."""
    if on:
        return on if is_port(on) else interpreters.choose(on)
    try:
        return interpreters.choose("micropython")
    except UserError as error:
        print(f"no MicroPython VM here ({error}); using CPython instead", file=sys.stderr)
        return "cpython"


def is_port(on):
    """True for a path, a URL or COM3; no interpreter is called so."""
    return "/" in on or "\\" in on or on.upper().startswith("COM")


def play(scenario, on, on_step=None):
    """Play it; on_step(n) is called as each step is over."""
    played = Played(scenario)
    ended = []

    def take(text):
        line = json.loads(text)
        if "interpreter" in line:
            played.interpreter = line
        elif "end" in line:
            ended.append(line)
        else:
            played.steps.append(ordered(line))
            if on_step:
                on_step(line["n"])

    text = json.dumps(scenario)
    if is_port(on):
        result = interpreters.run(
            "cpython", LAB_ENTRY, [on], stdin=text, stream=take, path=[interpreters.ROOT]
        )
    else:
        result = interpreters.run(on, ENTRY, stdin=text, stream=take)
    if result.returncode or not ended:
        last = (result.stderr.strip() or f"exit status {result.returncode}").splitlines()[-1]
        at = len(played.steps) + 1
        played.stopped = f"the meter's program ended in step {at}: {last}"
    elif ended[0]["coil_faults"]:
        played.stopped = f"both relay coils were driven at once, {ended[0]['coil_faults']} times"
    else:
        if not is_port(on):
            confirm(played.interpreter, on)
        _fail_cut(played, ended[0]["never_came"])
    return played


def _fail_cut(played, never_came):
    """The step that planned a cut which never came has failed, which only the end can tell."""
    if never_came is not None:
        n, expected, found = never_came
        played.steps[n - 1]["ok"] = False
        played.steps[n - 1]["failed"].append(["power_cut", expected, found])


def confirm(interpreter, on):
    """Raise unless the program that played really was the interpreter asked for."""
    name = "cpython" if on == "cpython" else "micropython"
    small = interpreter["maxsize"] == SMALL_MAXSIZE
    if interpreter["interpreter"] != name or small != (on == "wasm"):
        raise RuntimeError(f"asked for {on}, but it was {identity(interpreter)}")


def identity(interpreter):
    """The text of a first line: who played."""
    return "{interpreter} {version}, sys.maxsize {maxsize}".format_map(interpreter)


def exact_pounds(amount_mp):
    """Pounds as decimal text, with 2 decimals or as many of 5 as it takes."""
    sign = "-" if amount_mp < 0 else ""
    rest = f"{abs(amount_mp) % MP_PER_POUND:05d}"
    return f"{sign}{abs(amount_mp) // MP_PER_POUND}.{rest[:2]}{rest[2:].rstrip('0')}"


def ordered(line):
    """A step's line with its keys in one order, in the units and names of `expect`."""
    seen = line["seen"]
    ec, debt = seen["emergency"], seen["debt"]
    line["seen"] = {
        "screen": seen["screen"],
        "cells": seen["cells"],
        "relay": seen["relay"],
        "supply": seen["supply"],
        "balance": exact_pounds(seen["balance_mp"]),
        "balance_mp": seen["balance_mp"],
        "emergency": {
            "state": ec["state"],
            "left": exact_pounds(ec["left_mp"]),
            "owed": exact_pounds(ec["owed_mp"]),
        },
        "debt": {
            name: exact_pounds(debt[f"{name}_mp"])
            for name in ("payment", "time1", "accumulated", "total")
        },
        "friendly": seen["friendly"],
        "energy_wh": seen["energy_wh"],
        "registers": {
            name: blocks[0] if len(blocks) == 1 else blocks for name, blocks in seen["registers"]
        },
        "owed_to_restore": exact_pounds(seen["owed_to_restore_mp"]),
        "weekly_due": exact_pounds(seen["weekly_due_mp"]),
        "alerts": [f"{number:04X}" for number in seen["alerts"]],
        "ledger": seen["ledger"],
        "clock": seen["clock"],
        "currency": seen["currency"],
    }
    if seen["answers"]:
        line["seen"]["answers"] = seen["answers"]
    day, second = line["utc"]
    line["local"] = local_text(day * DAY_S + second)
    keys = ("n", "line", "t_ms", "local", "do", "result", "ok", "seen", "failed")
    return {key: line[key] for key in keys}
