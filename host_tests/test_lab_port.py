"""The lab port over real lines: pty, TCP and RFC 2217; the prompt behind it, on and off, the examples."""
# runs on: cpython

import json
import os
import select
import socket
import subprocess
import sys
import threading

import pytest
import serial
import yaml
from serial.rfc2217 import PortManager

from host_tests.lab_serving import Serving
from tools import cli, interpreters
from tools.headend.headend import HeadEnd
from tools.interpreters import ROOT
from tools.lab_port import LabError, LabPort, port
from tools.utrn_vend import keys_of

WHY_NOT = interpreters.available("micropython")
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

SETTINGS = {"day": 9820, "second": 43200, "balance_mp": 500_000, "rate_mp": 24_500}
NOW_S = 1_795_132_800 + 43_200  # the same instant, since 1970


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    with Serving(tmp_path_factory.mktemp("lab"), "--tcp", str(free_port())) as serving:
        yield serving


class Pty(serial.Serial):
    """A serial port without the wires that a pty has not."""

    cts = dsr = ri = cd = property(lambda self: False)
    rts = dtr = property(lambda self: True, lambda self, level: None)
    _update_dtr_state = _update_rts_state = lambda self: None


class Redirector:
    """One client of a serial port over RFC 2217, as pyserial's own example does it."""

    def __init__(self, path):
        self.serial = Pty(path, timeout=0)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"rfc2217://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        self.client = client = self.server.accept()[0]
        manager = PortManager(self.serial, self)
        with client:
            while True:
                ready, _, _ = select.select([client, self.serial.fileno()], [], [], 1)
                if client in ready:
                    data = client.recv(4096)
                    if not data:
                        break
                    self.serial.write(b"".join(manager.filter(data)))
                if self.serial.fileno() in ready:
                    client.sendall(b"".join(manager.escape(self.serial.read(4096))))
        self.serial.close()
        self.server.close()

    def write(self, data):
        self.client.sendall(data)


def is_a_lab_port(url):
    with LabPort(url) as lab:
        lab.new(SETTINGS)
        lab.load(3000)
        lab.wait(3_600_000)
        assert lab.observe()["energy_wh"] == 3000
        lab.press("A")
        assert lab.contact() == 1
        assert len(lab.cells()) == 8
        assert lab.command("top_up", 100_000) == "done"


def test_a_pty_a_socket_and_rfc2217_do_all_the_same(board):
    is_a_lab_port(board.url)
    is_a_lab_port(board.address)
    is_a_lab_port(Redirector(board.url).url)


def test_live_the_real_meter_answers_in_real_time(board):
    with LabPort(board.url) as lab:
        assert lab.hello["test"] is False
        state = lab.observe()
        lab.inject(1000)
        lab.wait(50)
        assert lab.observe()["energy_wh"] == state["energy_wh"] + 1000
        lab.new(SETTINGS)
        assert lab.observe()["balance_mp"] == 500_000
    with LabPort(board.url) as lab:
        assert lab.observe()["energy_wh"] == state["energy_wh"] + 1000


def test_bad_lines_of_any_kind_lose_nothing_of_what_follows(board):
    line = serial.serial_for_url(board.url, timeout=5)
    for bad in (b"\n\n\r\n", b"x" * 5000 + b"\n", bytes(range(4, 10)) + b"\n", b"\xc3\x28\n", b'{"do":\n'):
        line.write(bad)
        line.write(b'{"id": 5, "do": "text"}\n')
        for _ in range(4):
            answer = line.readline()
            if b'"id": 5' in answer:
                break
        assert b'"ok": true' in answer
    line.close()


def test_a_request_of_several_lines_is_put_together(board):
    with LabPort(board.url) as lab:
        days = "692601" * 20
        settings = {**SETTINGS, "special_days": days, "secret": "5c" * 32}
        assert len(json.dumps(settings)) > port.LINE_BYTES
        lab.new(settings)


