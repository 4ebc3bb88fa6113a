"""The door to the page: a password that no argument shows, and none but this machine without one."""
# runs on: cpython

import argparse
import asyncio
import base64
import json
import os
import socket
import ssl
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from headend_brokers import free_port
from headend_house import METER, House, new_headend
from tools import headend as command
from tools.errors import UserError
from tools.headend import door, run

WORD = "open sesame, please"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    monkeypatch.delenv(command.OPERATOR, raising=False)


def arguments(*given):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(given)


def test_without_a_password_only_this_machine_is_served(tmp_path):
    assert door.password_of(arguments()) is None
    for address in ("0.0.0.0", "192.0.2.1", "127.0.0.2"):
        args = arguments("--address", address, "--data", str(tmp_path / "data"))
        with pytest.raises(UserError, match="first set a password in SHILLING_OPERATOR") as told:
            run.main(args)
        assert "\n" not in str(told.value)
    assert not (tmp_path / "data").exists()


def test_the_password_of_the_environment_is_taken_out_of_it(monkeypatch):
    monkeypatch.setenv(command.OPERATOR, WORD)
    assert door.password_of(arguments("--address", "0.0.0.0")) == WORD
    assert command.OPERATOR not in os.environ  # what is started now does not get it


def test_the_password_of_a_file_is_its_first_line(tmp_path):
    file = tmp_path / "operator"
    file.write_text(f"{WORD}\nmore\n")
    file.chmod(0o600)
    assert door.password_of(arguments("--password-file", str(file))) == WORD
    file.chmod(0o640)
    with pytest.raises(UserError, match="chmod 600"):
        door.password_of(arguments("--password-file", str(file)))


@pytest.mark.parametrize("word", ["", "short", "with\tcontrol characters"])
def test_a_poor_password_is_refused_and_not_said(monkeypatch, word):
    monkeypatch.setenv(command.OPERATOR, word)
    with pytest.raises(UserError, match="8 letters or more") as told:
        door.password_of(arguments())
    assert not word or word not in str(told.value)


def test_a_file_that_is_not_there_and_an_address_that_is_none_are_one_sentence(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        door.password_of(arguments("--password-file", str(tmp_path / "none")))
    for address in ("localhost", "::1", "300.1.1.1", ""):
        with pytest.raises(UserError, match="--address takes"):
            run.main(arguments("--address", address))
    with pytest.raises(UserError, match="no address of this machine"):
        door.listening("192.0.2.1", free_port())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(UserError, match="in use"):
            door.listening("127.0.0.1", taken.getsockname()[1])


class Visitor:
    """Somebody at the door."""

    def __init__(self, url, authority):
        self.url = url
        self.context = ssl.create_default_context(cafile=authority) if authority else None

    def ask(self, path, given=None, word=None, **headers):
        data = None if given is None else json.dumps(given).encode()
        asked = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        if word:
            known = base64.b64encode(f"operator:{word}".encode()).decode()
            asked.add_header("Authorization", f"Basic {known}")
        for name, text in headers.items():
            asked.add_header(name, text)
        try:
            with urllib.request.urlopen(asked, timeout=20, context=self.context) as got:
                return got.status, json.loads(got.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


def visited(tmp_path, address, call, word=WORD):
    """call(Visitor) while the page is served."""

    async def main():
        house = House(new_headend())
        args = arguments("--address", address, "--port", str(free_port()))
        with door.Door(house.headend, lambda: house.now, args, tmp_path, word) as made:
            task = asyncio.create_task(made.run())
            async with asyncio.timeout(20):
                while made.server is None or not made.server.started:
                    await asyncio.sleep(0.01)
            authority = None if address == door.LOCAL else tmp_path / "tls/ca.crt"
            scheme = "http" if authority is None else "https"
            visitor = Visitor(f"{scheme}://127.0.0.1:{args.port}/", authority)
            try:
                await asyncio.to_thread(call, visitor)
            finally:
                made.close()
                await task

    asyncio.run(main())


def test_open_to_others_the_page_has_tls_and_asks_for_the_password(tmp_path):
    def call(visitor):
        assert visitor.ask("api/meters")[0] == 401
        assert visitor.ask("api/meters", word="open sesame?")[0] == 401
        assert visitor.ask("api/meters", word=WORD)[0] == 200
        topups = f"api/meters/{METER}/topups"
        assert visitor.ask(topups, {"amount": "10.00"})[0] == 401
        ours = visitor.url.rstrip("/")
        assert visitor.ask(topups, {"amount": "10.00"}, WORD, Origin=ours)[0] == 201
        plain = ours.replace("https", "http")
        assert visitor.ask(topups, {"amount": "10.00"}, WORD, Origin=plain)[0] == 403
        assert visitor.ask("api/meters", word=WORD, Host="evil.example")[0] == 421
        name = f"{socket.gethostname()}:{ours.rpartition(':')[2]}"
        assert visitor.ask("api/meters", word=WORD, Host=name)[0] == 200

    visited(tmp_path, "0.0.0.0", call)


def test_a_password_also_holds_on_this_machine(tmp_path):
    def call(visitor):
        assert visitor.ask("api/meters")[0] == 401
        assert visitor.ask("api/meters", word=WORD)[0] == 200

    visited(tmp_path, door.LOCAL, call)


def test_the_command_shows_the_password_nowhere(tmp_path, monkeypatch):
    from test_headend_service import Command

    monkeypatch.setenv(command.OPERATOR, WORD)
    shown = Command(tmp_path, "--broker", "amqtt")
    try:
        told = shown.started()
        assert "user operator" in told
        visitor = Visitor(f"http://127.0.0.1:{shown.ports['port']}/", None)
        assert visitor.ask("api/meters")[0] == 401
        assert visitor.ask("api/meters", word=WORD)[0] == 200
        line = Path(f"/proc/{shown.process.pid}/cmdline")
        assert not line.exists() or WORD.encode() not in line.read_bytes()
    finally:
        _, out, err = shown.stop()
    assert WORD not in told + out + err
