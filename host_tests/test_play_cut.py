"""World.cut_at_write: when the cut comes, and what is left of the write, with something that programs
16 bytes each second in the place of the firmware."""

import unittest

import world
from chip_nor import PATTERNS, tear

OLD, NEW = b"\xff" * 16, bytes(range(16))


class CutAtWrite(unittest.TestCase):
    def play(self, script):
        w = world.World(9000, 0)
        self.writes = [0]

        def start():
            self.writes.append(w.t_ms)
            while True:
                w.flash.program(16 * w.flash.programs, NEW)
                w.idle(1000, 1)

        w.run(start, script(w))
        return w

    def left(self, w, write):
        return bytes(w.flash.data[16 * write : 16 * write + 16])

    def test_the_power_goes_in_the_middle_of_that_write(self):
        for pattern in PATTERNS:
            before = []

            def script(w, pattern=pattern, before=before):
                yield 1500
                before.append(w.flash.writes)
                w.cut_at_write(3, pattern, 7, 30000)
                yield 60000

            w = self.play(script)
            # the writes that follow come at 1500, 2500 and 3500 ms
            self.assertEqual(self.writes[1:], [0, 33500])
            cut = before[0] + 2
            self.assertEqual(self.left(w, cut), tear(OLD, NEW, pattern, 7), pattern)
            self.assertEqual((self.left(w, cut - 1), self.left(w, cut + 1)), (NEW, NEW))

    def test_it_comes_once(self):
        def script(w):
            yield 0
            w.cut_at_write(1, "all", 0, 1000)
            yield 90000

        self.play(script)
        self.assertEqual(len(self.writes), 3)

    def test_a_write_in_the_script_itself_is_cut_too(self):
        seen = []

        def script(w):
            yield 0
            w.cut_at_write(1, "nothing", 0, 5000, lambda: seen.append(w.t_ms))
            try:
                w.flash.program(4000, NEW)
            except world.PowerCut:
                seen.append("cut")
            yield 0
            seen.append(w.t_ms)

        w = self.play(script)
        self.assertEqual(seen, [0, "cut", 5000])
        self.assertEqual(bytes(w.flash.data[4000:4016]), OLD)
        self.assertEqual(self.writes[1:], [0, 5000])

    def test_a_script_that_dies_of_it_is_told(self):
        def script(w):
            yield 0
            w.cut_at_write(1)
            w.flash.program(4000, NEW)

        with self.assertRaises(RuntimeError):
            self.play(script)


if __name__ == "__main__":
    unittest.main()
