"""The log on the simulated silicon: the board's own files, over power cuts and resets of a whole meter."""

import unittest

import boot
import files
import virtual_os
import world
from chip_files import PowerLoss
from logbook import ALERTS, DAYS, HALF_HOURS, decoded
from shilling.provision import provision
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET

NEW = {
    "day": 9820, "second": 82800, "balance_mp": 1000000, "meter_id": TEST_METER,
    "originator_id": TEST_ORIGINATOR, "secret": TEST_SECRET,
}  # fmt: skip


class Sink:
    """A wire on which everything goes out and nothing comes in."""

    def tend(self, link, elapsed_ms):
        while link.next():
            pass

    def next_ms(self):
        return 3600000


class Silicon(unittest.TestCase):
    """Friday 2026-11-20 23:00:00 UTC."""

    def setUp(self):
        self.world = world.World(9820, 82800)
        provision(self.world.flash, NEW)
        self.starter = boot.starter(self.world, ".")
        self.sessions = []

    def live(self, script):
        self.world.run(self.starter, script)

    def app(self):
        """The shell of now, with its link."""
        app = self.starter.globals()["meter"]
        if app.link is None:
            app.connect(Sink())
            self.sessions.append(app.link.session)
        return app

    def log(self):
        return self.app().link.backlog

    def entries(self, stream):
        log = self.log()
        found = []
        for number in range(log.first(stream), log.last(stream) + 1):
            buf = bytearray(26)
            self.assertEqual(log.read(stream, number, buf, 0), 1)
            found.append(decoded(buf))
        return found

    def seven_and_a_day(self):
        """Seven half-hours, one midnight, each at its second."""
        times = [entry["time_s"] - NEW["day"] * 86400 for entry in self.entries(HALF_HOURS)]
        self.assertEqual(times, [84600 + 1800 * n for n in range(7)])
        self.assertEqual([entry["code"] for entry in self.entries(DAYS)], [2])

    def test_reads_come_at_the_second_in_a_meter_that_sleeps(self):
        def script():
            yield 1000
            self.app()
            yield 3 * 3600000 + 1800000
            self.seven_and_a_day()

        self.live(script())
        self.assertIn("/log/0-1", self.world.disk.files)

    def test_they_outlive_power_cuts_and_resets(self):
        def script():
            yield 1000
            self.app()
            for number in range(7):
                yield 1700000
                if number % 2:
                    self.world.cut_power(5000)
                else:
                    self.world.reset()
                yield 50000
                self.app()
                yield 50000
            self.seven_and_a_day()

        self.live(script())
        self.assertEqual(len(set(self.sessions)), 8)
        for session in self.sessions:
            self.assertTrue(0 < session < 1 << 32)

    def test_a_cut_at_each_step_of_an_append_is_a_power_cut_of_the_meter(self):
        """Half-hours; of each the power goes three steps later than of the one before."""

        def script():
            yield 1000
            self.app()
            yield 1800000
            for step in range(1, 27, 3):
                self.world.cut_at_step(step, 1000)
                yield 1799000
                self.app()
                yield 1000
            numbers = [entry["time_s"] // 1800 for entry in self.entries(HALF_HOURS)]
            first = NEW["day"] * 48 + 47
            self.assertEqual(numbers, list(range(first, first + 10)))
            self.assertEqual([entry["code"] for entry in self.entries(DAYS)], [2])

        self.live(script())
        self.assertEqual(len(set(self.sessions)), 10)

    def test_a_full_disk_stops_nothing(self):
        def script():
            yield 1000
            self.app()
            self.world.disk.room = 0
            self.world.set_load(1000)
            yield 7200000
            self.assertIn("No log", self.app().meter.notes)
            self.assertEqual(self.app().observe()["energy_wh"], 2000)
            self.world.disk.room = 10000
            yield 3600000
            self.assertNotIn("No log", self.app().meter.notes)
            self.assertEqual(len(self.entries(HALF_HOURS)), 2)
            self.assertEqual(self.entries(ALERTS), [])

        self.live(script())


class TheDisk(unittest.TestCase):
    """chip_files.py itself: as a file system, as far as the board's files see it."""

    def setUp(self):
        self.world = world.World(9820, 82800)
        self.disk = self.world.disk
        files.os, files.open = virtual_os, virtual_os.open
        self.files = files.Files()

    def test_what_is_written_is_read_again(self):
        self.files.write("a", 0, b"12345")
        self.files.write("a", 3, b"xyz")
        self.files.write("a", 8, b"9")
        buf = bytearray(12)
        self.files.read("a", 2, buf)
        self.assertEqual(bytes(buf), b"3xyz\0\x009" + bytes(5))
        self.assertEqual(self.files.size("a"), 9)
        self.files.write("a", 0, b"1")
        self.assertEqual(self.files.size("a"), 1)
        self.assertEqual(self.files.names(), ["a"])
        self.files.remove("a")
        self.files.remove("a")
        self.assertEqual(self.files.names(), [])

    def test_a_folder_that_is_there_stays(self):
        self.files.write("a", 0, b"1")
        self.assertEqual(files.Files().names(), ["a"])

    def test_what_is_not_there_raises(self):
        for action in (self.files.size, lambda name: self.files.read(name, 0, bytearray(1))):
            with self.assertRaises(OSError):
                action("b")

    def test_a_cut_leaves_a_prefix(self):
        self.files.write("a", 0, b"12345")
        for step in range(1, 6):
            self.disk.cut_at(step)
            with self.assertRaises(PowerLoss):
                self.files.write("a", 5, b"67890")
            self.assertEqual(bytes(self.disk.files["/log/a"]), b"1234567890"[: 4 + step])
            self.disk.files["/log/a"] = bytearray(b"12345")

    def test_a_full_and_a_failing_disk_raise(self):
        self.disk.room = 3
        with self.assertRaises(OSError):
            self.files.write("a", 0, b"12345")
        self.assertEqual(self.files.size("a"), 3)
        self.disk.failing.add("/")
        for action in (self.files.names, lambda: self.files.write("a", 0, b"1")):
            with self.assertRaises(OSError):
                action()

    def test_random_bytes_are_others_each_time_and_the_same_in_another_world(self):
        one = [virtual_os.urandom(4) for _ in range(10)]
        self.assertEqual(len(set(one)), 10)
        world.World(9820, 82800)
        self.assertEqual([virtual_os.urandom(4) for _ in range(10)], one)


if __name__ == "__main__":
    unittest.main()
