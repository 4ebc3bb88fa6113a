"""A network that breaks in every way at any time: each packet arrives, in order, and the wire comes back."""

import os
import unittest

import wire_bench

SEEDS = max(6, int(getattr(os, "getenv", lambda name: "")("SHILLING_FUZZ") or 0) // 1000)
PACKETS = 12
MINUTES = 30


class Chaos(wire_bench.WireTest):
    def dice(self, below):
        self.seed = self.seed * 16807 % 2147483647
        return self.seed % below

    def disturb(self):
        """Something happens to the network, or to the broker."""
        what = self.dice(8)
        ether, broker = self.ether, self.broker
        if what == 0:
            ether.set_there(not ether.is_there)
        elif what == 1:
            ether.lost_in_1000 = self.dice(400)
        elif what == 2:
            ether.segment = 1 + self.dice(200)
        elif what == 3 and broker.lines:
            broker.lines[-1].reset()
        elif what == 4:
            for stream in ether.streams:
                stream.vanish()
        elif what == 5:
            broker.answers = not broker.answers
        elif what == 6:
            ether.servers.clear()
        elif what == 7:
            ether.way_ms = self.dice(4000)

    def heal(self):
        self.ether.set_there(True)
        self.ether.lost_in_1000, self.ether.segment, self.ether.way_ms = 0, 1436, 20
        self.broker.answers = True
        for line in self.broker.lines:
            line.send()
        self.ether.servers[wire_bench.ADDRESS, 1883] = self.broker.accept

    def first_seen(self, packets):
        seen = []
        for packet in packets:
            if packet not in seen:
                seen.append(packet)
        return seen

    def live(self, seed):
        self.seed = 7919 * seed + 1
        self.begin({})
        self.poll_for(wire_bench.UP_MS)
        ups = [bytes([i]) * (46 + 35 * i) for i in range(PACKETS)]
        downs = [bytes([100 + i]) * (46 + 35 * i) for i in range(PACKETS)]
        self.link.packets = list(ups)
        for packet in downs:
            self.broker.publish("shilling/%s/down" % wire_bench.ID, packet)
            for _ in range(3):
                self.disturb()
                self.poll_for(self.dice(MINUTES * 60000 // PACKETS // 3), 200)
                if not self.dice(3):
                    self.heal()
        self.heal()
        self.poll_for(1000000, 200)
        self.assertTrue(self.is_up(), seed)
        self.assertEqual(self.first_seen(self.heard()), ups, seed)
        self.assertEqual(self.first_seen(self.link.taken), downs, seed)
        self.assertEqual(self.broker.sessions[wire_bench.ID].waiting, [], seed)

    def test_nothing_is_lost(self):
        for seed in range(1, SEEDS + 1):
            self.live(seed)


if __name__ == "__main__":
    unittest.main()
