"""A board of plain integers: it takes nothing from the heap, so that what the shell takes shows.

It keeps the contract of board/contract.py with a store of three sectors; nothing else is simulated.
"""

import gc

from shilling.app import App
from shilling.provision import provision
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET


class QuietStore:
    sector = 4096
    size = 3 * 4096

    def __init__(self):
        self.cells = bytearray(b"\xff" * self.size)

    def read(self, at, buf):
        for offset in range(len(buf)):
            buf[offset] = self.cells[at + offset]

    def program(self, at, buf):
        for offset in range(len(buf)):
            self.cells[at + offset] &= buf[offset]

    def erase(self, sector):
        for at in range(sector * 4096, sector * 4096 + 4096):
            self.cells[at] = 255


class QuietBoard:
    cells = 8
    files = None
    remembers = True
    rtc_day = 9820

    def __init__(self, store):
        self.store = store
        self.notes = []
        self.now_ms = 50000000
        self.told_ms = self.now_ms
        self.rtc_second = 50000
        self.new_pulses = 0
        self.keys_down = 0
        self.closed = 1
        self.text = ""
        self.kept = bytearray(16)

    def elapsed_ms(self):
        elapsed_ms = self.now_ms - self.told_ms
        self.told_ms = self.now_ms
        return elapsed_ms

    def pulses(self):
        pulses = self.new_pulses
        self.new_pulses = 0
        return pulses

    def keys(self):
        return self.keys_down

    def rtc_read(self):
        self.rtc_second = self.now_ms // 1000
        return 0

    def rtc_set(self, day, second):
        pass

    def show(self, text):
        self.text = text
        return True

    def dim(self, on):
        pass

    def relay(self, closed):
        self.closed = 1 if closed else 0

    def contact(self):
        return self.closed

    def buzz(self, on):
        pass

    def led(self, on):
        pass

    def residue_write(self, buf):
        for at in range(len(buf)):
            self.kept[at] = buf[at]

    def residue_read(self, buf):
        buf[:] = self.kept
        return True

    def session(self):
        return 1

    def feed(self):
        pass


def start(**settings):
    """An App on a quiet board: Friday 2026-11-20 13:53:20 UTC, £10.00."""
    store = QuietStore()
    given = {
        "day": 9820, "second": 50000, "balance_mp": 1000000, "meter_id": TEST_METER,
        "originator_id": TEST_ORIGINATOR, "secret": TEST_SECRET,
    }  # fmt: skip
    given.update(settings)
    provision(store, given)
    return App(QuietBoard(store))


def takes(action):
    """Bytes one call of action() takes from the heap."""
    action()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    action()
    taken = gc.mem_alloc() - before
    gc.enable()
    return taken
