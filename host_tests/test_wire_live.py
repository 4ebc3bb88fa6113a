# runs on: cpython
"""All of it at once: a board in the real VM with its .mpy files, Mosquitto, and a head-end's own packets."""

import json
import struct

import pytest

from real_brokers import HeadEnd, Mosquitto, wait_for
from running import Running, mpremote
from tools import interpreters
from tools.headend import envelope
from tools.utrn_vend import keys_of

NEEDS_VM = pytest.mark.skipif(
    interpreters.available("micropython") is not None, reason="no MicroPython unix VM here"
)
KEYS = keys_of({})
METER = KEYS.meter.hex().upper()
TOP_UP, ANSWER, STATE = 1, 1, 2
POUNDS_5 = 500000
WRITE = "with open('/board.json', 'w') as f: f.write('%s')"


def packets(desk, kind):
    """What the meter sent of that kind, each with a MAC that is right."""
    found = [envelope.read_up(KEYS, packet) for packet in desk.of("up")]
    return [packet for packet in found if packet.kind == kind]


@NEEDS_VM
def test_an_order_goes_through_a_real_broker_into_the_firmware_and_its_answer_comes_back(tmp_path):
    users = {METER: envelope.mqtt_password(KEYS), "desk": "x"}
    broker = Mosquitto(tmp_path, users)
    desk = None
    try:
        desk = HeadEnd(broker.port, METER, "desk", "x")
        with Running(tmp_path / "board") as meter:
            mqtt = {"host": "localhost", "port": broker.port, "homeassistant": True}
            board = {"wifi": {"ssid": "home"}, "mqtt": mqtt}
            mpremote(meter, "exec", WRITE % json.dumps(board))
            mpremote(meter, "reset")
            desk.wait("availability", b"online")
            wait_for(lambda: packets(desk, STATE), "a state")
            order = envelope.down(KEYS, 1, TOP_UP, struct.pack(">i", POUNDS_5))
            for _ in range(2):  # the second one is a repeat
                desk.send(order)
            wait_for(lambda: len(packets(desk, ANSWER)) == 2, "two answers")
            first, second = [struct.unpack(">BIBiB", p.body) for p in packets(desk, ANSWER)]
            assert first[:3] == (TOP_UP, 1, 0) and first[4] == 0
            assert second == (*first[:4], 1)  # the first answer again
            wait_for(lambda: desk.of("state"), "the state for Home Assistant")
            assert "balance" in json.loads(desk.of("state")[-1])
        desk.wait("availability", b"offline")
    finally:
        if desk is not None:
            desk.close()
        broker.stop()
