"""How long a start takes to find its state in the store in the file argv[1]; prints JSON.

The store is read from the file as from flash, so that of the heap only the firmware takes part.
"""

import gc
import json
import sys
import time

from shilling.ledger import OPENED, Ledger
from shilling.meter import Meter


class FileStore:
    """The partition, for reading."""

    sector = 4096

    def __init__(self, path):
        self.file = open(path, "rb")
        self.size = self.file.seek(0, 2)

    def read(self, addr, buf):
        self.file.seek(addr)
        self.file.readinto(buf)

    def program(self, addr, buf):
        raise OSError(30)

    erase = program


def main():
    store = FileStore(sys.argv[1])
    meter = Meter()
    gc.collect()
    began = time.ticks_ms()
    opened = Ledger(store).recover(meter.parts) == OPENED
    took_ms = time.ticks_diff(time.ticks_ms(), began)
    print(json.dumps({
        "opened": opened, "ms": took_ms, "balance_mp": meter.account.balance_mp,
        "heap": gc.mem_alloc() + gc.mem_free(),
    }))  # fmt: skip


main()
