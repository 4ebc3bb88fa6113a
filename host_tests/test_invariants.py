"""RELIABILITY, invariants: each one that is broken halts the meter safely, and leaves word of it."""

import unittest

from chip_nor import Nor
from quiet import start
from shilling import codes, invariants, ledger, remote
from shilling.meter import Meter
from support import POUND, Bench, make_code

SECTOR = 4096


class Durable(Bench):
    """A bench whose records go to a flash."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.flash = Nor(bytearray(b"\xff" * 6 * SECTOR))
        self.ledger = ledger.Ledger(self.flash)
        assert self.ledger.create(self.meter.parts)
        self.meter.journal = self.commit

    def commit(self, kind, counter):
        self.records.append(kind)
        return self.ledger.commit(kind, counter, self.meter.parts)

    def again(self):
        meter = Meter()
        assert ledger.Ledger(self.flash).recover(meter.parts) == ledger.OPENED
        return meter


class Halting(unittest.TestCase):
    """What is on flash when it halts is what the record before left there."""

    def setUp(self):
        self.bench = Durable(balance_mp=3 * POUND, payment_mp=20 * POUND)
        self.bench.use(100)
        self.bench.meter.commit_use()
        self.balance_mp = self.bench.meter.account.balance_mp
        self.code = make_code(self.bench.meter.config, 7, 500)

    def holds(self, fault, kind=codes.RECORD_CLOCK, counter=0):
        """Write a record: it must halt for that fault, and nothing but the alert be written."""
        bench, meter = self.bench, self.bench.meter
        closed = meter.supply.closed
        bench.alerts()
        bench.records.clear()
        meter.write(kind, counter)
        self.assertTrue(meter.halted)
        self.assertEqual(bench.records, [codes.RECORD_ALERT])
        self.assertEqual(bench.alerts(), [0x81AE])
        self.assertEqual(bench.enter(self.code), codes.HALTED)
        self.assertEqual(bench.top_up.remote(POUND), codes.HALTED)
        self.assertEqual((meter.supply.state, meter.supply.wants_closed()), (codes.FAULT, closed))
        again = bench.again()
        self.assertEqual(again.fault, fault)
        self.assertEqual(again.account.balance_mp, self.balance_mp)
        self.assertTrue(again.account.is_balanced())
        self.assertEqual(again.supply.closed, 1)

    def test_the_ledger_sums_to_zero(self):
        self.bench.meter.account.balance_mp += 1
        self.holds(invariants.UNBALANCED)

    def test_registers_stay_within_their_limits(self):
        account = self.bench.meter.account
        account.emergency_mp += 5
        account.balance_mp -= 5
        self.assertTrue(account.is_balanced())
        self.holds(invariants.OUT_OF_BOUNDS)

    def test_the_highest_counter_never_falls(self):
        self.assertEqual(self.bench.enter(self.code), codes.DONE)
        self.balance_mp = self.bench.meter.account.balance_mp
        self.bench.meter.window.highest = 6
        self.holds(invariants.HIGHEST_FELL)

    def test_no_counter_is_used_twice(self):
        self.assertEqual(self.bench.enter(self.code), codes.DONE)
        self.balance_mp = self.bench.meter.account.balance_mp
        self.holds(invariants.USED_TWICE, codes.RECORD_TOP_UP, 7)

    def test_supply_goes_off_on_proof_only(self):
        self.bench.meter.supply.state = codes.DISABLED  # there are £2.97
        self.holds(invariants.OFF_WITHOUT_PROOF, codes.RECORD_SUPPLY)

    def test_supply_does_not_go_off_in_friendly_hours(self):
        bench = self.bench = Durable(balance_mp=0, second=17 * 3600)
        self.assertTrue(bench.meter.is_suspended())
        self.balance_mp = 0
        bench.meter.supply.state = codes.DISABLED
        self.holds(invariants.OFF_WITHOUT_PROOF, codes.RECORD_SUPPLY)

    def test_the_contact_opens_by_order_only(self):
        self.bench.meter.supply.closed = 0
        self.bench.alerts()
        self.bench.meter.write(codes.RECORD_SUPPLY, 0)
        self.assertTrue(self.bench.meter.halted)
        again = self.bench.again()
        self.assertEqual((again.fault, again.supply.closed), (invariants.OPENED_WITHOUT_ORDER, 1))

    def test_what_was_proven_is_no_fault(self):
        bench = Durable(balance_mp=0)  # Friday 11:00: off at the first step
        self.assertEqual(bench.meter.supply.state, codes.DISABLED)
        self.assertFalse(bench.meter.halted)

    def test_a_store_whose_figures_are_not_sound_halts_the_meter_at_its_start(self):
        bench = Durable(balance_mp=0)
        bench.meter.account.balance_mp = 5
        self.assertTrue(bench.ledger.open_sector(bench.meter.parts))
        meter = bench.again()
        meter.begin()
        self.assertTrue(meter.halted)
        self.assertEqual(meter.fault, invariants.UNBALANCED)

    def test_a_halted_meter_writes_nothing_more(self):
        self.bench.meter.halt()
        self.bench.records.clear()
        self.bench.use(5000)
        self.bench.wait(2 * 86400)
        self.assertEqual(self.bench.records, [])

    def test_the_alert_record_never_opens_a_sector(self):
        """Its checkpoint would hold the broken state."""
        bench, meter = self.bench, self.bench.meter
        while bench.ledger.at < SECTOR - 64:
            meter.write(codes.RECORD_CLOCK, 0)
        sector = bench.ledger.sector
        meter.account.balance_mp += 1
        self.holds(invariants.UNBALANCED)
        self.assertEqual(bench.ledger.sector, sector)

    def test_the_display_says_so_and_the_relay_stays(self):
        app = start()
        app.poll()
        app.meter.account.balance_mp += 1
        app.board.now_ms += 1000
        app.board.new_pulses = 50
        app.poll()
        app.poll()
        seen = app.observe()
        self.assertEqual((seen["screen"], seen["supply"], app.board.closed), ("Store fault", "fault", 1))
        self.assertEqual(app.meter.alerts[-1], 0x81AE)

    def test_S9_the_relay_does_not_move_when_its_record_is_not_kept(self):
        app = start()
        app.poll()
        app.board.now_ms += 61000
        app.poll()
        app.meter.journal = lambda kind, counter: kind != codes.RECORD_SUPPLY
        self.assertFalse(remote.disable(app.meter))
        self.assertTrue(app.meter.halted)
        app.board.now_ms += 1000
        app.poll()
        self.assertEqual(app.board.closed, 1)

    def test_S9_nor_when_the_order_was_kept_but_not_the_operation(self):
        app = start()
        app.poll()
        app.board.now_ms += 61000
        app.poll()
        self.assertTrue(remote.disable(app.meter))
        app.meter.journal = lambda kind, counter: False
        app.board.now_ms += 1000
        app.poll()
        self.assertTrue(app.meter.halted)
        self.assertEqual(app.board.closed, 1)


if __name__ == "__main__":
    unittest.main()
