"""What the lab port shows of the display, and what becomes of a wait that is broken off."""

import unittest

import lab
import segments
from lab_bench import Bench, Impatient, ask, new


class TestDisplay(unittest.TestCase):
    def test_the_cells_are_what_the_silicon_shows_without_the_mark(self):
        def script():
            yield new()
            for _ in range(12):
                answer = yield ask("cells")
                self.assertEqual(segments.decode(answer["cells"]), bench.silicon.text())
                yield ask("press", key="A", ms=200)
                yield ask("wait", ms=200)

        bench = Bench()
        bench.run(script())
        self.assertEqual(bench.app.board.board.mark, lab.MARK)

    def test_the_mark_blinks_while_a_test_stands_still(self):
        def script():
            yield new()
            for _ in range(40):
                bench.silicon.sleep(50)
                yield None
                dots.append(bench.silicon.cells()[-1] >> 14)

        dots = []
        bench = Bench()
        bench.run(script())
        self.assertTrue(15 <= sum(dots) <= 25, dots)


class TestBrokenOff(unittest.TestCase):
    def test_a_request_during_a_wait_ends_it_and_both_are_answered(self):
        def script():
            yield new()
            yield None
            yield None
            yield ask("load", w=100000)
            yield ask("press", key="A", ms=86400000)
            yield ask("observe")
            for _ in range(3):
                yield None

        bench = Bench()
        desk = bench.run(script(), Impatient)
        answers = [message for message in desk.sent if "ok" in message]
        self.assertEqual([a["ok"] for a in answers], [True, True, False, True])
        self.assertIn("broken off", answers[2]["error"])
        self.assertEqual(bench.app.board.fingers._touches[0], 2)  # the finger has left


if __name__ == "__main__":
    unittest.main()
