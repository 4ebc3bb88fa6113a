"""Runs board/esp32/wire.py over real sockets, as a meter that sends back each packet that it is sent.

Takes one argument, JSON: meter (id, hex), secret (hex), mqtt (as in board.json). Prints one line of JSON
when it is let in, and one at the packet b"stop": how long calls of tend() took, in us.
"""

import json
import sys
import time

given = json.loads(sys.argv[1])


class Radio:
    """Of module network: this machine is connected already."""

    STA_IF = 0

    def WLAN(self, _):  # noqa: N802 (MicroPython's name)
        return self

    def active(self, *_):
        return True

    def isconnected(self):
        return True


sys.modules["network"] = Radio()

if sys.implementation.name == "micropython":
    now_us, sleep_ms = time.ticks_us, time.sleep_ms
else:
    import cpython_socket  # noqa: F401  sockets with MicroPython's methods

    def now_us():
        return time.monotonic_ns() // 1000

    def sleep_ms(ms):
        time.sleep(ms / 1000)


import wire  # noqa: E402


class Meter:
    class config:  # noqa: N801
        meter_id = bytes.fromhex(given["meter"])
        secret = bytes.fromhex(given["secret"])


class App:
    meter = Meter

    class board:  # noqa: N801
        mark = 1
        notes = []


class Link:
    app = App
    meter = Meter
    packets = []

    def take(self, packet):
        self.packets.append(bytes(reversed(packet)))

    def next(self):
        return self.packets.pop(0) if self.packets else b""


def say(line):
    print(json.dumps(line))
    if hasattr(sys.stdout, "flush"):
        sys.stdout.flush()


def main():
    link = Link()
    carried = wire.Wire({"ssid": "x"}, given["mqtt"])
    took, was_up, last_us = [], False, now_us()
    while b"pots" not in link.packets:
        begin_us = now_us()
        carried.tend(link, (begin_us - last_us) // 1000)
        last_us += (begin_us - last_us) // 1000 * 1000
        took.append(now_us() - begin_us)
        is_up = carried._client is not None and carried._client.is_up()
        if is_up and not was_up:
            say({"up": len(took), "us": max(took)})
            took.clear()
        was_up = is_up
        sleep_ms(1)
    took.sort()
    say(
        {
            "calls": len(took),
            "us": took[-1],
            "us_99": took[len(took) * 99 // 100],
            "us_50": took[len(took) // 2],
        }
    )


main()
