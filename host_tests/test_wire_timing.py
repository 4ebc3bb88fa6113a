# runs on: cpython
"""No call of the wire's tend() takes more than a few ms of the chip: counted in lines."""

import sys
import unittest

import virtual_time
import wire_bench
from test_mqtt import message

US_A_LINE = 8  # of an ESP32 at 160 MHz
MOST_MS = 4
OWN = ("/firmware/", "/board/esp32/")


PING, PUBACK = b"\xd0\x00", b"\x40\x02\0\0"


class Timing(wire_bench.WireTest):
    def setUp(self):
        super().setUp()
        self.lines = 0
        self.dearest = 0

    def trace(self, frame, event, _):
        if not any(folder in frame.f_code.co_filename for folder in OWN):
            return None
        self.lines += event == "line"
        return self.trace

    def tend(self, count=1):
        for _ in range(count):
            virtual_time.sleep_ms(5)
            self.lines = 0
            sys.settrace(self.trace)
            self.wire.tend(self.link, 5)
            sys.settrace(None)
            self.dearest = max(self.dearest, self.lines)

    def assert_quick(self):
        self.assertGreater(self.dearest, 10)
        self.assertLess(self.dearest * US_A_LINE / 1000, MOST_MS, f"{self.dearest} lines")

    def test_joining_naming_and_the_greeting(self):
        self.begin({"host": "broker.example", "homeassistant": False})
        self.ether.names["broker.example"] = wire_bench.ADDRESS
        self.tend(1000)
        self.assertTrue(self.is_up())
        self.assert_quick()

    def test_packets_both_ways_as_fast_as_they_come(self):
        self.link.packets = [bytes(496)] * 20
        self.tend(1000)
        for _ in range(20):
            self.broker.publish(f"shilling/{wire_bench.ID}/down", bytes(496))
        self.tend(1000)
        self.assertEqual((len(self.link.taken), len(self.heard())), (20, 20))
        self.assert_quick()

    def test_nothing_to_do_costs_half_a_ms_at_most(self):
        self.poll_for(wire_bench.UP_MS)
        self.tend(100)
        self.assertLess(self.dearest * US_A_LINE, 500, f"{self.dearest} lines")

    def test_a_broker_that_sends_the_dearest_bytes(self):
        down = f"shilling/{wire_bench.ID}/down".encode()
        messages = message(b"", qos=0, topic=b"t"), message(b"", topic=down)
        for packet in (PING, PUBACK, *messages):
            self.begin({})
            self.poll_for(wire_bench.UP_MS)
            self.broker.lines[0].send(packet * 200)
            self.tend(200)
            self.assertEqual(len(self.broker.lines), 1)
            self.assert_quick()


if __name__ == "__main__":
    unittest.main()
