"""SPEC 9, the log, on a disk with faults: old entries stay, no number is given twice, the meter goes on."""

import unittest

import files
from logbook import ALERTS, HALF_HOURS, MONEY, Logbook
from support import Random

ENTRY = 26


class Spoilt(unittest.TestCase):
    def setUp(self):
        self.book = Logbook()
        for number in range(1, 21):
            self.book.log.note(6, 0, number, 0, 0)
        self.book.poll()
        self.path = "/log/2-1"

    def amounts(self):
        return [entry.get("amount_mp") for entry in self.book.entries(MONEY)]

    def test_an_entry_of_which_a_bit_has_changed_is_all_zeros_and_the_others_stand(self):
        content = self.book.disk.files[self.path]
        for bit in range(ENTRY * 8):
            content[5 * ENTRY + bit // 8] ^= 1 << bit % 8
            expected = list(range(1, 21))
            expected[5] = None
            self.assertEqual(self.amounts(), expected)
            content[5 * ENTRY + bit // 8] ^= 1 << bit % 8

    def test_the_number_of_a_spoilt_last_entry_is_not_given_again(self):
        self.book.disk.files[self.path][-10] ^= 4
        self.book.start()
        self.book.log.note(6, 0, 21, 0, 0)
        self.book.poll()
        self.assertEqual(self.amounts(), list(range(1, 20)) + [None, 21])

    def test_what_is_behind_a_full_segment_is_no_entry(self):
        for number in range(21, 129):
            self.book.log.note(6, 0, number, 0, 0)
        self.book.poll()
        self.book.disk.files[self.path].extend(bytes(5000))
        self.book.start()
        self.assertEqual(self.book.log.last(MONEY), 128)

    def test_without_memory_nothing_is_read_and_nothing_is_lost(self):
        opened = files.open

        def refuse(path, mode):
            raise MemoryError()

        files.open = refuse
        self.assertEqual(self.book.log.read(MONEY, 1, bytearray(437), 0), 0)
        files.open = opened
        self.assertEqual(self.amounts(), list(range(1, 21)))

    def test_an_entry_of_another_number_or_stream_is_none(self):
        content = self.book.disk.files[self.path]
        content[ENTRY : 2 * ENTRY] = content[:ENTRY]
        self.assertEqual(self.amounts()[:3], [1, None, 3])
        self.book.disk.files["/log/3-1"] = bytearray(content)
        self.book.start()
        self.assertEqual(self.book.log.last(ALERTS), 0)

    def test_the_log_of_another_meter_is_none(self):
        self.book.to_edge()
        self.book.meter.config.meter_id = bytes(8)
        self.book.start()
        self.assertEqual([self.book.log.last(stream) for stream in range(4)], [0] * 4)
        self.book.to_edge(3)
        self.assertEqual(self.book.codes(HALF_HOURS), [1, 1, 1])

    def test_files_that_are_none_of_ours_change_nothing(self):
        random = Random(1)
        self.book.disk.mkdir("/log/0-9985")
        names = ["", "x", "notes.txt", "2-", "2-01", "2--5", "-2-1", "9-1", "é",
                 "2-129", "2-999999999", "2-0", "0-1", "2-99999999999999999999",
                 "2-10"]  # fmt: skip
        for size in (0, 1, 25, 26, 1000, 5000):
            for name in names:
                content = bytearray([random.below(256) for _ in range(size)])
                self.book.disk.files["/log/" + name] = content
            self.book.start()
            self.assertEqual(self.amounts()[:20], list(range(1, 21)))
            self.assertEqual(self.book.log.last(HALF_HOURS), 0)
            self.book.log.note(6, 0, 21, 0, 0)
            self.book.poll()
            self.assertEqual(self.amounts()[-1], 21)

    def test_a_file_that_somebody_has_removed_leaves_lost_entries_and_the_log_goes_on(self):
        del self.book.disk.files[self.path]
        self.assertEqual(self.amounts(), [None] * 20)
        self.book.log.note(6, 0, 21, 0, 0)
        self.book.poll()
        self.assertEqual(self.amounts(), [None] * 20 + [21])
        self.book.start()
        self.assertEqual(self.amounts(), [None] * 20 + [21])

    def test_a_lost_disk_goes_on_behind_what_the_head_end_has(self):
        self.book.disk.files.clear()
        self.book.start()
        self.book.log.go_on(MONEY, 20)
        self.book.log.go_on(MONEY, 3)
        self.book.log.note(6, 0, 21, 0, 0)
        self.book.poll()
        self.book.start()
        self.assertEqual(self.book.log.last(MONEY), 21)
        self.assertEqual([entry["amount_mp"] for entry in self.book.entries(MONEY, 21)], [21])
        self.book.log.go_on(MONEY, 100000)
        self.book.log.note(6, 0, 22, 0, 0)
        self.book.poll()
        self.book.start()
        self.assertEqual([entry["amount_mp"] for entry in self.book.entries(MONEY, 100001)], [22])


class Failing(unittest.TestCase):
    def setUp(self):
        self.book = Logbook()
        self.book.to_edge(2)
        self.notes = self.book.meter.notes

    def fails(self):
        """Half a day of a disk that takes nothing: what the meter does otherwise stays as it is."""
        before = self.book.log.last(HALF_HOURS)
        self.book.use(100)
        self.book.to_edge(24)
        self.assertEqual(self.book.meter.energy.wh, 100)
        self.assertEqual(self.book.log.last(HALF_HOURS), before)
        self.assertEqual(self.notes, ["No log"])
        self.assertFalse(self.book.meter.halted)

    def works(self):
        before = self.book.log.last(HALF_HOURS)
        self.book.to_edge(3)
        self.assertEqual(self.book.log.last(HALF_HOURS), before + 3)
        self.assertEqual(self.notes, [])
        self.assertEqual(self.book.codes(HALF_HOURS), [1] * (before + 3))

    def test_on_a_full_disk_entries_are_lost_and_it_says_so_until_there_is_room(self):
        self.book.disk.room = self.book.size()[0] + 20
        self.fails()
        self.book.disk.room = 1 << 20
        self.works()

    def test_so_on_one_that_fails(self):
        self.book.disk.failing.add("/")
        self.fails()
        self.book.disk.failing.clear()
        self.works()

    def test_a_start_on_a_disk_that_fails_writes_nothing_over(self):
        self.book.disk.failing.add("/")
        self.book.start()
        self.book.disk.failing.clear()
        self.book.to_edge(5)
        self.assertEqual(self.notes, ["No log"])
        self.book.start()
        self.assertEqual(self.book.codes(HALF_HOURS)[:2], [1, 1])

    def test_a_segment_that_cannot_be_read_at_the_start_is_not_lost_for_good(self):
        self.book.disk.failing.add("/log/0-1")
        self.book.start()
        self.book.disk.failing.clear()
        self.book.start()
        self.assertEqual(self.book.codes(HALF_HOURS), [1, 1])

    def test_a_board_without_files_has_no_log_and_a_meter_that_goes_on(self):
        from shilling.backlog import Backlog

        self.book.log = Backlog(self.book.meter, None)
        self.book.to_edge(2)
        self.assertEqual(self.notes, [])
        self.assertEqual([self.book.log.last(stream) for stream in range(4)], [0] * 4)
        self.assertEqual([self.book.log.first(stream) for stream in range(4)], [1] * 4)


if __name__ == "__main__":
    unittest.main()
