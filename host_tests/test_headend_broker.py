"""The broker: who may connect, whose topics are whose, TLS with our own authority; Mosquitto and amqtt."""
# runs on: cpython

import asyncio
import contextlib
import os
import socket
import ssl
import stat
from pathlib import Path

import aiomqtt
import pytest

import needs
from headend_brokers import client, free_port, running
from headend_kit import ALL_KEYS, KEYS, OTHER, TEST
from tools.errors import UserError
from tools.headend import access, broker, envelope, tls

BOTH = pytest.mark.parametrize("name", ["mosquitto", "amqtt"])
HOME = access.HOME
WAIT_S = 20


async def message(client):
    async with asyncio.timeout(WAIT_S):
        return await anext(client.messages)


@BOTH
def test_nobody_gets_in_without_the_right_password(name, tmp_path):
    async def main():
        async with running(name, tmp_path) as (made, rights):
            for wrong in (
                {"password": "x"}, {"password": None}, {"username": None, "password": None},
                {"username": OTHER}, {"username": "root"},
            ):  # fmt: skip
                with pytest.raises(aiomqtt.MqttError):
                    async with client(made, rights, TEST, **wrong):
                        pass
            async with client(made, rights, TEST):
                pass

    asyncio.run(main())


@BOTH
def test_a_meter_has_its_own_topics_and_no_others(name, tmp_path):
    async def main():
        async with running(name, tmp_path) as (made, rights):
            async with (
                client(made, rights, access.HEADEND) as headend,
                client(made, rights, TEST) as meter,
                client(made, rights, OTHER) as thief,
            ):
                await headend.subscribe("shilling/+/up", qos=1)
                await meter.subscribe(f"shilling/{TEST}/down", qos=1)
                for topic in (f"shilling/{TEST}/down", "shilling/#", "#", "shilling/+/down"):
                    try:
                        await thief.subscribe(topic, qos=1)
                    except aiomqtt.MqttError:
                        pass  # refused at once: as good
                await thief.publish(f"shilling/{TEST}/up", b"forged", qos=0)
                await thief.publish(f"shilling/{TEST}/down", b"forged", qos=0)
                await thief.publish(f"shilling/{OTHER}/up", b"its own", qos=1)
                assert (await message(headend)).payload == b"its own"
                await headend.publish(f"shilling/{TEST}/down", b"for one", qos=1)
                assert (await message(meter)).payload == b"for one"
                await meter.publish(f"shilling/{TEST}/up", b"back", qos=1)
                got = await message(headend)
                assert (got.payload, str(got.topic)) == (b"back", f"shilling/{TEST}/up")
                assert len(thief.messages) == 0

    asyncio.run(main())


@BOTH
def test_what_a_meter_missed_waits_for_it(name, tmp_path):
    async def main():
        async with running(name, tmp_path) as (made, rights):
            async with client(made, rights, TEST, clean_session=False) as meter:
                await meter.subscribe(f"shilling/{TEST}/down", qos=1)
            async with client(made, rights, access.HEADEND) as headend:
                await headend.publish(f"shilling/{TEST}/down", b"later", qos=1)
            async with client(made, rights, TEST, clean_session=False) as meter:
                assert (await message(meter)).payload == b"later"

    asyncio.run(main())


@BOTH
def test_tls_is_by_our_own_authority_and_no_other_is_believed(name, tmp_path):
    async def main():
        async with running(name, tmp_path) as (made, rights):
            ours = ssl.create_default_context(cafile=tmp_path / "tls/ca.crt")
            options = {"port": made.ports.tls, "tls_context": ours}
            password = envelope.mqtt_password(KEYS)
            async with aiomqtt.Client(
                "localhost", username=TEST, password=password, **options
            ) as one:
                await one.publish(f"shilling/{TEST}/up", b"private", qos=1)
            options["tls_context"] = ssl.create_default_context()
            with pytest.raises((aiomqtt.MqttError, ssl.SSLError)):
                async with aiomqtt.Client("localhost", username=TEST, password=password, **options):
                    pass

    asyncio.run(main())


@BOTH
def test_a_meter_that_is_added_gets_in_without_a_restart(name, tmp_path):
    async def main():
        async with running(name, tmp_path) as (made, rights):
            rights.set_meters({TEST: KEYS})
            await made.refresh()
            async with client(made, rights, TEST, clean_session=False):
                pass
            assert rights.set_meters(ALL_KEYS) and not rights.set_meters(ALL_KEYS)
            await made.refresh()
            async with asyncio.timeout(WAIT_S):
                while True:
                    try:
                        async with client(made, rights, OTHER):
                            return
                    except aiomqtt.MqttError:
                        await asyncio.sleep(0.05)

    asyncio.run(main())


