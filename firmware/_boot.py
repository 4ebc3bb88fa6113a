"""Production: frozen in place of MicroPython's own _boot.py. There is no prompt behind it.

Ctrl-C is off here. The disk may be missing or broken: nothing of it is needed but for the first
start. Whatever the meter ends with, the chip starts again; relay and money stay as they are.
"""

import time

import machine

try:
    import vfs
    from flashbdev import bdev

    vfs.mount(bdev, "/")
except (OSError, AttributeError, ImportError):  # no disk
    pass

try:
    import start

    start.meter(mark=0).run()
finally:
    time.sleep(10)  # a board.json that cannot be followed is said again and again, not a thousand times
    machine.reset()
