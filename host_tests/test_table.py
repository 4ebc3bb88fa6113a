"""DOMAIN 8, SPEC: which bytes are a tariff, and which rate its switches give, minute by minute.

The judge here reads the bytes as SPEC.md says and asks the rules of each minute of each kind of day.
"""

import unittest

from shilling.table import Table, flat
from support import Random

try:
    from tools.scenario import compile_text
except ImportError:  # on the VMs: what it packs on CPython is what pack() packs
    compile_text = None

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "special")
DAY_MINUTES = 1440
EVERY_DAY = 0x7F


def pack(prices, ends_kwh=(), switches=()):
    """mp of each rate's blocks, kWh, (days, rate, minute)."""
    found = [len(prices), len(ends_kwh) + 1]
    for kwh in ends_kwh:
        found += [kwh & 255, kwh >> 8]
    for blocks in prices:
        for price_mp in blocks:
            found += [price_mp & 255, price_mp >> 8 & 255, price_mp >> 16]
    found.append(len(switches))
    for days, rate, minute in switches:
        found += [days, rate, minute & 255, minute >> 8]
    return bytes(found)


def refused(packed):
    """Why, or None."""
    try:
        Table(packed)
    except ValueError as why:
        return str(why)
    return None


def is_tariff(packed):
    """SPEC.md, rule by rule."""
    left = list(packed)
    if len(left) < 2:
        return False
    rates, blocks = left.pop(0), left.pop(0)
    if rates not in range(1, 9) or blocks not in range(1, 5):
        return False
    if len(left) < 2 * (blocks - 1) + 3 * rates * blocks + 1:
        return False
    ends = [0]
    for _ in range(blocks - 1):
        ends.append(left.pop(0) + 256 * left.pop(0))
        if ends[-1] <= ends[-2]:
            return False
    for _ in range(rates * blocks):
        if left.pop(0) + 256 * left.pop(0) + 65536 * left.pop(0) > 1000000:
            return False
    count = left.pop(0)
    if count > 32 or len(left) != 4 * count:
        return False
    taken, switched_to = [], []
    for _ in range(count):
        days, rate, minute = left.pop(0), left.pop(0), left.pop(0) + 256 * left.pop(0)
        if days == 0 or rate >= rates or minute >= DAY_MINUTES:
            return False
        switched_to.append(rate)
        taken += [(kind, minute) for kind in range(8) if days & 1 << kind]
    if len(taken) != len(set(taken)):
        return False
    weekdays = set([kind for kind, _ in taken]) - set([7])
    return rates == 1 or (len(weekdays) == 7 and len(set(switched_to)) == rates)


def random_tariff(random):
    """(prices, ends_kwh, switches) of a tariff that is one."""
    rates = 1 + random.below(8)
    ends_kwh = sorted(set([1 + random.below(65535) for _ in range(random.below(4))]))
    prices = [[random.below(1000001) for _ in range(len(ends_kwh) + 1)] for _ in range(rates)]
    switches, taken = [], []
    for rate in list(range(rates)) + [random.below(rates) for _ in range(random.below(33 - rates))]:
        days = EVERY_DAY if not rate else 1 + random.below(255)
        minute = random.below(DAY_MINUTES)
        while minute in taken:
            minute = random.below(DAY_MINUTES)
        taken.append(minute)
        switches.append((days, rate, minute))
    return prices, ends_kwh, switches if rates > 1 or random.below(2) else []


