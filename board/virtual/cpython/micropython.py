"""MicroPython's module `micropython` under CPython: what the firmware uses, without effect."""


def const(value):
    """-> the value: on MicroPython the compiler puts it in place of the name."""
    return value


def heap_lock():
    """CPython has no heap lock; the tests that need one run on the VMs."""


def heap_unlock():
    """See heap_lock."""
