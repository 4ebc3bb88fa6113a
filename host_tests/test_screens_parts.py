"""DOMAIN 12, 13, W3, W6: what each profile shows, the parts that B turns to, and other currencies."""

import unittest

from shilling import codes, screens
from shilling.menu import Menu
from support import POUND, Bench

# Two rates: 28.00 p from 07:30, 12.00 p from 00:30, each day (packed as SPEC.md has it)
DAY_NIGHT = (
    bytes((2, 1)) + (28000).to_bytes(3, "little") + (12000).to_bytes(3, "little")
    + bytes((2, 127, 1)) + (30).to_bytes(2, "little") + bytes((127, 0)) + (450).to_bytes(2, "little")
)  # fmt: skip
# One rate, 0.4600 up to 100 kWh in the month, 0.5600 up to 200, then 0.9600
TIERS = (
    bytes((1, 3)) + (100).to_bytes(2, "little") + (200).to_bytes(2, "little")
    + (46000).to_bytes(3, "little") + (56000).to_bytes(3, "little") + (96000).to_bytes(3, "little")
    + b"\x00"
)  # fmt: skip


def shown(bench, screen, part=0):
    """The texts of one part of a screen."""
    menu = Menu(bench.meter.config)
    menu.go(screen)
    menu.part = part
    return screens.texts(bench.meter, menu, 0)


class Debts(unittest.TestCase):
    def debt(self, part=0, **settings):
        return shown(Bench(**settings), codes.SCREEN_DEBT, part)

    def test_screen_s_shows_the_total_and_at_most_255_99(self):
        for debt_mp, text in (
            (0, "S Debt £0.00"),
            (4700000, "S Debt £47.00"),
            (25598000, "S Debt £255.98"),
            (25598001, "S Debt £255.99"),
            (25599000, "S Debt £255.99"),
            (25600000, "S Debt £255.99"),
            (90000000, "S Debt £255.99"),
        ):
            self.assertEqual(self.debt(profile="key_meter", time_1_mp=debt_mp), [text])
        parts_mp = {"payment_mp": 2000000, "time_1_mp": 2500000, "accumulated_mp": 200000}
        self.assertEqual(self.debt(profile="key_meter", **parts_mp), ["S Debt £47.00"])

    def test_screen_27_shows_the_agreed_debt_and_owed_what_has_accumulated(self):
        bench = Bench(
            profile="gas_weekly", time_1_mp=19300000, accumulated_mp=120000,
            ec_owed_mp=500000, ec_activated=1,
        )  # fmt: skip
        self.assertEqual(shown(bench, codes.SCREEN_DEBT), ["27 Debt £193.00"])
        self.assertEqual(shown(bench, codes.SCREEN_OWED), ["Owed £6.20"])
        bench.meter.account.post("accumulated_mp", -1)
        self.assertEqual(shown(bench, codes.SCREEN_OWED), ["Owed £6.21"])

    def test_the_parts_are_whole_even_where_the_total_is_not(self):
        given = {"payment_mp": 1000, "time_1_mp": 90000000, "accumulated_mp": 1}
        for profile, total in (
            ("smart_payg", "Debt £900.02"),
            ("key_meter", "S Debt £255.99"),
            ("gas_weekly", "27 Debt £900.00"),
            ("remote_tiered", "Debt ¥900.02"),
        ):
            self.assertEqual(self.debt(profile=profile, **given), [total])
            self.assertEqual(self.debt(part=4, profile=profile, **given), [total])
        seen = [self.debt(part=part, profile="key_meter", **given) for part in (1, 2, 3)]
        self.assertEqual(seen, [["Payment £0.01"], ["Time £900.00"], ["Accumulated £0.01"]])


