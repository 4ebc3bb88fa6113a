"""A core meter with a backlog on a simulated disk, and its entries as a head-end reads them.

Takes a Bench's keywords; gives dicts of what was written. A restart keeps the disk and nothing else.
"""

from struct import unpack_from

import files
from chip_files import Disk
from shilling.backlog import Backlog
from support import Bench

HALF_HOURS, DAYS, MONEY, ALERTS = range(4)
NAMES = {
    1: (">IHiBB", "kwh wh balance_mp rate block"),
    2: (">IHiii", "kwh wh balance_mp debt_mp owed_mp"),
    3: (">IHiii", "kwh wh balance_mp debt_mp owed_mp"),
    4: (">IiiiB", "number amount_mp balance_mp debts_mp typed"),
    5: (">Bii", "register amount_mp left_mp"),
    6: (">ii", "amount_mp balance_mp"),
    7: (">H", "alert"),
}


def decoded(entry):
    """An entry of 24 bytes as a dict; {"code": 0}: it is lost."""
    time_s, code = unpack_from(">IB", entry)
    if not code:
        return {"code": 0}
    form, names = NAMES[code]
    made = {"time_s": time_s, "code": code}
    made.update(zip(names.split(), unpack_from(form, entry, 5)))
    return made


def on(disk):
    """The board's own files on a simulated disk, whose faults are not its."""
    files.os, files.open = disk, disk.open
    return files.Files()


class Logbook(Bench):
    """`wait` ends in a poll of the backlog, and in as many more as it has to write."""

    def __init__(self, disk=None, **given):
        super().__init__(**given)
        self.disk = Disk() if disk is None else disk
        self.start()

    def start(self):
        """Power comes back: the ledger gives the meter all that it had, but for its alerts."""
        self.meter.alerts, self.meter.alert_count = [], 0
        self.connect()

    def connect(self):
        self.log = Backlog(self.meter, on(self.disk))
        self.meter.log = self.log.note
        self.poll()

    def poll(self):
        self.log.poll()
        while self.log.next_ms() == 1:
            self.log.poll()

    def wait(self, seconds, pulses=0):
        super().wait(seconds, pulses)
        self.poll()

    def to_edge(self, count=1):
        """On to the next half-hour of the clock, so many times."""
        for _ in range(count):
            clock = self.meter.clock
            self.wait(1800 - clock.second() % 1800)

    def entries(self, stream, number=1):
        """All of a stream from that number on, in pieces as large as a packet's."""
        found = []
        while number <= self.log.last(stream):
            buf = bytearray(5 + 18 * 24)
            count = self.log.read(stream, number, buf, 5)
            if not count:
                raise AssertionError("nothing of entry %d" % number)
            found += [decoded(buf[5 + at * 24 :]) for at in range(count)]
            number += count
        return found

    def codes(self, stream):
        return [entry["code"] for entry in self.entries(stream)]

    def size(self):
        """Bytes of all files, and how many there are."""
        return sum([len(one) for one in self.disk.files.values()]), len(self.disk.files)
