"""Prints, as JSON, the names of the modules that a start of the firmware and some polls have loaded."""

import json
import sys

import boot
import world

silicon = world.World(9820, 43200)


def script():
    yield 60000


silicon.run(boot.starter(silicon, "."), script())
print(json.dumps([name.split(".")[-1] for name in sys.modules]))
