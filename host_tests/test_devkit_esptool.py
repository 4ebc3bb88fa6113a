"""The simulated dev board answers the real esptool as an ESP32 does, and breaks off as a cable does."""
# runs on: cpython

import random
import socket

import pytest

import devkit_rom
from devkit import Devkit
from devkit_chips import Registers
from devkit_flash import FlashFile
from devkit_made import OFFICIAL

AT = 0x10000


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


@pytest.fixture
def chunk(tmp_path):
    """A file of 100 003 bytes that do not compress."""
    path = tmp_path / "chunk.bin"
    path.write_bytes(noise(100_003))
    return path


def test_esptool_finds_the_chip_its_crystal_and_its_flash(tmp_path):
    with Devkit(tmp_path / "flash", no_vm=True) as kit:
        status, text = kit.esptool("flash-id")
        assert status == 0, text
        for fact in ("ESP32-D0WD (revision v1.0)", "40MHz", "24:0a:c4:00:00:01", "Device: 4016",
                     "Detected flash size: 4MB", "Stub flasher running"):  # fmt: skip
            assert fact in text
        assert kit.ask()["why"] == "invalid header: 0xffffffff"  # reset: it tries the blank flash


def test_what_is_written_is_on_the_flash_and_reads_back(tmp_path, chunk):
    with Devkit(tmp_path / "flash", no_vm=True) as kit:
        status, text = kit.esptool("write-flash", hex(AT), chunk)
        assert status == 0 and "Hash of data verified" in text, text
        back = tmp_path / "back"
        status, text = kit.esptool("read-flash", hex(AT), "100003", back)
        assert status == 0, text
        assert back.read_bytes() == chunk.read_bytes()
        kept = (tmp_path / "flash").read_bytes()
        assert kept[AT : AT + 100_003] == chunk.read_bytes()
        assert not kept[:AT].strip(b"\xff") and not kept[AT + 100_003 :].strip(b"\xff")
        assert "digest matched" in kit.esptool("verify-flash", hex(AT), chunk)[1]
        assert kit.esptool("erase-region", hex(AT), "0x1000")[0] == 0
        status, text = kit.esptool("verify-flash", hex(AT), chunk)
        assert status != 0 and "Verification failed" in text


def test_the_rom_alone_does_it_too(tmp_path, chunk):
    with Devkit(tmp_path / "flash", no_vm=True) as kit:
        for more in ([], ["--no-compress"]):
            chunk.write_bytes(noise(30_001, len(more)))
            status, text = kit.esptool("--no-stub", "write-flash", *more, hex(AT), chunk)
            assert status == 0 and "Hash of data verified" in text, text
        assert kit.flash.read_bytes()[AT : AT + 30_001] == chunk.read_bytes()


def test_an_official_image_starts_and_a_damaged_one_does_not(tmp_path):
    with Devkit(tmp_path / "flash", no_vm=True) as kit:
        assert kit.esptool("write-flash", "0x1000", OFFICIAL)[0] == 0
        assert kit.ask()["state"] == "running"
        flash = bytearray(kit.flash.read_bytes())
    for at, why in ((0x1000, "invalid header"), (0x2000, "csum err"), (0x8005, "MD5 checksum"),
                    (0x8000, "partition 0 invalid magic"), (0x10000, "invalid magic byte"),
                    (0x123456, "Checksum failed")):  # fmt: skip
        damaged = bytearray(flash)
        damaged[at] ^= 0x10
        (tmp_path / "flash").write_bytes(damaged)
        with Devkit(tmp_path / "flash", no_vm=True) as kit:
            state = kit.ask()
            assert state["state"] == "not booting" and why in state["why"], (hex(at), state)


@pytest.mark.parametrize(("chip", "name"), [("esp32c3", "ESP32-C3"), ("esp32s3", "ESP32-S3")])
def test_another_chip_says_what_it_is(tmp_path, chip, name):
    with Devkit(tmp_path / "flash", chip=chip, no_vm=True) as kit:
        status, text = kit.esptool("--chip", "esp32", "flash-id")
        assert status != 0 and f"This chip is {name}, not ESP32" in text, text
        status, text = kit.esptool("flash-id")
        assert status == 0 and name in text and "4MB" in text, text


