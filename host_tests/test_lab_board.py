"""The lab port's board: what a test may do to the meter, and that the real one is not touched by it."""

import unittest

import lab
import world
from lab_bench import LIVE_MP, Bench, ask, new

MS_PER_KWH = 3600000


class TestTime(unittest.TestCase):
    def test_time_stands_still_until_it_is_told_to_wait_and_ends_at_the_ms(self):
        def script():
            first = yield new()
            self.assertEqual((first["ok"], first["t_ms"]), (True, 0))
            for _ in range(100):
                yield None
            for ms in (1, 0, 999, 86400000 * 40):
                before_ms = first["t_ms"]
                first = yield ask("wait", ms=ms)
                self.assertEqual(first["t_ms"] - before_ms, ms)

        bench = Bench()
        bench.run(script())
        self.assertTrue(bench.app.board.is_test)

    def test_a_kilowatt_hour_costs_its_price_and_not_a_pulse_more(self):
        def script():
            yield new()
            yield ask("load", w=1000)
            yield ask("wait", ms=MS_PER_KWH)
            seen.append((yield ask("observe"))["state"])
            yield ask("inject", wh=500)
            yield ask("wait", ms=0)
            seen.append((yield ask("observe"))["state"])

        seen = []
        Bench().run(script())
        self.assertEqual([state["energy_wh"] for state in seen], [1000, 1500])
        self.assertEqual([state["balance_mp"] for state in seen], [475500, 463250])

    def test_the_clock_of_a_test_is_its_own_and_can_be_set(self):
        def script():
            yield new(day=9000, second=86399)
            yield ask("wait", ms=1500)
            seen.append((yield ask("observe"))["state"]["utc"])
            seen.append((yield ask("set_time", day=9001, second=3600))["result"])
            yield ask("wait", ms=3600000)
            seen.append((yield ask("observe"))["state"]["utc"])

        seen = []
        bench = Bench()
        bench.run(script())
        self.assertEqual(seen, [[9001, 0], "done", [9001, 7200]])

    def test_a_long_wait_says_where_it_is(self):
        def script():
            yield new()
            yield ask("load", w=100000)
            yield ask("wait", ms=MS_PER_KWH)

        desk = Bench().run(script())
        told = [message["at"] for message in desk.sent if "at" in message]
        self.assertEqual(told, sorted(told))
        self.assertGreater(len(told), 5)


class TestKeys(unittest.TestCase):
    def test_a_press_turns_the_screens_and_two_keys_can_be_down(self):
        def script():
            yield new()
            seen.append((yield ask("text"))["text"])
            for _ in range(2):
                yield ask("press", key="A", ms=200)
                yield ask("wait", ms=200)
                seen.append((yield ask("text"))["text"])
            for key in ("A", "B"):
                yield ask("key", key=key, down=1)
            yield ask("wait", ms=100)
            self.assertEqual(bench.app.board.keys(), 3)

        seen = []
        bench = Bench()
        bench.run(script())
        self.assertEqual(len(set(seen)), 3)

    def test_a_press_lasts_its_ms_and_a_short_one_is_not_believed(self):
        def script():
            yield new()
            text = (yield ask("text"))["text"]
            yield ask("press", key="A", ms=20)
            yield ask("wait", ms=200)
            self.assertEqual((yield ask("text"))["text"], text)
            answer = yield ask("press", key="A", ms=2500)
            self.assertEqual(answer["t_ms"], 2720)

        Bench().run(script())

    def test_live_keys_come_on_top_of_the_boards_own(self):
        def script():
            bench.silicon.press("B")
            yield ask("key", key="A", down=1)
            yield ask("wait", ms=50)
            self.assertEqual(bench.app.board.keys(), 3)
            bench.silicon.release("B")
            yield new()
            self.assertEqual(bench.app.board.keys(), 0)

        bench = Bench()
        bench.run(script())


