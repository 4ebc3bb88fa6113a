# runs on: micropython
"""The log on littlefs itself, on simulated NOR flash: what survives a cut, and what a write costs."""

import builtins
import os
import unittest

import vfs

import files
from chip_nor import PATTERNS, SECTOR, Nor, PowerLoss
from logbook import HALF_HOURS, MONEY, Logbook
from quiet import takes

MOUNT = "/backlog_disk"
SECTORS = 64


class Blocks:
    """A block device as esp32.Partition is one; without flash nothing comes of what a file that nobody
    closed still wants."""

    def __init__(self, nor):
        self.nor = nor

    def readblocks(self, block, buf, offset=0):
        if self.nor is not None:
            self.nor.read(block * SECTOR + offset, buf)

    def writeblocks(self, block, buf, offset=0):
        if self.nor is not None:
            self.nor.program(block * SECTOR + offset, buf)

    def ioctl(self, operation, argument):
        if operation == 4:
            return SECTORS
        if operation == 5:
            return SECTOR
        if operation == 6 and self.nor is not None:
            self.nor.erase(argument)
        return 0


class Quiet(Blocks):
    """It takes nothing from the heap itself."""

    def readblocks(self, block, buf, offset=0):
        at = block * SECTOR + offset
        for place in range(len(buf)):
            buf[place] = self.nor[at + place]

    def writeblocks(self, block, buf, offset=0):
        at = block * SECTOR + offset
        for place in range(len(buf)):
            self.nor[at + place] &= buf[place]

    def ioctl(self, operation, argument):
        if operation != 6:
            return SECTORS if operation == 4 else SECTOR
        for at in range(argument * SECTOR, (argument + 1) * SECTOR):
            self.nor[at] = 255
        return 0


