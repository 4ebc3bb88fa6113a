"""DOMAIN 13: power now, and the step when an appliance is switched on, from pulses told exactly."""

import unittest

from appliances import House

MINUTE_MS = 60000
KETTLE_W, FRIDGE_W, OVEN_W = 3000, 120, 2100


class Shown(unittest.TestCase):
    def test_two_kilowatts_and_a_half(self):
        house = House()
        for _ in range(5):  # at 1000 imp/kWh: a pulse each 1440 ms
            house.power.take(1, 1440, True)
        self.assertEqual(house.power.now_w(), 2500)

    def test_pulses_counted_late_wait_for_an_exact_instant(self):
        power = House().power
        power.take(1, 0, True)
        power.take(3, 5000, False)
        self.assertEqual(power.now_w(), 0)
        power.take(2, 2200, True)
        self.assertEqual(power.now_w(), 2500)

    def test_power_falls_while_no_pulse_comes(self):
        power = House().power
        for _ in range(5):
            power.take(1, 1440, True)
        power.take(0, 60000, False)
        self.assertEqual(power.now_w(), 60)
        power.take(0, 300000, False)
        self.assertEqual(power.now_w(), 0)

    def test_between_one_pulse_and_two_late_the_last_mean_is_shown(self):
        power = House().power
        for _ in range(3):
            power.take(1, 1440, True)
        for elapsed_ms, watts in ((2000, 2500), (880, 2500), (20, 1241)):  # 2 x 3600 J / 2.88 s
            power.take(0, elapsed_ms, False)
            self.assertEqual(power.now_w(), watts)

    def test_a_window_takes_two_seconds_at_least_and_five_minutes_at_most(self):
        for window_ms, mean_w in ((1999, 0), (2000, 3600), (300000, 24), (300001, 0)):
            power = House().power
            power.take(1, 5, True)
            power.take(1, window_ms - 5, False)
            power.take(1, 5, True)
            self.assertEqual(power.mean_w, mean_w)

    def test_every_meter_constant_shows_the_same(self):
        for imp_per_kwh in (100, 800, 1000, 3200, 10000):
            house = House(imp_per_kwh)
            house.run(10 * MINUTE_MS, 2400)
            self.assertTrue(abs(house.power.now_w() - 2400) <= 3, house.power.now_w())

    def test_gas_by_volume(self):
        # 39.5 MJ/m3, 100 imp/m3: a pulse is 0.01 x 1.02264 x 39.5 MJ = 403.9 kJ
        power = House(100, calorific=3950).power
        for _ in range(5):
            power.take(1, 20000, True)
        self.assertEqual(power.now_w(), 20197)


class ByHand(unittest.TestCase):
    """Windows of 36 s: 10 pulses are 1000 W. Of 288 s: 80 are."""

    def windows(self, ms, *pulses):
        power = House().power
        power.take(1, 5, True)
        for each in pulses:
            power.take(each, ms, True)
        return power.steps, power.step_w

    def test_a_hundred_watts_are_a_step_and_less_are_none(self):
        self.assertEqual(self.windows(36000, 10, 10, 11, 11), (1, 100))
        self.assertEqual(self.windows(288000, 80, 80, 87, 87), (0, 0))

    def test_two_windows_must_agree_within_an_eighth(self):
        self.assertEqual(self.windows(36000, 10, 10, 20, 30), (0, 0))
        self.assertEqual(self.windows(36000, 10, 10, 20, 30, 30), (1, 2000))
        self.assertEqual(self.windows(288000, 80, 80, 210, 240), (1, 2000))
        self.assertEqual(self.windows(288000, 80, 80, 209, 240), (0, 0))
        self.assertEqual(self.windows(288000, 80, 80, 240, 210), (1, 1625))

    def test_both_must_be_above_the_level(self):
        self.assertEqual(self.windows(36000, 20, 20, 20, 22), (0, 0))
        self.assertEqual(self.windows(36000, 20, 20, 20, 22, 22), (1, 200))

    def test_a_level_falls_to_the_higher_of_two_windows(self):
        power = House().power
        power.take(1, 5, True)
        for window_ms in (2400, 2400, 2880, 2904, 2400, 2400):  # 3000, 2500 and 2479 W
            power.take(2, window_ms, True)
        self.assertEqual((power.steps, power.step_w), (1, 500))

    def test_a_level_falls_at_once_to_what_one_window_proves(self):
        self.assertEqual(self.windows(36000, 30, 30, 9, 30, 30), (1, 2000))  # below 10 pulses

    def test_the_level_is_known_to_be_nothing_after_36_s_without_a_pulse(self):
        for quiet_ms, steps in ((36000, 0), (36001, 1)):
            power = House().power
            power.take(0, quiet_ms, False)
            for _ in range(3):
                power.take(10, 36000, True)
            self.assertEqual(power.steps, steps)


