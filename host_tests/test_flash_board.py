"""A board is flashed: what is written, what is kept, and that a second run finishes any first one.

The chip here is the flash in memory of flash_chip.py. With the real esptool: test_flash_port.py.
"""
# runs on: cpython

import hashlib

import pytest

from flash_chip import OFFICIAL, SECTOR, Chip, PowerCut, made, meters_flash
from tools import keys, provision
from tools.errors import UserError
from tools.flashing import board, disk, files, keep, money, table
from tools.flashing.money import BLANK, FOREIGN, METER, UNREADABLE

pytestmark = pytest.mark.skipif(not OFFICIAL, reason="make setup found no official image")
LEDGER = slice(0x300000, 0x380000)
VFS = slice(0x200000, 0x300000)

WANTED = {"/main.py": b"print(1)\n", "/lib/start.mpy": b"M\x06\x00\x1f" + b"x" * 3000}


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(keep, "FOLDER", tmp_path / "kept")


def run(chip, confirm=None, wanted=None, own_board=False):
    job = board.Board(chip, made(), lambda text: None)
    job.look()
    job.erase_ledger(confirm)
    return job, job.write(WANTED if wanted is None else wanted, own_board)


def check(chip, ledger=b"\xff" * 0x80000, wanted=WANTED):
    assert table.is_ours(table.parse(bytes(chip.flash[0x8000:0x9000])))
    assert disk.read(bytes(chip.flash[VFS])) == wanted
    at, data = made().parts["factory"]
    assert chip.flash[at : at + len(data)] == data
    assert chip.flash[LEDGER] == ledger


def test_a_new_board_gets_everything_and_a_second_run_writes_nothing():
    chip = Chip()
    job, done = run(chip)
    check(chip)
    assert job.ledger.kind == BLANK and all("written" in said for _, said in done)
    chip.touched.clear()
    _, done = run(chip)
    assert chip.touched == [] and all("there already" in said for _, said in done)


def test_nvs_phy_and_ledger_are_never_touched():
    chip = Chip()
    run(chip)
    spared = [at for at in chip.touched if 0x9000 <= at < 0x10000 or at >= 0x300000]
    assert spared == []


@pytest.mark.parametrize("whose", ["new", "meter"])
def test_a_second_run_finishes_wherever_power_went(whose):
    ledger = meters_flash() if whose == "meter" else b"\xff" * 0x80000
    start = bytearray(b"\xff" * table.FLASH_BYTES)
    start[LEDGER] = ledger
    whole = Chip(start)
    run(whole)
    steps = len(whole.touched)
    assert steps > 600
    cuts = sorted({0, 1, 2, steps - 1, steps - 2, *range(3, steps, 97)})
    for left in cuts:
        chip = Chip(start)
        chip.left = left
        with pytest.raises(PowerCut):
            run(chip)
        chip.left = None
        job, _ = run(chip)
        check(chip, ledger)
        assert job.ledger.kind == (METER if whose == "meter" else BLANK), left


def test_a_meters_money_is_kept_and_named():
    chip = Chip()
    chip.flash[LEDGER] = meters_flash()
    job, _ = run(chip)
    check(chip, meters_flash())
    assert job.ledger == (METER, "0123456789ABCDEF", "£12.34")
    assert "0123456789ABCDEF" in job.ledger_line()


def test_a_ledger_stays_under_an_official_table_and_without_any():
    official = OFFICIAL[0].read_bytes()[0x7000:0x8000]
    for now in (official, b"\xff" * SECTOR, official[:100] + b"\xff" * (SECTOR - 100)):
        chip = Chip()
        chip.flash[LEDGER] = meters_flash()
        chip.flash[0x8000:0x9000] = now
        run(chip)
        check(chip, meters_flash())


def test_old_files_in_the_ledgers_place_are_erased_before_the_table_names_it():
    chip = Chip()
    chip.flash[0x8000:0x9000] = OFFICIAL[0].read_bytes()[0x7000:0x8000]
    chip.flash[0x310000:0x320000] = b"files!!!" * 0x2000
    chip.left = 40  # in the middle of the erasing
    with pytest.raises(PowerCut):
        run(chip)
    assert "ledger" not in table.parse(bytes(chip.flash[0x8000:0x9000]))
    chip.left = None
    job, _ = run(chip)
    check(chip)
    assert job.ledger.kind == BLANK


