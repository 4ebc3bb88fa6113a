"""DOMAIN 1 and 13: money in mp, its texts, running totals; pulses, Wh and the carried remainders."""

import unittest

from shilling import units
from shilling.config import Config
from shilling.energy import Energy
from shilling.tariff import Tariff
from support import Random


class Money(unittest.TestCase):
    def test_credit_is_rounded_towards_less(self):
        for amount_mp, text in ((350000, "£3.50"), (350999, "£3.50"), (0, "£0.00"), (999, "£0.00"),
                                (-1, "-£0.01"), (-120000, "-£1.20"), (-120001, "-£1.21")):  # fmt: skip
            with self.subTest(amount_mp):
                self.assertEqual(units.credit_text(amount_mp), text)

    def test_what_is_owed_is_rounded_towards_more(self):
        for amount_mp, text in ((0, "£0.00"), (1, "£0.01"), (190000, "£1.90"), (190001, "£1.91")):
            with self.subTest(amount_mp):
                self.assertEqual(units.owed_text(amount_mp), text)

    def test_a_total_is_pounds_and_a_rest(self):
        total = units.Total()
        total.add(99999)
        total.add(2)
        self.assertEqual((total.pounds, total.rest_mp), (1, 1))
        total.add(-100002)
        self.assertEqual((total.pounds, total.rest_mp), (-1, 99999))

    def test_a_total_grows_past_every_register(self):
        total = units.Total()
        for _ in range(30):
            total.add(units.LIMIT_MP)
        self.assertEqual((total.pounds, total.rest_mp), (300000, 0))


def taken(energy, pulses):
    """Wh that the pulses complete, booked."""
    energy.take(pulses)
    wh = energy.whole_wh()
    energy.book(wh)
    return wh


class Pulses(unittest.TestCase):
    def test_a_volume_of_gas_is_energy_by_its_calorific_value(self):
        """1 m3 at 39.5 MJ/m3: 1.02264 x 39.5 / 3.6 = 11.2206333.. kWh, so 3 m3 are 33 661.9 Wh."""
        config = Config()
        config.set("imp_per_kwh", 100)  # a pulse is 0.01 m3
        config.set("calorific", 3950)
        energy = Energy(config)
        total_wh = 0
        for pulses in (1, 42, 57, 200):
            while pulses:
                part = min(pulses, energy.most_pulses())
                pulses -= part
                total_wh += taken(energy, part)
        self.assertEqual(total_wh, 33661)
        self.assertEqual((energy.kwh, energy.wh), (33, 661))
        self.assertEqual(energy.part * 10 // (1500 * 100), 9)  # .9 Wh is carried

    def test_the_remainder_of_a_pulse_is_carried(self):
        config = Config()
        config.set("imp_per_kwh", 800)  # 1.25 Wh a pulse
        energy = Energy(config)
        self.assertEqual([taken(energy, 1) for _ in range(4)], [1, 1, 1, 2])
        self.assertEqual(energy.total_wh(), 5)

    def test_a_pulse_worth_less_than_a_wh(self):
        config = Config()
        config.set("imp_per_kwh", 3200)
        energy = Energy(config)
        booked = [taken(energy, 1) for _ in range(3200)]
        self.assertEqual(sum(booked), 1000)
        self.assertEqual((energy.kwh, energy.wh, energy.part), (1, 0, 0))

    def test_pulses_for_tells_exactly_when_a_wh_is_whole(self):
        random = Random(7)
        for imp_per_kwh in (1, 100, 800, 1000, 3200, 100000):
            config = Config()
            config.set("imp_per_kwh", imp_per_kwh)
            energy = Energy(config)
            energy.part = random.below(imp_per_kwh)
            wh = 1 + random.below(50)
            wanted = energy.pulses_for(wh)
            booked = 0
            for _ in range(wanted - 1):
                booked += taken(energy, 1)
            self.assertTrue(booked < wh)
            self.assertTrue(booked + taken(energy, 1) >= wh)


def flat(price_mp):
    tariff = Tariff(Energy(Config()))
    tariff.set_flat(price_mp)
    return tariff


class Cost(unittest.TestCase):
    def test_one_wh_at_24_50_p_costs_24_and_a_half_mp(self):
        tariff = Tariff(Energy(Config()))
        self.assertEqual([tariff.cost_mp(1) for _ in range(4)], [24, 25, 24, 25])

    def test_any_flow_costs_the_floor_of_the_whole(self):
        for rate_mp in (1, 999, 12345, 24500, 1000000):
            tariff = flat(rate_mp)
            random = Random(rate_mp)
            total_wh = total_mp = 0
            for _ in range(300):
                wh = random.below(1001)
                total_wh += wh
                total_mp += tariff.cost_mp(wh)
                self.assertEqual(total_mp, rate_mp * total_wh // 1000)

    def test_the_remainder_is_carried_over_a_change_of_price(self):
        tariff = flat(24500)
        cost_mp = tariff.cost_mp(1)  # 24.5
        tariff.set_flat(10500)
        cost_mp += tariff.cost_mp(1)  # 10.5
        self.assertEqual(cost_mp, 35)

    def test_wh_for_tells_exactly_when_an_amount_is_due(self):
        for rate_mp in (24500, 999, 120000):
            tariff = flat(rate_mp)
            tariff.cost_mp(7)
            for amount_mp in (1, 500, 1000):
                part = tariff.part
                wh = tariff.wh_for(amount_mp)
                self.assertTrue((wh - 1) * rate_mp + part < amount_mp * 1000)
                self.assertTrue(wh * rate_mp + part >= amount_mp * 1000)

    def test_free_energy_has_no_end(self):
        self.assertEqual(flat(0).wh_for(1), 10000)


if __name__ == "__main__":
    unittest.main()
