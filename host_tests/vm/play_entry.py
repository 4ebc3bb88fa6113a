"""Plays the compiled scenario on standard input; prints one JSON line a step, and who played it.

First line: the interpreter as it sees itself. Last line: the end, with what must never happen.
"""

import json
import sys

import boot
import player
import world
from shilling.provision import provision


def tell(line):
    print(json.dumps(line))


def main():
    tell({
        "interpreter": sys.implementation.name,
        "version": ".".join(str(part) for part in sys.implementation.version[:3]),
        "maxsize": sys.maxsize,
    })  # fmt: skip
    scenario = json.loads(sys.stdin.read())
    settings = player.settings_of(scenario)
    silicon = world.World(settings["day"], settings["second"], scenario["imp_per_kwh"])
    provision(boot.store(silicon), settings)
    play = player.Player(silicon, boot.starter(silicon, "."), scenario, tell)
    play.run()
    tell({
        "end": True, "coil_faults": silicon.coil_faults, "t_ms": silicon.t_ms,
        "never_came": play.never_came(),
    })  # fmt: skip


main()
