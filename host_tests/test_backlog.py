"""SPEC 9, the log: what is written when, with which numbers, and how it is read again."""

import unittest

from logbook import ALERTS, DAYS, HALF_HOURS, MONEY, Logbook
from shilling import calendar, codes
from support import POUND, make_code

DAY_S = 86400


class Reads(unittest.TestCase):
    """Friday 2026-11-20 11:00:00 UTC is 848 487 600 s after 2000."""

    def setUp(self):
        self.book = Logbook(payment_mp=5 * POUND)
        self.start_s = 9820 * DAY_S + 11 * 3600

    def test_each_half_hour_has_the_reading_of_that_instant(self):
        self.book.wait(1799)
        self.assertEqual(self.book.log.last(HALF_HOURS), 0)
        self.book.use(7)
        self.book.wait(1)
        self.book.use(3)
        self.book.to_edge()
        first, second = self.book.entries(HALF_HOURS)
        balance_mp = 10 * POUND - 7 * 49 // 2
        self.assertEqual(
            first,
            {"time_s": self.start_s + 1800, "code": 1, "kwh": 0, "wh": 7, "balance_mp": balance_mp,
             "rate": 0, "block": 0},
        )  # fmt: skip
        self.assertEqual((second["time_s"], second["wh"]), (self.start_s + 3600, 10))

    def test_midnight_has_a_day_and_the_first_of_a_month_its_snapshot(self):
        self.book.use(1234)
        self.book.to_edge(26)
        self.assertEqual(self.book.codes(DAYS), [2])
        day = self.book.entries(DAYS)[0]
        self.assertEqual(day["time_s"], (9820 + 1) * DAY_S)
        self.assertEqual((day["kwh"], day["wh"], day["debt_mp"]), (1, 234, 5 * POUND))
        self.assertEqual(day["balance_mp"], self.book.meter.account.balance_mp)
        self.book.to_edge(48 * 10)
        self.assertEqual(self.book.codes(DAYS), [2] * 11 + [3])
        day, snapshot = self.book.entries(DAYS)[-2:]
        self.assertEqual(snapshot["time_s"], calendar.day_of(2026, 12, 1) * DAY_S)
        snapshot["code"] = 2
        self.assertEqual(snapshot, day)

    def test_a_meter_that_was_off_has_one_entry_when_it_is_back(self):
        self.book.to_edge(3)
        self.book.start()
        self.book.start()
        self.assertEqual(self.book.log.last(HALF_HOURS), 3)
        self.book.meter.clock.advance(5 * 3600 * 1000 + 7000)
        self.book.meter.step(0, 0, True)
        self.book.start()
        entries = self.book.entries(HALF_HOURS)
        self.assertEqual(len(entries), 4)
        self.assertEqual(entries[-1]["time_s"], self.start_s + 3 * 1800 + 5 * 3600 + 7)

    def test_a_meter_that_was_off_at_midnight_still_has_its_day(self):
        self.book.to_edge(30)
        self.book.meter.clock.advance(30 * 3600 * 1000)
        self.book.meter.step(0, 0, True)
        self.book.start()
        self.assertEqual(self.book.codes(DAYS), [2, 2])

    def test_a_clock_that_is_not_trusted_gives_no_reads(self):
        self.book.to_edge(2)
        self.book.meter.clock.trust = codes.CLOCK_INVALID
        self.book.to_edge(60)
        self.assertEqual(self.book.log.last(HALF_HOURS), 2)
        self.assertEqual(self.book.log.last(DAYS), 0)
        self.book.meter.alert(0x8F02)
        self.book.poll()
        self.assertEqual(self.book.entries(ALERTS)[-1], {"time_s": 0, "code": 7, "alert": 0x8F02})

    def test_a_halted_meter_gives_alerts_and_no_reads(self):
        self.book.to_edge(2)
        self.book.meter.halt()
        self.book.to_edge(60)
        self.assertEqual((self.book.log.last(HALF_HOURS), self.book.log.last(DAYS)), (2, 0))
        self.assertEqual(self.book.entries(ALERTS)[-1]["alert"], 0x81AE)

    def test_what_is_due_comes_before_a_read(self):
        """A month away: its standing charges are more than are done in one step."""
        book = Logbook(standing_mp=1000)
        book.to_edge(30)
        book.meter.clock.advance(40 * DAY_S * 1000)
        while book.meter.schedule.owes():
            before = book.log.last(DAYS)
            book.log.poll()
            self.assertEqual(book.log.last(DAYS), before)
            book.meter.step(0, 0, True)
        book.poll()
        self.assertEqual(book.entries(DAYS)[-1]["balance_mp"], 10 * POUND - 41 * 1000)


