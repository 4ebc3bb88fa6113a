"""`shilling selftest`: each part tried on silicon that works and on silicon that does not."""
# runs on: cpython

import json
import threading
import time

import pytest

from at_the_port import Running, shilling, url_of
from tools import interpreters, selftest
from tools.device import Device

pytestmark = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
FRIDAY = ("--now", "2026-11-20T11:00:00")
BALANCE_MP = 1000000


class Fingers(selftest.Hands):
    """Somebody beside the panel who does as told, with the keys in `keys`, and sees what is so."""

    def __init__(self, running, keys):
        super().__init__(True)
        self.running, self.keys = running, keys
        self.seen = []  # what the display showed, the buzzer's levels
        self.told = []

    def tell(self, text):
        self.told.append(text)
        if text.startswith("press ") and text[6:] in self.keys:
            key = self.keys[text[6:]]
            threading.Timer(0.3, self.running.press, (key, 0.3)).start()
        elif text.startswith("pulses"):
            self.running.do("appliance", name="heater", on=True)

    def confirm(self, question):
        self.told.append(question)
        return selftest.OK, "seen"


def tried(running, hands, relay=False, only=selftest.PARTS):
    with Device(url_of(running)) as device:
        device.enter()
        test = selftest.SelfTest(device, hands, relay, pulse_s=20)
        return {result.part: result for result in test.run(only)}


def test_a_good_board_passes_with_hands_and_keeps_its_money(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        ledger = (tmp_path / "ledger.bin").read_bytes()
        found = tried(meter, Fingers(meter, {"A": "A", "B": "B"}), relay=True)
        assert {part: result.result for part, result in found.items()} == {
            "display": "ok", "buttons": "ok", "relay": "ok", "pulses": "ok", "clock": found["clock"].result,
            "store": "ok", "buzzer": "ok",
        }  # fmt: skip
        assert "counts" in found["clock"].what  # the meter's Friday is not today
        assert (tmp_path / "ledger.bin").read_bytes() == ledger
        told = meter.until(lambda state: state["vm"] == "running" and state["meter"])["meter"]
        assert told["balance_mp"] == BALANCE_MP
        assert meter.state["contact"] == 1 and meter.state["coil_faults"] == 0


def test_every_cell_is_lit_whole_and_alone(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        seen = set()
        ended = threading.Event()

        def watch():
            while not ended.is_set():
                meter.hear(0.05)
                seen.add(tuple(meter.state["cells"]))

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            found = tried(meter, selftest.Hands(False), only=("display",))
        finally:
            ended.set()
            thread.join()
        assert found["display"].result == "ok"
        whole = 0x7FFF
        assert (whole,) * 8 in seen
        for cell in range(8):
            assert tuple(whole if each == cell else 0 for each in range(8)) in seen, cell


def test_the_wrong_button_is_told(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        found = tried(meter, Fingers(meter, {"A": "B"}), only=("buttons",))
        assert found["buttons"].result == "fault"
        assert found["buttons"].what == "A pressed, seen: B"


def test_a_button_that_is_stuck_is_told(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        with Device(url_of(meter)) as device:
            device.enter()
            test = selftest.SelfTest(device, selftest.Hands(False))
            meter.do("press", key="B")
            time.sleep(0.2)
            test.ask("wait(300)")  # the world's hands move while its time passes
            (result,) = test.run(("buttons",))
            meter.do("release", key="B")
        assert result == ("buttons", "fault", "down though nobody presses: B")


@pytest.mark.parametrize(
    ("fault", "part", "words"),
    [("unplug(0x71)", "display", "a part of it does not answer"),
     ("unplug(0x68)", "clock", "no answer"),
     ("rtc_lose()", "clock", "it had stopped"),
     ("weld()", "relay", "told to be open, the contact says closed"),
     ("hold_line('SDA')", "display", "does not answer")],
)  # fmt: skip
def test_a_broken_part_is_named(tmp_path, fault, part, words):
    with Running(tmp_path) as meter, Device(url_of(meter)) as device:
        device.enter()
        device.run(f"import world\nworld.current.{fault}")
        _, results = selftest.run(device, (part, "store"), relay=True)
        broken, store = results
        assert (broken.part, broken.result, store.result) == (part, "fault", "ok")
        assert words in broken.what, broken.what


def test_without_hands_nothing_is_asked_and_the_report_is_json(tmp_path):
    with Running(tmp_path) as meter:
        status, printed, told = shilling(
            "selftest", "--port", url_of(meter), "--json", "--pulse-seconds", 1
        )
        report = json.loads(printed)
        assert (status, told, report["faults"]) == (0, "", 0)
        assert [part["part"] for part in report["parts"]] == list(selftest.PARTS)
        untested = [part["part"] for part in report["parts"] if part["result"] == "untested"]
        assert untested == ["buttons", "relay", "pulses", "buzzer"]
        assert meter.settled()["relay_operations"] == 0


def test_a_fault_is_exit_status_1(tmp_path):
    """A clock that is set to Friday while this computer has another day."""
    with Running(tmp_path, *FRIDAY) as meter:
        status, printed, _ = shilling("selftest", "--port", url_of(meter), "--only", "clock")
        assert status == 1 and "clock     fault" in printed and "1 faulty" in printed
