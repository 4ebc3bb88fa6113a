"""MicroPython's module `os`, and open(), as the board's own files see them: the disk of the world.

A world without one (disk = None) runs where a real file system is mounted, and has that. Random bytes
follow from how many were asked for: the same on every interpreter. A write to a file takes as long as
littlefs does on a W25Q32JV: host_tests/test_backlog_disk.py counts the erases and programs.
"""

import builtins
import os

import world
from chip_nor_tear import noise

WRITE_US = 2 * 45000 + 27 * 400  # at most; one erase and half of the pages are usual
IRQ_KEPT = 1  # while flash is busy, as in esp32.py


def _disk():
    return world.current.disk or os


def listdir(path):
    return _disk().listdir(path)


def mkdir(path):
    _disk().mkdir(path)


def stat(path):
    return _disk().stat(path)


def remove(path):
    _disk().remove(path)


def urandom(size):
    """-> so many bytes, others each time."""
    silicon = world.current
    silicon.thrown += 1
    return noise(silicon.thrown, size)


def open(path, mode="r"):  # noqa: A001 (MicroPython's name)
    if world.current.disk is None:
        return builtins.open(path, mode)
    if mode != "rb":
        world.current.spend_us(WRITE_US, IRQ_KEPT)
    return world.current.disk.open(path, mode)
