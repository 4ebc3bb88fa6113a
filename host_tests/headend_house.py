"""A household with a meter of few lines behind a head-end: uses energy, tells its log, takes top-ups.

It is no firmware: it speaks the wire of SPEC 9 and keeps its own sums, by its own way of reckoning, so
that the head-end's bills can be held against them. Times are UTC seconds since 1970, money mp.
"""

import struct
from datetime import UTC, datetime

from tools.headend import bodies, envelope
from tools.headend.headend import HeadEnd
from tools.utrn_vend import PUBLIC_TEST_KEYS, keys_of

METER = PUBLIC_TEST_KEYS["meter"]
START_S = 1793750400  # Wednesday, 4 November 2026, 00:00 UTC
HALF_S, DAY_S = 1800, 86400
# Wh of each half-hour of a day: asleep, breakfast, away, evening
EVENING_WH = [520, 880, 960, 700, 450, 380, 300, 260, 230, 200]
DAY_WH = [90] * 13 + [420, 610, 350] + [140] * 18 + EVENING_WH + [120] * 4


def new_headend(**facts):
    """A HeadEnd in memory that knows METER and what it costs: 30p a kWh, 25p a day."""
    headend = HeadEnd("sqlite://", lambda meter: keys_of({}) if meter == METER else None)
    agreed = {"name": "12 Mill Lane", "phone": "+44 7700 900123", "standing_mp": 25_000,
              "tariff": "0101307500" + "00"}  # fmt: skip
    headend.add_meter(METER, START_S, **(agreed | facts))
    return headend


class House:
    """`price_of(used_wh of the month)` -> (block, mp per kWh); `share`: % of a top-up to the debt."""

    def __init__(
        self, headend, price_of=lambda _: (0, 30_000), standing_mp=25_000, share=0, debt_mp=0
    ):
        self.headend, self.price_of, self.share = headend, price_of, share
        self.keys = keys_of({})
        self.now = START_S
        self.wh, self.month_wh, self.thousandths = 1_234_500, 0, 0
        self.balance_mp, self.debt_mp, self.standing_mp = 1_000_000, debt_mp, standing_mp
        self.sequence = self.count = 0
        self.last = [0, 0, 0, 0]
        self.done = {}
        self.charged_mp = 0
        self.power_w = 180
        self.is_heard = True
        self.waiting = []
        self.read(bodies.DAY)
        self.read(bodies.HALF_HOUR)

    def send(self, kind, body):
        self.count += 1
        packet = envelope.up(
            self.keys, self.sequence, self.count, kind, body, self.now - envelope.EPOCH_S
        )
        self.waiting.append(packet)
        if self.is_heard and kind != bodies.LOG:
            self.headend.take_all(self.waiting, self.now)
            self.waiting = []

    def log(self, stream, code, fields):
        self.last[stream] += 1
        entry = struct.pack(">IB", self.now - envelope.EPOCH_S, code) + fields
        self.send(
            bodies.LOG, struct.pack(">BI", stream, self.last[stream]) + entry.ljust(24, b"\0")
        )

    def read(self, code):
        energy = struct.pack(">IHi", *divmod(self.wh, 1000), self.balance_mp)
        if code == bodies.HALF_HOUR:
            self.log(0, code, energy + bytes((0, self.price_of(self.month_wh)[0])))
        else:
            self.log(1, code, energy + struct.pack(">ii", self.debt_mp, 0))

    def state(self, **other):
        block, price = self.price_of(self.month_wh)
        told = {
            "session": 7, "uptime": self.now - START_S, "clock": 0, "supply": 0, "ec": 0, "flags": 16,
            "balance": self.balance_mp, "ec_left": 500_000, "ec_owed": 0, "payment": self.debt_mp,
            "time1": 0, "time2": 0, "accumulated": 0, "kwh": self.wh // 1000, "rest": self.wh % 1000,
            "power": self.power_w, "rate": 0, "block": block, "price": price, "today_wh": 0, "today_mp": 0,
            "need": 0, "top_ups": max(self.done, default=0), "commands": 0, "refused": 0, **other,
        }  # fmt: skip
        marks = struct.pack(">8I", *self.last, 1, 1, 1, 1)
        self.send(
            bodies.STATE, struct.pack(">IIBBBB7iIHIBBIIIIIIH", *told.values()) + marks + b"0.6"
        )

    def hear(self):
        """Take what the head-end sends, once each number."""
        for _, packet in self.headend.packets(self.now):
            order = envelope.read_down(self.keys, packet)
            if order.kind == bodies.TOP_UP and order.number not in self.done:
                self.credit(order)
            if order.kind < bodies.NOT_COUNTED:
                self.sequence += 1
                told = struct.pack(">BIBiB", order.kind, order.number, 0, self.balance_mp, 0)
                self.send(bodies.ANSWER, told)

    def credit(self, order):
        amount_mp = int.from_bytes(order.body, "big", signed=True)
        to_debt_mp = min(amount_mp * self.share // 100, self.debt_mp)
        self.debt_mp -= to_debt_mp
        self.balance_mp += amount_mp - to_debt_mp
        self.done[order.number] = amount_mp
        self.log(2, bodies.CREDITED,
                 struct.pack(">IiiiB", order.number, amount_mp, self.balance_mp, to_debt_mp, 0))  # fmt: skip

    def live(self, halves):
        """So many half-hours go by, with reads, standing charge and a state at the end."""
        for _ in range(halves):
            self.use(DAY_WH[self.now % DAY_S // HALF_S])
            self.now += HALF_S
            if self.now % DAY_S == 0:
                self.balance_mp -= self.standing_mp
                self.charged_mp += self.standing_mp
                if datetime.fromtimestamp(self.now, UTC).day == 1:
                    self.month_wh = 0
                self.read(bodies.DAY)
            self.read(bodies.HALF_HOUR)
        self.state()

    def use(self, wh):
        """Wh by Wh: slow and plain."""
        for _ in range(wh):
            self.thousandths += self.price_of(self.month_wh)[1]
            self.month_wh += 1
        self.wh += wh
        mp, self.thousandths = divmod(self.thousandths, 1000)
        self.balance_mp -= mp
        self.charged_mp += mp