def test_bytes_that_may_be_a_damaged_ledger_are_kept():
    damaged = bytes(b & 0xFE for b in meters_flash())
    for now in (made().parts["partition table"][1], b"\xff" * SECTOR):
        chip = Chip()
        chip.flash[LEDGER], chip.flash[0x8000:0x9000] = damaged, now
        job, _ = run(chip)
        check(chip, damaged)
        assert job.ledger.kind == UNREADABLE


def test_a_ledger_is_erased_only_after_a_second_yes():
    chip = Chip()
    chip.flash[LEDGER] = meters_flash()

    def no(found):
        raise UserError(f"{found.meter} was not typed")

    with pytest.raises(UserError, match="0123456789ABCDEF"):
        run(chip, no)
    assert chip.flash[LEDGER] == meters_flash() and chip.touched == []
    job, _ = run(chip, lambda found: None)
    check(chip)
    assert job.ledger.kind == BLANK


def test_a_ledger_somewhere_else_is_not_moved():
    chip = Chip()
    entry = bytearray(made().parts["partition table"][1])
    at = entry.index(b"ledger") - 8
    entry[at : at + 4] = (0x380000).to_bytes(4, "little")
    end = entry.index(table.MD5_MAGIC)
    entry[end + 16 : end + 32] = hashlib.md5(entry[:end]).digest()
    chip.flash[0x8000:0x9000] = entry
    with pytest.raises(UserError, match="0x380000"):
        run(chip)
    assert chip.touched == []


def test_a_flash_of_2_mb_is_too_small():
    with pytest.raises(UserError, match="2 MB of flash"):
        run(Chip(size=2 << 20))


def test_the_boards_own_board_json_survives_a_flash_and_a_cut_one():
    chip = Chip()
    run(chip, wanted={**WANTED, files.BOARD: b'{"relay": "plain"}'}, own_board=True)
    newer = {**WANTED, "/lib/more.mpy": b"M\x06\x00\x1fnew"}
    chip.left = 3  # the disk is gone, and board.json with it
    with pytest.raises(PowerCut):
        run(chip, wanted=newer)
    assert disk.read(bytes(chip.flash[VFS])) is None
    chip.left = None
    run(chip, wanted=newer)
    check(chip, wanted={**newer, files.BOARD: b'{"relay": "plain"}'})
    assert keep.load("24:0a:c4:00:00:01") is None
    run(chip, wanted={**newer, files.BOARD: b"{}"}, own_board=True)
    check(chip, wanted={**newer, files.BOARD: b"{}"})


def test_a_disk_that_was_written_to_and_has_the_same_files_stays():
    chip = Chip()
    run(chip)
    written = disk._open(chip.flash[VFS], 0x100000)
    written.mount()
    with written.open("/settings.json", "wb") as file:
        file.write(b"{}")
    written.remove("/settings.json")
    chip.flash[VFS] = bytes(written.context.buffer)
    chip.touched.clear()
    _, done = run(chip)
    assert chip.touched == [] and dict(done)["vfs"] == "is there already, 2 files"


def test_what_is_in_the_ledgers_place():
    ours, official = (table.parse(d) for d in (
        made().parts["partition table"][1], OFFICIAL[0].read_bytes()[0x7000:0x8000]))  # fmt: skip
    junk = b"\x5a" * 0x80000
    assert money.look(b"\xff" * 0x80000, None).kind == BLANK
    assert money.look(meters_flash(), official).kind == METER
    assert money.look(junk, official).kind == FOREIGN
    assert money.look(junk, ours).kind == UNREADABLE
    assert money.look(junk, None).kind == UNREADABLE


def test_a_first_start_takes_the_settings_of_an_image(tmp_path):
    made_keys = keys.make(keys.opened(tmp_path / "keys"))
    text = provision.settings_text({"profile": "smart_payg"}, made_keys, 0)
    assert made_keys.secret.hex().encode() in text and text.startswith(b"{")
