"""Plays the compiled scenario on standard input through the lab port named as argument.

Prints what host_tests/vm/play_entry.py prints, with the board's interpreter as who played it; both coils
at once cannot be seen from here. A board that cannot be asked ends it with one sentence.
"""

import json
import sys

import player
from lab_world import LabWorld
from tools.lab_port import LabError, LabPort


def tell(line):
    print(json.dumps(line))


def play(port, scenario):
    tell({
        "interpreter": port.hello["interpreter"], "version": port.hello["micropython"],
        "maxsize": port.hello["maxsize"],
    })  # fmt: skip
    world = LabWorld(port, scenario["given"])
    player.Player(world, world, scenario, tell).run()
    tell({"end": True, "coil_faults": 0, "t_ms": world.t_ms, "never_came": None})


def main():
    try:
        with LabPort(sys.argv[1]) as port:
            play(port, json.loads(sys.stdin.read()))
    except LabError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
