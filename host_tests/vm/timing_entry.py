"""What a start, a poll and a press cost: lines of the firmware run, bus transfers, bytes, flash reads.

For the wasm VM built with sys.settrace. Lines are those of firmware/ and board/esp32 as the VM counts
them; ms are simulated: what the bus, the relay and the board's own 5 ms of idling take, no code.
argv: an image of the partition ledger, or nothing for a new meter. Prints JSON.
"""

import json
import sys

import boot
import world
from shilling.provision import provision

DAY, SECOND = 9820, 39600
OWN = ("/firmware/", "/board/esp32/")
POLLS = 200
LONGEST_MS = 2000
SHORT_MS = 200
counted = {"lines": 0, "calls": 0}
is_own = {}


def trace(frame, event, _arg):
    name = frame.f_code.co_filename
    own = is_own.get(name)
    if own is None:
        own = is_own[name] = any([folder in name for folder in OWN])
    if own:
        if event == "line":
            counted["lines"] += 1
        elif event == "call":
            counted["calls"] += 1
    return trace


class Meter:
    """Counts the silicon's work between two looks."""

    def __init__(self, silicon):
        self.silicon = silicon
        self.flash = {"reads": 0, "read_bytes": 0}
        inner = silicon.flash.read

        def read(addr, buf):
            self.flash["reads"] += 1
            self.flash["read_bytes"] += len(buf)
            return inner(addr, buf)

        silicon.flash.read = read

    def measure(self, work):
        """-> (what it cost, what work() gave)."""
        bus = self.silicon.bus
        before = self._now(bus)
        counted["lines"] = counted["calls"] = 0
        sys.settrace(trace)
        given = work()
        sys.settrace(None)
        cost = {name: value - before[name] for name, value in self._now(bus).items()}
        cost.update(counted)
        return cost, given

    def _now(self, bus):
        return {
            "transfers": bus.transfers, "bus_bytes": bus.bytes, "bus_us": bus.busy_us,
            "ms": self.silicon.t_ms, "reads": self.flash["reads"],
            "read_bytes": self.flash["read_bytes"],
        }  # fmt: skip


def polls(app, board, until, most_ms=LONGEST_MS):
    """-> (polls, lines of the dearest one) till until() is true."""
    silicon = world.current
    end = silicon.t_ms + most_ms
    count, dearest = 0, 0
    while not until():
        before = counted["lines"]
        wait_ms = app.poll()
        board.feed()
        board.idle(wait_ms, app.asked_pulses)
        dearest = max(dearest, counted["lines"] - before)
        count += 1
        if silicon.t_ms > end:
            raise RuntimeError("it never came")
    return count, dearest


def main(image):
    silicon = world.World(DAY, SECOND, takes_time=True, flash=image)
    if image is None:
        provision(boot.store(silicon), {"day": DAY, "second": SECOND, "balance_mp": 1000000})
    board_class = boot.board_class(jump=False)
    from shilling.app import App

    meter = Meter(silicon)
    found = {}
    found["board"], board = meter.measure(board_class)
    found["app"], app = meter.measure(lambda: App(board))
    found["first poll"], _ = meter.measure(app.poll)
    begin = silicon.t_ms
    found["idle"], (count, dearest) = meter.measure(
        lambda: polls(app, board, lambda: silicon.t_ms >= begin + 5 * POLLS)
    )
    found["idle"].update(polls=count, dearest=dearest)
    lit = silicon.cells()
    silicon.press("A")
    down = silicon.t_ms
    polls(app, board, lambda: silicon.t_ms >= down + SHORT_MS)
    silicon.release("A")  # a short press is known for one when the finger leaves
    found["press"], (count, dearest) = meter.measure(
        lambda: polls(app, board, lambda: silicon.cells() != lit)
    )
    found["press"].update(polls=count, dearest=dearest)
    print(json.dumps(found))


image = None
if len(sys.argv) > 1:
    with open(sys.argv[1], "rb") as file:
        image = bytearray(file.read())
main(image)
