# runs on: cpython
"""The wire against real brokers: the very file of the chip, over real sockets, on CPython and in the VM."""

import datetime
import json
import queue
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from real_brokers import LIMIT_S, Amqtt, HeadEnd, Mosquitto, wait_for
from tools import interpreters

METER, SECRET = "9B0A1C2D3E4F5061", bytes(range(32))
SIZES = (46, 47, 90, 91, 127, 128, 300, 495, 496)
HERE = ("cpython", "micropython")
FOLDERS = ["firmware", "board/esp32", "host_tests"]


def password():
    made = hmac.HMAC(SECRET, hashes.SHA256())
    made.update(b"SHILLING-LINK-1 mqtt")
    return made.finalize().hex()[:32]


def certificate(folder):
    """-> (certificate, key): files, PEM, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = datetime.datetime(2020, 1, 1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin.replace(2099))
    found = folder / "broker.crt", folder / "broker.key"
    found[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    found[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return found


USERS = {METER: password(), "desk": "x"}


class Meter:
    """A process that runs host_tests/vm/wire_entry.py."""

    def __init__(self, on, **mqtt):
        why = interpreters.available(on)
        if why:
            raise unittest.SkipTest(why)
        given = {"meter": METER, "secret": SECRET.hex(), "mqtt": {"host": "127.0.0.1", **mqtt}}
        args, env = interpreters.command(
            on, "host_tests/vm/wire_entry.py", [json.dumps(given)], path=FOLDERS
        )
        self._process = subprocess.Popen(
            args, cwd=interpreters.ROOT, env=env, stdout=subprocess.PIPE, text=True
        )

        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line)

    def line(self):
        return json.loads(self._lines.get(timeout=LIMIT_S))

    def kill(self):
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()


class BrokersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def mosquitto(self, tls=None):
        broker = Mosquitto(self.folder, USERS, tls)
        self.addCleanup(broker.stop)
        return broker

    def head_end(self, broker):
        made = HeadEnd(broker.port, METER, "desk", "x")
        self.addCleanup(made.close)
        return made

    def meter(self, on, **mqtt):
        made = Meter(on, **mqtt)
        self.addCleanup(made.kill)
        return made

    def exchange(self, desk, count):
        """Packets of all sizes there, and back in order."""
        before = len(desk.of("up"))
        packets = [bytes([i]) + bytes(SIZES[i % len(SIZES)] - 1) for i in range(count)]
        for packet in packets:
            desk.send(packet)
        wait_for(lambda: len(desk.of("up")) >= before + count, "all packets are back")
        self.assertEqual(desk.of("up")[before:], [packet[::-1] for packet in packets])

    def play(self, on, broker, **mqtt):
        """A life with its cuts."""
        desk = self.head_end(broker)
        meter = self.meter(on, port=broker.port, **mqtt)
        desk.wait("availability", b"online")
        self.exchange(desk, 60)
        desk.send(bytes(5000))  # no packet: skipped, and acknowledged
        self.exchange(desk, 3)
        meter.kill()
        desk.wait("availability", b"offline")
        desk.send(b"late" * 20)
        before = len(desk.of("up"))
        self.meter(on, port=broker.port, **mqtt)
        wait_for(lambda: len(desk.of("up")) > before, "what came in between")
        self.assertEqual(desk.of("up")[before:], [b"etal" * 20])
        return desk

    def test_mosquitto_carries_packets_both_ways_and_keeps_what_came_in_between(self):
        for on in HERE:
            with self.subTest(on=on):
                self.play(on, self.mosquitto())

    def test_amqtt_does_too(self):
        for on in HERE:
            with self.subTest(on=on):
                broker = Amqtt(USERS)
                self.addCleanup(broker.stop)
                self.play(on, broker)

    def test_it_comes_back_when_the_broker_does_and_asks_for_its_topic_again(self):
        for on in HERE:
            with self.subTest(on=on):
                broker = self.mosquitto()
                meter = self.meter(on, port=broker.port)
                meter.line()
                broker.stop()
                broker.start()  # it has forgotten the session
                meter.line()
                desk = self.head_end(broker)
                desk.wait("availability", b"online")
                self.exchange(desk, 9)

    def test_tls_carries_the_same(self):
        broker = self.mosquitto(certificate(self.folder))
        desk = self.head_end(broker)
        meter = self.meter("micropython", port=broker.tls_port, tls=True)
        desk.wait("availability", b"online")
        self.exchange(desk, 30)
        desk.send(b"stop")
        meter.line()
        carried = meter.line()
        self.assertGreater(carried["calls"], 30)


if __name__ == "__main__":
    unittest.main()
