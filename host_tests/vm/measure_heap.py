"""Heap the firmware takes, printed as JSON: code and data after a start, and data alone, in bytes. With
a folder called `linked` on the path the meter has its link to a head-end, by a wire that finds no network.

For the 32-bit VM with the compiled firmware first on the path. That VM collects garbage only when
no Python runs, so each stage is a call of its own, and a reading is taken at the start of the next.
The simulated silicon is loaded before the first reading, so that it does not count.
"""

import gc
import json
import sys

import esp32  # noqa: F401
import js
import machine  # noqa: F401

import boot
import world

LINKED = bool([folder for folder in sys.path if folder.endswith("linked")])
reading = {}
kept = {}


def load():
    reading["empty"] = gc.mem_alloc()
    board_class = boot.board_class()
    from shilling import app, provision

    kept["board_class"], kept["app"], kept["provision"] = board_class, app, provision


def provision():
    reading["loaded"] = gc.mem_alloc()
    store = boot.store(kept["silicon"])
    kept["provision"].provision(store, {"day": 9820, "second": 43200, "balance_mp": 1000000})


def made_of():
    """-> the parts of the default board, and a network if there is to be a link."""
    import parts

    made = parts.Parts("esp32")
    if LINKED:
        made.wifi, made.mqtt = {"ssid": "home"}, {"host": "192.168.4.1"}
    return made


def start():
    kept["meter"] = meter = kept["app"].App(kept["board_class"](made_of()))
    if meter.board.wire is not None:
        meter.connect(meter.board.wire)
    for _ in range(200):
        kept["meter"].poll()
        kept["silicon"].idle(100, 1)


def tell():
    started = gc.mem_alloc()
    print(json.dumps({
        "total": started - reading["empty"],
        "data": started - reading["loaded"],
        "compiled": kept["app"].__file__.endswith(".mpy"),
    }))  # fmt: skip


def stage(steps):
    steps[0]()
    gc.collect()  # noted now, done when this call is over
    if len(steps) > 1:
        js.setTimeout(lambda: stage(steps[1:]), 0)


kept["silicon"] = world.World(9820, 43200)
stage([gc.collect, load, provision, start, tell])
