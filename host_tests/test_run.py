"""`shilling run`: its address, its end, mpremote beside the panel, what a power cut leaves."""
# runs on: cpython

import asyncio
import http.client
import select
import signal
import socket
import sys
import time

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import ready
from running import Running, is_alive, mpremote
from tools import interpreters, run
from tools.errors import UserError
from tools.interpreters import ROOT
from tools.live.vm import Vm

NEEDS_VM = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
NEEDS_PROC = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no /proc here")
WRITE = "with open('%s', 'w') as f: f.write('%s')"  # on the board's disk
FRIDAY = ("--now", "2026-11-20T11:00:00")


def refused(*options):
    """What `shilling run` says when it does not start; its exit status must be 2."""
    ended = ready.run("tools.cli", "run", "--no-browser", *options, timeout=30)
    assert ended.returncode == 2, ended
    return ended.stderr.strip()


def get(port, host, path="/"):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers={"Host": host})
    return line.getresponse()


def seconds(state):
    day, second = state["utc"]
    return day * 86400 + second


# ---- the address


def test_a_busy_port_is_passed_over(tmp_path):
    with Running(tmp_path / "one") as one, Running(tmp_path / "two") as two:
        assert one.port != two.port
        assert get(one.port, f"127.0.0.1:{one.port}").status == 200
        assert get(two.port, f"127.0.0.1:{two.port}").status == 200


def test_it_listens_on_127_0_0_1_only(tmp_path):
    with Running(tmp_path) as meter:
        socket.create_connection(("127.0.0.1", meter.port), 5).close()
        for other in ("127.0.0.2", "::1"):
            with pytest.raises(OSError):
                socket.create_connection((other, meter.port), 5)


def test_no_other_site_can_drive_it(tmp_path):
    with Running(tmp_path) as meter:
        assert get(meter.port, "evil.example").status == 421
        address = f"ws://127.0.0.1:{meter.port}/socket"
        for origin in ("http://evil.example", f"http://evil.example:{meter.port}", None):
            with pytest.raises(InvalidStatus) as caught, connect(address, origin=origin):
                pass
            assert caught.value.response.status_code == 403


def test_the_usage_view_is_the_report_of_the_live_records(tmp_path):
    with Running(tmp_path, *FRIDAY, "--balance", "12.34") as meter:
        host = f"127.0.0.1:{meter.port}"
        page = get(meter.port, host, "/usage")
        text = page.read().decode()
        assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
        assert "£12.34" in text and text.count("<svg") == 10
        table = get(meter.port, host, "/usage.csv").read().decode().splitlines()
        assert table[0] == "utc,local,rate_1_wh,cost_GBP,balance_GBP"
        assert table[1] == "2026-11-20T11:00:00Z,2026-11-20T11:00+00:00,0,0.00000,12.34000"
        assert get(meter.port, "evil.example", "/usage").status == 421
        kept = (tmp_path / "ledger.bin").read_bytes()
        (tmp_path / "ledger.bin").write_bytes(b"")  # whatever happens to the file
        assert get(meter.port, host, "/usage").status == 503
        (tmp_path / "ledger.bin").write_bytes(kept)


def test_nonsense_from_a_page_is_answered_and_changes_nothing(tmp_path):
    with Running(tmp_path) as meter:
        for wish in ('{"do": "fly"}', "[]", "{", '{"do": "press", "key": "C"}',
                     '{"do": "speed", "x": 7}', '{"do": "load", "other_w": 1e9}',
                     '{"do": "jump", "local": 5}', '{"do": "sell"}'):  # fmt: skip
            meter.socket.send(wish)
            assert "does not know" in meter.reply("fault")
        assert (meter.state["vm"], meter.state["speed"], meter.state["watts"]) == ("running", 1, 0)


# ---- the end


@NEEDS_PROC
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_running(tmp_path, number):
    with Running(tmp_path) as meter:
        children = meter.children()
        assert children
        status = meter.stop(number)
        assert status == (-number if number == signal.SIGKILL else 0)
        end_s = time.monotonic() + 5
        while any(map(is_alive, children)):
            assert time.monotonic() < end_s, "the VM outlives the command"
            time.sleep(0.05)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", meter.port), 5)
        assert number == signal.SIGKILL or not (tmp_path / "meter").is_symlink()


