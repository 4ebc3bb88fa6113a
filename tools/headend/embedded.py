"""The broker inside of this process: amqtt, for a machine without Mosquitto.

It keeps sessions only as long as it runs: what a meter had not got yet, the head-end sends again.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin

from tools.errors import UserError
from tools.headend import access, tls
from tools.headend.broker import ANY, LOCAL, Where, need_free

STOP_S = 3
LOOK_S = 1  # so often it is looked whether it still works


@dataclass
class _Config:
    rights: Any = None
    owners: dict = field(default_factory=dict)


class Gate(BaseAuthPlugin):
    """Who may come in. A client's name belongs to the user who had it first: nobody takes a session
    that is another's."""

    Config = _Config

    async def authenticate(self, *, session):
        user, password = session.username, session.password
        if not user or password is None or not self.config.rights.admits(user, password):
            return False
        return self.config.owners.setdefault(session.client_id, user) == user


class Topics(BaseTopicPlugin):
    """What each may read and write."""

    Config = _Config

    async def topic_filtering(self, *, session=None, topic=None, action=None):
        if session is None or not topic:
            return False
        verb = access.WRITE if action == Action.PUBLISH else access.READ
        return self.config.rights.allows(session.username, verb, topic)


class Lines(Broker):
    """The library's broker; `lines` are its connections, which must end with it."""

    def __init__(self, config):
        super().__init__(config)
        self.lines = set()

    async def stream_connected(self, reader, writer, listener_name):
        self.lines.add(writer)
        try:
            await super().stream_connected(reader, writer, listener_name)
        finally:
            self.lines.discard(writer)


class Amqtt:
    """The embedded broker, as broker.Mosquitto."""

    name = "amqtt"

    def __init__(self, folder, ports, rights):
        self.folder, self.ports, self.access = folder, ports, rights
        self.broker = None
        self.where = Where(LOCAL, ports.plain, access.HEADEND, rights.passwords[access.HEADEND])

    async def start(self):
        _, certificate, key = tls.certificates(self.folder.parent / "tls")
        for host, port in ((self.ports.plain_host, self.ports.plain), (ANY, self.ports.tls)):
            need_free(host, port)
        for name in ("amqtt", "transitions"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # a meter that goes away is no news
        here = f"{__name__}."
        self.broker = Lines({
            "listeners": {
                "default": {"type": "tcp", "bind": f"{self.ports.plain_host}:{self.ports.plain}"},
                "tls": {"bind": f"{ANY}:{self.ports.tls}", "ssl": True,
                        "certfile": str(certificate), "keyfile": str(key)},
            },
            "plugins": {here + "Gate": {"rights": self.access},
                        here + "Topics": {"rights": self.access}},
        })  # fmt: skip
        try:
            await self.broker.start()
        except Exception as error:  # whatever the library raises
            raise UserError(f"the broker did not start: {error}") from None

    async def refresh(self):
        """Access is looked at each time."""

    async def ended(self):
        """Returns never while all is well; UserError when it does not work any more."""
        while self._works():
            await asyncio.sleep(LOOK_S)
        raise UserError("the broker ended")

    def _works(self):
        """Does it listen, and pass messages on? Either may end without a word."""
        made = self.broker
        return (
            made.transitions.state == "started"
            and not made._broadcast_task.done()
            and all(server.instance.is_serving() for server in made._servers.values())
        )

    async def stop(self):
        made, self.broker = self.broker, None
        if made is None:
            return
        for server in made._servers.values():
            server.instance.close()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(STOP_S):  # one that is broken may wait for ever
                await made.shutdown()
        for writer in tuple(made.lines):  # else a client would stay at a broker that is none
            writer.transport.abort()
