"""The settings of one meter: keys, limits, prices, profile. Money in mp, rates in mp per kWh.

They are set by provisioning or an authorised command and live in the checkpoint. Source: DOMAIN 12.
"""

LOW_CREDIT_LEVELS_MP = (0, 100000, 200000, 500000, 1000000, 2000000)

# Lowest and highest whole number a setting may take
RANGES = {
    "profile": (0, 0),
    "region": (0, 2),
    "imp_per_kwh": (1, 100000),
    "rate_mp": (0, 1000000),
    "standing_mp": (0, 10000000),
    "share": (0, 100),
    "weekly_cap_mp": (0, 1000000000),
    "ec_limit_mp": (0, 10000000),
    "ec_threshold_mp": (0, 10000000),
    "ec_below_zero": (0, 1),
    "low_credit_mp": (0, 10000000),
    "max_credit_mp": (0, 1000000000),
    "max_balance_mp": (0, 1000000000),
    "min_vend_mp": (0, 10000000),
}


class Config:
    """Settings with the defaults of `smart_payg`; `special_days` holds 3 bytes a day (SPEC.md)."""

    def __init__(self) -> None:
        self.profile = 0
        self.region = 0
        self.imp_per_kwh = 1000
        self.rate_mp = 24500
        self.standing_mp = 0
        self.share = 30  # percent of a top-up that pays payment-based debt (T4)
        self.weekly_cap_mp = 0  # 0 = no cap
        self.ec_limit_mp = 500000
        self.ec_threshold_mp = 500000
        self.ec_below_zero = 0
        self.low_credit_mp = 200000
        self.max_credit_mp = 14900000
        self.max_balance_mp = 100000000
        self.min_vend_mp = 100000
        self.meter_id = bytes(8)
        self.originator_id = bytes(8)
        self.secret = bytes(32)  # Z of UTRN.md; never shown, never logged
        self.special_days = b""

    def set(self, name: str, value: int) -> None:
        """Set one numeric setting; ValueError names it, its range and what it was."""
        if name not in RANGES:
            raise ValueError("no setting is called " + name)
        low, high = RANGES[name]
        if not low <= value <= high:
            raise ValueError(
                "%s must be %d to %d, not %s (it stays %d)"
                % (name, low, high, value, getattr(self, name))
            )
        setattr(self, name, value)

    def set_key(self, name: str, value: bytes) -> None:
        """Set meter_id (8 bytes), originator_id (8) or secret (32)."""
        if len(value) != len(getattr(self, name)):
            raise ValueError("%s must have %d bytes" % (name, len(getattr(self, name))))
        setattr(self, name, value)