class Littlefs(unittest.TestCase):
    def setUp(self):
        self.was = files.FOLDER
        self.book = Logbook()
        files.FOLDER = MOUNT + "/log"
        files.os, files.open = os, builtins.open
        self.nor = Nor(bytearray(b"\xff" * (SECTORS * SECTOR)))
        self.blocks = Blocks(self.nor)
        vfs.VfsLfs2.mkfs(self.blocks)
        vfs.mount(vfs.VfsLfs2(self.blocks), MOUNT)
        self.restart()

    def tearDown(self):
        vfs.umount(MOUNT)
        files.FOLDER = self.was

    def restart(self, content=None):
        """The flash, or one with that content, is mounted by a meter that starts."""
        vfs.umount(MOUNT)
        self.blocks.nor = None
        self.nor = Nor(bytearray(self.nor.data if content is None else content))
        self.blocks = Blocks(self.nor)
        vfs.mount(vfs.VfsLfs2(self.blocks), MOUNT)
        self.book.log = self.book.log.__class__(self.book.meter, files.Files())

    def write(self, first, last):
        for number in range(first, last + 1):
            self.book.log.note(6, 0, number, 0, 0)
            self.book.poll()

    def amounts(self, number=1):
        return [entry.get("amount_mp") for entry in self.book.entries(MONEY, number)]

    def test_entries_are_there_after_a_start(self):
        self.write(1, 300)
        self.restart()
        self.assertEqual(self.book.log.last(MONEY), 300)
        first = self.book.log.first(MONEY)
        self.assertEqual(self.amounts(first), list(range(first, 301)))
        self.assertEqual(sorted(os.listdir(MOUNT + "/log")), ["2-129", "2-257"])

    def test_an_entry_costs_a_few_erases_at_most(self):
        """Of 45 ms each: the watchdog has 10 s, and pulses are counted in hardware."""
        erases, programs = [], []
        for number in range(1, 300):
            before = self.nor.erases, self.nor.programs
            self.write(number, number)
            erases.append(self.nor.erases - before[0])
            programs.append(self.nor.programs - before[1])
        self.assertTrue(0 < max(erases) <= 4)
        self.assertTrue(sum(erases) <= 2 * len(erases))
        self.assertTrue(max(programs) <= 80)
        print("erases: %d of 299 entries, %d at most; programs: %d, %d at most" % (
            sum(erases), max(erases), sum(programs), max(programs)))  # fmt: skip

    def test_a_cut_at_any_write_to_flash_loses_that_entry_at_most(self):
        cuts = 0
        done = 0
        for entries in (0, 3, 127, 128, 256):
            self.write(done + 1, entries)
            done = entries
            whole = bytes(self.nor.data)
            for pattern in PATTERNS:
                cuts += self.sweep(whole, entries, pattern)
            self.restart(whole)
        self.assertGreater(cuts, 100)

    def sweep(self, whole, entries, pattern):
        """-> at how many writes one entry more was cut."""
        first = self.book.log.first(MONEY)
        for write in range(1, 1000):
            self.restart(whole)
            self.nor.cut_at(write, pattern, write)
            try:
                self.write(1000, 1000)
                self.assertEqual(self.amounts(entries + 1), [1000])
                return write - 1
            except PowerLoss:
                pass
            self.restart()
            self.assertIn(self.book.log.last(MONEY), (entries, entries + 1))
            kept = max(first, self.book.log.first(MONEY))
            expected = list(range(kept, entries + 1))
            self.assertEqual(self.amounts(kept)[: len(expected)], expected)
            last = self.book.log.last(MONEY)
            self.write(2000, 2000)
            self.assertEqual(self.amounts(last + 1), [2000])
        raise AssertionError("it never ended")

    def test_a_disk_that_is_full_of_other_things_gets_its_log_when_there_is_room(self):
        others = 0
        try:
            while True:
                with open("%s/other%d" % (MOUNT, others), "wb") as other:
                    other.write(bytes(SECTOR))
                others += 1
        except OSError:
            pass
        self.write(1, 20)
        self.assertEqual(self.book.meter.notes, ["No log"])
        os.remove(MOUNT + "/other0")
        os.remove(MOUNT + "/other1")
        last = self.book.log.last(MONEY)
        self.write(50, 50)
        self.assertEqual(self.book.meter.notes, [])
        self.assertEqual(self.amounts(last + 1), [50])

    def test_a_full_log_takes_less_than_a_tenth_of_the_chips_disk(self):
        """Half-hours and days of 440 days as fast as they can be written, and 400 of money."""
        free = os.statvfs(MOUNT)
        free = free[3] * free[0]
        for _ in range(900):
            self.advance(1800)
        for _ in range(640):
            self.advance(24 * 3600)
        self.write(1, 400)
        self.restart()
        left = os.statvfs(MOUNT)
        taken = free - left[3] * left[0]
        print("log: %d bytes in %d files" % (taken, len(os.listdir(MOUNT + "/log"))))
        self.assertTrue(10 * 4096 < taken < 100 * 1024)
        self.assertTrue(self.book.log.last(HALF_HOURS) - self.book.log.first(HALF_HOURS) >= 672)

    def test_a_poll_with_nothing_to_write_takes_nothing_from_the_heap(self):
        log = self.book.log
        self.assertEqual(takes(log.poll), 0)
        self.assertEqual(takes(log.next_ms), 0)
        self.assertEqual(takes(lambda: log.first(MONEY) + log.last(MONEY)), 0)
        self.book.meter.clock.trust = 2
        self.assertEqual(takes(log.poll), 0)

    def test_an_entry_takes_less_than_2_kb_and_a_packet_of_them_less_than_4(self):
        """Of a VM whose words are twice as large as the chip's; all of it is free again afterwards."""
        self.write(1, 100)
        self.blocks.nor = None
        vfs.umount(MOUNT)
        vfs.mount(vfs.VfsLfs2(Quiet(self.nor.data)), MOUNT)

        def one():
            self.book.log.note(6, 0, 7, 0, 0)
            self.book.log.poll()

        buf = bytearray(5 + 18 * 26)
        taken = takes(one), takes(lambda: self.book.log.read(MONEY, 5, buf, 5))
        print("heap: %d bytes of an entry, %d of a packet" % taken)
        self.assertTrue(taken[0] < 2048 and taken[1] < 4096)

    def advance(self, seconds):
        """Nothing else lives here: no dues, no pulses."""
        meter = self.book.meter
        meter.clock.advance(seconds * 1000)
        meter.dues.day = meter.clock.day
        meter.dues.look()
        self.book.poll()


if __name__ == "__main__":
    unittest.main()
