"""What energy costs: one price a kWh, with one remainder carried over every flow.

Takes Wh, gives mp: any flow costs floor(sum of rate x Wh / 1000) in total. Source: DOMAIN 1, 8.
"""

from shilling.config import Config
from shilling.units import WH_PER_KWH


class Tariff:
    """Flat. `part` is the carried thousandths of a mp."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.part = 0  # 0..999

    def cost_mp(self, wh: int) -> int:
        """Whole mp that these Wh (at most 1000) bring due."""
        part = self.part + wh * self.config.rate_mp
        self.part = part % 1000
        return part // 1000

    def pulse_mp(self) -> int:
        """mp that one pulse may bring due at the most."""
        wh = -(-WH_PER_KWH // self.config.imp_per_kwh)
        return -(-wh * self.config.rate_mp // 1000)

    def wh_for(self, amount_mp: int) -> int:
        """Wh until at least amount_mp (1..1000) falls due; at most 10 000."""
        if self.config.rate_mp * 10 <= amount_mp:
            return 10000
        return -(-(amount_mp * 1000 - self.part) // self.config.rate_mp)

    def hourly_mp(self, watts: int) -> int:
        """mp an hour at this power."""
        return watts * self.config.rate_mp // 1000
