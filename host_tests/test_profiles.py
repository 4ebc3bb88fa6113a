"""DOMAIN 12: what the profiles have of their own: gas by volume, a meter without friendly hours.

Sums to be checked with a pencil: pounds, prices in pence a kWh, times in UTC.
"""

from by_hand import Case, packed, unittest

TIERS = packed([["20.00", "30.00", "40.00"]], [1, 2])


class Volume(Case):
    def test_cubic_metres_become_kWh(self):
        """1.02264 x 39.50 / 3.6 = 11.22063 kWh a m3: 11220 Wh of the first, 22441 of two; 7.00 p."""
        meter = self.make("2026-11-10 12:00:00", profile="gas_weekly", balance="10.00",
                          imp_per_kwh=100, calorific=3950, rate_mp=7000)  # fmt: skip
        for hour, wh, balance in ((13, 11220, "9.21460"), (14, 22441, "8.42913")):
            meter.until("2026-11-10 %d:00:00" % hour, 100)
            self.assertEqual(meter.figure("energy_wh"), wh)
            self.has(meter, balance=balance)


class NoFriendlyHours(Case):
    def test_remote_tiered_ends_at_exactly_0_in_the_night(self):
        """Saturday 03:00. £0.30 are 1000 x 20 p and 333 x 30 p (9.99 p); the last Wh takes 0.01 p, and
        the rest of it waits for the next (D3)."""
        meter = self.make("2026-11-14 03:00:00", profile="remote_tiered", balance="0.30", tariff=TIERS)
        meter.until("2026-11-14 03:30:00", 1333)
        self.has(meter, balance="0.0001")
        self.assertEqual(meter.figure("supply"), "enabled")
        meter.until("2026-11-14 03:30:00", 1)
        self.has(meter, balance="0")
        self.assertEqual(meter.figure("supply"), "disabled")

    def test_the_same_meter_with_friendly_hours_goes_on(self):
        meter = self.make("2026-11-14 03:00:00", profile="remote_tiered", balance="0.30", tariff=TIERS,
                          friendly=1)  # fmt: skip
        meter.until("2026-11-14 03:30:00", 1334)
        self.has(meter, balance="-0.0002")
        self.assertEqual(meter.figure("supply"), "enabled")


if __name__ == "__main__":
    unittest.main()
