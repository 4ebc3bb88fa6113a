"""A whole flash on the simulated dev board: how it starts, what is left after faults, who may talk to it.

The program runs in the real MicroPython unix VM with the heap and the modules of the official image.
"""
# runs on: cpython

import time

import pytest

import devkit_made
import live_clock
from devkit import Devkit
from tools import interpreters

pytestmark = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
MONEY = 1_000_000  # mp: the £10.00 of devkit_made.SETTINGS
CHIP_HEAP = 164 << 10


@pytest.fixture
def new(tmp_path):
    """A board's flash with firmware and settings, never started."""
    path = tmp_path / "flash"
    path.write_bytes(devkit_made.flash({"/settings.json": devkit_made.settings_json(tmp_path)}))
    return path


@pytest.fixture
def used(new):
    """The same after its first start."""
    with Devkit(new) as kit:
        kit.until(lambda state: (state["seen"].get("meter") or {}).get("balance_mp") == MONEY)
    return new


def ledger(path):
    at = devkit_made.LEDGER_AT
    return path.read_bytes()[at : at + devkit_made.LEDGER_BYTES]


def test_a_new_board_says_that_it_is_not_set_up(tmp_path):
    (tmp_path / "flash").write_bytes(devkit_made.flash())
    with Devkit(tmp_path / "flash") as kit:
        state = kit.until(lambda state: str(state["seen"].get("text")).startswith("Not set"))
        seen = state["seen"]
        assert (seen["contact"], seen["relay_operations"], seen["coil_faults"]) == (1, 0, 0)
    assert not ledger(tmp_path / "flash").strip(b"\xff")


def test_settings_on_the_disk_are_used_once_and_forgotten(used):
    secret = devkit_made.IDENTITY["secret"]
    assert secret in ledger(used)
    with Devkit(used) as kit:
        assert kit.meter()["balance_mp"] == MONEY
        status, text = kit.mpremote("exec", "import os; print(os.listdir('/'))")
        assert status == 0 and "main.py" in text and "settings" not in text, text
        assert "first start" not in text


def test_use_and_money_outlive_power_cuts(used):
    with Devkit(used) as kit:
        kit.meter()
        kit.do("load", w=36000)  # ten pulses a second
        kit.until(lambda state: state["seen"]["meter"]["energy_wh"] >= 20)
        kit.do("load", w=0)
        top_up = "print(meter.command('top_up', 500000))"  # which commits the use before it
        assert kit.mpremote("resume", "exec", top_up)[0] == 0
        used_wh = int(kit.mpremote("resume", "eval", "meter.observe()['energy_wh']")[1])
        left_mp = int(kit.mpremote("resume", "eval", "meter.observe()['balance_mp']")[1])
        assert used_wh >= 20 and left_mp == MONEY + 500_000 - 24_500 * used_wh // 1000
        assert kit.do("unplug")["state"] == "off"
        kit.do("plug")
        seen = kit.until(lambda state: state["seen"].get("meter"))["seen"]
        assert seen["contact"] == 1 and seen["relay_operations"] == 0
        assert (seen["meter"]["energy_wh"], seen["meter"]["balance_mp"]) == (used_wh, left_mp)
    with Devkit(used) as kit:  # another day
        meter = kit.meter()
        assert (meter["energy_wh"], meter["balance_mp"]) == (used_wh, left_mp)


def test_esptool_and_mpremote_take_turns_on_one_port(used):
    with Devkit(used) as kit:
        kit.meter()
        assert kit.mpremote("fs", "ls", ":")[0] == 0
        status, text = kit.esptool("read-flash", "0x8000", "0xc00", str(used) + ".table")
        assert status == 0, text
        assert kit.meter()["balance_mp"] == MONEY  # reset by esptool, it meters again
        status, text = kit.mpremote("resume", "eval", "meter.observe()['balance_mp']")
        assert (status, text.strip()) == (0, str(MONEY))
        assert kit.mpremote("reset")[0] == 0
        assert kit.meter()["balance_mp"] == MONEY


