"""Many meters in one process, each the whole firmware on the smallest board, with its own MQTT connection.

A program: one line of JSON on standard input (port, meters: [id, secret] in hex), then until its
end. Prints one line of JSON when all are connected, and one with the sums of what they hold at the end.
tools/headend/bench.py starts it on CPython; the MQTT is that of the firmware, too.
"""

import heapq
import json
import os
import resource
import selectors
import socket
import sys
import time

from chip_nor import Nor
from far_meter import Clock, FarMeter, MemoryFiles
from shilling import mqtt, seal
from small_core import erased, set_up

SECTORS = 3
EPOCH_S = 946684800
LONGEST_MS, TEND_MS = 1000, 5000
RETRY_MS = 500  # after a connection that was lost


class Station:
    """A meter and its connection to the broker."""

    def __init__(self, number, given, port, clock):
        meter_id, secret = (bytes.fromhex(text) for text in given)
        store = Nor(erased(SECTORS))
        day, second = divmod(clock.utc_s(), 86400)
        set_up(store, meter_id=meter_id, secret=secret, balance_mp=0, day=day, second=second)
        self.queue = []
        self.meter = FarMeter(store, clock, self.queue.append, MemoryFiles(), number)
        self.name, self.port = meter_id.hex().upper(), port
        self.password = seal.derived(secret, seal.MQTT).hex()[:32]
        base = b"shilling/" + self.name.encode()
        self.up = base + b"/up"
        self.client = mqtt.Client(base, [(base + b"/down", 1)], self.enter, self.take)
        self.socket = None
        self.connect()

    def connect(self):
        """Over a new connection; OSError: there is none."""
        self.is_in = False
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setblocking(False)
        self.client.connect(self.name, self.name, self.password)

    def part(self):
        """The connection is gone."""
        self.socket.close()
        self.socket = None

    def enter(self):
        self.is_in = True

    def take(self, topic, payload, retained):
        self.meter.receive(payload)

    def hear(self):
        """What has come. -> False: the connection is over."""
        try:
            data = self.socket.recv(4096)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return bool(data) and self.client.feed(data)

    def speak(self):
        """Send what can be sent. -> there is more."""
        client = self.client
        if self.is_in and self.queue and client.is_free():
            client.tell(self.up, self.queue.pop(0))
        if client.out:
            try:
                client.out = client.out[self.socket.send(client.out) :]
            except BlockingIOError:
                pass
            except OSError:
                client.out = b""  # hear() finds that the connection is over
        return bool(client.out)


class Crowd:
    """All of them, and the wall clock as their time."""

    def __init__(self, given):
        self.began = time.monotonic()
        self.empty_kb = resident_kb()
        self.clock = Clock(int(time.time()) - EPOCH_S)
        self.selector = selectors.DefaultSelector()
        self.stations = []
        self.due = []  # (ms, number of the station)
        self.lost = set()  # numbers of those without a connection
        self.tried_ms = 0
        for number, one in enumerate(given["meters"]):
            station = Station(number, one, given["port"], self.clock)
            self.stations.append(station)
            self.selector.register(station.socket, selectors.EVENT_READ, number)
            self.due.append((0, number))
            self.tend(number)
        self.selector.register(sys.stdin, selectors.EVENT_READ, -1)
        self.tended_ms = 0

    def now_ms(self):
        return int((time.monotonic() - self.began) * 1000)

    def tend(self, number):
        """Send; and look for room where not all went out."""
        station = self.stations[number]
        if station.socket is None:
            return
        wants = selectors.EVENT_READ | (selectors.EVENT_WRITE if station.speak() else 0)
        if self.selector.get_key(station.socket).events != wants:
            self.selector.modify(station.socket, wants, number)

    def lose(self, number):
        """A meter goes on without a connection, and looks for another."""
        self.selector.unregister(self.stations[number].socket)
        self.stations[number].part()
        self.lost.add(number)

    def connect_lost(self):
        for number in sorted(self.lost):
            try:
                self.stations[number].connect()
            except OSError:
                continue
            self.lost.remove(number)
            self.selector.register(self.stations[number].socket, selectors.EVENT_READ, number)
            self.tend(number)

    def turn(self):
        """-> False: standard input has ended."""
        now_ms = self.now_ms()
        wait_ms = min(max(self.due[0][0] - now_ms, 0), LONGEST_MS)
        for key, _ in self.selector.select(wait_ms / 1000):
            if key.data < 0:
                return False
            self.clock.ms = self.now_ms()
            if self.stations[key.data].hear():
                self.tend(key.data)
            else:
                self.lose(key.data)
        self.clock.ms = now_ms = self.now_ms()
        while self.due[0][0] <= now_ms:
            number = self.due[0][1]
            wait_ms = self.stations[number].meter.poll()
            heapq.heapreplace(self.due, (now_ms + max(wait_ms, 1), number))
            self.tend(number)
        if now_ms - self.tended_ms >= TEND_MS:
            for number, station in enumerate(self.stations):
                if station.socket and not station.client.poll(now_ms - self.tended_ms):
                    self.lose(number)
                self.tend(number)
            self.tended_ms = now_ms
        if self.lost and now_ms - self.tried_ms >= RETRY_MS:
            self.tried_ms = now_ms
            self.connect_lost()
        return True

    def sums(self):
        """What they hold and what they cost."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "balance_mp": sum(one.meter.app.meter.account.balance_mp for one in self.stations),
            "cpu_s": used.ru_utime + used.ru_stime,
            "rss_kb": resident_kb() - self.empty_kb,
        }


def resident_kb():
    """Memory of this process now (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def main():
    crowd = Crowd(json.loads(sys.stdin.readline()))
    said = False
    while crowd.turn():
        if not said and all(one.is_in for one in crowd.stations):
            said = True
            print(json.dumps(crowd.sums()), flush=True)
    print(json.dumps(crowd.sums()), flush=True)


main()