def test_a_head_end_and_a_meter_talk_over_the_line_and_an_order_counts_once(board, tmp_path):
    keys = keys_of({})
    meter = keys.meter.hex().upper()
    head_end = HeadEnd(f"sqlite:///{tmp_path}/headend.db", lambda _: keys)
    head_end.add_meter(meter, NOW_S)
    known = {"meter_id": keys.meter, "originator_id": keys.originator, "secret": keys.secret}
    with LabPort(board.url) as lab:
        lab.new({**SETTINGS, **{name: value.hex() for name, value in known.items()}})
        order = head_end.top_up(meter, 1_000, NOW_S)
        for after_s in (0, 1, 2_000, 4_000):  # again and again, as if no answer had come
            packets = [b""] + [packet for _, packet in head_end.packets(NOW_S + after_s)]
            answers = [answer for packet in packets for answer in lab.link(packet)]
            if after_s:
                for answer in answers:
                    head_end.take(answer, NOW_S + after_s)
            lab.wait(10_000)
        assert lab.observe()["balance_mp"] == SETTINGS["balance_mp"] + 1_000_000
    assert head_end.order(order.id).state == "received"
    head_end.close()


def test_a_refusal_is_an_error_of_one_sentence_and_the_port_goes_on(board):
    with LabPort(board.url) as lab:
        with pytest.raises(LabError, match="the board refuses load: w must be a whole number"):
            lab.load(-1)
        assert lab.text()


def test_ctrl_c_leads_to_the_prompt_and_a_reset_back_to_the_meter(tmp_path):
    with Serving(tmp_path) as serving:
        LabPort(serving.url).close()
        line = serial.serial_for_url(serving.url, timeout=5)
        line.write(b"\x03")
        assert b">>>" in line.read_until(b">>> ")
        line.close()
        with pytest.raises(LabError, match="MicroPython's prompt answers"):
            LabPort(serving.url)
        line = serial.serial_for_url(serving.url, timeout=5)
        line.write(b"\r\nimport machine; machine.reset()\r\n")
        line.close()
        assert LabPort(serving.url).text()


def test_a_port_in_use_is_told(board):
    with LabPort(board.url):
        with pytest.raises(LabError, match="in use by another program"):
            LabPort(board.url)


def test_off_and_on_again_by_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(port, "HELLO_S", 2)
    with Serving(tmp_path) as serving:
        LabPort(serving.url).close()
        assert cli.main(["lab", "off", "--port", serving.url]) == 0
        with pytest.raises(LabError, match="turn it on with shilling lab on --port"):
            LabPort(serving.url)
        assert cli.main(["lab", "on", "--port", serving.url]) == 0
        assert "its last dot blinks" in capsys.readouterr().out
        assert LabPort(serving.url).text()


def test_the_command_asks_and_prints_json(board, capsys):
    assert cli.main(["lab", "ask", "--port", board.url, "wait", '{"ms": 1}']) == 0
    assert '"ok": true' in capsys.readouterr().out
    for wrong in ("{", "[]"):
        assert cli.main(["lab", "ask", "--port", board.url, "wait", wrong]) == 2
        assert "is no JSON object" in capsys.readouterr().err
    assert cli.main(["lab", "ask", "--port", board.url, "fly"]) == 2
    assert "do must be one of" in capsys.readouterr().err


def test_the_pytest_example_passes_on_a_board_and_is_skipped_without_one(board):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "docs/examples",
               "-c", os.devnull, "docs/examples/test_bench.py"]  # fmt: skip
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [*command, "--port", board.url], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " passed" in ended.stdout
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0
    assert "skipped" in ended.stdout


def test_the_labgrid_file_names_a_serial_port_and_its_driver():
    text = (ROOT / "docs/examples/labgrid.yaml").read_text()
    targets = yaml.safe_load(text)["targets"]
    for target in targets.values():
        names = [next(iter(entry)) for entry in target["resources"]]
        assert set(names) <= {"RawSerialPort", "NetworkSerialPort"}
        assert [next(iter(entry)) for entry in target["drivers"]] == ["SerialDriver"]
