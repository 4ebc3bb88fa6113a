# runs on: micropython
"""REMOTE: a day of orders, reads and noise leaves the heap as it was."""

import gc
import unittest
from struct import pack, unpack_from

from link_rig import LOG, RECEIVED, packet, rig, top_up
from support import POUND

HOUR_S = 3600
SEGMENT_BYTES = 128 * 26


class Files:
    """One file a stream, whose bytes were there before the first reading."""

    def __init__(self):
        self.bytes = [bytearray(SEGMENT_BYTES) for _ in range(4)]

    def names(self):
        return []

    def remove(self, name):
        pass

    def read(self, name, at, buf):
        kept = self.bytes[int(name[0])][at : at + len(buf)]
        buf[: len(kept)] = kept
        return len(kept)

    def write(self, name, at, data):
        self.bytes[int(name[0])][at : at + len(data)] = data


class Day(unittest.TestCase):
    def setUp(self):
        self.core = rig(sectors=16, files=Files())
        self.marks = [0, 0, 0, 0]

    def hour(self, number):
        """Orders, repeats, noise, an hour of polls, and what the meter has to tell is acknowledged."""
        core = self.core
        core.tell(top_up(1 + number, POUND))
        core.tell(top_up(1 + number // 2, POUND))
        for kind in range(16):
            core.link.take(packet(kind, number, bytes(kind))[: 40 + 5 * kind])
        core.pass_s(HOUR_S, 30)
        core.kinds.clear()  # the rig notes every record
        core.link.take(packet(RECEIVED, 0, pack(">IIII", *self.marks)))
        for kind, body in core.said():
            if kind == LOG:
                stream, first = unpack_from(">BI", body)
                self.marks[stream] = first + (len(body) - 5) // 24 - 1

    def test_the_heap_is_flat_over_a_day_of_traffic(self):
        taken = []
        for number in range(30):
            self.hour(number)
            gc.collect()
            taken.append(gc.mem_alloc())
        # the first hours load what is loaded once, and fill what is kept of the last alerts
        self.assertTrue(max(taken[6:]) - min(taken[6:]) < 1024, taken)
        self.assertEqual(self.core.meter.window.highest, 30)
        self.assertTrue(self.marks[0] > 50, self.marks)  # half-hours of the log have arrived


if __name__ == "__main__":
    unittest.main()
