"""`shilling provision` on a blank board and on a meter: read back, refused, resumed, no key anywhere."""
# runs on: cpython

import json
import os
import stat
import subprocess
import time

import pytest

from at_the_port import Cut, CutDevice, Running, back_on, shilling, url_of
from tools import interpreters, keys
from tools.device import RAW_PROMPT, RESET, Device
from tools.device.state import read_back
from tools.errors import UserError
from tools.interpreters import ROOT
from tools.provision import provision
from tools.settings import settings_of
from tools.utrn_vend import PUBLIC_TEST_KEYS

NEEDS_VM = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
BLANK = ("--blank",)
YAML = """profile: key_meter
balance: 7.50
rate: 31.20
debt: {time1: 47.00, weekly: 7.00}
special_days: {2027-05-04: holiday}
"""


class Asked:
    """The options that matter to provision()."""

    def __init__(self, replace=False, yes=False, old_keys=None):
        self.replace, self.yes_lose_the_money, self.old_keys = replace, yes, old_keys


@pytest.fixture
def settings(tmp_path):
    file = tmp_path / "my.yaml"
    file.write_text(YAML, encoding="utf-8")
    return file


@pytest.fixture
def folder(tmp_path):
    return keys.opened(tmp_path / "keys")


def set_up(running, folder, file, at=-1, **asked):
    with CutDevice(running, at) as device:
        made = provision(device, folder, settings_of(file), Asked(**asked), lambda text: None)
    return made, device.changes


def state_of(running):
    with Device(url_of(running)) as device:
        device.enter(fresh=False)
        return read_back(device)


@NEEDS_VM
def test_a_blank_board_becomes_the_meter_of_the_file(tmp_path, settings, folder):
    with Running(tmp_path / "run", *BLANK) as meter:
        assert meter.state["text"].startswith("Not")
        status, printed, told = shilling(
            "provision", "--port", url_of(meter), settings, "--keys-folder", folder,
            "--svg", tmp_path / "label.svg",
        )  # fmt: skip
        assert status == 0, told
        (meter_id,) = keys.known(folder)
        kept = keys.file_of(folder, meter_id)
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and not keys.is_begun(folder, meter_id)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert meter_id[:4] in printed and str(kept) in printed
        assert meter_id in (tmp_path / "label.svg").read_text(encoding="utf-8")
        told = meter.until(lambda state: (state["meter"] or {}).get("balance_mp"))["meter"]
        assert (told["profile"], told["balance_mp"]) == ("key_meter", 750000)
        state = state_of(meter)
        assert (state["weekly_mp"], state["time_1_mp"]) == (700000, 4700000)
        assert state["meter_id"] == meter_id
        with Device(url_of(meter)) as device:
            device.enter()
            assert not device.exists("/settings.json")  # there is a key in it


@NEEDS_VM
def test_its_keys_sell_a_top_up(tmp_path, settings, folder):
    with Running(tmp_path / "run", *BLANK) as meter:
        made, _ = set_up(meter, folder, settings)
        file = keys.file_of(folder, made.meter.hex())
        _, printed, _ = shilling(
            "vend", "--keys", file, "--counter", 1, "--amount", "10.00", "--json"
        )
        digits = [int(digit) for digit in json.loads(printed)["code"]]
        with Device(url_of(meter)) as device:
            device.enter(fresh=False)
            credit = "from shilling import codes\nb=bytes({})\nprint(codes.OUTCOMES[meter.top_up.begin(b)],"
            credit += "codes.OUTCOMES[meter.top_up.finish()],meter.observe()['balance_mp'])"
            printed = device.run(credit.format(digits))
        assert printed.split()[-2:] == ["done", str(750000 + 1000000)], printed


@NEEDS_VM
def test_a_meter_refuses_whoever_has_not_its_keys(tmp_path, settings, folder):
    with Running(tmp_path / "run", *BLANK) as meter:
        made, _ = set_up(meter, folder, settings)
        old_id = made.meter.hex().upper()
        with pytest.raises(UserError, match=f"{old_id} already, balance 7.50: --replace"):
            set_up(meter, folder, settings)
        stranger = keys.opened(tmp_path / "stranger")
        with pytest.raises(UserError, match="without the keys"):
            set_up(meter, stranger, settings, replace=True, yes=True)
        forged = json.loads(keys.file_of(folder, old_id).read_text())
        forged["secret"] = "00" * 32
        keys.file_of(stranger, old_id).write_text(json.dumps(forged))
        with pytest.raises(UserError, match="the meter refused"):
            set_up(meter, stranger, settings, replace=True, yes=True)
        with pytest.raises(UserError, match="--yes-lose-the-money"):
            set_up(meter, folder, settings, replace=True)
        state = state_of(meter)
        assert (state["meter_id"], state["balance_mp"]) == (old_id, 750000)
        new, _ = set_up(meter, folder, settings, replace=True, yes=True)
        assert state_of(meter)["meter_id"] == new.meter.hex().upper() != old_id