def test_a_small_flash_is_seen_as_small(tmp_path):
    with Devkit(tmp_path / "flash", size=2, no_vm=True) as kit:
        assert "Detected flash size: 2MB" in kit.esptool("flash-id")[1]


def test_a_busy_port_turns_the_second_away(tmp_path):
    with Devkit(tmp_path / "flash", no_vm=True) as kit:
        host, port = kit.url.removeprefix("rfc2217://").split(":")
        with socket.create_connection((host, int(port)), 5):
            assert kit.ask()["plugged"]
            status, text = kit.esptool("flash-id")
            assert status != 0 and "busy or doesn't exist" in text, text
        assert kit.until(lambda _: kit.esptool("flash-id")[0] == 0)


@pytest.mark.parametrize("pattern", ["prefix", "subset"])
def test_a_cable_pulled_in_a_write_leaves_part_of_it_and_a_second_run_the_whole(
    tmp_path, chunk, pattern
):
    with Devkit(tmp_path / "flash", no_vm=True) as kit:
        kit.do("cut_at_write", n=200, pattern=pattern)  # 25 sectors, each erased, then 16 pages
        status, text = kit.esptool("write-flash", hex(AT), chunk)
        assert status != 0, text
        state = kit.ask()
        assert (state["state"], state["plugged"], state["cut_in"]) == ("off", False, 0)
        kept, wanted = kit.flash.read_bytes()[AT:], chunk.read_bytes()
        assert kept[: 11 * 4096] == wanted[: 11 * 4096]  # 187 writes
        assert not kept[12 * 4096 :].strip(b"\xff")
        kit.do("plug")
        assert kit.esptool("write-flash", hex(AT), chunk)[0] == 0
        assert kit.flash.read_bytes()[AT : AT + 100_003] == wanted


def test_without_dtr_and_rts_the_boot_button_does_it(tmp_path):
    with Devkit(tmp_path / "flash", no_vm=True) as kit:
        kit.do("boot_button", on=True)
        assert kit.do("reset")["state"] == "download"
        status, text = kit.tool("esptool", "--port", kit.plain, "flash-id")
        assert status == 0 and "4MB" in text, text


# ---- the parts, by themselves


def test_programming_only_clears_bits_and_addresses_wrap(tmp_path):
    flash = FlashFile(tmp_path / "flash", 1 << 20)
    flash.program(10, b"\xf0\x0f" + bytes(300))
    flash.program(10, b"\xaa\xff")
    assert flash.read(10, 2) == b"\xa0\x0f"
    flash.program((1 << 20) - 2, b"\x01\x02\x03")
    assert flash.read((1 << 20) - 2, 3) == b"\x01\x02\x03"  # the third is at 0
    flash.erase(0, 1)
    assert flash.read(10, 302) == b"\xff" * 302
    assert (tmp_path / "flash").read_bytes()[-2:] == b"\x01\x02"


def test_a_block_with_a_wrong_checksum_is_refused(tmp_path):
    sent = []
    flash = FlashFile(tmp_path / "flash", 1 << 20)
    loader = devkit_rom.Loader(Registers("esp32", flash.size), flash, sent.append, None)
    begin = b"\0\x02\x10\0" + bytes(4) + (16).to_bytes(4, "little") + (1).to_bytes(4, "little")
    loader.feed(devkit_rom.slip(begin + (16).to_bytes(4, "little") + bytes(4)))
    block = (16).to_bytes(4, "little") + bytes(12) + b"\x55" * 16
    for checksum, status in ((0xEE, (1, devkit_rom.ROM_BAD_CRC)), (0xEF, (0, 0))):
        head = b"\0\x03" + len(block).to_bytes(2, "little") + checksum.to_bytes(4, "little")
        loader.feed(devkit_rom.slip(head + block))
        answer = devkit_rom.unslip(sent[-1].strip(devkit_rom.END))
        assert (answer[8], answer[9]) == status
        assert (flash.read(0, 16) == b"\x55" * 16) == (status == (0, 0))