def test_one_folder_is_for_one_meter(tmp_path):
    with Running(tmp_path, cold=True) as meter:
        assert f"is running already: {meter.url}" in refused("--folder", tmp_path)


def test_wrong_options_are_one_sentence(tmp_path):
    where = ("--folder", tmp_path)
    assert "must be like 2026-11-20T15:30:00" in refused(*where, "--now", "tomorrow")
    assert "does not exist" in refused(*where, "--now", "2026-03-29T01:30:00")
    assert "--balance must be pounds" in refused(*where, "--balance", "ten")
    assert "--debt must be 0 to 499.99999" in refused(*where, "--debt", "500")
    assert "--port must be 1 to 65535" in refused(*where, "--port", "0")


# ---- what lasts


def test_a_new_meter_is_what_the_options_say(tmp_path):
    with Running(tmp_path, *FRIDAY, "--balance", "3.50", "--debt", "50", "--rate", "30") as meter:
        told = meter.until(lambda state: state.get("meter"))["meter"]
        assert (told["balance_mp"], told["debt"]["payment_mp"]) == (350000, 5000000)
        assert told["utc"][0] == 9820 and told["clock"] == "valid"
    assert "--fresh" in refused("--folder", tmp_path, "--balance", "7.00")
    assert "--profile" in refused("--folder", tmp_path, "--profile", "key_meter")
    assert "pounds" in refused("--folder", tmp_path, "--fresh", "--balance", "seven")
    with Running(tmp_path) as meter:  # the refusals threw nothing away
        assert meter.until(lambda state: state.get("meter"))["meter"]["balance_mp"] == 350000
    with Running(tmp_path, *FRIDAY, "--fresh", "--balance", "7.00") as meter:
        assert meter.until(lambda state: state.get("meter"))["meter"]["balance_mp"] == 700000


def test_the_till_never_sells_a_code_twice(tmp_path):
    codes = []
    for amount in ("10.00", "£5"):
        with Running(tmp_path) as meter:
            for _ in range(2):
                meter.do("sell", pounds=amount)
                receipt = meter.reply("receipt")
                codes.append((receipt["number"], receipt["amount"], receipt["code"]))
            meter.do("sell", pounds="0.99")
            assert "£0.99 is outside £1.00 to £149.00" in meter.reply("fault")
    assert [number for number, _, _ in codes] == ["1", "2", "3", "4"]
    assert [amount for _, amount, _ in codes] == ["£10.00", "£10.00", "£5.00", "£5.00"]
    assert len({code for _, _, code in codes}) == 4


