"""Fuzzed packets at a meter's link: no exception, nothing changes, and the heap stays as it is.

Packets of another meter, of the other direction, of the right key changed in any bit, cut, grown, put
together anew, and noise; now and then an honest one, or a meter that refuses everything would pass. Some
have the right MAC and nonsense under it, as a faulty head-end may send: those never raise. Takes and gives
what every check of the evidence does. Source: REMOTE; RELIABILITY, the figures.
"""

import tracemalloc
from itertools import count
from random import Random
from struct import pack

from chip_nor import Nor
from evidence.findings import Findings
from far_meter import Clock, FarMeter, MemoryFiles
from network_sim import changed, noise
from shilling import outside, remote  # which the meter loads when they are first wanted
from small_core import DAY, NOON_S, erased, set_up
from small_core import figures as core_figures
from tools import utrn_vend
from tools.headend import bodies, envelope

NAME = "link_fuzz"
LOADED = outside, remote
GOAL = 1_000_000
PACKETS = 20_000  # of a unit
QUICK_UNITS, LONG_UNITS = 2, 50
ROUND = 500  # packets from one honest one to the next
WARM = 2000  # packets until the heap has what it needs
HEAP_BYTES = 40_000  # that it may differ by: the log's files, which fill up once, caches of CPython
SECTORS = 3
ADJUST, ANSWER, REPEATED = 3, 1, 1  # SPEC.md 9
BODY_AT, MAC_BYTES = 30, 16
KEYS = utrn_vend.keys_of({})
OTHERS = (
    utrn_vend.Keys(KEYS.meter, KEYS.originator, KEYS.secret[::-1]),
    utrn_vend.Keys(KEYS.meter[::-1], KEYS.originator, KEYS.secret[::-1]),
)
NOT_OURS = (
    utrn_vend.Keys(KEYS.meter[::-1], KEYS.originator, KEYS.secret),
    utrn_vend.Keys(KEYS.meter, KEYS.originator[::-1], KEYS.secret),
)


def units(effort, seed):
    random = Random(seed)
    number = QUICK_UNITS if effort == "quick" else LONG_UNITS
    return [{"seed": random.getrandbits(30), "packets": PACKETS} for _ in range(number)]


def more(seed):
    random = Random(-1 - seed)
    for _ in count():
        yield {"seed": random.getrandbits(30), "packets": PACKETS}


def run(unit):
    """A failure's unit is the same life, up to the packet that failed."""
    findings = Findings("link_fuzz_errors")
    fuzz = Fuzz(unit["seed"])
    heap = tracemalloc.is_tracing()
    if not heap:
        tracemalloc.start()
    try:
        for number in range(1, unit["packets"] + 1):
            with findings.watch(f"packet {number}", dict(unit, packets=number)):
                findings.add("link_fuzz", fuzz.packet(number))
            if findings.failures:
                break
    finally:
        if not heap:
            tracemalloc.stop()
    findings.add("most_heap_bytes", fuzz.most_bytes)
    return findings.result()


def figures(counts):
    rows = (
        ("link_fuzz", GOAL, "link_fuzz", "wrong packets at the meter's link"),
        ("link_fuzz_errors", 0, "link_fuzz_errors", "that changed something or raised"),
        ("link_fuzz_heap", f"<= {HEAP_BYTES}", "most_heap_bytes", "bytes by which the heap grew at most"),
    )
    return [{"name": name, "goal": goal, "reached": counts.get(key, 0), "unit": unit}
            for name, goal, key, unit in rows]  # fmt: skip


def standing_of(meter):
    """Everything that a packet might change, and both windows."""
    core = meter.app.meter
    return (
        core_figures(core), core.orders.highest, bytes(core.orders.bits), bytes(core.orders.results),
        core.text, core.order, bytes(meter.store.data), meter.app.ledger.head.sequence,
    )  # fmt: skip


