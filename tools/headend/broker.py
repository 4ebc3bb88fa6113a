"""The broker of the head-end: Mosquitto as a child, amqtt inside of this process, or one elsewhere.

Takes a folder, ports and Access; gives where to connect. TLS for everyone, plain only on this machine
unless it is asked for. What is wrong is one sentence (UserError). Source: REMOTE.md.
"""

import asyncio
import contextlib
import ctypes
import getpass
import os
import shutil
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.errors import UserError
from tools.headend import access, tls

LOCAL, ANY = "127.0.0.1", "0.0.0.0"
START_S = 20  # so long a broker may take to listen
STOP_S = 10
MESSAGE_MAX = 16_384  # bytes; a meter's packet has 496, a discovery message some thousand
# What belongs to a listener stands behind it: before the first, it would open one more, on port 1883
CONFIG = """\
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
persistence true
persistence_location {folder}/
autosave_interval 60
max_queued_messages 10000
max_packet_size {size}
connection_messages false
log_dest stderr
log_type error
log_type warning
{user}listener {plain_port} {plain_host}
use_username_as_clientid true
listener {tls_port}
use_username_as_clientid true
certfile {certificate}
keyfile {key}
"""


@dataclass
class Ports:
    """Where the broker listens; plain_host is this machine alone unless --plain was said."""

    plain: int = 1883
    tls: int = 8883
    plain_host: str = LOCAL


@dataclass
class Where:
    """What a client needs to connect."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    tls: bool = False


def elsewhere(url):
    """Where of mqtt://[user:password@]host[:port] or mqtts://…"""
    parts = urlsplit(url)
    try:
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError
        port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
    except ValueError:
        raise UserError(
            f"--broker takes mosquitto, amqtt or mqtt://host:1883, not {parts.scheme or url}"
        ) from None
    return Where(parts.hostname, port, parts.username, parts.password, parts.scheme == "mqtts")


def chosen(name):
    """'mosquitto' if it is installed and nothing else was said, else 'amqtt'."""
    if name == "mosquitto" and not program():
        raise UserError("mosquitto is not installed (on Debian: apt-get install mosquitto);"
                        " --broker amqtt does without")  # fmt: skip
    return name or ("mosquitto" if program() else "amqtt")


def program():
    """Path of Mosquitto, which Debian keeps where only root looks."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def need_free(host, port, option="--mqtt-port or --mqtts-port"):
    """UserError if somebody listens there already, or we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise UserError(f"port {port} may not be used by this user") from None
        except OSError:
            raise UserError(
                f"port {port} is in use: end what uses it, or say another with {option}"
            ) from None


class Mosquitto:
    """The broker as a child of this process, which ends with it."""

    name = "mosquitto"

    def __init__(self, folder, ports, rights):
        self.folder, self.ports, self.access = folder, ports, rights
        self.process = None
        self.where = Where(LOCAL, ports.plain, access.HEADEND, rights.passwords[access.HEADEND])

    async def start(self):
        _, certificate, key = tls.certificates(self.folder.parent / "tls")
        for host, port in ((self.ports.plain_host, self.ports.plain), (ANY, self.ports.tls)):
            need_free(host, port)
        self._write_access()
        user = f"user {getpass.getuser()}\n" if os.geteuid() == 0 else ""
        text = CONFIG.format(
            folder=self.folder, size=MESSAGE_MAX, user=user, plain_port=self.ports.plain,
            plain_host=self.ports.plain_host, tls_port=self.ports.tls, certificate=certificate, key=key,
        )  # fmt: skip
        config = self.folder / "mosquitto.conf"
        access.write_private(config, text)
        with (self.folder / "log").open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                program(), "-c", str(config), stderr=log, preexec_fn=_die_with_parent
            )
        await self._listening()

    def _write_access(self):
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        access.write_private(self.folder / "passwords", self.access.password_lines())
        access.write_private(self.folder / "rights", self.access.rule_lines())

    async def _listening(self):
        """Until both ports answer."""
        for port in (self.ports.plain, self.ports.tls):
            for _ in range(START_S * 20):
                if self.process.returncode is not None:
                    raise UserError(f"the broker did not start: {self._last_words()}")
                try:
                    _, writer = await asyncio.open_connection(LOCAL, port)
                except OSError:
                    await asyncio.sleep(0.05)
                    continue
                writer.close()
                break
            else:
                raise UserError(f"the broker does not listen on port {port}")

    def _last_words(self):
        if self.process and (self.process.returncode or 0) < 0:
            return f"signal {-self.process.returncode}"
        lines = (self.folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[-1].partition(": ")[2] if lines else "it said nothing"

    async def refresh(self):
        """Take over what changed in Access."""
        self._write_access()
        with contextlib.suppress(ProcessLookupError):  # it has ended: the next one reads it
            self.process.send_signal(signal.SIGHUP)

    async def ended(self):
        """Returns never while all is well; UserError when the broker is gone."""
        await self.process.wait()
        raise UserError(f"the broker ended: {self._last_words()}")

    async def stop(self):
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


def _die_with_parent():
    """In the child: nothing is left behind when the head-end is killed (Linux)."""
    os.setpgrp()  # Ctrl-C is for us: we end the broker when we have finished
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Elsewhere:
    """A broker that somebody else runs."""

    def __init__(self, where):
        self.where = where
        self.name = f"{where.host}:{where.port}"

    async def start(self):
        pass

    async def refresh(self):
        pass

    async def ended(self):
        await asyncio.Event().wait()

    async def stop(self):
        pass


def make(name, folder, ports, rights):
    """The broker of --broker."""
    if name and name not in ("mosquitto", "amqtt"):
        return Elsewhere(elsewhere(name))
    if chosen(name) == "mosquitto":
        return Mosquitto(Path(folder).absolute() / "broker", ports, rights)
    from tools.headend.embedded import Amqtt

    return Amqtt(Path(folder).absolute() / "broker", ports, rights)
