"""Puts the meter together: the board, the shell on it, and what may come before or beside them.

Takes the files of the board's disk (board.json by way of the board; settings.json: a first start).
main.py is the development variant: Ctrl-C leads to the prompt, a dot in the last cell says so. The
frozen _boot.py is the production one.
"""

import gc
import os
import sys

import machine

from esp32_board import Board

OLDEST = (1, 25)  # MicroPython
SETTINGS = "/settings.json"
_PROMPT_MS = 3600000


def meter(mark: int = 1):
    """The shell (shilling/app.py), ready to run. mark: 1 development, 0 production; see board/contract.py."""
    version = sys.implementation.version
    if version[:2] < OLDEST:
        raise RuntimeError("MicroPython 1.25 or newer is needed; this is %d.%d" % version[:2])
    board = Board()
    board.mark = mark
    if mark:
        board.notes.append("DEV")
    if _is_there(SETTINGS):  # before the shell is loaded: both together are much for the memory
        import first_start

        first_start.run(board.store, SETTINGS)  # ends in a reset, unless it cannot be removed
        board.notes.append("settings.json stays")
    gc.collect()
    from shilling.app import App

    if mark and board.lab:
        import lab

        app = App(lab.wrap(board))
        lab.attach(app, _new_meter)
    else:
        app = App(board)
    if board.wire is not None and app.meter.is_set_up:
        gc.collect()
        app.connect(board.wire)
    return app


def run(app) -> None:
    """For ever. A watchdog that was started cannot be stopped, only given more time: an hour for
    whoever interrupts the meter, and then it starts again by itself."""
    if sys.platform == "esp32":  # where somebody may look at the serial line
        from shilling import VERSION, screens

        print("Shilling " + VERSION + ": " + "; ".join(screens.resting(app.meter) + app.meter.notes))
    try:
        app.run()
    except KeyboardInterrupt:
        machine.WDT(timeout=_PROMPT_MS)
        if app.board.lab:
            app.board.end()  # of a test: the relay is where the real meter has it
        raise


def _new_meter(store, settings: dict) -> None:
    """What a test of the lab port begins with: settings as in settings.json."""
    import first_start

    first_start.set_up(store, settings)


def _is_there(path: str) -> bool:
    try:
        os.stat(path)
    except OSError:
        return False
    return True
