"""The simulated flash keeps RELIABILITY's fault model: what each planned fault does, and no more."""

import unittest

from chip_nor import PATTERNS, SECTOR, Nor, PowerLoss, tear

RECORD = bytes(range(64))
LAST = 3 * SECTOR - 64


def blank():
    return Nor(bytearray(b"\xff" * 3 * SECTOR))


def content(nor, addr=0, size=64):
    buf = bytearray(size)
    nor.read(addr, buf)
    return bytes(buf)


def as_int(data):
    return int.from_bytes(data, "big")


class Writes(unittest.TestCase):
    def test_programming_only_clears_bits(self):
        nor = blank()
        nor.program(8, b"\xf0\x0f")
        nor.program(8, b"\x3c\xff")
        self.assertEqual(content(nor, 7, 4), b"\xff\x30\x0f\xff")

    def test_erasing_sets_one_sector_and_no_neighbour(self):
        nor = Nor(bytearray(3 * SECTOR))
        nor.erase(1)
        self.assertEqual(bytes(nor.data), bytes(SECTOR) + b"\xff" * SECTOR + bytes(SECTOR))

    def test_writes_are_counted_and_erases_for_each_sector(self):
        nor = blank()
        nor.program(0, RECORD)
        nor.erase(2)
        nor.erase(2)
        self.assertEqual((nor.programs, nor.erases, nor.writes), (1, 2, 3))
        self.assertEqual(nor.sector_erases, [0, 0, 2])

    def test_outside_is_refused(self):
        nor = blank()
        for write in (lambda: nor.program(LAST + 1, RECORD), lambda: nor.erase(3),
                      lambda: nor.read(-1, bytearray(1))):  # fmt: skip
            with self.assertRaises(ValueError):
                write()
        with self.assertRaises(ValueError):
            Nor(bytearray(SECTOR + 1))


