"""A clock that stops, lies or is gone, and pulses that are lost or too many, on the whole firmware:
energy and money go on to the penny, nobody is cut off, and the meter says what is wrong.
"""

import unittest

from faulty import FRIDAY, NOON, FaultTest, House

CLOCK = 0x68
NTP = '{"clock": "ntp", "wifi": {"ssid": "home", "password": "secret123"}}'


class ClockTest(FaultTest):
    def after_15_min(self, house, breaks, *arguments):
        """Broken at 2 s. -> what is observed 15 min later; the meter's own time goes on."""

        def script(house):
            breaks(house.w, *arguments)
            yield from house.wait(900)
            house.seen.append(house.observe())

        self.is_well(self.play(house, script))
        day, second = house.seen[0]["utc"]
        self.assertEqual(day, FRIDAY)
        self.assertTrue(abs(second - NOON - 902) <= 2)
        return house.seen[0]

    def test_an_oscillator_that_stopped_leaves_the_meters_own_time(self):
        for breaks in ("rtc_stop", "rtc_lose"):
            house = House()
            seen = self.after_15_min(house, getattr(type(house.w), breaks))
            self.assertEqual(seen["clock"], "holdover")

    def test_one_that_stopped_for_a_moment_only_has_no_time_either(self):
        def blinks(w):
            w.rtc_stop()
            w.rtc_start()

        self.assertEqual(self.after_15_min(House(), blinks)["clock"], "holdover")

    def test_a_day_later_that_time_is_invalid_and_nobody_is_cut_off(self):
        def script():
            yield 2000
            house.w.rtc_stop()
            house.w.set_load(1000)
            yield 86400 * 1000
            house.seen.append(house.observe())
            yield 3600 * 1000
            house.w.set_load(0)
            yield from house.wait(61)
            house.seen.append(house.observe())

        house = House()
        house.w.run(house, script())
        self.assertEqual([seen["clock"] for seen in house.seen], ["holdover", "invalid"])
        seen = house.seen[1]
        self.assertEqual((seen["energy_wh"], seen["supply"]), (25000, "enabled"))
        self.assertEqual((seen["ledger"], house.starts), ("balanced", 1))

    def test_one_that_stopped_before_the_start_is_invalid_at_once_and_nobody_is_cut_off(self):
        def script(house):
            yield from house.wait(60)
            house.seen.append(house.observe()["clock"])

        house = House()
        house.w.rtc_lose()
        self.is_well(self.play(house, script))
        self.assertEqual(house.seen, ["invalid"])

    def test_a_clock_that_is_gone_is_named_and_missed_no_more_when_it_is_back(self):
        def script(house):
            house.w.unplug(CLOCK)
            yield from house.wait(300)
            house.seen.append(house.notes())
            house.w.plug(CLOCK)
            yield from house.wait(300)
            house.seen.append(house.notes())

        house = House()
        self.is_well(self.play(house, script))
        self.assertEqual(house.seen, [["No clock"], []])

    def test_registers_that_hold_no_time_are_no_time(self):
        for wrong in ({1: 0x6A}, {4: 0x00}, {place: 0xFF for place in range(7)}):
            house = House()
            seen = self.after_15_min(house, type(house.w).rtc_garble, wrong)
            self.assertEqual(seen["clock"], "holdover")

    def test_a_clock_that_was_set_back_is_not_believed(self):
        house = House()
        seen = self.after_15_min(house, type(house.w).rtc_step, -86400)
        self.assertEqual(seen["clock"], "holdover")

    def on_network_time(self, is_there, **lies):
        def script(house):
            yield from house.wait(600)
            house.seen.append(house.observe()["clock"])

        house = House(NTP, clock="ntp")
        ether = house.w.ether()
        ether.set_there(is_there)
        for name in lies:
            setattr(ether.times["192.0.2.123"], name, lies[name])
        self.is_well(self.play(house, script))
        return house.seen[0]

    def test_a_meter_on_network_time_meters_with_and_without_it(self):
        self.assertEqual(self.on_network_time(True), "valid")
        self.assertEqual(self.on_network_time(False), "invalid")

    def test_a_time_server_that_is_out_of_step_or_answers_anything_is_not_believed(self):
        for lies in ({"leap": 3}, {"stratum": 0}, {"echoes": False}, {"size": 40}, {"late_ms": 4000}):
            self.assertEqual(self.on_network_time(True, **lies), "invalid", lies)


class PulseTest(FaultTest):
    def test_a_counter_that_is_reset_loses_what_nobody_had_read_and_no_more(self):
        def script(house):
            for _ in range(5):
                yield from house.wait(100)
                house.w.counter_set()
                house.w.extra(3)  # and these come before anybody looks

        self.is_well(self.play(House(), script), 1015)

    def test_missed_pulses_are_not_charged(self):
        def script(house):
            house.w.miss(100)
            yield 0

        house = self.play(House(), script)
        self.assertEqual(house.w.load.missed, 100)
        self.is_well(house, 900)

    def test_extra_pulses_are_charged_as_they_are_counted_and_nothing_else_happens(self):
        def script(house):
            yield from house.wait(10)
            house.w.extra(100)
            yield from house.wait(10)

        self.is_well(self.play(House(), script), 1100)

    def test_counted_by_interrupt_the_meter_says_so_and_loses_none_while_it_polls(self):
        house = self.play(House(counter=False), lambda house: house.wait(10))
        self.is_well(house)
        self.assertEqual(house.w.load.lost, 0)
        self.assertTrue([note for note in house.notes() if "IRQ" in note])

    def test_what_a_full_interrupt_queue_loses_is_not_charged(self):
        def script():
            yield 100
            w.set_load(36000)  # ten a second
            yield 10
            w.at(w.t_ms + 1, w.block_ms, 2000)
            yield 5000
            w.set_load(0)
            yield from house.wait(61)

        house = House(counter=False)
        w = house.w
        w.run(house, script())
        self.assertTrue(w.load.lost > 0)
        seen = house.observe()
        self.assertEqual(seen["energy_wh"], w.load.total - w.load.lost)
        self.assertEqual((seen["ledger"], seen["supply"], house.starts), ("balanced", "enabled", 1))


if __name__ == "__main__":
    unittest.main()
