"""The virtual board with a lab port: the firmware in a MicroPython VM, its serial line standard input.

Takes two files: the board's disk, which takes the place of the host's tree, and its ledger. A plain
jumping World: live, time goes on at life's pace; in a test the lab port has its own. Interrupted it ends in
the prompt; exit status 82 asks for a hard reset.
"""

import os
import sys
import time

import esp32  # noqa: F401  the board asks for it when the host's tree is gone
import machine
import network  # noqa: F401
import vfs

import bench
import boot
import live_flash
import world

HARD_RESET = 82
IDLE_MS = 5  # as the board's own


def paced(board, wait_ms, pulses):
    """The board's idle(), live."""
    world.current.idle(min(wait_ms, IDLE_MS), pulses)
    time.sleep_ms(IDLE_MS)


def start():
    """Switch the meter on, as the board's own start does: main.py in the names of the prompt."""
    boot.board_class().idle = paced
    with open("main.py") as file:
        exec(file.read(), globals())


def for_ever():
    """The script of a world without hands: they come through the lab port."""
    while True:
        yield 1 << 40


def utc():
    """-> (day since 2000-01-01, second of day) now."""
    year, month, day, hour, minute, second = time.gmtime()[:6]
    day += (year - 2000) * 365 + (year - 1997) // 4
    for earlier in range(1, month):
        day += (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[earlier - 1]
    return day - 1, hour * 3600 + minute * 60 + second


def hard_reset():
    sys.exit(HARD_RESET)


def main(disk, ledger):
    silicon = world.World(*utc())
    silicon.disk = None
    silicon.flash = live_flash.FileFlash(ledger, bench.FLASH_SIZE)
    system = vfs.VfsLfs2(live_flash.Disk(disk, os.stat(disk)[6]))
    vfs.umount("/")
    vfs.mount(system, "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    try:
        silicon.run(start, for_ever())
    finally:
        machine.reset = hard_reset


main(sys.argv[1], sys.argv[2])