def test_the_power_switch_keeps_the_credit(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        meter.do("appliance", name="kettle", on=True)
        meter.do("speed", x=600)
        meter.until(lambda state: state["meter"] and state["meter"]["balance_mp"] < 990000)
        meter.do("appliance", name="kettle", on=False)
        stopped_s = seconds(meter.state)
        meter.until(lambda state: seconds(state) > stopped_s + 300)  # what was used is committed
        before = meter.state["meter"]
        meter.do("mains", on=False)
        meter.until(lambda state: state["vm"] == "off")
        assert (meter.state["cells"], meter.state["text"]) == ([0] * 8, "")
        assert meter.state["contact"] == 1  # a latching relay stays where it is
        assert not meter.state["mains"]
        off_s = seconds(meter.state)
        meter.until(lambda state: seconds(state) > off_s + 60)  # time goes on all the same
        meter.do("mains", on=True)
        after = meter.until(lambda state: state["vm"] == "running" and state["meter"])["meter"]
        assert after["balance_mp"] == before["balance_mp"] < 990000
        assert after["energy_wh"] == before["energy_wh"] > 0
        assert after["clock"] == "valid"


def test_a_power_cut_in_a_jump_leaves_the_clock_trusted(tmp_path):
    with Running(tmp_path, *FRIDAY, "--balance", "900") as meter:
        meter.do("appliance", name="heater", on=True)
        for month in ("12", "01", "02", "03", "04", "05"):
            meter.do("jump", local=f"{2026 if month == '12' else 2027}-{month}-20T11:00")
            meter.until(lambda state: state["jumping"])
            time.sleep(0.3)
            meter.do("mains", on=False)
            meter.do("mains", on=True)
            meter.until(lambda state: state["meter"] is None)
            assert meter.until(lambda state: state["meter"])["meter"]["clock"] == "valid"


def test_the_next_run_goes_on_from_the_records(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        meter.do("appliance", name="lights", on=True)
        meter.do("jump", local="2026-11-20T13:00")
        meter.until(lambda state: seconds(state) >= 9820 * 86400 + 13 * 3600)
        meter.do("appliance", name="lights", on=False)
        meter.do("jump", local="2026-11-20T13:05")
        meter.until(lambda state: seconds(state) >= 9820 * 86400 + 13 * 3600 + 300)
        used = meter.settled()["meter"]  # five minutes without a pulse: it is committed
        assert 118 <= used["energy_wh"] <= 120  # 60 W from just after eleven
        meter.do("appliance", name="tv", on=True)
        meter.until(lambda state: state["watts"] == 90)
    with Running(tmp_path, *FRIDAY[:1], "2026-11-20T14:00:00") as meter:
        told = meter.until(lambda state: state.get("meter"))["meter"]
        for name in ("balance_mp", "energy_wh"):
            assert told[name] == used[name]
        assert (meter.state["on"], meter.state["watts"]) == (["tv"], 90)
        assert seconds(meter.state) >= 9820 * 86400 + 14 * 3600
    assert "later time than --now" in refused("--folder", tmp_path, *FRIDAY)


# ---- time and keys


def test_a_jump_passes_through_everything_on_its_way(tmp_path):
    with Running(tmp_path, *FRIDAY, "--balance", "0.10") as meter:
        meter.do("appliance", name="kettle", on=True)
        meter.do("jump", local="2026-11-20T11:30")
        meter.until(lambda state: seconds(state) >= 9820 * 86400 + 11 * 3600 + 1800)
        meter.until(lambda state: not state["jumping"] and state["meter"]["supply"] == "disabled")
        assert meter.state["meter"]["balance_mp"] == 0
        assert (meter.state["contact"], meter.state["relay_operations"]) == (0, 1)
        assert meter.state["coil_faults"] == 0
        assert meter.state["led"] == 0
        meter.do("jump", local="2026-11-20T11:29")
        assert "is past" in meter.reply("fault")
        meter.do("jump", local="2099-11-20T11:29")
        assert "more than a year ahead" in meter.reply("fault")


def test_time_runs_at_the_speed_that_was_chosen(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        for speed in (3600, 60):
            meter.do("speed", x=speed)
            meter.until(lambda state, speed=speed: state["pace"] == speed)
            began_s, began = time.monotonic(), seconds(meter.state)
            meter.until(lambda state, to=began + 2 * speed: seconds(state) >= to)
            assert 1 < time.monotonic() - began_s < 6


def test_hands_on_the_keys_slow_the_time_to_life(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        meter.do("speed", x=3600)
        meter.until(lambda state: state["pace"] == 3600)
        meter.press("A")
        meter.until(lambda state: state["text"] == "\x7f" * 8 and state["pace"] == 1)
        meter.until(lambda state: state["text"] != "\x7f" * 8)
        meter.press("A")
        meter.until(lambda state: state["meter"]["screen"] == "Add credit")
        meter.do("speed", x=3600)  # whoever asks for speed has let go
        meter.until(lambda state: state["pace"] == 3600)


def test_a_page_that_goes_away_lets_go_of_its_keys(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        meter.do("press", key="A")
        meter.until(lambda state: state["pace"] == 1)
        address = f"ws://127.0.0.1:{meter.port}/socket"
        with connect(address, origin=meter.url.rstrip("/")) as other:
            other.send('{"do": "press", "key": "B"}')
            time.sleep(0.3)
        meter.do("release", key="A")
        # both were down together, which is nobody's press; now A alone works again
        time.sleep(0.3)
        meter.press("A")
        meter.until(lambda state: state["text"] == "\x7f" * 8)


# ---- mpremote


@NEEDS_VM
def test_mpremote_interrupts_and_the_meter_starts_again(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        text = meter.state["text"]
        told = mpremote(meter, "resume", "eval", "meter.observe()['balance_mp']")
        assert told == "1000000"
        closed_s = time.monotonic()
        meter.until(lambda state: state["vm"] == "repl")
        assert meter.state["text"] == text  # frozen
        top_up = "print(meter.command('top_up', 500000))"
        assert mpremote(meter, "resume", "exec", top_up) == "done"
        again_s = time.monotonic()
        meter.until(lambda state: state["vm"] == "running")
        assert 4.5 < time.monotonic() - again_s < 8 and again_s - closed_s < 4
        meter.until(lambda state: state["meter"] and state["meter"]["balance_mp"] == 1500000)
        meter.until(lambda state: state["text"].rstrip(" .") == "£15.00")


@NEEDS_VM
def test_mpremote_finds_a_board_of_its_own(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        who = "import sys; print(sys.implementation.name)"
        assert mpremote(meter, "exec", who) == "micropython"
        listed = mpremote(meter, "fs", "ls", ":")
        assert "main.py" in listed and "lib/" in listed and "tools" not in listed
        source = (ROOT / "firmware/main.py").read_text(encoding="utf-8")
        assert mpremote(meter, "fs", "cat", ":main.py") == source.strip()
        mpremote(meter, "exec", WRITE % ("note", "mine"))
        mpremote(meter, "reset")
        meter.until(lambda state: state["vm"] == "running" and state["text"])
        assert mpremote(meter, "fs", "cat", ":note") == "mine"
        assert not (ROOT / "note").exists()


@NEEDS_VM
def test_a_meter_that_fails_is_started_again(tmp_path):
    with Running(tmp_path, *FRIDAY) as meter:
        mpremote(meter, "exec", WRITE % ("main.py", "raise ValueError(7)"), "reset")
        for _ in range(2):
            meter.hear_line("the meter stopped: ValueError(7", 20)
    with Running(tmp_path, "--now", "2026-11-20T12:00:00") as meter:  # flashed anew
        meter.until(lambda state: state.get("meter"))


def test_what_a_vm_printed_before_it_is_killed_is_heard(tmp_path):
    (tmp_path / "entry.py").write_text(
        "import socket, sys, time\n"
        "print('last words', flush=True)\n"
        "socket.socket(fileno=int(sys.argv[1])).sendall(b'{}\\n')\n"
        "time.sleep(60)\n"
    )

    async def kill():
        told, printed = [], bytearray()
        vm = Vm("cpython", {}, told.append, printed.extend, None, str(tmp_path / "entry.py"))
        select.select([vm.line.descriptor], [], [], 30)  # the loop itself hears nothing yet
        vm.kill()
        return told, bytes(printed)

    assert asyncio.run(kill()) == ([{}], b"last words\n")


# ---- where there is no unix VM


def test_cpython_runs_it_too(tmp_path):
    with Running(tmp_path, *FRIDAY, "--on", "cpython") as meter:
        meter.until(lambda state: state["text"].rstrip(" .") == "£10.00")
        assert meter.state["interpreter"].startswith("CPython")
        assert "mpremote" not in meter.said
        meter.press("A")
        meter.until(lambda state: state["text"] == "\x7f" * 8)


def test_without_the_unix_vm_cpython_stands_in_and_is_said_to(monkeypatch, capsys):
    reasons = {"micropython": "no micropython"}
    monkeypatch.setattr(interpreters, "available", reasons.get)
    assert run.choose(None) == "cpython"
    assert "no micropython; the meter runs on CPython instead" in capsys.readouterr().out
    with pytest.raises(UserError, match="no micropython"):
        run.choose("micropython")
