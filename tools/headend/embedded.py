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
        self.broker = Broker({
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
        await asyncio.Event().wait()

    async def stop(self):
        if self.broker is not None:
            with contextlib.suppress(Exception):
                await self.broker.shutdown()