class Rates(unittest.TestCase):
    def test_the_present_rate_and_then_the_others(self):
        bench = Bench(tariff=DAY_NIGHT)  # 11:00
        seen = [shown(bench, codes.SCREEN_RATE, part)[0] for part in range(3)]
        self.assertEqual(seen, ["Rate 28.00p", "Rate 2 12.00p", "Rate 28.00p"])
        bench.wait_until(bench.meter.clock.day + 1, 3600)
        seen = [shown(bench, codes.SCREEN_RATE, part)[0] for part in range(3)]
        self.assertEqual(seen, ["Rate 12.00p", "Rate 1 28.00p", "Rate 12.00p"])

    def test_of_three_the_others_come_in_their_order(self):
        three = bytes((3, 1)) + b"".join([mp.to_bytes(3, "little") for mp in (10000, 20000, 30000)])
        three += bytes((3,)) + b"".join([bytes((127, rate, 60 * rate, 0)) for rate in range(3)])
        bench = Bench(tariff=three, second=5400)  # 01:30: the second rate
        seen = [shown(bench, codes.SCREEN_RATE, part)[0] for part in range(4)]
        self.assertEqual(seen, ["Rate 20.00p", "Rate 3 30.00p", "Rate 1 10.00p", "Rate 20.00p"])

    def test_one_rate_has_no_others(self):
        bench = Bench(rate_mp=24501)
        for part in range(3):  # 24.501 p, never less than it is
            self.assertEqual(shown(bench, codes.SCREEN_RATE, part), ["Rate 24.51p"])

    def test_the_price_is_that_of_the_present_block(self):
        bench = Bench(profile="remote_tiered", tariff=TIERS, balance_mp=100 * POUND)
        self.assertEqual(shown(bench, codes.SCREEN_RATE), ["Rate ¥0.4600"])
        bench.wait(1, 100000)
        self.assertEqual(shown(bench, codes.SCREEN_RATE), ["Rate ¥0.5600"])

    def test_other_currencies_have_cents(self):
        for currency, text in enumerate(
            ("Rate 24.50p", "Rate ¥0.2450", "Rate 24.50c", "Rate 24.50c", "Rate 24.50c")
        ):
            self.assertEqual(shown(Bench(currency=currency), codes.SCREEN_RATE), [text])


class Use(unittest.TestCase):
    def test_today_yesterday_week_and_month_with_their_energy(self):
        bench = Bench(balance_mp=100 * POUND)  # Friday 2026-11-20; 24.50 p/kWh
        bench.wait(3600, 4490)  # £1.10005
        today = ["Today £1.11", "0.00 kW £0.00/h", "4.49 kWh"]
        self.assertEqual(shown(bench, codes.SCREEN_USAGE), today)
        self.assertEqual(shown(bench, codes.SCREEN_USAGE, 1), ["Yesterday £0.00", "0.00 kWh"])
        bench.wait_until(bench.meter.clock.day + 1, 3600)
        bench.wait(10, 2000)  # £0.49
        for part, texts in enumerate((
            ["Today £0.49", "0.00 kW £0.00/h", "2.00 kWh"],
            ["Yesterday £1.11", "4.49 kWh"],
            ["Week £1.60", "6.49 kWh"],
            ["Month £1.60", "6.49 kWh"],
            ["Today £0.49", "0.00 kW £0.00/h", "2.00 kWh"],
        )):  # fmt: skip
            self.assertEqual(shown(bench, codes.SCREEN_USAGE, part), texts)

    def test_an_appliance_is_shown_from_its_step_until_it_is_off(self):
        bench = Bench(rate_mp=25000)
        meter = bench.meter
        meter.step(60000, 0, False)  # nothing runs
        for _ in range(9):  # 1700 W: a pulse each 2118 ms
            meter.step(2118, 1, True)
        texts = shown(bench, codes.SCREEN_USAGE)
        self.assertEqual(texts[1:4], ["1.70 kW £0.43/h", "+1.70 kW", "+£0.43/h"])
        meter.step(120000, 0, False)
        self.assertEqual(len(shown(bench, codes.SCREEN_USAGE)), 3)

    def test_its_step_goes_when_less_than_seven_eighths_of_it_are_drawn(self):
        bench = Bench()
        power = bench.meter.power
        for step_w, mean_w, count in ((0, 0, 3), (1, 1, 5), (800, 700, 5), (800, 699, 3)):
            power.step_w = step_w
            power.mean_w = mean_w
            self.assertEqual(len(shown(bench, codes.SCREEN_USAGE)), count)

    def test_nothing_is_drawn_while_the_contact_is_open(self):
        bench = Bench()
        for _ in range(9):
            bench.meter.step(2400, 2, True)
        self.assertEqual(shown(bench, codes.SCREEN_USAGE)[1], "3.00 kW £0.74/h")
        bench.meter.supply.closed = 0
        self.assertEqual(shown(bench, codes.SCREEN_USAGE)[1], "0.00 kW £0.00/h")