class Tears(unittest.TestCase):
    OLD = b"\xff" * 64

    def test_nothing_and_all_are_the_two_ends(self):
        self.assertEqual(tear(self.OLD, RECORD, "nothing", 1), self.OLD)
        self.assertEqual(tear(self.OLD, RECORD, "all", 1), RECORD)

    def test_a_prefix_has_come_so_far_and_a_suffix_is_the_rest(self):
        for seed in range(40):
            before = as_int(tear(self.OLD, RECORD, "prefix", seed))
            behind = as_int(tear(self.OLD, RECORD, "suffix", seed))
            # the same break: what one has the other lacks
            self.assertEqual(before & behind, as_int(RECORD))
            self.assertEqual(before | behind, as_int(self.OLD))
            self.assertNotIn(before, (as_int(self.OLD), as_int(RECORD)))
            made = before ^ as_int(self.OLD)
            rest = before ^ as_int(RECORD)
            self.assertTrue(made & -made > rest)  # every bit that made it lies before the others

    def test_a_subset_clears_some_of_the_bits_and_sets_none(self):
        counts = set()
        for seed in range(60):
            mixed = tear(self.OLD, RECORD, "subset", seed)
            self.assertEqual(as_int(mixed) & as_int(RECORD), as_int(RECORD))
            counts.add(bin(as_int(mixed) ^ as_int(RECORD)).count("1"))
        changing = bin(as_int(self.OLD) ^ as_int(RECORD)).count("1")
        self.assertTrue({1, changing - 1} <= counts)  # all but one bit, and one bit alone
        self.assertTrue(len(counts) > 20)
        self.assertTrue(max(counts) < changing and min(counts) > 0)

    def test_a_bit_that_was_0_stays_0(self):
        old = bytes(64 - n for n in range(64))
        new = bytes(old[n] & RECORD[n] for n in range(64))
        for pattern in PATTERNS:
            for seed in range(20):
                mixed = as_int(tear(old, new, pattern, seed))
                self.assertEqual(mixed & as_int(old), mixed, pattern)

    def test_a_torn_erase_leaves_old_bytes_FF_and_others(self):
        mixed = tear(bytes(SECTOR), b"\xff" * SECTOR, "subset", 5)
        kinds = [mixed.count(b"\x00"), mixed.count(b"\xff")]
        kinds.append(SECTOR - sum(kinds))
        self.assertTrue(min(kinds) > SECTOR // 5, kinds)

    def test_an_erased_sector_can_be_torn_too(self):
        full = b"\xff" * SECTOR
        self.assertEqual(tear(full, full, "subset", 5), full)
        self.assertNotEqual(tear(full, full, "subset", 5, True), full)

    def test_a_write_that_changes_nothing_tears_nothing(self):
        full = b"\xff" * 64
        for pattern in PATTERNS:
            self.assertEqual(tear(full, full, pattern, 1), full)
        for pattern in ("prefix", "suffix"):
            self.assertEqual(tear(full, full, pattern, 1, True), full)

    def test_the_same_seed_tears_the_same_everywhere(self):
        found = [tear(self.OLD, RECORD, pattern, 9)[30:34].hex() for pattern in PATTERNS]
        self.assertEqual(found, ["ffffffff", "1e1f3fff", "ffffe021", "3f1fe163", "1e1f2021"])

    def test_an_unknown_pattern_is_refused(self):
        with self.assertRaises(ValueError):
            tear(self.OLD, RECORD, "half", 1)
        with self.assertRaises(ValueError):
            blank().cut_at(1, "half")


class Cuts(unittest.TestCase):
    def test_power_goes_in_the_planned_write_and_once(self):
        nor = blank()
        nor.program(0, RECORD)
        nor.cut_at(2, "prefix", 4)
        nor.program(64, RECORD)
        self.assertTrue(nor.is_cut_planned)
        with self.assertRaises(PowerLoss):
            nor.program(128, RECORD)
        self.assertFalse(nor.is_cut_planned)
        self.assertEqual(content(nor, 128), tear(b"\xff" * 64, RECORD, "prefix", 4))
        self.assertEqual(content(nor, 64), RECORD)
        nor.program(192, RECORD)
        self.assertEqual(content(nor, 192), RECORD)
        self.assertEqual(nor.writes, 4)

    def test_an_erase_is_cut_too_and_no_neighbour_with_it(self):
        nor = Nor(bytearray(3 * SECTOR))
        nor.cut_at(1, "subset", 4)
        with self.assertRaises(PowerLoss):
            nor.erase(1)
        torn = content(nor, SECTOR, SECTOR)
        self.assertEqual(torn, tear(bytes(SECTOR), b"\xff" * SECTOR, "subset", 4))
        self.assertEqual(content(nor, 0, SECTOR) + content(nor, 2 * SECTOR, SECTOR), bytes(2 * SECTOR))

    def test_who_planned_it_says_what_is_raised(self):
        class Gone(BaseException):
            pass

        def gone():
            raise Gone()

        nor = blank()
        nor.cut_at(1, "nothing", 0, gone)
        with self.assertRaises(Gone):
            nor.program(0, RECORD)
        self.assertEqual(content(nor), b"\xff" * 64)

    def test_a_plan_is_taken_back_or_replaced(self):
        nor = blank()
        nor.cut_at(1)
        nor.cut_at(None)
        nor.program(0, RECORD)
        nor.cut_at(1)
        nor.cut_at(2)
        nor.program(64, RECORD)
        with self.assertRaises(PowerLoss):
            nor.program(128, RECORD)

    def test_firmware_that_catches_exceptions_does_not_catch_it(self):
        self.assertFalse(issubclass(PowerLoss, Exception))


class Faults(unittest.TestCase):
    def test_a_skipped_write_does_nothing_and_says_nothing(self):
        nor = blank()
        nor.skip_at(2)
        for addr in (0, 64, 128):
            nor.program(addr, RECORD)
        self.assertEqual([content(nor, addr) == RECORD for addr in (0, 64, 128)],
                         [True, False, True])  # fmt: skip
        nor.skip_at(1)
        nor.erase(0)
        self.assertEqual(content(nor), RECORD)
        nor.skip_at(1)
        nor.skip_at(None)
        nor.erase(0)
        self.assertEqual(content(nor), b"\xff" * 64)

    def test_a_skipped_write_that_is_cut_leaves_nothing(self):
        nor = blank()
        nor.skip_at(1)
        nor.cut_at(1, "all")
        with self.assertRaises(PowerLoss):
            nor.program(0, RECORD)
        self.assertEqual(content(nor), b"\xff" * 64)
        nor.program(0, RECORD)
        self.assertEqual(content(nor), RECORD)

    def test_a_dead_sector_takes_nothing_and_says_nothing(self):
        nor = blank()
        nor.program(SECTOR, RECORD)
        nor.dead.add(1)
        nor.program(SECTOR + 64, RECORD)
        nor.erase(1)
        nor.cut_at(1, "all")
        with self.assertRaises(PowerLoss):
            nor.program(SECTOR + 64, RECORD)
        self.assertEqual(content(nor, SECTOR, 128), RECORD + b"\xff" * 64)
        nor.program(2 * SECTOR, RECORD)
        self.assertEqual(content(nor, 2 * SECTOR), RECORD)
        self.assertEqual(nor.sector_erases, [0, 1, 0])

    def test_a_failing_sector_says_so_and_stays_as_it_was(self):
        nor = blank()
        nor.failing.add(2)
        for write in (lambda: nor.program(LAST, RECORD), lambda: nor.erase(2)):
            with self.assertRaises(OSError) as raised:
                write()
            self.assertEqual(raised.exception.args[0], 5)
        self.assertEqual(content(nor, LAST), b"\xff" * 64)
        nor.program(0, RECORD)
        nor.erase(1)
        self.assertEqual(content(nor), RECORD)

    def test_an_unreadable_sector_says_so_and_can_be_written(self):
        nor = blank()
        nor.unreadable.add(1)
        for addr in (SECTOR, SECTOR - 1, 2 * SECTOR - 1):
            with self.assertRaises(OSError):
                nor.read(addr, bytearray(2))
        nor.program(SECTOR, RECORD)
        self.assertEqual(content(nor, 2 * SECTOR, 1), b"\xff")
        nor.unreadable.clear()
        self.assertEqual(content(nor, SECTOR), RECORD)

    def test_a_bit_flips_by_itself(self):
        nor = blank()
        nor.program(0, RECORD)
        nor.flip(5, 0x41)
        self.assertEqual(content(nor, 4, 3), bytes((4, 5 ^ 0x41, 6)))


class WeakBits(unittest.TestCase):
    def readings(self, nor, count=60):
        return [content(nor, 0, 3) for _ in range(count)]

    def test_they_read_differently_and_their_neighbours_do_not(self):
        nor = blank()
        nor.weak[1] = 0x21
        seen = self.readings(nor)
        self.assertEqual({each[1] & 0x21 for each in seen}, {0, 1, 0x20, 0x21})
        self.assertEqual({(each[0], each[1] | 0x21, each[2]) for each in seen}, {(255, 255, 255)})

    def test_the_same_seed_reads_the_same(self):
        def of(seed):
            nor = Nor(bytearray(SECTOR), seed)
            nor.weak[1] = 255
            return self.readings(nor)

        self.assertEqual(of(3), of(3))
        self.assertNotEqual(of(3), of(4))

    def test_what_is_programmed_is_firm_and_the_rest_stays_weak(self):
        nor = blank()
        nor.weak[1] = 0x21
        nor.program(0, b"\xff\xfe\xff")
        self.assertEqual(nor.weak, {1: 0x20})
        nor.program(0, b"\xff\xdf\xff")
        self.assertEqual((nor.weak, content(nor, 0, 3)), ({}, b"\xff\xde\xff"))

    def test_erasing_makes_them_firm(self):
        nor = blank()
        nor.weak.update({1: 255, SECTOR: 1})
        nor.erase(0)
        self.assertEqual((nor.weak, set(self.readings(nor))), ({SECTOR: 1}, {b"\xff" * 3}))


if __name__ == "__main__":
    unittest.main()
