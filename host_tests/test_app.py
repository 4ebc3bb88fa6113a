"""The shell on the simulated silicon: buzzer and mute, what a start restates, a store it cannot trust."""

import unittest

import bench
import boot
import world
from shilling.provision import provision
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET

FRIDAY = 9820  # 2026-11-20
NOON = 43200


class Rig:
    """A meter on the virtual board, Friday noon; the script is a generator that yields ms."""

    def __init__(self, closed=True, blank=False, **settings):
        self.world = world.World(FRIDAY, NOON, closed=closed)
        self.store = boot.store(self.world)
        if not blank:
            given = {
                "day": FRIDAY, "second": NOON, "balance_mp": 1000000, "meter_id": TEST_METER,
                "originator_id": TEST_ORIGINATOR, "secret": TEST_SECRET,
            }  # fmt: skip
            given.update(settings)
            provision(self.store, given)
        self.start = boot.starter(self.world, ".")

    def seen(self):
        return self.start.globals()["meter"].observe()

    def play(self, script):
        self.world.run(self.start, script(self))

    def hold(self, key, ms):
        self.world.press(key)
        yield ms
        self.world.release(key)
        yield 300


class Buzzer(unittest.TestCase):
    def test_it_sounds_at_low_credit_and_holding_B_mutes_it_without_a_word(self):
        heard = []

        def script(rig):
            yield 500
            heard.append(rig.world.buzzer)
            yield 1000
            heard.append(rig.world.buzzer)
            yield 599000
            heard.append(rig.world.buzzer)
            yield from rig.hold("B", 2500)
            heard.append(rig.seen()["screen"])
            yield 598500
            heard.append(rig.world.buzzer)
            rig.start.globals()["meter"].command("top_up", 10000)
            yield 100
            heard.append(rig.world.buzzer)

        Rig(balance_mp=150000).play(script)
        self.assertEqual(heard, [True, False, True, "Credit £1.50 LOW", False, True])


class Start(unittest.TestCase):
    def test_a_contact_that_disagrees_is_told_again_and_one_that_agrees_is_left(self):
        for closed, operations in ((True, 0), (False, 1)):

            def script(rig):
                yield 1000

            rig = Rig(closed=closed)
            rig.play(script)
            self.assertTrue(rig.world.contact_closed)
            self.assertEqual(rig.world.relay_operations, operations)
            self.assertTrue(rig.world.supply_led)

    def test_a_meter_that_was_never_set_up_says_so_and_touches_nothing(self):
        for closed in (True, False):
            seen = []

            def script(rig, seen=seen):
                yield 3000
                seen.append((rig.seen()["screen"], rig.seen()["supply"], rig.world.contact_closed))

            Rig(closed=closed, blank=True).play(script)
            self.assertEqual(seen, [("Not set up", "fault", closed)])

    def test_a_store_that_cannot_be_read_leaves_the_supply_and_refuses_money(self):
        seen = []

        def script(rig):
            yield 1000
            for at in range(rig.world.flash.size):
                rig.world.flash.data[at] &= 0x5A
            rig.world.cut_power(60000)
            yield 120000
            meter = rig.start.globals()["meter"]
            seen.append((rig.seen()["screen"], rig.world.contact_closed, meter.meter.alerts))
            seen.append(meter.command("top_up", 1000000))
            rig.world.set_load(3000)
            yield 86400000
            seen.append((rig.seen()["supply"], rig.world.contact_closed, rig.world.relay_operations))

        Rig().play(script)
        self.assertEqual(seen[0], ("Store fault", True, [0x81AE]))
        self.assertEqual(seen[1], "halted")
        self.assertEqual(seen[2], ("fault", True, 0))

    def test_a_watchdog_reset_loses_no_use_and_a_power_cut_less_than_a_penny(self):
        seen = []

        def bite():
            raise world.Reset(world.WATCHDOG)

        def script(rig):
            yield 1000
            rig.world.set_load(3600)  # a Wh each second, 41 to a penny
            for _ in range(5):
                yield 10000
                rig.start.globals()["meter"].board.feed = bite
                yield 500
            yield 10000
            rig.world.set_load(0)
            seen.append(rig.seen()["energy_wh"])
            rig.world.cut_power(60000)
            yield 61000
            seen.append(rig.seen()["energy_wh"])

        Rig().play(script)
        self.assertEqual(seen[0], 62)
        self.assertTrue(62 - 41 < seen[1] <= 62)

    def test_no_display_is_no_reason_to_stop_metering(self):
        seen = []

        def script(rig):
            yield 1000
            del rig.world.i2c[bench.DISPLAY_LEFT]
            del rig.world.i2c[bench.DISPLAY_RIGHT]
            rig.world.set_load(3000)
            yield 3600000
            seen.append(rig.seen()["energy_wh"])

        Rig().play(script)
        self.assertEqual(seen, [3000])


if __name__ == "__main__":
    unittest.main()