class Steps(unittest.TestCase):
    def test_a_kettle_on_top_of_a_fridge(self):
        for imp_per_kwh in (1000, 3200):
            for poll_ms in (0, 5):
                house = House(imp_per_kwh, poll_ms)
                house.run(5 * MINUTE_MS, FRIDGE_W)
                self.assertTrue(house.steps(), "what ran at the start is no step")
                house.run(2 * MINUTE_MS, FRIDGE_W + KETTLE_W)
                self.assertTrue(house.steps(300), house.told)

    def test_found_within_a_few_seconds(self):
        for imp_per_kwh, seconds in ((1000, 8), (3200, 7)):
            house = House(imp_per_kwh)
            house.run(5 * MINUTE_MS, FRIDGE_W)
            house.run(seconds * 1000, FRIDGE_W + KETTLE_W)
            self.assertTrue(house.steps(300), house.told)

    def test_a_house_where_nothing_ran(self):
        for quiet_ms in (MINUTE_MS, 10 * MINUTE_MS):
            house = House()
            house.run(quiet_ms, 0)
            house.run(MINUTE_MS, KETTLE_W)
            self.assertTrue(house.steps(300), house.told)

    def test_what_runs_at_the_start_is_no_step(self):
        house = House()
        house.run(5000, 0)
        house.run(10 * MINUTE_MS, KETTLE_W)
        self.assertTrue(house.steps())

    def test_one_after_the_other_and_levels_fall_silently(self):
        house = House()
        house.run(5 * MINUTE_MS, FRIDGE_W)
        house.run(3 * MINUTE_MS, FRIDGE_W + OVEN_W)
        house.run(3 * MINUTE_MS, FRIDGE_W + OVEN_W + KETTLE_W)
        house.run(3 * MINUTE_MS, FRIDGE_W + OVEN_W)
        self.assertTrue(house.steps(210, 300), house.told)
        house.run(3 * MINUTE_MS, FRIDGE_W + OVEN_W + KETTLE_W)
        house.run(5 * MINUTE_MS, FRIDGE_W)
        self.assertTrue(house.steps(210, 300, 300), house.told)

    def test_the_same_kettle_twice_with_less_than_a_fridge_pulse_between(self):
        house = House()
        house.run(5 * MINUTE_MS, FRIDGE_W)
        house.run(2 * MINUTE_MS, FRIDGE_W + KETTLE_W)
        house.run(50000, FRIDGE_W)
        house.run(2 * MINUTE_MS, FRIDGE_W + KETTLE_W)
        self.assertEqual(house.power.steps, 2)
        self.assertTrue(2600 <= house.power.step_w <= 3000, house.told)

    def test_the_same_kettle_twice_where_nothing_else_runs(self):
        house = House()
        house.run(5 * MINUTE_MS, 0)
        for _ in range(3):
            house.run(2 * MINUTE_MS, KETTLE_W)
            house.run(4 * MINUTE_MS, 0)
        self.assertEqual(house.power.steps, 3)
        self.assertTrue(2950 <= min(house.told), house.told)
        house.run(6 * MINUTE_MS, 0)
        house.run(2 * MINUTE_MS, KETTLE_W)
        self.assertEqual((house.power.steps, house.told[-1]), (4, 3000))

    def test_a_load_whose_pulses_begin_anew_makes_no_steps(self):
        """The simulated load forgets a part of a pulse when it changes: the power seems to dip."""
        for before_w, after_w in ((2400, 700), (800, 700), (3000, 2500), (700, 790)):
            for late_ms in range(0, 6000, 731):
                house = House()
                house.run(MINUTE_MS + late_ms, before_w)
                house.part = 0
                house.run(MINUTE_MS, after_w)
                self.assertTrue(house.steps(), (before_w, after_w, late_ms, house.told))

    def test_below_100_w_is_no_step_wherever_the_change_falls_in_a_window(self):
        for watts, count in ((90, 0), (110, 1)):
            for late_ms in range(0, 4000, 373):
                for imp_per_kwh in (1000, 3200):
                    house = House(imp_per_kwh)
                    house.run(MINUTE_MS + late_ms, OVEN_W)
                    house.run(MINUTE_MS, OVEN_W + watts)
                    self.assertEqual(house.power.steps, count, (imp_per_kwh, late_ms, house.told))

    def test_a_change_within_a_window_is_one_step_of_its_whole_height(self):
        for late_ms in range(0, 30000, 997):
            house = House()
            house.run(5 * MINUTE_MS + late_ms, FRIDGE_W)
            house.run(2 * MINUTE_MS, FRIDGE_W + KETTLE_W)
            self.assertTrue(house.steps(300), (late_ms, house.told))

    def test_what_is_on_for_a_moment_only_is_not_found(self):
        house = House()
        house.run(5 * MINUTE_MS, FRIDGE_W)
        house.run(2000, FRIDGE_W + KETTLE_W)
        house.run(5 * MINUTE_MS, FRIDGE_W)
        self.assertTrue(house.steps(), house.told)

    def test_mains_that_waver_make_no_steps(self):
        house = House()
        house.run(5 * MINUTE_MS, FRIDGE_W)
        for _ in range(60):
            for watts in (2985, 3010, 3025, 2990):  # +-0.7 %
                house.run(5000, watts)
        self.assertEqual(house.power.steps, 1)

    def test_a_gas_boiler_after_five_minutes_of_nothing(self):
        power = House(100, calorific=3950).power  # a pulse is 403.9 kJ
        power.take(0, 5 * MINUTE_MS, False)
        for _ in range(3):
            power.take(1, 20000, True)
        self.assertEqual((power.steps, power.step_w), (1, 20197))

    def test_told_late_nothing_is_made_up(self):
        """Polls of a minute do not know when a pulse came."""
        house = House(poll_ms=MINUTE_MS)
        house.run(10 * MINUTE_MS, FRIDGE_W)
        house.run(10 * MINUTE_MS, FRIDGE_W + KETTLE_W)
        self.assertEqual((house.power.steps, house.power.now_w()), (0, 0))

    def test_asked_for_pulses_are_exact_however_many(self):
        """The simulated board wakes after the pulses that make a penny."""
        power = House().power
        power.take(0, 10 * MINUTE_MS, False)
        for _ in range(5):
            power.take(40, 48000, True)  # 3 kW
        for _ in range(5):
            power.take(40, 24000, True)  # 6 kW
        self.assertEqual((power.steps, power.step_w, power.now_w()), (2, 3000, 6000))

    def test_large_pulses_stay_small_integers(self):
        """One pulse a kWh, and one a m3: all on the way is below 2^30."""
        for settings in ({"imp_per_kwh": 1}, {"imp_per_kwh": 1, "calorific": 5500}):
            house = House(**settings)
            for elapsed_ms in (0, 299999, 299999):
                house.power.take(1, elapsed_ms, True)
            watts = house.power.energy.pulse_ws() * 1000 // 299999
            self.assertTrue(abs(house.power.now_w() - watts) <= 1)


if __name__ == "__main__":
    unittest.main()