class Fuzz:
    """One meter; `honest` is the number of its last honest order, of top-ups and of commands."""

    def __init__(self, seed):
        self.random = random = Random(seed)
        store = Nor(erased(SECTORS))
        set_up(store, balance_mp=2_000_000)
        self.clock = Clock(DAY * 86400 + NOON_S)
        self.sent = []
        self.meter = FarMeter(store, self.clock, self.sent.append, MemoryFiles(), seed)
        self.number = random.randrange(1, 2000)
        self.order = random.randrange(1, 2000)
        self.seen = []
        self.heap_bytes = None
        self.most_bytes = 0
        self.honest()

    def honest(self):
        """An order that counts, and is a packet to change."""
        self.number += 1
        before_mp = self.meter.app.meter.account.balance_mp
        packet = envelope.down(KEYS, self.number, bodies.TOP_UP, bodies.top_up(100))
        self.meter.receive(packet)
        assert self.meter.app.meter.account.balance_mp == before_mp + 100, "an honest order was refused"
        self.seen = self.seen[-20:] + [packet, *self.sent[-4:]]
        self.sent.clear()

    def repeats(self):
        """An order and a command, both again after the other: each the first answer, and nothing done."""
        self.number += 1
        self.order += 1
        packets = (
            envelope.down(KEYS, self.number, bodies.TOP_UP, bodies.top_up(100)),
            envelope.down(KEYS, self.order, ADJUST, pack(">i", -100)),
        )
        first = [self.answer(packet) for packet in packets]
        again = [self.answer(packet) for packet in packets]
        wanted = [body[:-1] + bytes([REPEATED]) for body in first]
        assert again == wanted, f"a repeat is answered {again}, not {wanted}"

    def answer(self, packet):
        """The body of the one answer to it."""
        self.sent.clear()
        self.meter.receive(packet)
        answers = [sent[BODY_AT:-MAC_BYTES] for sent in self.sent if sent[BODY_AT - 1] == ANSWER]
        self.sent.clear()
        assert len(answers) == 1, f"{packet.hex()} has {len(answers)} answers"
        return answers[0]

    def packet(self, number):
        """One wrong packet; 1 for the count."""
        random = self.random
        if number % ROUND == 1:
            self.repeats()
        if number % ROUND == 0:
            self.honest()
            self.rest()
        if number == WARM:
            self.heap_bytes = tracemalloc.get_traced_memory()[0]
        packet = random.choice(WAYS)(self)
        before = standing_of(self.meter)
        alerts, refused = self.meter.app.meter.alert_count, self.meter.app.link.refused
        self.meter.app.link.take(packet)  # and no poll, in which time might change something
        if standing_of(self.meter) != before:
            raise AssertionError(f"{packet.hex()} changed something")
        link = self.meter.app.link
        assert not link.answers, f"{packet.hex()} was answered"
        assert link.refused == min(refused + 1, 65535), f"{packet.hex()} was not counted"
        assert self.meter.app.meter.alert_count - alerts <= 1, f"{packet.hex()} raised more than one alert"
        self.sent.clear()
        if number % ROUND == ROUND // 2:
            self.nonsense()
        return 1

    def rest(self):
        """Time goes by; and the heap is as large as it was."""
        self.clock.ms += 1000
        self.meter.poll()
        self.sent.clear()
        if self.heap_bytes is not None:
            grown = tracemalloc.get_traced_memory()[0] - self.heap_bytes
            self.most_bytes = max(self.most_bytes, grown)
            assert grown < HEAP_BYTES, f"the heap has grown by {grown} bytes"

    def nonsense(self):
        """The right key over any kind and body, under a new number: whatever it does, it never raises."""
        random = self.random
        kind = random.choice((random.randrange(256), random.randrange(2, 15), random.randrange(125, 135)))
        self.order += 1
        body = random.randbytes(random.choice((0, 1, 4, 5, 5, 10, 14, 14, 16, random.randrange(450))))
        until_s = random.choice((0, 0, random.getrandbits(32)))
        number = self.order if kind < 128 or random.random() < 0.1 else 0
        if kind != bodies.TOP_UP:
            self.meter.receive(envelope.down(KEYS, number, kind, body, until_s))
            core = self.meter.app.meter
            assert core.order == 0, f"kind {kind}, body {body.hex()}: an order is still being carried out"
            assert not core.halted, f"kind {kind}, body {body.hex()} has halted the meter"
            if core.config.share > 100 or not core.account.is_balanced():
                raise AssertionError(f"kind {kind}, body {body.hex()} has done harm")

    # What comes: each is wrong in some way

    def of_another_key(self):
        keys = self.random.choice(OTHERS)
        return envelope.down(keys, self.number + 1, bodies.TOP_UP, bodies.top_up(1_000_000))

    def not_for_us(self):
        """The right key, but another meter's id or another head-end's."""
        keys = self.random.choice(NOT_OURS)
        return envelope.down(keys, self.number + 1, bodies.TOP_UP, bodies.top_up(1_000_000))

    def of_the_meter(self):
        """Its own key of the other direction."""
        number = self.number + 1
        return envelope.up(KEYS, number, 0, bodies.TOP_UP, bodies.top_up(1_000_000))

    def changed(self):
        return changed(self.random, self.random.choice(self.seen))

    def noise(self):
        return noise(self.random)

    def another_version(self):
        packet = envelope.down(KEYS, self.number + 1, bodies.TOP_UP, bodies.top_up(1_000_000))
        head = bytes([self.random.choice((0, 2, 255))]) + packet[1:-16]
        return head + envelope.mac(KEYS, "down", head)

    def low_counter(self):
        """The lower 32 bits of the counter are not 0."""
        packet = envelope.down(KEYS, self.number + 1, bodies.TOP_UP, bodies.top_up(1_000_000))
        head = packet[:21] + self.random.randrange(1, 1 << 32).to_bytes(4, "big") + packet[25:-16]
        return head + envelope.mac(KEYS, "down", head)

    def unknown_kind(self):
        kind = self.random.choice((0, 15, 20, 127, 131, 255))
        number = 0 if kind > 127 else self.order + 1000
        return envelope.down(KEYS, number, kind, self.random.randbytes(self.random.randrange(20)))

    def wrong_length(self):
        """A kind that there is, with more or fewer bytes than it has."""
        kind, size = self.random.choice(((1, 4), (2, 5), (3, 4), (6, 5), (8, 0), (12, 14), (14, 0)))
        size = self.random.choice([n for n in (0, 1, 3, 4, 5, 6, 13, 15, 450) if n != size])
        return envelope.down(KEYS, self.order + 1000, kind, self.random.randbytes(size))


WAYS = (
    Fuzz.of_another_key, Fuzz.not_for_us, Fuzz.of_the_meter, Fuzz.changed, Fuzz.changed, Fuzz.changed,
    Fuzz.changed, Fuzz.noise, Fuzz.another_version, Fuzz.low_counter, Fuzz.unknown_kind,
    Fuzz.wrong_length,
)  # fmt: skip
