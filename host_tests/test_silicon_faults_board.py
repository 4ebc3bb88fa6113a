"""Displays and buses that fail, on the whole firmware: energy and money go on to the penny, nobody is
cut off, nothing resets, and the meter says what is wrong for as long as it is.

Clock and pulses are in test_silicon_faults_clock.py, the relay in test_silicon_faults_relay.py.
"""

import unittest

import boot
import world
from faulty import KEY_STUCK, FaultTest, House

LEFT, RIGHT, THIRD = 0x70, 0x71, 0x72


class DisplayTest(FaultTest):
    def test_a_display_that_does_not_answer_is_named_and_comes_back(self):
        def script(house):
            house.w.unplug(RIGHT)
            yield from house.wait(30)
            self.assertIn("No display 2", house.notes())
            self.assertNotEqual(house.w.text(), "")
            house.w.plug(RIGHT)
            yield from house.wait(10)
            self.assertEqual(house.notes(), [])
            self.assertTrue(house.is_shown())

        self.is_well(self.play(House(), script))

    def test_both_gone_from_the_start_on_are_named_and_the_meter_meters(self):
        house = House()
        house.w.unplug(LEFT)
        house.w.unplug(RIGHT)
        self.is_well(self.play(house, lambda house: house.wait(5)))
        self.assertTrue({"No display 1", "No display 2"} <= house.said)

    def test_one_that_lost_its_supply_for_a_moment_shows_the_next_text(self):
        def script(house):
            house.w.displays[0].lose_power()  # it answers, and is dark
            yield from house.press("A")
            yield from house.wait(10)
            self.assertTrue(house.is_shown())

        self.is_well(self.play(House(), script))

    def test_on_the_chip_it_shows_again_by_itself_within_seconds(self):
        def look(_):
            house.seen.append(house.is_shown())
            if len(house.seen) == 2:
                raise world.ScriptEnd()

        house = House(is_chip=True)  # which never jumps: what happens is planned beforehand
        house.w.at(1000, lambda _: house.w.displays[1].lose_power(), None)
        house.w.at(1100, look, None)
        house.w.at(8000, look, None)
        house.w.run(house, iter((1 << 40,)))
        boot.board_class()  # leaves the board's idle jumping, as other tests expect it
        self.assertEqual(house.seen, [False, True])

    def test_a_max7219_that_was_unplugged_shows_again(self):
        def script(house):
            house.w.unplug(LEFT)
            yield from house.press("A")
            self.assertEqual(house.w.text(), "")
            house.w.plug(LEFT)
            yield from house.press("A")
            self.assertNotEqual(house.w.text(), "")
            yield from house.wait(10)

        self.is_well(self.play(House('{"display": "max7219"}', display="max7219"), script))

    def test_a_third_display_that_is_silent_is_named(self):
        def script(house):
            house.w.silence(THIRD)
            yield from house.press("A")
            yield from house.wait(5)
            self.assertEqual(house.notes(), ["No display 3"])
            house.w.silence(THIRD, False)
            yield from house.wait(5)
            self.assertEqual(house.notes(), [])

        self.is_well(self.play(House('{"display": "ht16k33-12"}', display="ht16k33-12"), script))

    def test_a_meter_whose_displays_come_and_go_lives_through_a_power_cut_without_any(self):
        def script(house):
            house.w.unplug(LEFT)
            house.w.unplug(RIGHT)
            yield from house.wait(5)
            house.w.set_load(0)
            yield from house.wait(61)  # what was used is on flash
            house.seen.append(house.observe()["energy_wh"])
            house.w.cut_power(5000)
            yield from house.wait(10)
            house.seen.append(house.observe()["energy_wh"])
            house.w.plug(LEFT)
            house.w.plug(RIGHT)
            yield from house.wait(5)
            self.assertTrue(house.is_shown())

        house = self.play(House(), script)
        self.assertEqual(house.seen, [4, 4])
        self.is_well(house, 4, starts=2)


