"""The simulated world keeps its promises: exact instants, the order of script and poll."""

import unittest

import machine

import virtual_time
import world
from poller import Firmware, instants


class PulseTest(unittest.TestCase):
    def test_the_kth_pulse_comes_at_its_exact_instant(self):
        for watts, imp in ((3000, 1000), (1, 1000), (1234, 1000), (23000, 3200), (997, 800)):
            w = world.World(9000, 0, imp)
            w.set_load(watts)
            counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
            for k in range(1, 50):
                w.idle(10**9, 1)
                per_pulse = watts * imp
                due = (k * 3600000 * 1000 + per_pulse - 1) // per_pulse
                self.assertEqual((w.t_ms, counter.value()), (due, k))

    def test_any_number_of_pulses_can_pass_in_one_jump(self):
        w = world.World(9000, 0)
        w.set_load(2345)
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        for hours in (1, 7, 23):
            w.idle(hours * 3600000, 10**6)
            self.assertEqual(counter.value(), 2345 * w.t_ms // 3600000)

    def test_idle_counts_from_what_the_firmware_has_read(self):
        w = world.World(9000, 0)
        w.set_load(3000)  # one each 1200 ms
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        virtual_time.sleep_ms(2500)
        w.idle(60000, 3)
        self.assertEqual(w.t_ms, 3600)
        counter.value()
        w.idle(60000, 3)
        self.assertEqual(w.t_ms, 7200)

    def test_so_it_does_after_the_contact_has_moved(self):
        w = world.World(9000, 0)
        w.set_load(3000)
        virtual_time.sleep_ms(2500)  # two pulses that nobody has read
        w.load.contact(False)
        w.load.contact(True)
        w.idle(60000, 3)
        self.assertEqual(w.t_ms, 3600)

    def test_an_open_contact_stops_the_phase_and_keeps_it(self):
        w = world.World(9000, 0)
        w.set_load(3000)
        w.idle(2000, 100)  # 800 ms into the second pulse
        w.load.contact(False)
        w.idle(100000, 1)
        self.assertEqual(w.t_ms, 102000)
        w.load.contact(True)
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        w.idle(100000, 1)
        self.assertEqual((w.t_ms, counter.value()), (102400, 1))

    def test_a_change_of_load_starts_the_phase_anew(self):
        w = world.World(9000, 0)
        w.set_load(3000)
        w.idle(1199, 1)
        w.set_load(3600)
        machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        w.idle(100000, 1)
        self.assertEqual(w.t_ms, 2199)

    def test_a_load_set_while_the_contact_is_open_begins_when_it_closes(self):
        w = world.World(9000, 0, closed=False)
        w.set_load(3000)
        w.idle(5000, 1)
        w.load.contact(True)
        w.idle(5000, 1)
        self.assertEqual(w.t_ms, 6200)

    def test_a_pulse_interrupt_is_called_once_a_pulse(self):
        w = world.World(9000, 0)
        seen = []
        pin = machine.Pin(34, machine.Pin.IN)
        pin.irq(lambda p: seen.append(p.number), machine.Pin.IRQ_RISING)
        w.set_load(3000)
        virtual_time.sleep_ms(2500)
        self.assertEqual(seen, [34, 34])
        w.idle(60000, 2)
        self.assertEqual((w.t_ms, len(seen)), (4800, 4))


class ScriptTest(unittest.TestCase):
    def run_script(self, script, **how):
        w = world.World(9000, 0)
        firmware = Firmware(w, **how)
        w.run(firmware, script(w, firmware))
        return w, firmware

    def test_the_firmware_polls_at_the_instant_before_and_after_the_script_acts(self):
        def script(w, firmware):
            yield 1000
            seen.append(list(instants(firmware.polls)))
            w.set_load(3600)
            yield 500
            seen.append(list(instants(firmware.polls))[-2:])

        seen = []
        w, firmware = self.run_script(script)
        self.assertEqual(seen[0][-1], 1000)
        self.assertEqual(seen[1], [1000, 1500])
        self.assertEqual(w.t_ms, 1500)

    def test_a_yield_of_zero_is_one_poll(self):
        def script(w, firmware):
            yield 10
            before = len(firmware.polls)
            yield 0
            seen.append(len(firmware.polls) - before)

        seen = []
        self.run_script(script)
        self.assertEqual(seen, [1])

    def test_a_pulse_at_the_instant_of_the_script_is_counted_before_it_acts(self):
        def script(w, firmware):
            w.set_load(3600)
            yield 3000
            seen.append(firmware.polls[-1])

        seen = []
        self.run_script(script)
        self.assertEqual(seen, [(3000, 3, 0)])

    def test_each_edge_of_a_bouncing_key_ends_idle(self):
        def script(w, firmware):
            yield 1000
            w.press("A")
            yield 100

        w, firmware = self.run_script(script)
        edges = ((0, 1), (1, 0), (2, 1), (4, 0), (5, 1), (7, 0), (8, 1), (100, 1))
        downs = [(t, down) for t, _, down in firmware.polls if t >= 1000]
        self.assertEqual(
            downs[1:],
            [(1000 + ms, closed) for ms, closed in edges],
        )

    def test_letting_go_during_the_bounce_starts_another(self):
        def script(w, firmware):
            yield 10
            w.press("A")
            yield 5
            w.release("A")
            yield 100

        w, firmware = self.run_script(script)
        downs = {t: down for t, _, down in firmware.polls}
        edges = {16: 1, 17: 0, 18: 0, 19: 1, 20: 0, 22: 1, 23: 0, 115: 0}
        self.assertEqual({t: downs[t] for t in downs if t > 15}, edges)

    def test_what_goes_wrong_in_the_script_reaches_the_caller(self):
        class Careless(Firmware):
            def __call__(self):
                while True:
                    try:
                        self.w.idle(1000, 1)
                    except Exception:
                        self.polls.append("swallowed")

        def script():
            yield 10
            raise ValueError("the expectation failed")

        w = world.World(9000, 0)
        firmware = Careless(w)
        with self.assertRaises(ValueError):
            w.run(firmware, script())
        self.assertEqual(firmware.polls, [])

    def test_a_firmware_that_never_waits_is_found_out(self):
        w = world.World(9000, 0)
        with self.assertRaises(RuntimeError):
            w.run(Firmware(w, wait_ms=0), iter((1000,)))

    def test_a_firmware_that_ends_is_an_error(self):
        w = world.World(9000, 0)
        with self.assertRaises(RuntimeError):
            w.run(lambda: None, iter((1000,)))

    def test_a_poll_that_took_too_long_is_followed_by_another_before_the_script_acts(self):
        class Slow(Firmware):
            def __call__(self):
                while True:
                    self.polls.append((self.w.t_ms, 0, 0))
                    virtual_time.sleep_ms(700)
                    self.w.idle(1000, 1)

        def script(w, firmware):
            for wait_ms in (1000, 100, 800, 100):
                due = w.t_ms + wait_ms
                yield wait_ms
                late.append(firmware.polls[-1][0] - due)

        late = []
        w = world.World(9000, 0)
        firmware = Slow(w)
        w.run(firmware, script(w, firmware))
        self.assertTrue(min(late) >= 0)

    def test_the_script_waits_while_the_firmware_sleeps(self):
        class Sleeper(Firmware):
            def __call__(self):
                virtual_time.sleep_ms(700)
                Firmware.__call__(self)

        def script(w, firmware):
            yield 100
            seen.append((w.t_ms, instants(firmware.polls)[-1]))

        seen = []
        w = world.World(9000, 0)
        firmware = Sleeper(w)
        w.run(firmware, script(w, firmware))
        # The first action is due at 0 and comes at 700, after a poll; the second 100 ms later.
        self.assertEqual(seen, [(800, 800)])


if __name__ == "__main__":
    unittest.main()
