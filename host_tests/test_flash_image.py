"""shilling flash --to: the whole flash in a file, made from the official image, and what it refuses."""
# runs on: cpython

import hashlib
import json
import os
import stat
import subprocess
import sys

import pytest

from tools import cli, interpreters
from tools.errors import UserError
from tools.flashing import disk, files, image, table, whole

OFFICIAL = sorted(image.FOLDER.glob(image.PATTERN))[-1:]
needs_image = pytest.mark.skipif(not OFFICIAL, reason="make setup found no official image")
SETTINGS = "profile: smart_payg\nbalance: 10.00\n"

MOUNT = """
import sys, os, vfs, hashlib, binascii
class Flash:
    def __init__(self, name): self.file = open(name, "r+b")
    def readblocks(self, n, buf, off=0):
        self.file.seek(n * 4096 + off); self.file.readinto(buf)
    def writeblocks(self, n, buf, off=0):
        self.file.seek(n * 4096 + off); self.file.write(buf); self.file.flush()
    def ioctl(self, op, arg):
        return {4: 256, 5: 4096}.get(op, 0)
vfs.mount(vfs.VfsLfs2(Flash(sys.argv[1])), "/m")  # as MicroPython's autodetection makes it
def walk(folder):
    for name, kind, *_ in os.ilistdir(folder):
        path = folder + "/" + name
        if kind == 0x4000: walk(path)
        else:
            with open(path, "rb") as file:
                print(path[2:], binascii.hexlify(hashlib.sha256(file.read()).digest()).decode())
walk("/m")
with open("/m/written", "w") as file: file.write("yes")
"""


@pytest.fixture(scope="module")
def made():
    if not OFFICIAL:
        pytest.skip("make setup found no official image")
    return image.load(OFFICIAL[0])