@NEEDS_VM
def test_a_second_run_finishes_what_a_cut_left(tmp_path, settings, folder):
    with Running(tmp_path / "run", *BLANK) as meter:
        _, last = set_up(meter, folder, settings)
        for at in (last // 2, last - 1, last):
            with pytest.raises(Cut):
                set_up(meter, folder, settings, at, replace=True, yes=True)
            back_on(meter)
            made, _ = set_up(meter, folder, settings, replace=True, yes=True)
            state = state_of(meter)
            assert state["meter_id"] == made.meter.hex().upper(), at
            assert (state["balance_mp"], state["ledger"]) == (750000, "balanced")


class Stumbling(Device):
    """Its board restarts once just after it came to the prompt."""

    stumbled = False

    def _hear(self, ending, quiet_s):
        heard = super()._hear(ending, quiet_s)
        if heard.endswith(RAW_PROMPT) and not self.stumbled:
            self.stumbled = True
            self.line.serial.write(RESET.encode() + b"\x04")
            time.sleep(0.3)
        return heard


@NEEDS_VM
def test_a_board_that_restarts_on_the_way_to_its_prompt_is_waited_for(tmp_path):
    with Running(tmp_path / "run", *BLANK) as meter, Stumbling(url_of(meter)) as device:
        device.enter(fresh=False)
        assert device.stumbled and device.value("6 * 7") == 42


def test_keys_never_go_into_a_repository(tmp_path):
    (tmp_path / "work" / ".git").mkdir(parents=True)
    for inside in (ROOT / "build" / "keys", tmp_path / "work" / "deep" / "keys"):
        with pytest.raises(UserError, match="must not be there"):
            keys.opened(inside)
        assert not inside.exists()


def test_two_meters_of_a_vendor_have_one_vendor_and_no_other_thing_in_common(folder):
    one, two = keys.make(folder), keys.make(folder)
    assert one.originator == two.originator
    assert one.meter != two.meter and one.secret != two.secret
    assert keys.read(keys.file_of(folder, one.meter.hex())) == one
    assert one.meter[0] & 3 == 2  # locally administered, one device


@pytest.mark.parametrize("wrong", [b"", b"\xff\xfe\x00", b"90B3", b"0" * 16, b"no hexadecimals!"])
def test_a_vendor_whose_id_is_damaged_makes_no_keys(tmp_path, folder, wrong):
    (folder / keys.ORIGINATOR).write_bytes(wrong)
    with pytest.raises(UserError, match="does not hold the vendor's id, 16 hexadecimal digits"):
        keys.make(folder)
    assert os.listdir(folder) == [keys.ORIGINATOR]


def test_a_keys_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    said = "cannot be made: .*; say another one with --keys-folder"
    for place in ("/proc/x", tmp_path / "file", tmp_path / "file/x"):
        with pytest.raises(UserError, match=said):
            keys.opened(place)


def test_a_wrong_keys_file_is_told_without_what_is_in_it(tmp_path):
    file = tmp_path / "keys.json"
    for text in ("no json", "[]", json.dumps({**PUBLIC_TEST_KEYS, "secret": "5c0000beef"})):
        file.write_text(text)
        with pytest.raises(UserError) as caught:
            keys.read(file)
        assert "beef" not in str(caught.value) and str(file) in str(caught.value)


@NEEDS_VM
def test_no_key_is_printed_or_left_anywhere(tmp_path, settings, folder):
    """Not in what is printed or logged, not in a file but the keys' own, not on a command line."""
    with Running(tmp_path / "run", *BLANK) as meter:
        seen = []
        for more in ((), (), ("--replace",), ("--replace", "--yes-lose-the-money")):
            command = (
                "provision",
                "--port",
                url_of(meter),
                settings,
                "--keys-folder",
                folder,
                *more,
            )
            seen.append(shilling(*command))
        assert [status for status, _, _ in seen] == [0, 2, 2, 0]
        meter_ids = keys.known(folder)
        seen.append(shilling("label", meter_ids[0], "--keys-folder", folder))
        printed = "".join(out + told for _, out, told in seen)
        lines = open(f"/proc/{meter.process.pid}/cmdline").read() if os.path.exists("/proc") else ""
        for meter_id in meter_ids:
            secret = keys.find(folder, meter_id).secret.hex()
            assert secret not in printed.lower() + lines
            found = subprocess.run(["grep", "-rliF", secret, tmp_path, ROOT / "tools", ROOT / "build"],
                                   capture_output=True, text=True, check=False)  # fmt: skip
            holders = {name for name in found.stdout.split() if not name.endswith(".bin")}
            assert holders == {str(keys.file_of(folder, meter_id))}
