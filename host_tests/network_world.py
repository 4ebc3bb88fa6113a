"""A head-end, its meters and a hostile network between them, for some days; then peace, and the accounts.

Takes a seed and how many orders are made. Meters lose power in the middle of writes, the head-end is killed
in the middle of commits, codes are typed that the air brings too. settle() and judge() assert that each order
counted exactly once, that its state is right, and that no mp is wrong. Source: DOMAIN 9; RELIABILITY.
"""

import shutil
import tempfile
from pathlib import Path
from random import Random

from chip_nor import Nor
from far_meter import Clock, FarMeter, MemoryFiles
from network_judge import judge, net_mp
from network_people import People
from network_sim import WEEK_S, Network
from office import Killed, Office
from small_core import erased, set_up
from tools import utrn_vend
from tools.headend import bodies
from tools.headend.envelope import EPOCH_S

START_S = 9820 * 86400 + 43200  # Friday 2026-11-20 12:00 UTC
SECTORS = 3
KIND_AT = 29  # of a packet
HEAD = "head"  # end of the network; the others are meters by number
ROUND_S = 900  # the service looks so often at least
QUIET_S = 21600  # when nothing is open
SOON_S = 20  # and so soon after it has heard anything
LONGEST_S = 45 * 86400  # of peace, until everything is settled
OUTAGE_S = 8 * (1, 5, 60, 300, 900) + (86400,)  # mostly short, or there would be nobody at home
RAM = Path("/dev/shm")  # where a commit costs little


class World(People):
    """`told` are the orders that somebody was told of: (id, number, code or None)."""

    def __init__(self, seed, orders, meters=2, loss=50, twice=50, lies=20, cuts=15, kills=12,
                 longest_s=WEEK_S):  # fmt: skip
        """loss, twice, lies: of a hundred packets; cuts, kills: of a hundred things people do."""
        self.random = Random(seed)
        self.wanted, self.cuts, self.kills = orders, cuts, kills
        self.clock = Clock(START_S)
        self.is_quiet = False  # only answers are of interest any more
        self.net = Network(seed + 1, loss, twice, lies, longest_s)
        self.folder = tempfile.mkdtemp(dir=RAM if RAM.is_dir() else None)
        self.keys = {}
        self.meters = [self._new_meter(number, seed) for number in range(meters)]
        self.office = Office(f"sqlite:///{self.folder}/headend.db", self.keys)
        self.told, self.typed = [], 0
        self.off_until = {}  # meter: instant of its next start
        self.wake_s = 0
        self.due_s = 0  # when an order is due next, None: none is open
        for name in self.keys:
            self.sure("add_meter", name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.office.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _new_meter(self, number, seed):
        keys = utrn_vend.keys_of({"meter": f"00DB1234567890{number:02X}", "secret": f"{number + 1:064x}"})
        self.keys[keys.meter.hex().upper()] = keys
        store = Nor(erased(SECTORS))
        set_up(store, meter_id=keys.meter, secret=keys.secret, payment_mp=5_000_000, balance_mp=2_000_000)
        meter = FarMeter(store, self.clock, self.heard, MemoryFiles(), seed + number)
        meter.first_mp = net_mp(meter)
        return meter

    def heard(self, packet):
        """A meter sends."""
        if not self.is_quiet or packet[KIND_AT] == bodies.ANSWER:
            self.net.send(self.now_s(), HEAD, packet)

    def now_s(self):
        """UTC s since 1970."""
        return self.clock.utc_s() + EPOCH_S

    # The head-end, whoever kills it

    def ask(self, name, *arguments):
        """Ask the head-end, now."""
        return self.office.ask(name, *arguments, self.now_s())

    def sure(self, name, *arguments):
        """The same again until it has lived through it: only for what may be done twice."""
        while True:
            try:
                return self.ask(name, *arguments)
            except Killed:
                pass

    def rounds(self):
        """The service sends what is due."""
        packets, self.due_s = self.sure("rounds")
        for name, packet in packets:
            self.net.send(self.now_s(), list(self.keys).index(name), packet)
        self.wake_s = self.now_s() + (QUIET_S if self.is_quiet else ROUND_S)
        if self.due_s is not None:
            self.wake_s = max(min(self.due_s, self.wake_s), self.now_s() + SOON_S)

    # Time

    def run(self, until_s):
        """Live on until then: whatever arrives, whatever is due."""
        while self.now_s() < until_s:
            step_s = min(until_s, self.wake_s, *self.off_until.values())
            if self.net.queue:
                step_s = min(step_s, self.net.next_s())
            self.pass_time(max(step_s, self.now_s() + 1))
            for number in [n for n, at_s in self.off_until.items() if at_s <= self.now_s()]:
                del self.off_until[number]
                self.meters[number].start()
                self.note_cut(number)
            self.arrivals()
            if self.now_s() >= self.wake_s:
                self.rounds()

    def pass_time(self, until_s):
        start_ms = self.clock.ms
        until_ms = (until_s - EPOCH_S - START_S) * 1000
        for number, meter in enumerate(self.meters):
            self.clock.ms = start_ms
            meter.run(until_ms)
            self.note_cut(number)
        self.clock.ms = until_ms

    def arrivals(self):
        heard = []
        for end, packet, _ in self.net.due(self.now_s()):
            if end == HEAD:
                heard.append(packet)
            elif not self.meters[end].receive(packet) and self.net.chance(50):
                self.net.send(self.now_s(), end, packet)  # the broker keeps it, and tries again
            else:
                self.note_cut(end)
        if heard:
            try:
                self.ask("take", heard)
            except Killed:
                pass  # nobody knows what of it was heard
            self.wake_s = min(self.wake_s, self.now_s() + SOON_S)

    def note_cut(self, number):
        """A meter that has lost its power gets it back in a while."""
        meter = self.meters[number]
        if meter.app is None and number not in self.off_until:
            self.off_until[number] = self.now_s() + self.random.choice(OUTAGE_S)

    # Peace

    def settle(self):
        """No more losses, cuts and kills, until every order has its end and nothing is on its way."""
        self.net.calm()
        self.sure_plan(None, None)
        for meter in self.meters:
            meter.files.left = None
            meter.store.cut_at(None)
        for number in self.off_until:
            self.off_until[number] = min(self.off_until[number], self.now_s() + SOON_S)
        end_s = self.now_s() + LONGEST_S
        while self.due_s is not None or self.off_until:
            assert self.now_s() < end_s, f"never settled: {self.open_orders()[:3]}"
            self.run(self.now_s() + 3600)
        self.is_quiet = True
        self.run(max([self.now_s()] + [entry[0] for entry in self.net.queue]) + 600)
        return self

    def open_orders(self):
        return [row for row in self.office.ask("orders") if row[6] in ("processing", "issued")]

    def judge(self):
        judge(self)
