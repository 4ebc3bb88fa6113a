"""mpremote itself on the port of a running meter: what people do to boards with it, the meter bears."""
# runs on: cpython

import http.server
import json
import subprocess
import sys
import threading

import pytest

import ready
from at_the_port import Running, back_on, shilling, url_of
from tools import interpreters
from tools.device.payload import firmware_files
from tools.interpreters import ROOT

pytestmark = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
FRIDAY = ("--now", "2026-11-20T11:00:00", "--balance", "12.34")
MONEY = 1234000


def mpremote(running, *arguments):
    """(exit status, everything it printed)."""
    ended = ready.run("mpremote", "connect", url_of(running), *arguments, timeout=300)
    return ended.returncode, (ended.stdout + ended.stderr).strip()


def is_metering(running):
    """What the meter says of itself after it has started again."""
    running.settled()
    running.until(lambda state: state["vm"] == "running", 15)
    running.state["meter"] = None
    told = running.until(lambda state: state["meter"], 15)["meter"]
    assert told["balance_mp"] == MONEY and told["ledger"] == "balanced"
    return told


@pytest.fixture
def server(tmp_path):
    """Serves a folder on 127.0.0.1: (folder, address)."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=folder)

        def log_message(self, *_):
            pass

    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()


def test_files_go_there_and_back(tmp_path):
    source = tmp_path / "pack"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "data.bin").write_bytes(bytes(range(256)) * 40)
    (source / "__init__.py").write_text("X = 7\n")
    with Running(tmp_path / "run", *FRIDAY) as meter:
        assert mpremote(meter, "cp", "-r", source, ":/lib/")[0] == 0
        assert mpremote(meter, "exec", "import pack; print(pack.X)") == (0, "7")
        assert mpremote(meter, "cp", ":/lib/pack/deep/data.bin", tmp_path / "back")[0] == 0
        assert (tmp_path / "back").read_bytes() == bytes(range(256)) * 40
        assert mpremote(meter, "reset")[0] == 0
        is_metering(meter)


def test_mip_installs_the_firmware_from_a_server(tmp_path, server):
    """Relative addresses; what it leaves is a meter that starts, its money untouched."""
    folder, address = server
    package = ROOT / "firmware/package.json"
    if package.exists():
        told = json.loads(package.read_text(encoding="utf-8"))
        for _, url in told["urls"]:
            target = folder / "firmware" / url
            target.resolve().parent.mkdir(parents=True, exist_ok=True)
            target.resolve().write_bytes((ROOT / "firmware" / url).read_bytes())
        (folder / "firmware/package.json").write_text(json.dumps(told))
        where = f"{address}/firmware/package.json"
    else:
        urls = [
            [path.removeprefix("/lib/"), path[1:]] for path in firmware_files() if "/lib/" in path
        ]
        for path, data in firmware_files().items():
            (folder / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            (folder / path[1:]).write_bytes(data)
        (folder / "package.json").write_text(json.dumps({"urls": urls, "version": "0.1.0"}))
        where = f"{address}/package.json"
    with Running(tmp_path / "run", *FRIDAY) as meter:
        assert mpremote(meter, "fs", "rm", "-r", ":/lib")[0] == 0
        status, printed = mpremote(meter, "mip", "install", "--target", "/lib", where)
        assert status == 0, printed
        assert "start." in mpremote(meter, "fs", "ls", ":/lib")[1]
        mpremote(meter, "reset")
        is_metering(meter)
        status, printed, told = shilling("deploy", "--port", url_of(meter))
        assert status == 0, told
        is_metering(meter)


def test_an_interrupted_meter_goes_on_where_it_was(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        meter.do("appliance", name="kettle", on=True)
        for _ in range(3):
            status, printed = mpremote(meter, "resume", "eval", "meter.observe()['balance_mp']")
            assert status == 0 and 0 < int(printed) <= MONEY, printed
            assert mpremote(meter, "reset")[0] == 0
            meter.settled()
            meter.until(lambda state: state["vm"] == "running" and state["meter"], 15)
        told = meter.settled()["meter"]
        assert told["ledger"] == "balanced" and meter.state["coil_faults"] == 0


def test_a_full_disk_stops_the_copy_and_not_the_meter(tmp_path):
    (tmp_path / "big").write_bytes(bytes(100_000))
    fill = "import os\nf=open('/full','ab')\nwhile os.statvfs('/')[3]>10:f.write(bytes(4096));f.flush()\n"
    with Running(tmp_path / "run", *FRIDAY) as meter:
        for _ in range(2):  # what an interrupted meter had open is free by the second time
            assert mpremote(meter, "exec", fill + "f.close()")[0] == 0
        status, printed = mpremote(meter, "cp", tmp_path / "big", ":/big")
        assert status != 0 and ("ENOSPC" in printed or "No space" in printed or "28" in printed), (
            printed
        )
        mpremote(meter, "reset")
        is_metering(meter)
        assert mpremote(meter, "fs", "rm", ":/full")[0] == 0


def test_a_power_cut_in_a_copy_leaves_the_meter(tmp_path):
    """mpremote writes in place: half a file of its own, the firmware beside it whole."""
    (tmp_path / "note").write_bytes(bytes(200_000))
    with Running(tmp_path / "run", *FRIDAY) as meter:
        copying = subprocess.Popen(
            [sys.executable, "-m", "mpremote", "connect", url_of(meter), "cp", tmp_path / "note",
             ":/note"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            meter.until(lambda state: state["vm"] == "repl")
            meter.do("mains", on=False)
            meter.until(lambda state: state["vm"] == "off")
        finally:
            copying.kill()
            copying.wait()
        assert back_on(meter)["balance_mp"] == MONEY


def test_a_port_that_is_in_use_is_told(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        import serial

        with serial.Serial(url_of(meter), exclusive=True):
            status, _, told = shilling("deploy", "--port", url_of(meter))
        assert status == 2 and "in use by another program" in told and told.count("\n") == 1
