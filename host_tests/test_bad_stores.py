"""RELIABILITY 5, on the whole meter: a store that is no store, or not all of one. Recovered exactly, or
a safe halt: a clear text, the relay as it is, codes refused, not a bit written, whatever follows."""

import sys
import unittest
from binascii import crc32
from struct import pack_into

import boot
import small_core
import world
from chip_nor import Nor
from chip_nor_tear import noise
from shilling import codes, record
from support import make_code

SECTOR = small_core.SECTOR
RING = 3 * SECTOR
FRIDAY, NOON = small_core.DAY, small_core.NOON_S
IS_CPYTHON = sys.implementation.name == "cpython"
OTHER_METER = bytes(range(8))
POUND = 100000


def lived_in(top_ups, **settings):
    """A store of a meter that began with £5.00 and had so many top-ups of £1.00."""
    given = {"balance_mp": 5 * POUND}
    given.update(settings)
    nor = Nor(small_core.erased(3))
    small_core.set_up(nor, **given)
    core = small_core.Core(nor)
    for _ in range(top_ups):
        assert core.top_up.remote(POUND) == codes.DONE
        core.rest()
    return bytes(nor.data)


def in_format(version, image):
    """The same store, every checkpoint and record in another format, each with the right CRC."""
    data = bytearray(image)
    for sector in range(0, len(data), SECTOR):
        places = [(sector, record.CHECKPOINT_BYTES)]
        for at in range(sector + record.CHECKPOINT_BYTES, sector + SECTOR, record.RECORD_BYTES):
            places.append((at, record.RECORD_BYTES))
        for at, size in places:
            if data[at] != 255:
                data[at] = version
                end = at + size - 4
                pack_into("<I", data, end, crc32(bytes(data[at:end])) & 0xFFFFFFFF)
    return bytes(data)


class Seen:
    """What a person sees of a meter that starts on this store: at once, and after so many hours of
    3 kW and a power cut."""

    def __init__(self, image, closed, hours):
        self.world = world.World(FRIDAY, NOON + 3600, closed=closed, flash=bytearray(image))
        self.begin = boot.starter(self.world, ".")
        self.screens, self.supplies, self.balances, self.refusals = [], [], [], []
        self.world.run(self.begin, self.script(hours))
        self.image = bytes(self.world.flash.data)

    def script(self, hours):
        yield 3000
        self.look()
        if hours:
            self.world.set_load(3000)
            yield hours * 3600000
            self.world.cut_power(60000)
            yield 60000
            self.look()

    def look(self):
        app = self.begin.globals()["meter"]
        seen = app.observe()
        self.screens.append(seen["screen"])
        self.supplies.append(seen["supply"])
        self.balances.append(seen["balance_mp"])
        if app.meter.halted:
            code = make_code(app.meter.config, 1, 100)
            self.refusals.append(codes.OUTCOMES[app.top_up.begin(bytes([int(d) for d in code]))])
            self.refusals.append(app.command("top_up", POUND))
            for order in ("disable", "arm", "clear_lockout"):
                self.refusals.append(app.command(order, None))


