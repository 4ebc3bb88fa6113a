"""DOMAIN 13: the buzzer warns of low credit, keeps quiet in friendly hours and when muted."""

import unittest

from shilling.buzzer import Buzzer
from support import Bench

MINUTE_MS = 60000


class Sound(unittest.TestCase):
    def seconds(self, bench, buzzer, seconds):
        """Seconds in which it sounds."""
        return [s for s in range(seconds) if buzzer.sounds(bench.meter, 1000 if s else 0)]

    def test_a_second_every_ten_minutes_while_credit_is_low(self):
        self.assertEqual(self.seconds(Bench(balance_mp=199999), Buzzer(), 1300), [0, 600, 1200])

    def test_not_at_two_pounds_and_not_in_friendly_hours(self):
        self.assertEqual(self.seconds(Bench(balance_mp=200000), Buzzer(), 700), [])
        self.assertEqual(self.seconds(Bench(balance_mp=100000, second=60000), Buzzer(), 700), [])

    def test_a_meter_without_friendly_hours_warns_at_night_too(self):
        bench = Bench(profile="remote_tiered", balance_mp=100000, second=60000)
        self.assertEqual(self.seconds(bench, Buzzer(), 700), [0, 600])

    def test_emergency_credit_running_out(self):
        plenty = Bench(balance_mp=0, ec_activated=1, ec_owed_mp=100000)
        self.assertEqual(self.seconds(plenty, Buzzer(), 700), [])
        little = Bench(balance_mp=0, ec_activated=1, ec_owed_mp=310000)
        self.assertEqual(self.seconds(little, Buzzer(), 700), [0, 600])

    def test_muted_until_credit_is_added_or_emergency_credit_changes(self):
        bench = Bench(balance_mp=100000)
        buzzer = Buzzer()
        buzzer.mute(bench.meter.account.ec_state())
        bench.use(100)
        self.assertEqual(self.seconds(bench, buzzer, 700), [])
        buzzer.unmute()
        self.assertTrue(buzzer.sounds(bench.meter, 0))
        buzzer.mute(bench.meter.account.ec_state())
        bench.meter.account.ec_activated = 1
        bench.meter.account.spend("emergency_mp", "charged", 400000)
        self.assertTrue(buzzer.sounds(bench.meter, 0))

    def test_the_wait_asked_for_ends_where_the_sound_does(self):
        bench = Bench(balance_mp=100000)
        buzzer = Buzzer()
        edges, now_ms, was = [], 0, None
        step_ms = 0
        while now_ms < 25 * MINUTE_MS:
            sounds = buzzer.sounds(bench.meter, step_ms)
            if sounds != was:
                edges.append(now_ms)
                was = sounds
            step_ms = buzzer.next_ms()
            now_ms += step_ms
        self.assertEqual(edges, [0, 1000, 600000, 601000, 1200000, 1201000])


if __name__ == "__main__":
    unittest.main()
