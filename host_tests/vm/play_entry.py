"""Plays the compiled scenario on standard input, or a list of them one after another, each in a world
of its own; prints one JSON line a step, and who played it.

First line of a play: the interpreter as it sees itself. Last line: the end, with what must never happen.
"""

import json
import sys

import boot
import player
import world
from shilling.provision import provision


def tell(line):
    print(json.dumps(line))


def play(scenario):
    tell({
        "interpreter": sys.implementation.name,
        "version": ".".join(str(part) for part in sys.implementation.version[:3]),
        "maxsize": sys.maxsize,
    })  # fmt: skip
    settings = player.settings_of(scenario)
    silicon = world.World(settings["day"], settings["second"], scenario["imp_per_kwh"])
    provision(boot.store(silicon), settings)
    playing = player.Player(silicon, boot.starter(silicon, "."), scenario, tell)
    playing.run()
    tell({
        "end": True, "coil_faults": silicon.coil_faults, "t_ms": silicon.t_ms,
        "never_came": playing.never_came(),
    })  # fmt: skip


def main():
    given = json.loads(sys.stdin.read())
    for scenario in given if isinstance(given, list) else [given]:
        play(scenario)


main()
