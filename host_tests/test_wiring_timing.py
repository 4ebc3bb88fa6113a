# runs on: cpython
"""docs/TIMING.md: the counts it was made from are still those of the firmware, and within its bounds."""

import unittest

from tools import interpreters
from tools.drawings import timing

MOVED = 5  # a count may be a fifth off what is written
A_FEW = 10
LINES_A_POLL, LINES_A_PRESS, LINES_A_START = 500, 4000, 60000
SAFE_READ_MS = 2000  # reset to metering: RELIABILITY's bound for finding the state


class Timing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = interpreters.available("wasm")
        if reason:
            raise unittest.SkipTest(reason)
        cls.found = timing.measured()

    def test_the_page_is_of_this_firmware(self):
        for meter, stages in timing.written().items():
            for stage, costs in stages.items():
                for name, value in costs.items():
                    now = self.found[meter][stage][name]
                    with self.subTest(meter=meter, stage=stage, name=name):
                        self.assertLessEqual(abs(now - value), max(value / MOVED, A_FEW))

    def test_a_poll_of_an_idle_meter_uses_no_bus_and_no_flash(self):
        idle = self.found["new"]["idle"]
        self.assertEqual((idle["transfers"], idle["reads"]), (0, 0))
        self.assertLess(idle["lines"] / idle["polls"], LINES_A_POLL)

    def test_a_key_is_on_the_display_in_a_tenth_of_a_second(self):
        press = self.found["new"]["press"]
        self.assertLess(press["lines"], LINES_A_PRESS)
        self.assertLess(timing.total_ms(press, 160), 100)

    def test_a_start_meters_in_time_with_a_full_store(self):
        start = self.found["full"]
        self.assertLess(start["app"]["lines"], LINES_A_START)
        costs = [timing.total_ms(start[stage], 160) for stage in ("board", "app", "first poll")]
        self.assertLess(sum(costs), SAFE_READ_MS)

    def test_what_is_counted_is_counted(self):
        self.assertGreater(self.found["full"]["app"]["lines"], self.found["new"]["app"]["lines"])
        self.assertGreater(self.found["new"]["board"]["transfers"], 5)
        self.assertGreater(self.found["new"]["idle"]["lines"], 200 * 50)


if __name__ == "__main__":
    unittest.main()