class Packed(unittest.TestCase):
    def test_one_price(self):
        self.assertEqual(flat(24500), b"\x01\x01\xb4\x5f\x00\x00")
        self.assertEqual(flat(1000000), b"\x01\x01\x40\x42\x0f\x00")
        for price_mp in (0, 1, 255, 256, 65535, 65536, 1000000):
            self.assertEqual(flat(price_mp), pack([[price_mp]]))
            table = Table(flat(price_mp))
            self.assertEqual((table.rates, table.blocks, table.prices), (1, 1, [price_mp]))
            self.assertEqual((table.ends_wh, table.switches), ([], []))
        for price_mp in (-1, 1000001):
            with self.assertRaises(ValueError) as caught:
                flat(price_mp)
            self.assertEqual(str(caught.exception), "rate_mp must be 0 to 1000000, not %d" % price_mp)

    def test_what_is_in_it(self):
        """100 and 300 kWh; 300 is 0x012c, 65793 mp is 0x010101; 07:30 is minute 450, 0x01c2."""
        packed = b"\x02\x03\x64\x00\x2c\x01" + b"\x01\x01\x01" + bytes(3 * 4) + b"\x01\x02\x03"
        packed += b"\x02" + b"\x7f\x01\xc2\x01" + b"\x7f\x00\x1e\x00"
        table = Table(packed)
        self.assertEqual((table.rates, table.blocks, table.packed), (2, 3, packed))
        self.assertEqual(table.ends_wh, [100000, 300000])
        self.assertEqual(table.prices, [65793, 0, 0, 0, 0, 197121])
        self.assertEqual([table.price_mp(0, 0), table.price_mp(1, 2), table.price_mp(1, 1)],
                         [65793, 197121, 0])  # fmt: skip
        self.assertEqual(table.switches, [(30, 0x7F, 0), (450, 0x7F, 1)])
        self.assertFalse(table.has_special)

    def test_the_most_it_can_hold(self):
        prices = [[1000000] * 4] * 8
        switches = [(EVERY_DAY, at % 8, 45 * at) for at in range(31)] + [(0x80, 7, 1439)]
        packed = pack(prices, (1, 2, 65535), switches)
        self.assertEqual(len(packed), 233)
        table = Table(packed)
        self.assertEqual((table.ends_wh[2], table.prices[31], len(table.switches)), (65535000, 1000000, 32))
        self.assertTrue(table.has_special)

    def test_the_least(self):
        self.assertEqual(Table(pack([[0, 0]], (1,))).ends_wh, [1000])
        self.assertTrue(Table(pack([[1]], (), [(0x80, 0, 0)])).has_special)


class Refused(unittest.TestCase):
    def test_each_with_its_reason(self):
        two = [[1], [2]]
        day, night = (EVERY_DAY, 0, 450), (EVERY_DAY, 1, 30)
        many = [(EVERY_DAY, at % 2, at) for at in range(33)]
        shape = "tariff: not of 1-8 rates, 1-4 blocks and 0-32 switches"
        rise = "tariff: blocks must rise from 0 kWh, a price be at most 1000000 mp"
        switch = "tariff: a switch on no day, to no rate or after 23:59"
        twice = "tariff: two switches at one time"
        gap = "tariff: a rate or a weekday without a switch"
        for packed, why in (
            (b"", shape), (b"\x01", shape), (b"\x01\x01", shape), (flat(1)[:-1], shape),
            (flat(1) + b"\x00", shape), (b"\x00\x01\x00", shape), (b"\x01\x00\x00\x00\x00", shape),
            (pack([[1]] * 9, (), [(EVERY_DAY, at, at) for at in range(9)]), shape),
            (pack([[1] * 5], (1, 2, 3, 4)), shape), (pack(two, (), many), shape),
            (pack([[1]], (), [day])[:-1], shape), (pack([[1]], (), [day]) + b"\x00", shape),
            (pack([[1, 2]], (0,)), rise), (pack([[1, 2, 3]], (5, 5)), rise),
            (pack([[1, 2, 3]], (6, 5)), rise), (pack([[1000001]]), rise),
            (pack([[1, 1000001]], (5,)), rise),
            (pack(two, (), [day, (EVERY_DAY, 2, 30)]), switch), (pack([[1]], (), [night]), switch),
            (pack(two, (), [day, (EVERY_DAY, 1, 1440)]), switch),
            (pack(two, (), [day, (0, 1, 30)]), switch), (pack([[1]], (), [(0, 0, 0)]), switch),
            (pack(two, (), [day, (0x01, 1, 450)]), twice), (pack(two, (), [day, (0x41, 1, 450)]), twice),
            (pack([[1]], (), [day, day]), twice),
            (pack(two, (), [(0x80, 0, 9), (0x80, 1, 9), night]), twice),
            (pack(two), gap), (pack(two, (), [day]), gap), (pack(two, (), [(0x3F, 0, 0), (0x3F, 1, 9)]), gap),
            (pack(two, (), [(0xFE, 0, 0), (0xFE, 1, 9)]), gap), (pack([[1]] * 3, (), [day, night]), gap),
        ):  # fmt: skip
            self.assertEqual(refused(packed), why, packed)
            self.assertFalse(is_tariff(packed))
        self.assertEqual(refused(pack(two, (), many[:32])), None)
        self.assertEqual(refused(pack(two, (), [day, (EVERY_DAY, 1, 1439)])), None)

    def test_what_the_rules_allow_is_taken_and_nothing_else(self):
        """Each byte of each tariff in turn another; then shortened, and lengthened."""
        random = Random(8)
        taken = 0
        for _ in range(12):
            prices, ends_kwh, switches = random_tariff(random)
            packed = pack(prices, ends_kwh, switches)
            self.assertTrue(is_tariff(packed))
            self.assertEqual(refused(packed), None)
            for at in range(len(packed)):
                for value in (packed[at] ^ 1 << random.below(8), random.below(256)):
                    other = packed[:at] + bytes((value,)) + packed[at + 1 :]
                    self.assertEqual(refused(other) is None, is_tariff(other), other)
                    taken += is_tariff(other) and other != packed
                self.assertTrue(refused(packed[:at]))
            for more in range(1, 6):
                self.assertTrue(refused(packed + bytes(more)))
        self.assertTrue(500 < taken < 2500, taken)  # a price may change, and most minutes

    def test_noise_is_no_worse(self):
        random = Random(9)
        for _ in range(2000):
            noise = bytes([random.below(256) if random.below(2) else random.below(4)
                           for _ in range(random.below(60))])  # fmt: skip
            self.assertEqual(refused(noise) is None, is_tariff(noise), noise)