class Halts(unittest.TestCase):
    def halts(self, image, text="Store fault"):
        for closed in (True, False) if IS_CPYTHON else (True,):
            seen = Seen(image, closed, 2)
            self.assertEqual(seen.screens, [text, text])
            self.assertEqual(seen.supplies, ["fault", "fault"])
            self.assertEqual(seen.refusals, ["halted", "halted"] + ["refused"] * 3
                             + ["halted", "halted"] + ["refused"] * 3)  # fmt: skip
            self.assertEqual(seen.world.contact_closed, closed)
            self.assertEqual(seen.world.relay_operations, 0)
            self.assertTrue(seen.image == image, "the store was written to")

    def test_bytes_that_mean_nothing(self):
        for seed in range(10 if IS_CPYTHON else 2):
            self.halts(noise(seed, 2 * RING))

    def test_zeros(self):
        self.halts(bytes(2 * RING))

    def test_a_flash_that_was_never_written(self):
        self.halts(b"\xff" * (2 * RING), "Not set up")

    def test_a_format_that_is_not_known_yet(self):
        self.halts(in_format(200, lived_in(30)))

    def test_a_record_of_a_format_that_is_not_known_yet_among_others(self):
        image = lived_in(30)
        later = in_format(200, image)
        at = record.CHECKPOINT_BYTES + 10 * record.RECORD_BYTES
        for ring in (0, RING):
            image = image[: ring + at] + later[ring + at : ring + at + 64] + image[ring + at + 64 :]
        self.halts(image)

    def test_the_rings_of_two_meters(self):
        for mine, others in ((10, 10), (10, 30), (60, 10)) if IS_CPYTHON else ((60, 10),):
            image, other = lived_in(mine), lived_in(others, meter_id=OTHER_METER)
            self.halts(image[:RING] + other[RING:])
            self.halts(other[:RING] + image[RING:])

    def test_the_rings_of_two_meters_with_the_same_life(self):
        self.halts(lived_in(10)[:RING] + lived_in(10, meter_id=OTHER_METER)[RING:])

    def test_a_record_lost_in_both_rings_with_an_older_sector_behind_it(self):
        image = bytearray(lived_in(50))  # ten records in the second sector
        at = SECTOR + record.CHECKPOINT_BYTES + 4 * record.RECORD_BYTES
        for ring in (0, RING):
            image[ring + at + 20] ^= 1
        self.halts(bytes(image))

    def test_a_checkpoint_lost_in_both_rings_with_records_behind_it(self):
        image = bytearray(lived_in(50))
        for ring in (0, RING):
            image[ring + SECTOR + 100] ^= 1
        self.halts(bytes(image))


class Recovers(unittest.TestCase):
    def recovers(self, image, balance_mp):
        """With the figures as they were, and the next top-up credited."""
        seen = Seen(image, True, 0)
        nor = Nor(bytearray(image))
        core = small_core.Core(nor, FRIDAY, NOON + 3600)
        self.assertEqual(seen.balances[0], balance_mp)
        self.assertEqual(seen.supplies[0], "enabled")
        self.assertEqual((seen.refusals, seen.world.relay_operations), ([], 0))
        self.assertEqual(core.top_up.remote(POUND), codes.DONE)
        core.rest()
        again = small_core.Core(nor, FRIDAY, NOON + 3600)
        self.assertEqual(again.meter.account.balance_mp, balance_mp + POUND)

    def test_half_a_store(self):
        for top_ups in (10, 39, 40, 41, 60, 115) if IS_CPYTHON else (60,):
            image = lived_in(top_ups)
            for lost in (b"\xff", b"\x00"):
                self.recovers(image[:RING] + lost * RING, (5 + top_ups) * POUND)
                self.recovers(lost * RING + image[RING:], (5 + top_ups) * POUND)

    def test_one_ring_is_noise(self):
        image = lived_in(60)
        self.recovers(image[:RING] + noise(1, RING), 65 * POUND)
        self.recovers(noise(2, RING) + image[RING:], 65 * POUND)

    def test_one_ring_is_of_a_format_that_is_not_known_yet(self):
        image = lived_in(60)
        self.recovers(image[:RING] + in_format(200, image)[RING:], 65 * POUND)

    def test_the_rings_are_of_two_points_in_time(self):
        times = ((10, 11), (10, 39), (10, 70), (39, 40), (41, 160)) if IS_CPYTHON else ((10, 70),)
        for earlier, later in times:
            old, new = lived_in(earlier), lived_in(later)
            self.recovers(new[:RING] + old[RING:], (5 + later) * POUND)
            self.recovers(old[:RING] + new[RING:], (5 + later) * POUND)

    def test_a_store_of_another_size(self):
        """Cut off, the second ring is lost or its place is another; made longer, it is elsewhere."""
        for top_ups in (10, 60, 100) if IS_CPYTHON else (60,):
            image = lived_in(top_ups)
            self.recovers(image + b"\xff" * (2 * RING), (5 + top_ups) * POUND)
            self.recovers(image + b"\xff" * SECTOR, (5 + top_ups) * POUND)
            self.recovers(image[: 4 * SECTOR], (5 + top_ups) * POUND)


if __name__ == "__main__":
    unittest.main()
