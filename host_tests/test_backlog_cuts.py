"""SPEC 9, the log: power that goes at any step of what an entry makes of the disk."""

import unittest

from chip_files import Disk, PowerLoss
from logbook import DAYS, HALF_HOURS, MONEY, Logbook
from support import Random

ENTRY = 26
STEPS_OF_A_SEGMENT = 3 + ENTRY  # at most: a file is removed, one is made, and the bytes


class Cut(unittest.TestCase):
    """Power goes at each step of what one entry makes of the disk."""

    def book_of(self, entries):
        book = Logbook()
        for number in range(1, entries + 1):
            book.log.note(6, 0, number, 0, 0)
        book.poll()
        return book

    def sweep(self, entries):
        """-> how many cuts there were."""
        whole = self.book_of(entries).disk.files
        for step in range(1, STEPS_OF_A_SEGMENT + 2):
            book = Logbook(self.copy(whole))
            kept = book.log.first(MONEY)
            book.log.note(6, 0, 1000, 0, 0)
            book.disk.cut_at(step)
            try:
                book.poll()
                book.disk.cut_at(None)
                self.assertEqual(self.amounts(book)[-1], 1000)
                return step - 1
            except PowerLoss:
                pass
            book.start()
            self.assertIn(book.log.last(MONEY), (entries, entries + 1))
            before = max(kept, book.log.first(MONEY))
            self.assertEqual(self.amounts(book, before)[: entries + 1 - before],
                             list(range(before, entries + 1)))  # fmt: skip
            last = book.log.last(MONEY)
            book.log.note(6, 0, 2000, 0, 0)
            book.poll()
            self.assertEqual(book.log.last(MONEY), last + 1)
            self.assertEqual(self.amounts(book, last + 1), [2000])
            book.start()
            self.assertEqual(self.amounts(book, last + 1), [2000])
        raise AssertionError("it never ended")

    def copy(self, contents):
        disk = Disk()
        disk.folders.add("/log")
        for path in contents:
            disk.files[path] = bytearray(contents[path])
        return disk

    def amounts(self, book, number=0):
        entries = book.entries(MONEY, number or book.log.first(MONEY))
        return [entry.get("amount_mp") for entry in entries]

    def test_a_cut_at_any_byte_loses_that_entry_at_most(self):
        self.assertEqual(self.sweep(5), ENTRY)
        self.assertEqual(self.sweep(127), ENTRY)

    def test_so_does_one_where_a_file_begins(self):
        self.assertEqual(self.sweep(0), ENTRY + 1)
        self.assertEqual(self.sweep(128), ENTRY + 1)

    def test_and_one_where_an_old_file_goes(self):
        self.assertEqual(self.sweep(256), ENTRY + 2)
        self.assertEqual(self.sweep(384), ENTRY + 2)

    def test_cuts_on_cuts_give_each_number_once(self):
        """500 entries, most of them cut at a step by chance: what was kept stays as it was."""
        random = Random(6)
        book = Logbook()
        kept = {}
        for amount in range(1, 501):
            book.log.note(6, 0, amount, 0, 0)
            book.disk.cut_at(1 + random.below(ENTRY + 8))
            try:
                book.poll()
            except PowerLoss:
                book.start()
            book.disk.cut_at(None)
            number = book.log.last(MONEY)
            if number:
                entry = book.entries(MONEY, number)[0]
                self.assertEqual(kept.get(number, entry), entry)
                kept[number] = entry
        first = book.log.first(MONEY)
        self.assertEqual(book.entries(MONEY, first), [kept[n] for n in range(first, len(kept) + 1)])
        self.assertGreater(len(kept), 100)

    def test_a_midnight_that_is_cut_has_all_that_belongs_to_it(self):
        """The 1st of December, the first midnight that this meter sees: day, snapshot and half-hour. Cut
        at each step, started again; what was written whole is not written again. Only a snapshot that
        is cut is lost: the day before it says the same."""
        book = Logbook(day=9830, second=22 * 3600)
        book.to_edge(3)
        whole = book.disk.files
        cuts = 0
        for step in range(1, 3 * ENTRY + 4):
            book = Logbook(self.copy(whole), day=9830, second=23 * 3600 + 1800)
            book.disk.cut_at(step)
            try:
                book.to_edge()
            except PowerLoss:
                cuts += 1
                book.start()
            book.disk.cut_at(None)
            self.assertEqual(book.log.last(HALF_HOURS), 4)
            snapshot = [] if ENTRY + 1 < step <= 2 * ENTRY + 1 else [3]
            self.assertEqual(book.codes(DAYS), [2] + snapshot)
            book.to_edge(48)
            self.assertEqual(book.codes(DAYS), [2] + snapshot + [2])
        self.assertEqual(cuts, 3 * ENTRY + 1)


if __name__ == "__main__":
    unittest.main()
