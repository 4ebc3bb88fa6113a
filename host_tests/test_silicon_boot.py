"""The firmware itself starts, lives and starts again on the silicon, stepping or jumping."""

import unittest

import boot
import world
from shilling.provision import provision

ROOT = "."  # every interpreter runs the tests from the root of the repository
DAY, SECOND = 9820, 39600  # 2026-11-20 11:00:00 UTC


def meter_world(jump=True):
    """-> (world with a provisioned meter, its start function)."""
    w = world.World(DAY, SECOND)
    provision(boot.store(w), {"day": DAY, "second": SECOND, "balance_mp": 1000000})
    return w, boot.starter(w, ROOT, jump)


class StartTest(unittest.TestCase):
    def test_main_py_makes_the_meter_and_the_display_lights(self):
        def script():
            yield 5000
            seen.append((start.globals()["meter"].observe()["balance_mp"], w.cells() != [0] * 8))

        seen = []
        w, start = meter_world()
        self.assertEqual(start.globals(), {})
        w.run(start, script())
        self.assertEqual(seen, [(1000000, True)])
        self.assertEqual((w.relay_operations, w.coil_faults, w.contact_closed), (0, 0, True))

    def test_after_a_power_cut_another_meter_goes_on_from_the_records(self):
        def script():
            w.set_load(3000)
            yield 3600000
            w.set_load(0)
            yield 61000  # consumption is committed
            meters.append(start.globals()["meter"])
            w.cut_power(600000)
            yield 605000
            meters.append(start.globals()["meter"])

        meters = []
        w, start = meter_world()
        w.run(start, script())
        old, new = meters
        self.assertFalse(old is new)
        for meter in meters:
            seen = meter.observe()
            self.assertEqual((seen["energy_wh"], seen["balance_mp"]), (3000, 1000000 - 3 * 24500))

    def test_a_world_of_the_past_cannot_be_started(self):
        w, _ = meter_world()
        world.World(DAY, SECOND)
        with self.assertRaises(ValueError):
            boot.starter(w, ROOT)


class SteppingTest(unittest.TestCase):
    def live(self, jump, end_ms):
        """-> what the meter says and shows after end_ms with a load and some presses of A."""

        def stop(_):
            raise world.ScriptEnd()

        w, start = meter_world(jump)
        w.set_load(2750)
        for second in range(10, end_ms // 1000, 7):
            w.at(second * 1000 + 1, w.press, "A")
            w.at(second * 1000 + 250, w.release, "A")
        w.at(end_ms, stop, None)
        w.run(start, iter((1 << 40,)))
        seen = start.globals()["meter"].observe()
        return seen["energy_wh"], seen["balance_mp"], seen["screen"], w.text(), w.t_ms

    def test_a_meter_that_steps_5_ms_and_one_that_jumps_say_the_same(self):
        for end_ms in (61234, 120000):
            self.assertEqual(self.live(False, end_ms), self.live(True, end_ms))


if __name__ == "__main__":
    unittest.main()
