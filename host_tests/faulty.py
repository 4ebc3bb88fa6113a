"""A whole meter on a bench that breaks: what it says meanwhile is collected, what it must not lose is
checked to the penny. For the tests of faults on the whole firmware.
"""

import unittest

import boot
import segments
import world
from segments import decode
from shilling.provision import provision

FRIDAY, NOON = 9820, 43200  # 2026-11-20 12:00:00 UTC
POUNDS_10 = 1000000
KWH_MP = 24500
KEY_STUCK, NOT_CLOSED, NOT_OPENED = 0xF001, 0x81BD, 0x81C0  # alerts


class House:
    """A meter with £10.00 at 24.50 p/kWh. It starts by main.py, or with the parts that a board.json
    names; is_chip: its idle sleeps 5 ms as on the chip, and does not jump."""

    def __init__(self, parts=None, balance_mp=POUNDS_10, is_chip=False, **bench):
        self.w = world.World(FRIDAY, NOON, **bench)
        settings = {"day": FRIDAY, "second": NOON, "balance_mp": balance_mp}
        provision(boot.store(self.w), settings)
        self.parts = parts
        self.is_chip = is_chip
        self.starts = 0
        self.said = set()  # notes and alerts since it was switched on
        self.seen = []  # for the script
        self.main = boot.starter(self.w, ".", not is_chip)
        self.app = None

    def __call__(self):
        self.starts += 1
        if self.parts is None:
            self.main()
        import board_file
        import esp32_board
        from shilling.app import App

        boot.board_class(jump=not self.is_chip)
        self.app = App(esp32_board.Board(board_file.parts_of(self.parts, "")))
        self.app.run()

    def meter(self):
        return self.main.globals()["meter"] if self.parts is None else self.app

    def observe(self):
        return self.meter().observe()

    def notes(self):
        """-> what the board finds wrong now."""
        return [note for note in self.meter().board.notes if note != "DEV"]

    def is_shown(self):
        """The cells show what the meter means to show, its text or one of its pages, but for the
        mark of the development variant."""
        cells = self.w.cells()
        if decode(cells) != segments.LAMP_TEST * len(cells):
            cells[-1] &= ~segments.DOT
        return decode(cells) in [page.rstrip() for page in self.observe()["pages"]]

    # Parts of a script: generators of ms

    def wait(self, seconds):
        for _ in range(seconds):
            yield 1000
            self.said.update(self.notes())
            self.said.update(self.meter().meter.alerts)

    def press(self, key):
        self.w.press(key)
        yield 200
        self.w.release(key)
        yield 200


class FaultTest(unittest.TestCase):
    """play(), then is_well()."""

    def play(self, house, script):
        """20 min at 3 kW with script(house) in them, then a quiet minute: 1 kWh was used."""

        def whole():
            yield 2000
            house.w.set_load(3000)
            begin = house.w.t_ms
            yield from script(house)
            yield begin + 1200000 - house.w.t_ms
            house.w.set_load(0)
            yield from house.wait(61)

        house.w.run(house, whole())
        return house

    def is_well(self, house, wh=1000, starts=1):
        """Metered, charged, balanced, on supply, and never reset but by the test."""
        seen = house.observe()
        self.assertEqual((seen["energy_wh"], seen["ledger"]), (wh, "balanced"))
        self.assertEqual(seen["balance_mp"], POUNDS_10 - KWH_MP * wh // 1000)
        self.assertEqual(seen["supply"], "enabled")
        self.assertEqual((house.w.contact_closed, house.w.coil_faults), (True, 0))
        self.assertEqual(house.starts, starts)
