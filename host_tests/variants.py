"""Boards of every kind on benches to match: what board.json says, and the simulated silicon for it.

Takes the keys of board.json; gives a World and the board on it, and the firmware's own choice of
pins and drivers between them.
"""

import json

import board_file
import boot
import world

DAY, SECOND = 9820, 39600  # Friday 2026-11-20, 11:00 UTC
WIFI = {"ssid": "home", "password": "secret123"}
# Every chip, display, relay, clock and feedback occurs in one of them
ALL = (
    {},
    {"display": "ht16k33-12"},
    {"display": "max7219"},
    {"relay": "plain"},
    {"feedback": False},
    {"relay": "plain", "feedback": False, "display": "max7219"},
    {"chip": "esp32c3"},
    {"chip": "esp32c3", "relay": "plain", "display": "ht16k33-12"},
    {"clock": "ntp", "wifi": WIFI},
    {"clock": "ntp", "wifi": WIFI, "display": "max7219"},
)


def parts(given):
    """-> Parts of a board.json with these keys."""
    return board_file.parts_of(json.dumps(given), "")


def bench(given, **more):
    """-> a World with those parts on it."""
    kind = {"board": given.get("chip", "esp32")}
    for key in ("display", "relay", "clock", "feedback", "pins"):
        if key in given:
            kind[key] = given[key]
    kind.update(more)
    return world.World(DAY, SECOND, **kind)


def start(given, jump=True, **more):
    """-> (World, Board)."""
    silicon = bench(given, **more)
    return silicon, boot.board_class(jump=jump)(parts(given))