@pytest.fixture(scope="module")
def built(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("flash") / "meter.bin"
    whole.write(path, made, files.firmware())
    return path


def flash_of(path):
    return b"\xff" * 0x1000 + path.read_bytes()


def test_the_file_is_all_of_4_mb_and_esptool_accepts_it(built):
    assert len(flash_of(built)) == 4 << 20
    done = subprocess.run([sys.executable, "-m", "esptool", "image-info", str(built)],
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0 and done.stdout.count("(valid)") == 2
    assert "Detected image type: ESP32" in done.stdout


def test_all_but_table_and_vfs_is_the_official_image_byte_for_byte(built):
    flash, official = flash_of(built), b"\xff" * 0x1000 + OFFICIAL[0].read_bytes()
    assert flash[:0x8000] == official[:0x8000]
    assert flash[0x9000 : len(official)] == official[0x9000:]
    assert flash[len(official) : 0x200000].strip(b"\xff") == b""
    assert flash[0x300000:].strip(b"\xff") == b"", "the ledger of a new board is erased"


def test_the_table_has_the_ledger_and_everything_else_as_it_was(built):
    before = table.parse(OFFICIAL[0].read_bytes()[0x7000:0x8000])
    after = table.parse(flash_of(built)[0x8000:0x9000])
    assert [tuple(after[name])[:5] for name in ("vfs", "ledger")] == [table.VFS, table.LEDGER]
    assert {n: after[n] for n in ("nvs", "phy_init", "factory")} == {
        n: before[n] for n in ("nvs", "phy_init", "factory")
    }
    assert list(after) == ["nvs", "phy_init", "factory", "vfs", "ledger"]


def test_a_real_micropython_mounts_the_disk_and_reads_every_file(built, tmp_path):
    if interpreters.available("micropython"):
        pytest.skip(interpreters.available("micropython"))
    part, script = tmp_path / "vfs.bin", tmp_path / "mount.py"
    part.write_bytes(flash_of(built)[0x200000:0x300000])
    script.write_text(MOUNT)
    ended = interpreters.run("micropython", str(script), [str(part)], timeout_s=60)
    assert ended.returncode == 0, ended.stderr
    seen = dict(line.split() for line in ended.stdout.splitlines())
    assert seen == {path: hashlib.sha256(d).hexdigest() for path, d in files.firmware().items()}
    assert disk.read(part.read_bytes())["/written"] == b"yes", "the board may write to it"


def test_the_disk_is_of_the_version_that_every_littlefs_2_reads(made):
    data = disk.build({"/main.py": b"x"}, 0x100000)
    assert data[8:16] == b"littlefs" and data[20:24] == bytes((0, 0, 2, 0))
    assert int.from_bytes(data[28:32], "little") == 256  # blocks of the new vfs, not of the old one


def test_no_file_inside_a_directory_is_larger_than_the_boards_cache():
    small, large = disk.build({"/a": b"A" * 128}, 0x8000), disk.build({"/a": b"A" * 129}, 0x8000)
    blocks = [data.find(b"A" * 100) // 4096 for data in (small, large)]
    assert blocks[0] in (0, 1), "in the root directory"
    assert blocks[1] > 1, "in a block of its own"


def test_every_module_is_bytecode_that_1_25_loads():
    found = files.firmware()
    assert found["/main.py"].startswith(b"import sys")
    assert all(data[:4] == b"M\x06\x00\x1f" for path, data in found.items() if path != "/main.py")
    for path in ("/lib/start.mpy", "/lib/shilling/app.mpy", "/lib/esp32_board.mpy"):
        assert path in found
    assert not any("_boot" in path or "manifest" in path for path in found)


@needs_image
def test_settings_are_in_the_image_and_in_nobody_elses_hands(tmp_path, capsys):
    (tmp_path / "my.yaml").write_text(SETTINGS)
    to = tmp_path / "meter.bin"
    status = cli.main(["flash", "--to", str(to), "--settings", str(tmp_path / "my.yaml"),
                       "--keys-folder", str(tmp_path / "keys")])  # fmt: skip
    assert status == 0
    found = disk.read(flash_of(to)[0x200000:0x300000])
    settings = json.loads(found["/settings.json"])
    assert settings["profile"] == "smart_payg" and settings["balance_mp"] == 1_000_000
    kept = json.loads((tmp_path / "keys" / f"{settings['meter_id'].upper()}.json").read_text())
    assert kept["secret"] == settings["secret"]
    assert stat.S_IMODE(os.stat(to).st_mode) == 0o600
    said = capsys.readouterr()
    assert settings["meter_id"].upper() in said.out and settings["secret"] not in said.out + said.err


@needs_image
@pytest.mark.parametrize(
    "change, sentence",
    [
        (lambda d: d[:12] + b"\x09" + d[13:], "is for the ESP32-S3"),
        (lambda d: d.replace(b"v1.25.0 on 2025", b"v1.24.1 on 2025"), "needs v1.25.0 or newer"),
        (lambda d: b"#!/bin/sh\n" + d, "is no image of an ESP32"),
        (lambda d: d[:0x30000], "is damaged"),
        (lambda d: d[:0x2000] + b"\x00" + d[0x2001:], "esptool refuses its bootloader"),
        (lambda d: d[:0x50000] + b"\x00\x01" + d[0x50002:], "esptool refuses its program"),
        (lambda d: d[:0x7006] + b"\x77" + d[0x7007:], "has no partition table: its MD5"),
        (lambda d: d[:0x7000] + b"\xff" * 0x1000 + d[0x8000:], "has no partition table: it is empty"),
        (lambda d: b"", "is no image of an ESP32"),
    ],
)
def test_an_image_that_is_not_right_is_refused_in_one_sentence(change, sentence, tmp_path, capsys):
    path = tmp_path / "image.bin"
    path.write_bytes(change(OFFICIAL[0].read_bytes()))
    assert cli.main(["flash", "--to", str(tmp_path / "out.bin"), "--image", str(path)]) == 2
    said = capsys.readouterr().err
    assert sentence in said and len(said.splitlines()) == 1
    assert not (tmp_path / "out.bin").exists()


@needs_image
def test_a_board_file_is_checked_before_anything_is_made(tmp_path, capsys):
    (tmp_path / "board.json").write_text('{"display": "lcd"}')
    words = ["flash", "--to", str(tmp_path / "o"), "--board", str(tmp_path / "board.json")]
    assert cli.main(words) == 2
    assert "display" in capsys.readouterr().err
    (tmp_path / "board.json").write_text('{"display": "max7219"}')
    assert cli.main(words) == 0
    found = disk.read(flash_of(tmp_path / "o")[0x200000:0x300000])
    assert found["/board.json"] == b'{"display": "max7219"}'


def production(data):
    """The official image under the name of a production build, checksum and hash mended."""
    app = bytearray(data[0xF000:])
    at = app.index(b"Generic ESP32 module")
    name = b"Shilling production "
    end = len(bytes(app).rstrip(b"\xff")) - 32
    for old, new in zip(app[at : at + 20], name, strict=True):
        app[end - 1] ^= old ^ new
    app[at : at + 20] = name
    app[end : end + 32] = hashlib.sha256(app[:end]).digest()
    return data[:0xF000] + bytes(app)


@needs_image
def test_a_production_image_brings_its_own_files(tmp_path):
    (tmp_path / "image.bin").write_bytes(production(OFFICIAL[0].read_bytes()))
    (tmp_path / "my.yaml").write_text(SETTINGS)
    to = tmp_path / "o"
    words = ["flash", "--to", str(to), "--image", str(tmp_path / "image.bin"),
             "--settings", str(tmp_path / "my.yaml"), "--keys-folder", str(tmp_path / "keys")]  # fmt: skip
    assert cli.main(words) == 0
    assert list(disk.read(flash_of(to)[0x200000:0x300000])) == ["/settings.json"]


@needs_image
def test_the_image_it_comes_from_is_not_written_over(tmp_path, capsys):
    path = tmp_path / "image.bin"
    path.write_bytes(OFFICIAL[0].read_bytes())
    assert cli.main(["flash", "--to", str(path), "--image", str(path)]) == 2
    assert "say another file" in capsys.readouterr().err
    assert path.read_bytes() == OFFICIAL[0].read_bytes()


def test_without_a_port_one_sentence_names_the_ports_there_are(capsys):
    assert cli.main(["flash"]) == 2
    said = capsys.readouterr().err
    assert "--port" in said and "--to FILE" in said and len(said.splitlines()) == 1


def test_too_many_files_are_refused():
    with pytest.raises(UserError, match="do not fit"):
        disk.build({"/big": b"x" * 0x100000}, 0x100000)


def test_a_disk_of_another_size_is_none():
    data = disk.build({"/a": b"1"}, 0x100000)
    assert disk.read(data) == {"/a": b"1"}
    assert disk.read(data + b"\xff" * 0x100000) is None
    assert disk.read(b"\xff" * 0x100000) is None


def test_a_table_that_the_bootloader_refuses_is_none(made):
    data = made.parts["partition table"][1]
    assert table.is_ours(table.parse(data))
    for cut in range(0, 192, 16):  # power goes in the middle of the write
        with pytest.raises(table.Fault):
            table.parse(data[:cut] + b"\xff" * (4096 - cut))
