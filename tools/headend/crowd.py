"""What the bench of the head-end measures with: a head-end that knows its times, and a crowd of meters.

The meters are one process, each the whole firmware with an MQTT connection of its own: see
host_tests/scale_meters.py. Times are seconds of the monotonic clock.
"""

import json
import os
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

from tools import interpreters
from tools.errors import UserError
from tools.headend import bodies, broker
from tools.headend.headend import HeadEnd
from tools.utrn_vend import keys_of

METERS_FILE = "host_tests/scale_meters.py"
PENCE = 100  # of each order
LIMIT_S = 600  # for everything to be received


class Watched(HeadEnd):
    """Knows to the ms when an order was sold and when its answer was on the disk."""

    def __init__(self, url, keys):
        super().__init__(url, keys)
        self.sold, self.done = {}, {}
        self.moved = threading.Condition()

    def sell(self, meter):
        began = time.monotonic()
        order = self.top_up(meter, PENCE, int(time.time()))
        self.sold[meter, order.number] = began

    def take_all(self, packets, now):
        super().take_all(packets, now)
        ended = time.monotonic()
        with self.moved:
            for packet in packets:
                if packet[29] == bodies.ANSWER:
                    kind, number, outcome = struct.unpack_from(">BIB", packet, 30)
                    if kind == bodies.TOP_UP and outcome == bodies.DONE:
                        self.done.setdefault((packet[1:9].hex().upper(), number), ended)
            self.moved.notify_all()

    def wait(self, is_so, what):
        with self.moved:
            if not self.moved.wait_for(is_so, LIMIT_S):
                raise UserError(f"after {LIMIT_S} s: {what}")

    def delays_ms(self, orders):
        """Of these orders, in order of length."""
        return sorted((self.done[order] - self.sold[order]) * 1000 for order in orders)


class Meters:
    """The process of the meters."""

    def __init__(self, port, keys):
        args, env = interpreters.command("cpython", METERS_FILE)
        self.process = subprocess.Popen(
            args, env=env, cwd=interpreters.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        meters = [[meter, known.secret.hex()] for meter, known in keys.items()]
        self.process.stdin.write(json.dumps({"port": port, "meters": meters}) + "\n")
        self.process.stdin.flush()

    def said(self):
        """Their next line."""
        line = self.process.stdout.readline()
        if not line:
            raise UserError("the meters' process has ended")
        return json.loads(line)

    def end(self):
        """What they hold in the end."""
        self.process.stdin.close()
        return self.said()

    def kill(self):
        self.process.kill()
        self.process.wait()


def free_ports():
    """Two that nobody uses."""
    with socket.create_server((broker.LOCAL, 0)) as one, socket.create_server(("", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def resident_kb(pid="self"):
    """Memory of a process now (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def keys_for(count):
    """{meter_hex: Keys} of meters that are nobody's."""
    return {
        f"02{number:014X}": keys_of({"meter": f"02{number:014X}", "secret": os.urandom(32).hex()})
        for number in range(1, count + 1)
    }
