"""`shilling flash` on the simulated dev board: the whole job, and what a pulled cable leaves behind.

The real esptool and mpremote transport over rfc2217, a flash with NOR rules, the program of that flash.
"""
# runs on: cpython

import pytest

import devkit_made
from devkit import Devkit
from tools import interpreters

pytestmark = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
MONEY = 1_000_000


def flash_it(kit, *more):
    return kit.tool("tools.cli", "flash", "--port", kit.url, *more, limit_s=300)


def last_line(text):
    return text.strip().splitlines()[-1]


def ledger(path):
    at = devkit_made.LEDGER_AT
    return path.read_bytes()[at : at + devkit_made.LEDGER_BYTES]


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """The flash of a meter in use."""
    folder = tmp_path_factory.mktemp("used")
    path = folder / "flash"
    path.write_bytes(devkit_made.flash({"/settings.json": devkit_made.settings_json(folder)}))
    with Devkit(path) as kit:
        kit.until(lambda state: (state["seen"].get("meter") or {}).get("balance_mp") == MONEY)
    return path.read_bytes()


def test_a_cable_pulled_while_flashing_costs_a_second_run(tmp_path):
    with Devkit(tmp_path / "flash") as kit:
        kit.do("cut_at_write", n=3000)  # the files are there, the program in part
        status, text = flash_it(kit)
        assert status == 2 and "Traceback" not in text, text
        assert "run this again" in last_line(text), text
        assert kit.ask()["state"] == "off"
        kit.do("plug")
        assert kit.ask()["state"] == "not booting"
        kit.do("bench", bench={"clock": "ntp"})  # nobody has soldered the clock chip in
        status, text = flash_it(kit)
        assert status == 1 and "no clock chip answers" in text, text
        assert last_line(text).startswith("FAULTY: clock. The board is flashed;"), text
        assert kit.until(lambda state: str(state["seen"].get("text")).startswith("Not set"))
    made = devkit_made.flash()
    kept = (tmp_path / "flash").read_bytes()
    assert kept[0x1000:0x9000] == made[0x1000:0x9000]  # bootloader and table
    at = devkit_made.APP_AT
    assert kept[at : devkit_made.disk_at()[0]] == made[at : devkit_made.disk_at()[0]]


def test_a_half_written_partition_table_costs_no_money(tmp_path, used):
    path = tmp_path / "flash"
    table = devkit_made.TABLE_AT
    path.write_bytes(used[: table + 100] + b"\xff" * 3996 + used[table + 4096 :])
    before = ledger(path)
    with Devkit(path) as kit:
        assert "flash_parts" in kit.ask()["why"]
        settings = tmp_path / "new.yaml"
        settings.write_text("profile: key_meter\n")
        keys = ("--keys-folder", tmp_path / "keys")
        status, text = flash_it(kit, "--settings", settings, *keys)  # it has its own
        assert status == 0 and "not used: this is meter 0102030405060708 already" in text, text
        assert kit.meter()["balance_mp"] == MONEY
        assert "kept" in text
    assert ledger(path)[:4096] == before[:4096]


@pytest.mark.parametrize("chip", ["esp32s3", "esp32c3"])
def test_another_chip_is_left_alone(tmp_path, chip):
    with Devkit(tmp_path / "flash", chip=chip, no_vm=True) as kit:
        status, text = flash_it(kit)
        assert status == 2 and "ESP32-" in last_line(text) and "Traceback" not in text, text
    assert not (tmp_path / "flash").read_bytes().strip(b"\xff")


def test_a_small_flash_is_left_alone(tmp_path):
    with Devkit(tmp_path / "flash", size=2, no_vm=True) as kit:
        status, text = flash_it(kit)
        assert status == 2 and "2 MB" in last_line(text), text
    assert not (tmp_path / "flash").read_bytes().strip(b"\xff")