@BOTH
def test_a_port_in_use_is_one_sentence(name, tmp_path):
    async def main():
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            rights = access.Access(tmp_path)
            made = broker.make(name, tmp_path, broker.Ports(port, free_port()), rights)
            with pytest.raises(UserError, match=f"port {port} is in use"):
                await made.start()
            await made.stop()

    if name == "mosquitto":
        needs.program("mosquitto")
    asyncio.run(main())


def test_a_broker_that_is_killed_is_noticed_and_one_that_is_stopped_is_gone(tmp_path):
    async def main():
        async with running("mosquitto", tmp_path) as (made, _):
            made.process.kill()
            async with asyncio.timeout(WAIT_S):
                with pytest.raises(UserError, match="the broker ended"):
                    await made.ended()
        async with running("mosquitto", tmp_path) as (made, _):
            await made.stop()
            assert made.process.returncode is not None

    asyncio.run(main())


def listened(pid):
    """Addresses at which a process listens (Linux): what /proc says of its sockets."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes.add(os.readlink(link))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                address, _, port = fields[1].partition(":")
                found.add((int(port, 16), int(address, 16) == 0))
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="Linux only: /proc")
def test_without_tls_the_broker_is_for_this_machine_only(tmp_path):
    async def main():
        async with running("mosquitto", tmp_path) as (made, _):
            ports = made.ports
            assert listened(made.process.pid) == {(ports.plain, False), (ports.tls, True)}

    asyncio.run(main())


def test_secrets_are_for_this_user_alone_and_in_no_output(tmp_path, capfd):
    async def main():
        async with running("mosquitto", tmp_path) as (_, rights):
            return dict(rights.passwords)

    passwords = asyncio.run(main())
    for path in ("broker/passwords", "broker/mosquitto.conf", "tls/ca.key", "tls/server.key", HOME):
        mode = stat.S_IMODE((tmp_path / path).stat().st_mode)
        assert mode == 0o600, path
    told = "".join(capfd.readouterr())
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name != HOME:
            told += path.read_bytes().decode("latin-1")
    assert not [user for user, password in passwords.items() if password in told]


def test_home_assistants_password_stays_and_the_head_ends_does_not(tmp_path):
    one, two = access.Access(tmp_path), access.Access(tmp_path)
    assert one.passwords[HOME] == two.passwords[HOME] != one.passwords[access.HEADEND]
    assert one.passwords[access.HEADEND] != two.passwords[access.HEADEND]


@pytest.mark.parametrize("action, topic, allowed", [
    ("read", f"shilling/{TEST}/down", True), ("write", f"shilling/{TEST}/up", True),
    ("write", f"shilling/{TEST}/down", False), ("read", f"shilling/{OTHER}/down", False),
    ("read", "shilling/+/down", False), ("read", "#", False), ("read", "shilling/#", False),
    ("read", f"shilling/{TEST}/#", False), ("read", f"shilling/{TEST}/set/+", True),
    ("write", f"homeassistant/device/shilling_{TEST}/config", True),
    ("write", f"homeassistant/device/shilling_{OTHER}/config", False),
    ("read", "homeassistant/status", True), ("write", "homeassistant/status", False),
])  # fmt: skip
def test_a_meters_rights(tmp_path, action, topic, allowed):
    rights = access.Access(tmp_path)
    rights.set_meters(ALL_KEYS)
    assert rights.allows(TEST, action, topic) is allowed
    assert not rights.allows("nobody", action, topic)


def test_certificates_are_kept_and_made_again_when_they_do_not_fit(tmp_path, monkeypatch):
    authority, server, key = tls.certificates(tmp_path)
    before = authority.read_bytes(), server.read_bytes(), key.read_bytes()
    tls.certificates(tmp_path)
    assert before == (authority.read_bytes(), server.read_bytes(), key.read_bytes())
    monkeypatch.setattr(
        tls, "names", lambda: (["elsewhere", "localhost"], ["127.0.0.1", "192.0.2.7"])
    )
    tls.certificates(tmp_path)
    assert authority.read_bytes() == before[0] and server.read_bytes() != before[1]
    key.write_bytes(before[2])  # as after a kill between the two files
    tls.certificates(tmp_path)
    assert key.read_bytes() != before[2]


@pytest.mark.parametrize("url, where", [
    ("mqtt://box", ("box", 1883, None, False)), ("mqtts://u:p@box", ("box", 8883, "u", True)),
    ("mqtt://u:p@192.0.2.1:99", ("192.0.2.1", 99, "u", False)),
])  # fmt: skip
def test_a_broker_elsewhere_is_an_address(url, where):
    found = broker.elsewhere(url)
    assert (found.host, found.port, found.user, found.tls) == where


@pytest.mark.parametrize("url", ["http://box", "mqtt://", "mqtt://box:99999", "nonsense"])
def test_what_is_no_broker_is_one_sentence_without_a_password(url, tmp_path):
    with pytest.raises(UserError, match="--broker takes"):
        broker.make(url, tmp_path, broker.Ports(), access.Access(tmp_path))
