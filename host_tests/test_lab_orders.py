"""What the lab port answers: every wrong line with one sentence, and nothing is done or lost."""

import json
import unittest

import lab_line
from lab_bench import LIVE_MP, Bench, ask, new

SPECIAL_DAYS = "692601" * 20  # as long as it can be
WRONG = (
    (b"hello", "no JSON"),
    (b"{", "no JSON"),
    (b'{"do": "text"', "no JSON"),
    (b"[1, 2]", "no JSON"),
    (b"7", "no JSON"),
    (b"\xff\xfe{}", "no JSON"),
    (b"{}", "do must be one of"),
    (b'{"do": "fly"}', "do must be one of"),
    (b'{"do": ["wait"]}', "do must be one of"),
    (b'{"do": "wait"}', "ms must be a whole number"),
    (b'{"do": "wait", "ms": -1}', "ms must be a whole number"),
    (b'{"do": "wait", "ms": 1.5}', "ms must be a whole number"),
    (b'{"do": "wait", "ms": "1"}', "ms must be a whole number"),
    (b'{"do": "wait", "ms": 1e40}', "ms must be a whole number"),
    (b'{"do": "wait", "ms": 99999999999999999999}', "ms must be a whole number"),
    (b'{"do": "wait", "ms": true}', "ms must be a whole number"),
    (b'{"do": "load", "w": 100001}', "w must be a whole number from 0 to 100000"),
    (b'{"do": "inject", "wh": 0}', "wh must be a whole number from 1"),
    (b'{"do": "key", "key": "C", "down": 1}', "key must be one of: A B left right ok return"),
    (b'{"do": "key", "key": ["A"], "down": 1}', "key must be one of"),
    (b'{"do": "key", "key": "A", "down": 2}', "down must be a whole number from 0 to 1"),
    (b'{"do": "press", "key": "A"}', "ms must be a whole number"),
    (b'{"do": "set_time", "day": 1}', "second must be a whole number from 0 to 86399"),
    (b'{"do": "command", "name": "steal"}', "no such command, there are: arm"),
    (b'{"do": "command", "name": {"a": 1}}', "no such command"),
    (b'{"do": "command", "name": "top_up"}', "top_up takes mp"),
    (b'{"do": "command", "name": "top_up", "value": "5"}', "mp must be a whole number"),
    (b'{"do": "command", "name": "disable", "value": 1}', "disable takes no value"),
    (b'{"do": "command", "name": "pay_debt", "value": [1, 2]}', "register must be a text"),
    (b'{"do": "command", "name": "set_tariff", "value": ["zz", 0, 0]}', "tariff must be hex"),
    (b'{"do": "new"}', "settings must be an object"),
    (b'{"do": "new", "settings": {}}', "day must be a whole number"),
    (b'{"do": "new", "settings": {"day": 1, "second": 2, "nose": 3}}', "nose"),
    (b'{"do": "new", "settings": {"day": 1, "second": 2, "profile": "x"}}', "x"),
    (b'{"do": "new", "settings": {"day": 1, "second": 2, "secret": "0"}}', ""),
    (b'{"do": "part"}', "text must be a text"),
)


class WrongLines(unittest.TestCase):
    def test_each_is_answered_with_one_sentence_and_the_next_request_is_served(self):
        def script():
            for line, why in WRONG:
                answer = yield line
                self.assertEqual(answer["ok"], False, line)
                self.assertIn(why, answer["error"], line)
                self.assertEqual(answer["error"].count("\n"), 0)
                self.assertTrue((yield ask("text"))["ok"])
            state = (yield ask("observe"))["state"]
            self.assertEqual((state["balance_mp"], state["energy_wh"]), (LIVE_MP, 0))
            self.assertFalse((yield ask("hello"))["test"])

        bench = Bench()
        bench.run(script())
        self.assertEqual(bench.app.board.keys(), 0)

    def test_in_a_test_they_change_nothing_either(self):
        def script():
            yield new()
            before = (yield ask("observe"))["state"]
            for line, _ in WRONG:
                self.assertFalse((yield line)["ok"])
            yield ask("wait", ms=0)
            self.assertEqual((yield ask("observe"))["state"], before)

        Bench().run(script())

    def test_a_wh_that_makes_no_whole_pulses_is_refused(self):
        def script():
            yield new(imp_per_kwh=100)
            self.assertIn("whole pulses", (yield ask("inject", wh=5))["error"])
            self.assertEqual((yield ask("inject", wh=50))["pulses"], 5)

        Bench().run(script())


