"""`shilling deploy` on a running meter: money, other files and a running version survive everything."""
# runs on: cpython

import pytest

from at_the_port import Cut, CutDevice, Running, back_on, shilling, url_of, version
from tools import interpreters
from tools.deploy import deploy
from tools.device import Device
from tools.device.update import Update
from tools.errors import UserError

pytestmark = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
FRIDAY = ("--now", "2026-11-20T11:00:00", "--balance", "12.34")
MONEY = 1234000
OLD_MAIN = b"""from esp32_board import Board
from shilling.app import App

meter = App(Board())
meter.run()
"""
BROKEN = {"/lib/start.mpy": b"no bytecode at all"}


def nothing(*_):
    pass


def updated(running, files, at=-1):
    """Bring files onto the board, without trying them; Cut before change number `at`."""
    device = CutDevice(running, at)
    try:
        device.enter()
        update = Update(device, files)
        update.stage()
        update.switch()
        update.finish()
        device.restart(quiet_s=0.5)
        return device.changes
    finally:
        device.close()


def names(device, folder="/"):
    return set(device.value(f"__import__('os').listdir({folder!r})"))


def test_the_command_says_what_it_did(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        status, printed, told = shilling("deploy", "--port", url_of(meter))
        assert (status, told) == (0, "")
        assert "these already" in printed and printed.count("balance 12.34") == 2
        meter.until(lambda state: state["vm"] == "running")


def test_an_update_keeps_money_settings_and_files_of_others(tmp_path):
    said = []
    with Running(tmp_path, *FRIDAY) as meter:
        with Device(url_of(meter)) as device:
            device.enter()
            device.make_folders("/lib/umqtt")
            device.write("/lib/umqtt/simple.py", b"mine = 1\n")
            device.write("/lib/shilling/gone.py", b"of the old version\n")
            device.write("/note", b"mine too")
            deploy(device, version("9.8.7"), say=said.append)
            device.enter()
            assert names(device) - {"log"} == {"main.py", "lib", "note"}
            assert names(device, "/lib/umqtt") == {"simple.py"}
            assert "gone.py" not in names(device, "/lib/shilling")
        meter.until(lambda state: state["vm"] == "running")
        told = meter.until(lambda state: (state["meter"] or {}).get("version") == "9.8.7")["meter"]
        assert told["balance_mp"] == MONEY and told["ledger"] == "balanced"
        assert "1 sent" in " ".join(said)  # the rest was copied on the board


def test_a_cut_before_any_change_leaves_a_version_that_runs(tmp_path):
    """The first one, one in the copying, and each one from the end of the copying on."""
    with Running(tmp_path, *FRIDAY) as meter:
        updated(meter, version("1.0.0"))
        old, last = "1.0.1", updated(meter, version("1.0.1"))
        for at in (0, last // 2, *range(last - 8, last)):
            new = f"1.1.{at}"
            with pytest.raises(Cut):
                updated(meter, version(new), at)
            told = back_on(meter)
            assert told["version"] in (old, new) and told["balance_mp"] == MONEY, at
            updated(meter, version(new))
            meter.until(lambda state, new=new: (state["meter"] or {}).get("version") == new)
            old = new


def test_a_version_that_does_not_start_goes_and_the_old_one_comes_back(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        with Device(url_of(meter)) as device, pytest.raises(UserError, match="before is back"):
            deploy(device, version("2.0.0", BROKEN.items()), say=nothing)
        told = meter.until(lambda state: state["vm"] == "running" and state["meter"])["meter"]
        assert told["version"] != "2.0.0" and told["balance_mp"] == MONEY


def test_a_full_disk_is_said_and_the_meter_runs_on(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        with Device(url_of(meter)) as device:
            device.enter()
            big = "f=open('/holiday.jpg','wb')\nfor _ in range({}):f.write(bytes(4096))\nf.close()"
            device.run(big.format(device.free_bytes() // 4096 - 20), timeout_s=60)
        with Device(url_of(meter)) as device, pytest.raises(UserError, match="holiday.jpg"):
            deploy(device, version("3.0.0"), say=nothing)
        told = meter.until(lambda state: state["vm"] == "running" and state["meter"])["meter"]
        assert told["version"] != "3.0.0" and told["balance_mp"] == MONEY
        with Device(url_of(meter)) as device:
            device.enter()
            assert names(device) - {"log"} == {"main.py", "lib", "holiday.jpg"}


def test_the_flat_layout_of_before_is_left_behind(tmp_path):
    """Modules right in / would be found before those in /lib."""
    with Running(tmp_path, *FRIDAY) as meter:
        with Device(url_of(meter)) as device:
            device.enter()
            for name in names(device, "/lib"):
                device.rename(f"/lib/{name}", f"/{name}")
            device.remove("/lib")
            device.write("/main.py", OLD_MAIN)
            device.restart(quiet_s=1)
            device.enter(fresh=False)
            deploy(device, version("4.0.0"), say=nothing)
            device.enter()
            assert names(device) - {"log"} == {"main.py", "lib"}
        told = meter.until(lambda state: (state["meter"] or {}).get("version") == "4.0.0")["meter"]
        assert told["balance_mp"] == MONEY


def test_a_wrong_port_is_one_sentence(tmp_path):
    for port, words in (
        (tmp_path / "none", "there is no port"),
        ("socket://127.0.0.1:1", "nobody answers"),
        ("foo://bar", "is no port: there are names such as /dev/ttyUSB0"),
        ("/etc/hostname", "does not open as a serial port"),
    ):
        status, _, told = shilling("deploy", "--port", port)
        assert status == 2 and words in told and told.count("\n") == 1, told
    status, _, told = shilling("deploy", cold=True)
    assert status == 2 and "--port" in told
