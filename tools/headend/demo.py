"""`shilling headend --demo`: a simulated meter beside the head-end, and a folder that is gone afterwards.

The meter is the whole firmware on CPython with an MQTT connection of its own; its keys are made for this
once. Ports that are in use are passed over.
"""

import asyncio
import contextlib
import secrets
import shutil
import signal
import tempfile
from pathlib import Path

from tools.errors import UserError
from tools.headend import broker
from tools.utrn_vend import keys_of

METER = "02000000000000DE"
TRIED = 100  # ports
LOOK_S = 1


@contextlib.contextmanager
def folder():
    """A data folder for one run."""
    path = Path(tempfile.mkdtemp(prefix="shilling-demo-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def keys():
    """{meter_hex: Keys} of the simulated meter."""
    return {METER: keys_of({"meter": METER, "secret": secrets.token_hex(32)})}


def free(host, port):
    """The first port from this one on that nobody uses."""
    for tried in range(port, min(port + TRIED, 65536)):
        with contextlib.suppress(UserError):
            broker.need_free(host, tried)
            return tried
    raise UserError(f"no port from {port} to {min(port + TRIED, 65536) - 1} is free")


def choose_ports(args):
    """Put free ports into the command's arguments."""
    args.port = free(broker.LOCAL, args.port)
    args.mqtt_port = free(broker.ANY if args.plain else broker.LOCAL, args.mqtt_port)
    args.mqtts_port = free(broker.ANY, args.mqtts_port)


class Meter:
    """The meter's process; run() begins another, which holds nothing, if it has ended."""

    def __init__(self, port, meters):
        self.port, self.meters, self.running = port, meters, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.running is not None:
            self.running.kill()

    async def run(self):
        self.running = start_meter(self.port, self.meters)
        while self.running.process.poll() is None:
            await asyncio.sleep(LOOK_S)
        raise UserError("its process has ended; the next one holds nothing")


def start_meter(port, meters):
    """The meter's process; kill() ends it, Ctrl-C does not."""
    from tools.headend.crowd import Meters  # the simulation is not for those who only sell

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return Meters(port, meters)
    finally:
        signal.signal(signal.SIGINT, before)
