"""Starts the firmware on the simulated silicon: the very files that an ESP32 runs, main.py first.

Takes a world and the repository's root; gives a start function for World.run. The board's drivers
get the world's clock for `time`; the board's idle(), which on the chip sleeps 5 ms, becomes the
world's, which jumps.
"""

import sys

import virtual_time
import world

_stepping = {}  # name of a board module -> its own idle


def board_class(name="esp32_board", jump=True):
    """-> class Board of a board file, with the world's clock. jump: its idle jumps, or sleeps."""
    real = sys.modules.get("time")
    sys.modules["time"] = virtual_time
    try:
        board = __import__(name).Board
    finally:
        if real is None:
            del sys.modules["time"]
        else:
            sys.modules["time"] = real
    own = _stepping.setdefault(name, board.idle)
    board.idle = _jump if jump else own
    return board


def _jump(board, wait_ms, pulses):
    world.current.idle(wait_ms, pulses)


def store(for_world):
    """-> the ledger partition as a board's store, without starting a board."""
    return for_world.flash


class Starter:
    """Calling it is switching the meter on."""

    def __init__(self, root, jump):
        self._jump = jump
        with open(root + "/firmware/main.py") as file:
            self._source = file.read()
        self._globals = {}

    def __call__(self):
        board_class(jump=self._jump)
        self._globals = {"__name__": "__main__"}
        exec(self._source, self._globals)

    def globals(self):
        """-> the names of main.py as of the last start; `meter` is missing while it starts."""
        return self._globals


def starter(for_world, root, jump=True):
    """-> start function for for_world.run; root: the repository's folder; jump: see board_class."""
    if for_world is not world.current:
        raise ValueError("the firmware starts in the newest world only")
    return Starter(root, jump)
