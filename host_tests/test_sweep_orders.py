"""RELIABILITY 4: no sector is erased inside a commit, however fast orders that open sectors come."""
# runs on: cpython

import unittest
from struct import pack

from link_rig import SET_SETTINGS, SET_TARIFF, packet
from shilling import codes
from test_app import Rig


class Wire:
    """Brings one packet a poll, as the board's does."""

    def __init__(self, packets):
        self.packets = packets

    def tend(self, link, elapsed_ms):
        if self.packets:
            link.take(self.packets.pop(0))
        while link.next():
            pass

    def next_ms(self):
        return 1 if self.packets else 1000


class Watched:
    """Counts what is erased while a record is written."""

    def __init__(self, app):
        self.app, self.erased, self.sectors = app, 0, 0
        self.erase, self.commit = app.ledger.store.erase, app.ledger.commit
        self.is_open = False
        app.ledger.store.erase, app.ledger.commit = self.erases, self.commits

    def erases(self, sector):
        self.erased += self.is_open
        self.erase(sector)

    def commits(self, kind, counter, parts):
        self.is_open, before = True, self.app.ledger.sector
        kept = self.commit(kind, counter, parts)
        self.is_open = False
        self.sectors += self.app.ledger.sector != before
        return kept


def wear_in(app):
    """The ring has been round once: only the sectors that were made ready are blank."""
    book = app.ledger
    blank = [(book.sector + ahead) % book.count for ahead in range(book.ready + 1)]
    for ring in book.rings:
        for sector in range(book.count):
            if sector not in blank:
                book.store.program(ring.address(sector), bytes(64))


def tariff(number, price_mp):
    flat = b"\1\1" + price_mp.to_bytes(3, "little") + b"\0"
    return packet(SET_TARIFF, number, pack(">HI", 0, 0) + flat)


def settings(number, share):
    return packet(SET_SETTINGS, number, pack(">BI", 7, share))


class QueuedOrders(unittest.TestCase):
    """What the broker kept while the meter was away comes all at once."""

    def watch(self, packets, records):
        """-> Watched, after so many records and then the packets."""
        watched = []

        def script(rig):
            yield 1000
            app = rig.start.globals()["meter"]
            wire = Wire([])
            app.connect(wire)
            for _ in range(records):
                app.meter.write(codes.RECORD_CLOCK, 0)
                yield 1000
            wear_in(app)
            watched.append(Watched(app))
            wire.packets = list(packets)
            yield 2000
            assert not wire.packets

        Rig().play(script)
        return watched[0]

    def test_prices_that_begin_at_once_one_after_another(self):
        """Each opens a sector, and the next poll another one: it begins."""
        for records in (0, 36, 37, 38, 39):
            seen = self.watch([tariff(number, 20000 + number) for number in range(1, 7)], records)
            self.assertTrue(seen.sectors >= 12, seen.sectors)
            self.assertEqual(seen.erased, 0, records)

    def test_prices_and_settings_in_turn(self):
        orders = [tariff(1, 21000), settings(2, 10), tariff(3, 22000), settings(4, 20), settings(5, 30)]
        seen = self.watch(orders, 0)
        self.assertEqual((seen.sectors >= 7, seen.erased), (True, 0))


if __name__ == "__main__":
    unittest.main()