class Switches(unittest.TestCase):
    def finds(self, table, kind, minute, rate, since, until):
        table.find(kind, minute)
        self.assertEqual((table.rate, table.since, table.until), (rate, since, until), (kind, minute))

    def test_the_latest_one_of_that_kind_of_day(self):
        """Monday to Friday 06:00 rate 1, 20:00 rate 2; all days 00:30 rate 0."""
        table = Table(pack([[1], [2], [3]], (), [(0x1F, 2, 1200), (0x7F, 0, 30), (0x1F, 1, 360)]))
        self.assertEqual((table.rate, table.since, table.until), (0, -1, 1440))
        for kind, minute, rate, since, until in (
            (0, 30, 0, 30, 360), (0, 359, 0, 30, 360), (0, 360, 1, 360, 1200),
            (4, 1199, 1, 360, 1200), (4, 1200, 2, 1200, 1440), (4, 1440, 2, 1200, 1440),
            (5, 30, 0, 30, 1440), (6, 1439, 0, 30, 1440),
        ):  # fmt: skip
            self.finds(table, kind, minute, rate, since, until)
        table.find(0, 1200)
        self.finds(table, 0, 29, 2, -1, 30)  # the rate of the day before goes on

    def test_every_minute_as_the_bytes_say(self):
        random = Random(10)
        for _ in range(20):
            prices, ends_kwh, switches = random_tariff(random)
            table = Table(pack(prices, ends_kwh, switches))
            kind = random.below(8)
            edges = sorted([minute for days, _, minute in switches if days >> kind & 1])
            rates = dict([(minute, rate) for days, rate, minute in switches if days >> kind & 1])
            rate = table.rate
            for minute in range(0, 1440, 7):
                before = [edge for edge in edges if edge <= minute]
                after = [edge for edge in edges if edge > minute]
                rate = rates[before[-1]] if before else rate
                since = before[-1] if before else -1
                self.finds(table, kind, minute, rate, since, after[0] if after else 1440)


if compile_text:

    class Scenarios(unittest.TestCase):
        """What a scenario's block `tariff` is packed to, from the same figures."""

        def text(self, prices, ends_kwh, switches):
            rates = ["r%d: [%s]" % (rate, ", ".join("%d.%03d" % (mp // 1000, mp % 1000) for mp in blocks))
                     for rate, blocks in enumerate(prices)]  # fmt: skip
            lines = ["tariff:", "    rates: {%s}" % ", ".join(rates)]
            if ends_kwh:
                lines.append("    blocks: %s" % ends_kwh)
            if switches:
                lines.append("    switch:")
            for days, rate, minute in switches:
                names = ", ".join(DAYS[kind] for kind in range(8) if days >> kind & 1)
                at = "%02d:%02d" % (minute // 60, minute % 60)
                lines.append('    - {at: "%s", rate: r%d, days: [%s]}' % (at, rate, names))
            return "given:\n  " + "\n".join(lines) + "\nsteps:\n- wait: 1s\n"

        def test_the_meter_takes_all_that_it_packs(self):
            random = Random(11)
            for _ in range(60):
                prices, ends_kwh, switches = random_tariff(random)
                given = compile_text(self.text(prices, ends_kwh, switches), "x.yaml")["given"]
                packed = bytes.fromhex(given["tariff"])
                self.assertEqual(packed, pack(prices, ends_kwh, switches))
                table = Table(packed)
                self.assertEqual(table.prices, sum(prices, []))
                self.assertEqual(table.ends_wh, [1000 * kwh for kwh in ends_kwh])
                self.assertEqual(table.switches, sorted((at, days, rate) for days, rate, at in switches))


if __name__ == "__main__":
    unittest.main()