class RightLines(unittest.TestCase):
    def test_an_answer_has_the_id_of_its_request_whatever_it_is(self):
        def script():
            for number in (0, 7, "seven", None, [1]):
                self.assertEqual((yield ask("text", id=number))["id"], number)
            self.assertEqual((yield ask("fly", id=3))["id"], 3)
            yield new()
            self.assertEqual((yield ask("wait", ms=1000, id=5))["id"], 5)

        Bench().run(script())

    def test_hello_says_all_that_can_be_asked_and_each_of_it_is_known(self):
        def script():
            hello = yield ask("hello")
            self.assertEqual((hello["lab"], hello["cells"], hello["segments"]), (1, 8, 14))
            for name in ("set_time", "inject", "load", "press", "key", "text", "cells", "relay",
                         "contact", "observe", "dump", "command", "wait", "new", "end", "reset"):  # fmt: skip
                self.assertIn(name, hello["can"])

        Bench().run(script())

    def test_every_command_reaches_the_meter(self):
        def script():
            yield new(time_1_mp=1000000, weekly_mp=100000)
            for name, value, result in (
                ("top_up", 100000, "done"), ("disable", None, "done"), ("arm", None, "done"),
                ("clear_lockout", None, "done"), ("set_time", [9821, 0], "done"),
                ("pay_debt", ["time1", 1000], "done"), ("pay_debt", ["nose", 1000], "refused"),
                ("set_tariff", ["0101e8030000", 0, 0], "done"),
            ):  # fmt: skip
                answer = yield ask("command", name=name, value=value)
                self.assertEqual(answer.get("result"), result, name)

        Bench().run(script())

    def test_a_dump_has_the_history_and_no_key(self):
        def script():
            yield new(secret="5c" * 32)
            dump = yield ask("dump")
            for name in ("state", "history", "alerts", "notes", "store", "t_ms"):
                self.assertIn(name, dump)
            self.assertEqual(dump["store"], [8192, 2048])
            self.assertFalse("5c5c" in json.dumps(dump))

        Bench().run(script())

    def test_alerts_come_with_the_end_of_a_wait_and_only_once(self):
        def script():
            self.assertEqual((yield new(balance_mp=250000))["alert_count"], 0)
            yield ask("load", w=3000)
            answer = yield ask("wait", ms=3600000)
            self.assertEqual((answer["alert_count"], answer["alerts"]), (1, [0x810D]))
            answer = yield ask("wait", ms=0)
            self.assertEqual((answer["alert_count"], "alerts" in answer), (1, False))

        Bench().run(script())


class Parts(unittest.TestCase):
    def test_a_request_longer_than_a_line_comes_in_parts(self):
        def script():
            request = new(special_days=SPECIAL_DAYS, secret="5c" * 32)
            request["id"] = 77
            text = json.dumps(request)
            self.assertGreater(len(text), lab_line.MAX_BYTES)
            for at in range(0, len(text), 100):
                self.assertTrue((yield ask("part", text=text[at : at + 100]))["ok"])
            answer = yield ask("part", text="", last=1)
            answers.append(answer)
            self.assertFalse((yield ask("part", text="", last=1))["ok"])  # they are used up

        answers = []
        Bench().run(script())
        self.assertEqual((answers[0]["id"], answers[0]["ok"]), (77, True))

    def test_parts_without_an_end_do_not_fill_the_memory(self):
        def script():
            refused = 0
            for _ in range(60):
                refused += not (yield ask("part", text="x" * 100))["ok"]
            self.assertEqual(refused, 1)

        Bench().run(script())


if __name__ == "__main__":
    unittest.main()
