"""The board's own idle, in steps of 5 ms, and the world's, which jumps, see the same things."""

import unittest

import boot
import world

SAMPLE_MS = 500
END_MS = 4 * 60000
PLAN = (  # what happens, and when; some of it between two samples
    (1000, "set_load", 3000),
    (20000, "press", "A"),
    (20150, "release", "A"),
    (40000, "press", "B"),
    (40005, "press", "A"),
    (43000, "release", "A"),
    (43200, "release", "B"),
    (70000, "set_load", 23000),
    (130000, "set_load", 17),
    (131000, "set_load", 1234),
)
RELAY = {90000: False, 120000: True}


def play(jump):
    """-> [(instant, pulses so far, keys, contact)] each SAMPLE_MS."""
    w = world.World(9820, 39600)
    board = boot.board_class(jump=jump)()
    for instant_ms, method, argument in PLAN:
        w.at(instant_ms, getattr(w, method), argument)
    samples = []
    total = 0
    for end_ms in range(SAMPLE_MS, END_MS + 1, SAMPLE_MS):
        while w.t_ms < end_ms:
            board.idle(end_ms - w.t_ms, 1)
            total += board.pulses()
        samples.append((w.t_ms, total, board.keys(), board.contact()))
        if end_ms in RELAY:
            board.relay(RELAY[end_ms])
    return samples


class IdleTest(unittest.TestCase):
    def test_steps_and_jumps_see_the_same_pulses_and_keys(self):
        steps = play(jump=False)
        self.assertEqual(len(steps), END_MS // SAMPLE_MS)
        self.assertEqual(steps, play(jump=True))
        # And they saw something: 69 s at 3 kW, 20 s and 10 s at 23 kW, 109 s at 1.2 kW.
        self.assertTrue(steps[-1][1] > 57 + 190 + 35)
        self.assertEqual(sorted({keys for _, _, keys, _ in steps}), [0, 1, 2, 3])
        self.assertEqual(sorted({contact for _, _, _, contact in steps}), [0, 1])

    def test_a_step_is_5_ms_at_most(self):
        w = world.World(9820, 39600)
        board = boot.board_class(jump=False)()
        for wait_ms, passed_ms in ((60000, 5), (5, 5), (3, 3), (0, 0)):
            before = w.t_ms
            board.idle(wait_ms, 1)
            self.assertEqual(w.t_ms - before, passed_ms)


if __name__ == "__main__":
    unittest.main()