class Money(unittest.TestCase):
    def setUp(self):
        self.book = Logbook(payment_mp=20 * POUND)
        self.top_up = self.book.top_up

    def test_a_top_up_has_its_number_what_went_to_debts_and_where_it_was_typed(self):
        meter = self.book.meter
        self.assertEqual(self.book.enter(make_code(meter.config, 5, 1000)), codes.DONE)
        self.assertEqual(self.top_up.remote(20 * POUND, 7), codes.DONE)
        self.book.poll()
        first, second = self.book.entries(MONEY)
        to_debts_mp = 20 * POUND + meter.account.payment_mp
        self.assertEqual((first["number"], first["amount_mp"], first["typed"]), (5, 10 * POUND, 1))
        self.assertEqual(
            (second["number"], second["amount_mp"], second["typed"]), (7, 20 * POUND, 0)
        )
        self.assertEqual(first["debts_mp"] + second["debts_mp"], to_debts_mp)
        self.assertEqual(second["balance_mp"], meter.account.balance_mp)
        self.assertEqual(first["time_s"], 9820 * DAY_S + 11 * 3600)

    def test_payments_and_adjustments_have_what_is_left(self):
        self.book.log.note(5, 2, 700, 300, 0)
        self.book.log.note(6, 0, -250, 999750, 0)
        self.book.poll()
        paid, adjusted = self.book.entries(MONEY)
        for entry in (paid, adjusted):
            del entry["time_s"]
        self.assertEqual(paid, {"code": 5, "register": 2, "amount_mp": 700, "left_mp": 300})
        self.assertEqual(adjusted, {"code": 6, "amount_mp": -250, "balance_mp": 999750})

    def test_one_poll_writes_one_entry(self):
        for number in range(5):
            self.book.log.note(6, 0, number, 0, 0)
        self.book.meter.alert(0x8F02)
        for number in range(1, 7):
            self.assertEqual(self.book.log.next_ms(), 1)
            self.book.log.poll()
            self.assertEqual(self.book.disk.writes, number)
        self.assertGreater(self.book.log.next_ms(), 1)
        amounts = [entry["amount_mp"] for entry in self.book.entries(MONEY)]
        self.assertEqual(amounts, [0, 1, 2, 3, 4])


class Alerts(unittest.TestCase):
    def setUp(self):
        self.book = Logbook()
        self.before = self.book.log.last(ALERTS)

    def told(self):
        return [entry["alert"] for entry in self.book.entries(ALERTS, self.before + 1)]

    def test_each_is_written_once_in_order(self):
        for code in (0x8F01, 0x8F02, 0x8F01):
            self.book.meter.alert(code)
        self.book.poll()
        self.book.meter.alert(0x8F03)
        self.book.poll()
        self.book.poll()
        self.assertEqual(self.told(), [0x8F01, 0x8F02, 0x8F01, 0x8F03])

    def test_of_a_flood_those_that_the_meter_still_has_are_written(self):
        for code in range(500):
            self.book.meter.alert(code)
        left = list(self.book.meter.alerts)
        self.book.poll()
        self.assertEqual(self.told(), left)

    def test_those_from_before_the_log_began_are_written_too(self):
        self.book.meter.alerts, self.book.meter.alert_count = [], 0
        self.book.meter.alert(0x81AE)
        self.book.connect()
        self.assertEqual(self.told(), [0x81AE])


class Reading(unittest.TestCase):
    def setUp(self):
        self.book = Logbook()
        for number in range(1, 301):
            self.book.log.note(6, 0, number, 0, 0)
        self.book.poll()

    def amounts(self, number, size):
        buf = bytearray(size)
        count = self.book.log.read(MONEY, number, buf, 0)
        return [int.from_bytes(buf[at * 24 + 5 : at * 24 + 9], "big") for at in range(count)]

    def test_whole_entries_from_a_number_on(self):
        self.assertEqual(self.amounts(200, 437), list(range(200, 216)))
        self.assertEqual(self.amounts(298, 437), [298, 299, 300])
        self.assertEqual(self.amounts(299, 26), [299])
        self.assertEqual(self.amounts(250, 437), list(range(250, 257)))  # a file ends
        self.assertEqual(self.amounts(299, 25), [])

    def test_the_bytes_before_the_place_stay(self):
        buf = bytearray(b"abcde" + bytes(26))
        self.assertEqual(self.book.log.read(MONEY, 200, buf, 5), 1)
        self.assertEqual(bytes(buf[:5]), b"abcde")

    def test_numbers_that_are_none_give_nothing(self):
        for number in (301, 302, 5000, 0xFFFFFFFF):
            self.assertEqual(self.book.log.read(MONEY, number, bytearray(437), 0), 0)

    def test_whatever_the_last_number_is_as_much_is_kept_as_is_promised(self):
        """14 days; 13 months of days and their snapshots; 128; 128."""
        log = self.book.log
        for stream, least in ((HALF_HOURS, 672), (DAYS, 410), (MONEY, 128), (ALERTS, 128)):
            for last in range(log.last(stream), 1500):
                log.go_on(stream, last)
                kept = last - log.first(stream) + 1
                self.assertTrue(min(last, least) <= kept <= least + 256)

    def test_at_least_128_of_money_and_alerts_are_kept(self):
        log = self.book.log
        self.assertTrue(log.last(MONEY) - log.first(MONEY) >= 128)
        self.assertEqual(self.amounts(log.first(MONEY), 437)[0], log.first(MONEY))
        self.assertEqual(log.first(ALERTS), 1)
        self.assertEqual(log.last(MONEY), 300)


if __name__ == "__main__":
    unittest.main()
