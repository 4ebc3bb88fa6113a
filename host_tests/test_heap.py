# runs on: micropython, wasm
"""ARCHITECTURE, RELIABILITY 4: a tick without a commit takes nothing from the heap, a commit 1 KB."""

import unittest

import micropython

from quiet import start, takes
from shilling import codes, utrn
from support import Bench, make_code

TICKS = 1000
COMMIT_BYTES = 1024
VERIFY_BYTES = 16 * 1024


class Ticker:
    """Ticks of 5 ms with one pulse each, at a price so low that no penny is reached."""

    def __init__(self, **settings):
        given = {"rate_mp": 1, "balance_mp": 1000500}
        given.update(settings)
        given = {name: given[name] for name in given if given[name] is not None}
        self.app = start(**given)
        for _ in range(400):  # past the search for the second's edge
            self.tick()

    def tick(self):
        board = self.app.board
        board.now_ms += 5
        board.new_pulses = 1
        self.app.poll()


class Ticks(unittest.TestCase):
    def run_locked(self, ticker):
        records = ticker.app.ledger.head.sequence
        micropython.heap_lock()
        try:
            for _ in range(TICKS):
                ticker.tick()
        finally:
            micropython.heap_unlock()
        self.assertEqual(ticker.app.ledger.head.sequence, records)

    def test_a_thousand_ticks_with_pulses_and_no_commit_allocate_nothing(self):
        ticker = Ticker()
        self.run_locked(ticker)
        self.assertEqual(ticker.app.meter.energy.total_wh(), TICKS + 400)

    def test_the_same_in_friendly_hours_below_zero(self):
        ticker = Ticker(balance_mp=-150, day=9821)
        ticker.app.board.rtc_day = 9821
        for _ in range(400):
            ticker.tick()
        self.run_locked(ticker)
        self.assertTrue(ticker.app.meter.is_suspended())

    def test_the_same_with_rates_blocks_and_a_debt_collected_by_time(self):
        rates = bytes((2, 2, 100, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 2))
        switches = bytes((127, 0, 30, 0, 127, 1, 194, 1))  # 00:30 and 07:30, every day
        for profile in ("key_meter", "gas_weekly"):
            ticker = Ticker(
                profile=profile, time_1_mp=5000000, weekly_mp=700000, standing_mp=50000,
                rate_mp=None, tariff=rates + switches,
            )  # fmt: skip
            self.run_locked(ticker)
            self.assertEqual(ticker.app.meter.registers.block_wh(1, 0), TICKS + 400)

    def test_the_lock_really_locks(self):
        locked = False
        micropython.heap_lock()
        try:
            bytearray(1000)
        except MemoryError:
            locked = True
        finally:
            micropython.heap_unlock()
        self.assertTrue(locked)


class Events(unittest.TestCase):
    def test_a_commit_takes_at_most_1_kb(self):
        app = start()
        ledger, parts = app.ledger, app.meter.parts
        for kind in (codes.RECORD_CHARGE, codes.RECORD_TOP_UP, codes.RECORD_DUE):
            taken = takes(lambda kind=kind: ledger.commit(kind, 0, parts))
            self.assertTrue(taken <= COMMIT_BYTES, "%d: %d bytes" % (kind, taken))

    def test_checking_a_code_takes_at_most_16_kb(self):
        bench = Bench()
        code = make_code(bench.meter.config, 3, 100)
        digits = bytes([int(digit) for digit in code])

        def verify():
            read = utrn.Code(digits)
            utrn.mac(bench.meter.config, bench.meter.window.candidate(read.low_counter), read.high)

        taken = takes(verify)
        self.assertTrue(taken <= VERIFY_BYTES, "%d bytes" % taken)


if __name__ == "__main__":
    unittest.main()
