"""A year without any network, then the head-end again: the meter works on, and its log arrives in order.

The house uses energy and types codes; power goes now and then. Afterwards each entry comes exactly once,
the reads are those of their very instants by an independent sum, as many as the meter must keep and no
more, and the orders whose codes were typed are known as received. Takes and gives what every check of the
evidence does. Source: REMOTE (backlog); SPEC.md 9.
"""

import shutil
import tempfile
from itertools import count
from pathlib import Path
from random import Random

from chip_nor import Nor
from evidence.findings import Findings
from far_meter import Clock, FarMeter, MemoryFiles
from shilling import codes
from small_core import erased, set_up
from tools import utrn_vend
from tools.headend import bodies, envelope
from tools.headend.headend import HeadEnd
from tools.headend.tables import FAILED, RECEIVED, Order

NAME = "silence"
YEAR = 365
GOAL = YEAR
START_S = 9820 * 86400 + 43200  # Friday 2026-11-20 12:00 UTC
HALF_MS, MINUTE_MS, DAY_S = 1_800_000, 60_000, 86400
SECTORS = 8
KEPT = {0: 14 * 48, 1: 396 + 12, 2: 128, 3: 128}  # entries that must be there, if there were so many
SEGMENT = 128  # and so many more at the most, and the one that is being filled
ENTRY_BYTES = 26  # on disk
CATCH_UP_S = 6 * 3600  # the log must be there by then
CODE_EVERY = 5  # days
RAM = Path("/dev/shm")
KEYS = utrn_vend.keys_of({})
NAME_OF = KEYS.meter.hex().upper()


def units(effort, seed):
    return [{"seed": Random(seed).getrandbits(30), "days": 40 if effort == "quick" else YEAR}]


def more(seed):
    random = Random(-1 - seed)
    for _ in count():
        yield {"seed": random.getrandbits(30), "days": YEAR}


def run(unit):
    findings = Findings("silence_errors")
    folder = tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None)
    try:
        with findings.watch(f"{unit['days']} days without network", unit):
            silence = Silence(unit["seed"], f"sqlite:///{folder}/headend.db")
            try:
                silence.live(unit["days"])
                findings.add("silence_days", unit["days"])
                findings.add("most_file_bytes", silence.file_bytes())
                silence.catch_up()
                findings.add("silence_entries", silence.judge())
            finally:
                silence.head.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return findings.result()


def figures(counts):
    rows = (
        ("silence_days", GOAL, "silence_days", "days without network, the meter works on"),
        ("silence_entries", "all that are kept", "silence_entries", "log entries that came afterwards, once"),
        ("silence_errors", 0, "silence_errors", "entries twice, out of order or wrong"),
        ("silence_files", "<= 100000", "most_file_bytes", "bytes of the log's files at most"),
    )
    return [{"name": name, "goal": goal, "reached": counts.get(key, 0), "unit": unit}
            for name, goal, key, unit in rows]  # fmt: skip


class Silence:
    """`wh`: half-hour (since 2000) -> total at its instant; `typed`: numbers of the orders that were."""

    def __init__(self, seed, url):
        self.random = Random(seed)
        self.clock = Clock(START_S)
        store = Nor(erased(SECTORS))
        set_up(store, balance_mp=5_000_000)
        self.sent = []
        self.meter = FarMeter(store, self.clock, self.sent.append, MemoryFiles(), seed)
        self.head = HeadEnd(url, {NAME_OF: KEYS}.get)
        self.head.add_meter(NAME_OF, self.now_s())
        self.wh, self.total_wh, self.typed = {}, 0, []
        self.told = []  # (stream, number) as they came

    def now_s(self):
        return self.clock.utc_s() + envelope.EPOCH_S

    # Without network

    def live(self, days):
        self.meter.has_network = False
        sold = [self.head.top_up(NAME_OF, 1000, self.now_s()) for _ in range(days // CODE_EVERY)]
        for half in range(days * 48):
            self.half_hour()
            if self.random.random() < 1 / 150:
                self.meter.lose_power()
                self.meter.start()
            if half % (48 * CODE_EVERY) == 17 and sold:
                order = sold.pop(0)
                assert self.meter.type_in(self.head.code(order.id)) == codes.DONE
                self.typed.append(order.number)
        core = self.meter.app.meter
        assert not core.halted and core.account.is_balanced() and not core.notes, core.notes

    def half_hour(self):
        """Pulses come a minute before its end, so that the total at that instant is known."""
        end_ms = self.clock.ms - self.clock.ms % HALF_MS + HALF_MS
        self.meter.run(end_ms - MINUTE_MS)
        pulses = self.random.choice((0, 40, 100, 700))
        if self.meter.app.meter.supply.closed:
            self.meter.app.board.new_pulses += pulses
            self.total_wh += pulses
        self.meter.run(end_ms - 1)
        self.wh[(START_S * 1000 + end_ms) // HALF_MS] = self.total_wh
        self.meter.run(end_ms)

    def file_bytes(self):
        return sum(map(len, self.meter.files.files.values()))

    # Back again

    def catch_up(self):
        """The network is there; nothing is lost in it, so nothing need be told twice."""
        self.meter.has_network = True
        end_s = self.now_s() + CATCH_UP_S
        while self.now_s() < end_s:
            self.meter.run(self.clock.ms + 1000)
            self.exchange()
            if self.is_settled():
                return
        raise AssertionError("the log has not arrived: " + str(self.marks()))

    def exchange(self):
        while self.sent:
            packet = self.sent.pop(0)
            found = envelope.read_up(KEYS, packet)
            if found.kind == bodies.LOG:
                log = bodies.read(found.kind, found.body)
                self.told += [(log.stream, entry.number, entry) for entry in log.entries]
            self.head.take(packet, self.now_s())
        for _, packet in self.head.packets(self.now_s()):
            self.meter.receive(packet)

    def marks(self):
        backlog = self.meter.app.link.backlog
        told = [max([n for s, n, _ in self.told if s == stream], default=0) for stream in range(4)]
        return told, [backlog.last(stream) for stream in range(4)]

    def is_settled(self):
        told, last = self.marks()
        with self.head.reading() as session:
            unsettled = [o for o in session.query(Order) if o.state not in (RECEIVED, FAILED)]
        return told == last and not unsettled

    def judge(self):
        """-> how many entries came."""
        numbers = [(stream, number) for stream, number, _ in self.told]
        assert len(numbers) == len(set(numbers)), "an entry was told twice"
        last = self.marks()[1]
        for stream in range(4):
            came = [number for s, number in numbers if s == stream]
            assert came == sorted(came), f"stream {stream} is out of order"
            wanted = min(KEPT[stream], last[stream])
            assert len(came) >= wanted, f"stream {stream}: {len(came)} entries came, {wanted} must be kept"
            assert len(came) <= KEPT[stream] + 2 * SEGMENT, f"stream {stream} keeps {len(came)}"
            assert came == list(range(last[stream] + 1 - len(came), last[stream] + 1)), "a gap"
        for _, number, entry in self.told:
            if entry.code == bodies.HALF_HOUR:
                wanted_wh = self.wh.get(entry.time_s * 1000 // HALF_MS)
                assert entry.time_s % 1800 == 0, f"entry {number} is of no half-hour"
                assert entry.wh == wanted_wh, f"entry {number}: {entry.wh} Wh, not {wanted_wh}"
        credited = {entry.order_number for _, _, entry in self.told if entry.code == bodies.CREDITED}
        assert credited >= set(self.typed[-20:]), "a top-up is not in the log"
        return len(numbers)