class TestRealMeter(unittest.TestCase):
    def test_a_test_leaves_every_byte_of_the_real_ledger_as_it_was(self):
        def script():
            before.append(bytes(bench.silicon.flash.data))
            yield new(balance_mp=1)
            yield ask("load", w=9000)
            yield ask("wait", ms=3600000)
            yield ask("command", name="top_up", value=2000000)
            yield ask("wait", ms=3600000)
            self.assertEqual(bytes(bench.silicon.flash.data), before[0])
            yield ask("end")
            yield ask("wait", ms=10)
            seen.append((yield ask("observe"))["state"])

        before, seen = [], []
        bench = Bench()
        bench.run(script())
        self.assertEqual(seen[0]["balance_mp"], LIVE_MP)

    def test_what_is_drawn_during_a_test_is_charged_when_it_is_over(self):
        def script():
            bench.silicon.set_load(3000)
            yield ask("wait", ms=10 * 1200)  # 10 pulses that no record has yet
            yield new()
            for _ in range(90):  # real time, in which the test's clock stands still
                bench.silicon.sleep(1200)
                yield None
            yield ask("wait", ms=120000)
            self.assertEqual((yield ask("observe"))["state"]["energy_wh"], 0)
            yield ask("end")
            yield ask("wait", ms=0)
            yield ask("wait", ms=0)
            seen.append((yield ask("observe"))["state"]["energy_wh"])

        seen = []
        bench = Bench(rate_mp=24500)
        bench.run(script())
        self.assertEqual(seen, [bench.silicon.load.total])
        self.assertTrue(seen[0] >= 100)

    def test_what_the_real_meter_keeps_over_a_reset_is_neither_read_nor_written_in_a_test(self):
        def script():
            bench.silicon.set_load(3000)
            yield ask("wait", ms=12000)
            board = bench.app.board
            kept = bytes(bench.silicon.rtc_memory)
            self.assertTrue(board.residue_read(bytearray(16)))
            yield new()
            yield ask("load", w=9000)
            yield ask("wait", ms=60000)
            self.assertEqual(bytes(bench.silicon.rtc_memory), kept)
            self.assertFalse(board.residue_read(bytearray(16)))
            yield ask("end")
            self.assertTrue(board.residue_read(bytearray(16)))

        bench = Bench()
        bench.run(script())

    def test_a_closed_relay_is_closed_again_when_the_test_is_over(self):
        def script():
            yield new()
            yield ask("command", name="disable")
            yield ask("wait", ms=70000)
            self.assertEqual((yield ask("relay"))["contact"], 0)
            yield ask("end")
            self.assertEqual((yield ask("contact"))["contact"], 1)

        bench = Bench()
        bench.run(script())
        self.assertEqual((bench.silicon.contact_closed, bench.silicon.coil_faults), (True, 0))

    def test_an_open_relay_is_open_again_when_the_test_is_over(self):
        def script():
            yield ask("command", name="disable")
            yield ask("wait", ms=70000)
            self.assertEqual((yield ask("relay"))["contact"], 0)
            yield new()
            self.assertEqual((yield ask("relay"))["contact"], 1)  # a new meter's
            yield ask("end")
            self.assertEqual((yield ask("contact"))["contact"], 0)

        bench = Bench()
        bench.run(script())
        self.assertEqual((bench.silicon.contact_closed, bench.silicon.coil_faults), (False, 0))

    def test_a_test_that_is_forgotten_ends_by_itself(self):
        def script():
            yield new()
            for _ in range(lab.ALONE_LOOKS):
                yield None
            self.assertFalse((yield ask("hello"))["test"])

        bench = Bench()
        bench.run(script())

    def test_a_reset_in_a_test_starts_the_real_meter(self):
        def script():
            yield new()
            yield ask("reset")

        bench = Bench()
        with self.assertRaises(world.Reset):
            bench.run(script())
        bench.silicon.reset_pins()

        def after():
            self.assertEqual((yield ask("observe"))["state"]["balance_mp"], LIVE_MP)

        bench.run(after())

    def test_live_injected_energy_is_charged_to_the_real_meter(self):
        def script():
            answer = yield ask("inject", wh=1000)
            self.assertEqual(answer["pulses"], 1000)
            yield ask("wait", ms=20)
            seen.append((yield ask("observe"))["state"])

        seen = []
        Bench(rate_mp=24500).run(script())
        self.assertEqual((seen[0]["energy_wh"], seen[0]["balance_mp"]), (1000, LIVE_MP - 24500))


if __name__ == "__main__":
    unittest.main()
