"""Real brokers for tests, on free ports: Mosquitto, where it is installed, and amqtt."""

import socket
from contextlib import asynccontextmanager

import aiomqtt

import needs
from headend_kit import ALL_KEYS
from tools.headend import access, broker

WAIT_S = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def running(name, folder):
    """(broker, Access) on free ports."""
    if name == "mosquitto":
        needs.program("mosquitto")
    rights = access.Access(folder)
    rights.set_meters(ALL_KEYS)
    made = broker.make(name, folder, broker.Ports(free_port(), free_port()), rights)
    await made.start()
    try:
        yield made, rights
    finally:
        await made.stop()


def client(made, rights, user, **more):
    options = {"username": user, "password": rights.passwords.get(user), "identifier": user}
    return aiomqtt.Client(made.where.host, made.where.port, timeout=WAIT_S, **options | more)
