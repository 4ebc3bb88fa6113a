"""Starts the firmware on the simulated silicon: the very files that an ESP32 runs, main.py first.

Takes a world and the repository's root; gives a start function for World.run. The board's drivers
get the world's clock for `time` and its network for `socket`; the board's idle(), which on the chip
sleeps 5 ms, becomes the world's, which jumps.
"""

import sys

import virtual_os
import virtual_select
import virtual_socket
import virtual_time
import world

_stepping = {}  # name of a board module -> its own idle
_WORLDLY = {"time": virtual_time, "socket": virtual_socket, "select": virtual_select}
_FILES = "files"  # the board's module of them, loaded by who asks


def board_class(name="esp32_board", jump=True):
    """-> class Board of a board file, with the world's clock. jump: its idle jumps, or sleeps."""
    board = _in_this_world(lambda: __import__(name)).Board
    if name not in _stepping:
        _stepping[name] = board.idle
        make = board.__init__
        # its drivers are imported when they are chosen, and want the same clock
        board.__init__ = lambda *parts: _in_this_world(lambda: make(*parts))
        sys.modules[name].os = virtual_os
        board.files = property(_files)
    own = _stepping[name]
    board.idle = _jump if jump else own
    return board


def _in_this_world(work):
    """-> what work() gives; what it imports takes the world's modules for MicroPython's."""
    real = {name: sys.modules.get(name) for name in _WORLDLY}
    sys.modules.update(_WORLDLY)
    try:
        return work()
    finally:
        for name in real:
            if real[name] is None:
                del sys.modules[name]
            else:
                sys.modules[name] = real[name]


def _files(board):
    """-> the board's own, on the world's disk."""
    module = __import__(_FILES)
    module.os, module.open = virtual_os, virtual_os.open
    return module.Files()


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