class Registers(unittest.TestCase):
    def test_the_total_and_then_each_rate(self):
        bench = Bench(tariff=DAY_NIGHT, balance_mp=100 * POUND)
        bench.wait(60, 4051)
        bench.wait_until(bench.meter.clock.day + 1, 3600)
        bench.wait(60, 2000)
        seen = [shown(bench, codes.SCREEN_REGISTER, part)[0] for part in range(4)]
        self.assertEqual(seen, ["6.0 kWh", "R1 4.0 kWh", "R2 2.0 kWh", "6.0 kWh"])

    def test_one_rate_has_only_the_total(self):
        bench = Bench()
        bench.use(1234)
        for part in range(2):
            self.assertEqual(shown(bench, codes.SCREEN_REGISTER, part), ["1.2 kWh"])


class Remote(unittest.TestCase):
    def test_the_balance_and_the_energy_it_buys(self):
        bench = Bench(profile="remote_tiered", tariff=TIERS, balance_mp=1240000)
        self.assertEqual(screens.resting(bench.meter), ["Balance ¥12.40"])
        self.assertEqual(shown(bench, codes.SCREEN_LEFT), ["Left 26 kWh"])  # 26.95
        low = Bench(profile="remote_tiered", tariff=TIERS, balance_mp=199999)
        self.assertEqual(screens.resting(low.meter), ["Balance ¥1.99 LOW"])
        self.assertEqual(shown(low, codes.SCREEN_LEFT), ["Left 4 kWh"])

    def test_through_the_tiers(self):
        # 100 kWh for ¥46.00, 100 for ¥56.00, then 10 for ¥9.60 and a mp too little for the next Wh
        bench = Bench(profile="remote_tiered", tariff=TIERS, balance_mp=11160000)
        self.assertEqual(shown(bench, codes.SCREEN_LEFT), ["Left 210 kWh"])
        bench = Bench(profile="remote_tiered", tariff=TIERS, balance_mp=11159999)
        self.assertEqual(shown(bench, codes.SCREEN_LEFT), ["Left 209 kWh"])

    def test_what_is_due_and_not_yet_taken_buys_nothing(self):
        bench = Bench(profile="remote_tiered", tariff=TIERS, balance_mp=1240000)
        bench.meter.account.due_mp = 46000
        self.assertEqual(shown(bench, codes.SCREEN_LEFT), ["Left 25 kWh"])

    def test_nothing_is_left_without_credit(self):
        bench = Bench(profile="remote_tiered", tariff=TIERS, balance_mp=-1)
        self.assertEqual(shown(bench, codes.SCREEN_LEFT), ["Left 0 kWh"])


class Currencies(unittest.TestCase):
    def test_every_amount_has_its_symbol(self):
        for currency, symbol in enumerate("£¥R€$"):
            bench = Bench(currency=currency, payment_mp=4700000)
            for screen, text in (
                (codes.SCREEN_REST, "Credit %s10.00"),
                (codes.SCREEN_DEBT, "Debt %s47.00"),
                (codes.SCREEN_ALERT_LEVEL, "Alert %s2.00"),
                (codes.SCREEN_USAGE, "Today %s0.00"),
            ):
                self.assertEqual(shown(bench, screen)[0], text % symbol)


if __name__ == "__main__":
    unittest.main()
