"""A board with a wire on the simulated network, a broker at its end, and a link that takes what comes.

For tests: WireTest, and what it is made of. Times in ms.
"""

import unittest

import virtual_time
from small_broker import Broker
from variants import WIFI, start

ADDRESS = "192.168.4.7"
ID = "9B0A1C2D3E4F5061"
SECRET = bytes(range(32))
GIVEN = {"wifi": WIFI, "mqtt": {"host": ADDRESS}}
POLL_MS = 10
UP_MS = 4000  # joining, the connection, the greeting


class Config:
    meter_id = bytes.fromhex(ID)
    secret = SECRET


class Meter:
    config = Config()


class App:
    def __init__(self, board):
        self.board = board
        self.meter = Meter()


class Link:
    """Takes packets and has some, as the real one does."""

    def __init__(self, app):
        self.app, self.meter = app, app.meter
        self.taken = []
        self.packets = []

    def take(self, packet):
        self.taken.append(packet)

    def next(self):
        return self.packets.pop(0) if self.packets else b""


class WireTest(unittest.TestCase):
    given = GIVEN

    def setUp(self):
        self.begin({})

    def begin(self, more):
        given = {"wifi": WIFI, "mqtt": dict(self.given["mqtt"])}
        given["mqtt"].update(more)
        self.w, self.board = start(given, jump=False)
        self.board.mark = 1
        self.ether = self.w.ether()
        self.broker = Broker()
        self.ether.servers[ADDRESS, 1883] = self.broker.accept
        self.wire = self.board.wire
        self.link = Link(App(self.board))

    def poll_for(self, ms, step_ms=POLL_MS):
        end_ms = self.w.t_ms + ms
        while self.w.t_ms < end_ms:
            virtual_time.sleep_ms(step_ms)
            before_ms = self.w.t_ms
            self.wire.tend(self.link, step_ms)
            self.assertEqual(self.w.t_ms, before_ms)  # nothing was waited for
        self.assertEqual(self.broker.faults, [])

    def is_up(self):
        return "No link" not in self.board.notes and ID in self.broker.sessions

    def heard(self, topic="up"):
        topic = "shilling/%s/%s" % (ID, topic)
        return [payload for _, known, payload, _, _, _ in self.broker.heard if known == topic]