class BusTest(FaultTest):
    def held(self, line, from_start):
        def script(house):
            house.w.hold_line(line)
            yield from house.wait(600)
            self.assertTrue(house.w.bus.blocked_ms <= 1000)
            self.assertIn(line + " low", house.said)
            house.w.free_line(line)
            yield from house.wait(400)
            yield from house.press("A")
            self.assertEqual(house.notes(), [])
            self.assertTrue(house.is_shown())

        house = House()
        if from_start:
            house.w.hold_line(line)
        self.is_well(self.play(house, script))

    def test_a_bus_that_is_held_low_costs_no_time_and_is_named(self):
        self.held("SDA", False)
        self.held("SCL", False)

    def test_nor_does_one_that_is_held_from_the_start_on(self):
        self.held("SDA", True)
        self.held("SCL", True)

    def hung(self, clocks):
        def script(house):
            house.w.hold_line("SDA", clocks)
            yield from house.press("A")
            yield from house.wait(5)
            self.assertEqual(house.w.levels[house.w.pins["SDA"]], 1)
            self.assertEqual(house.notes(), [])
            self.assertTrue(house.is_shown())

        self.is_well(self.play(House(), script))

    def test_a_chip_that_hangs_in_a_byte_is_clocked_free(self):
        self.hung(1)
        self.hung(9)

    def test_a_line_that_is_pulled_low_now_and_then_is_lived_with(self):
        def script(house):
            for _ in range(100):
                house.w.hold_line("SCL")
                yield from house.press("A")
                house.w.free_line("SCL")
                yield from house.wait(2)
            yield from house.wait(60)
            yield from house.press("A")
            self.assertTrue(house.is_shown())

        house = self.play(House(), script)
        self.is_well(house)
        self.assertTrue(house.w.bus.blocked_ms <= 1000)

    def test_a_processor_without_anything_around_it_is_a_meter_that_names_what_is_missing(self):
        house = House(bare=True, counter=False)  # as emulated: all inputs read 0, keys too
        self.is_well(self.play(house, lambda house: house.wait(30)))
        self.assertTrue(house.w.bus.blocked_ms <= 1000)
        self.assertTrue({"No display 1", "No display 2", "No clock", KEY_STUCK} <= house.said)


class VariantTest(FaultTest):
    """The other boards meter too, and live through what the default one lives through."""

    def lives(self, parts, operations, **bench):
        def script():
            yield 2000
            self.assertTrue(w.contact_closed)
            for end in (world.HARD, world.WATCHDOG, world.BROWN_OUT, None):
                w.set_load(3000)
                yield 120000
                w.set_load(0)
                yield from house.wait(61)
                if end is None:
                    w.cut_power(5000)
                else:
                    w.reset(end)
                yield from house.wait(70)
                self.assertTrue(w.contact_closed, end)

        house = House(parts, **bench)
        w = house.w
        w.run(house, script())
        self.is_well(house, 400, starts=5)
        self.assertEqual((w.risky_pins, w.relay_operations), (set(), operations))

    def test_an_esp32_c3(self):
        self.lives('{"chip": "esp32c3"}', 0, board="esp32c3")

    def test_a_max7219_and_a_plain_relay_which_opens_and_closes_with_each_start(self):
        parts = '{"display": "max7219", "relay": "plain"}'
        self.lives(parts, 5 + 3, display="max7219", relay="plain")  # a power cut opens it by itself

    def test_a_latching_relay_without_feedback_is_told_again_at_each_start(self):
        self.lives('{"feedback": false}', 5, feedback=False)

    def test_pins_of_ones_own(self):
        own = {"PULSE": 36, "BUZZER": None}
        self.lives('{"pins": {"PULSE": 36, "BUZZER": null}}', 0, pins=own)

    def test_a_bus_and_a_flash_that_take_their_time_lose_no_pulse(self):
        def script(house):
            for _ in range(20):
                yield from house.press("A")
                yield from house.wait(1)

        for counter in (True, False):
            house = self.play(House(takes_time=True, counter=counter), script)
            self.is_well(house)
            self.assertTrue(house.w.bus.busy_us > 10000)
            self.assertEqual(house.w.load.lost, 0)


if __name__ == "__main__":
    unittest.main()
