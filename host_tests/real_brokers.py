"""Real brokers for tests: Mosquitto as its own process, amqtt in a thread of this one; and a head-end.

Takes a folder for their files; gives ports that were free. Needs Debian's mosquitto; the head-end's side
is paho, so neither end of a test is judged by its own code.
"""

import asyncio
import getpass
import socket
import subprocess
import threading
import time
from dataclasses import dataclass

import paho.mqtt.client as paho
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig
from amqtt.plugins.base import BaseAuthPlugin

import needs

LIMIT_S = 30


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(is_so, what, limit_s=LIMIT_S):
    """Until is_so() gives something; -> it."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        found = is_so()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {limit_s} s: {what}")


def is_listening(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


class Mosquitto:
    """users: {name: password}, nobody else gets in. tls: (certificate, key) of a second listener."""

    def __init__(self, folder, users, tls=None):
        needs.program("mosquitto")  # mosquitto_passwd comes with it
        self.port, self.tls_port = free_port(), free_port()
        passwords = folder / "passwords"
        passwords.write_text("".join(f"{name}:{word}\n" for name, word in users.items()))
        subprocess.run([needs.program("mosquitto_passwd"), "-U", passwords], check=True)
        lines = [f"user {getpass.getuser()}", f"password_file {passwords}", "allow_anonymous false"]
        lines += [f"listener {self.port} 127.0.0.1"]
        if tls is not None:
            lines += [
                f"listener {self.tls_port} 127.0.0.1",
                f"certfile {tls[0]}",
                f"keyfile {tls[1]}",
            ]
        self._file = folder / "mosquitto.conf"
        self._file.write_text("\n".join(lines) + "\n")
        self.start()

    def start(self):
        self._process = subprocess.Popen(
            [needs.program("mosquitto"), "-c", self._file],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(
            lambda: is_listening(self.port) or self._process.poll() is not None, "mosquitto listens"
        )
        assert self._process.poll() is None, "mosquitto does not start"

    def stop(self):
        self._process.kill()
        self._process.wait()


class Passwords(BaseAuthPlugin):
    """amqtt's question who may come in; whoever comes without a name has no session there."""

    async def authenticate(self, *, session):
        return self.config.users.get(session.username) == session.password

    @dataclass
    class Config:
        users: dict[str, str]


class Amqtt:
    """The pure Python one."""

    def __init__(self, users):
        self._users = users
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._start())

    async def _start(self):
        self._broker = Broker(
            BrokerConfig(
                listeners={"default": ListenerConfig(bind=f"127.0.0.1:{self.port}")},
                plugins={"real_brokers.Passwords": {"users": self._users}},
            )
        )
        await self._broker.start()

    def stop(self):
        self._do(self._broker.shutdown())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT_S)
        self._loop.close()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LIMIT_S)


class HeadEnd:
    """The other side of a meter's topics."""

    def __init__(self, port, meter, user="", password=""):
        self.base = f"shilling/{meter}/"
        self.heard = []  # (rest of the topic, payload)
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="head-end")
        self._client.username_pw_set(user, password)
        self._client.on_message = lambda client, data, message: self.heard.append(
            (message.topic.removeprefix(self.base), message.payload)
        )
        done = threading.Event()
        self._client.on_subscribe = lambda *_: done.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe(self.base + "#", qos=1)
        assert done.wait(LIMIT_S)

    def send(self, packet, topic="down"):
        self._client.publish(self.base + topic, packet, qos=1).wait_for_publish(LIMIT_S)

    def of(self, topic):
        return [payload for known, payload in self.heard if known == topic]

    def wait(self, topic, payload):
        wait_for(lambda: self.of(topic)[-1:] == [payload], f"{topic} says {payload!r}")

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()