def test_a_restart_by_the_program_takes_no_notice_of_the_boot_button(used):
    with Devkit(used) as kit:
        kit.meter()
        kit.do("boot_button", on=True)
        restart = ("exec", "--no-follow", "import machine; machine.reset()")
        status, text = kit.mpremote("resume", *restart)
        assert status == 0, text  # it is told that the program has come
        kit.until(lambda state: state["seen"].get("meter") and "prompt" not in state["seen"])
        assert kit.ask()["state"] == "running"
        assert kit.do("reset")["state"] == "download"


class Nobody:
    """A line on which nothing comes."""

    def send(self, message):
        pass

    def is_waiting(self, wait_ms):
        time.sleep(wait_ms / 1000)
        return False


def test_a_sleep_of_the_program_is_no_shorter_because_it_was_busy_before():
    chip = live_clock.ChipWorld(Nobody(), 1, lambda: None, 9820, 0, True)
    began_ms, before_ms = time.monotonic() * 1000, chip.t_ms
    while time.monotonic() * 1000 < began_ms + 60:
        pass
    busy_ms = time.monotonic() * 1000 - began_ms
    chip.pause(100)
    assert time.monotonic() * 1000 - began_ms >= busy_ms + 98
    assert chip.t_ms - before_ms <= time.monotonic() * 1000 - began_ms + 2


def test_the_program_has_what_the_chip_has_and_no_more(used):
    with Devkit(used) as kit:
        kit.meter()
        ask = "import gc, sys, machine, esp32; gc.collect(); print(gc.mem_free(), sys.path,"
        ask += " hasattr(machine, 'Counter'), [p.info()[4] for p in esp32.Partition.find(1)])"
        status, text = kit.mpremote("exec", ask)
        assert status == 0, text
        free, rest = text.split(" ", 1)
        assert 0.9 < int(free) / (2 * CHIP_HEAP) < 1.02  # words here are twice the chip's
        assert rest.startswith("['', '.frozen', '/lib'"), rest
        assert rest.strip().endswith("False ['nvs', 'phy_init', 'vfs', 'ledger']"), rest
        for name in ("termios", "world", "live_flash", "bench"):
            assert "ImportError" in kit.mpremote("exec", f"import {name}")[1], name


def test_a_blank_disk_is_made_and_a_prompt_waits(tmp_path):
    at, size = devkit_made.disk_at()
    flash = bytearray(devkit_made.flash())
    flash[at : at + size] = b"\xff" * size
    (tmp_path / "flash").write_bytes(flash)
    with Devkit(tmp_path / "flash") as kit:
        kit.until(lambda state: state["seen"].get("prompt") == "")
        status, text = kit.mpremote("fs", "ls", ":")
        assert status == 0 and "boot.py" in text, text


def test_a_broken_disk_leaves_relay_and_ledger_alone_and_ctrl_c_helps(used):
    before = ledger(used)
    used.write_bytes(devkit_made.damaged(used.read_bytes()))
    with Devkit(used) as kit:
        kit.until(lambda state: state["seen"].get("interpreter"))
        status, text = kit.mpremote("resume", "exec", "import os; print(os.listdir('/'))")
        assert status == 0 and text.strip() == "[]", text
        state = kit.ask()
        assert state["contact"] == 1 and "relay_operations" not in state["seen"]
        assert kit.mpremote("exec", "1")[0] != 0  # a soft reset ends in the same lament
    assert ledger(used) == before


def test_a_frozen_build_meters_on_without_a_disk(used):
    used.write_bytes(devkit_made.damaged(used.read_bytes()))
    with Devkit(used, production=True) as kit:
        kit.until(lambda state: state["seen"].get("text") == "£10.00")  # and no dot: no prompt
        assert kit.mpremote("resume", "exec", "1")[0] != 0
        kit.do("load", w=36000)
        kit.until(lambda state: state["seen"]["blinks"] >= 3)
        assert kit.ask()["contact"] == 1


def test_a_watchdog_that_runs_bites_at_the_prompt_too(used):
    with Devkit(used) as kit:
        kit.meter()
        status, text = kit.mpremote("resume", "exec", "import machine; machine.WDT(timeout=2000)")
        assert status == 0, text
        kit.until(lambda state: state["seen"].get("watchdog_ms") == 10000)  # it started again
        assert kit.meter()["balance_mp"] == MONEY
