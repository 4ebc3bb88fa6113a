"""The settings of one meter, in one table: validation, checkpoint and documentation come from it.

Money in mp. They are set by provisioning or an authorised command and live in the checkpoint; keys,
special days and tariff are bytes (SPEC.md). Source: DOMAIN 12 and the rules named in the table.
"""

from micropython import const

LOW_CREDIT_LEVELS_MP = (0, 100000, 200000, 500000, 1000000, 2000000)
_MAX_SPECIAL_DAYS = const(20)

# Ways of collecting debt by time; 0: none
BY_PARTS = 1  # W1
BY_GAS_WEEK = 2  # W4, W5

B = "<B"
I = "<I"  # noqa: E741

# name, width on flash, unit, lowest, highest, default, rule
SETTINGS = (
    ("profile", B, "profile", 0, 3, 0, "12"),
    ("region", B, "region", 0, 2, 0, "11"),
    ("currency", B, "currency", 0, 4, 0, "12"),
    ("friendly", B, "flag", 0, 1, 1, "S5"),
    ("imp_per_kwh", I, "imp", 1, 100000, 1000, "1"),
    ("calorific", I, "0.01 MJ/m3", 0, 5500, 0, "12"),  # 0: the pulses count energy
    ("standing_mp", I, "mp/day", 0, 10000000, 0, "D2"),
    ("share", B, "%", 0, 100, 30, "T4"),  # of a top-up, to payment-based debt
    ("weekly_cap_mp", I, "mp/week", 0, 1000000000, 0, "T3"),  # 0: no cap
    ("recovery", B, "recovery", 0, 2, 0, "W1"),
    ("weekly_mp", I, "mp/week", 0, 50000000, 0, "W1"),
    ("parts", B, "parts/week", 7, 100, 7, "W1"),
    ("suspend_debt_emergency", B, "flag", 0, 1, 1, "W2"),
    ("suspend_debt_disabled", B, "flag", 0, 1, 1, "W2"),
    ("usable_share", B, "%", 0, 100, 30, "W4"),  # of a top-up, always to Meter Balance
    ("ec_limit_mp", I, "mp", 0, 10000000, 500000, "E1"),
    ("ec_threshold_mp", I, "mp", 0, 10000000, 500000, "E1"),
    ("ec_below_zero", B, "flag", 0, 1, 0, "E1"),
    ("low_credit_mp", I, "mp", 0, 10000000, 200000, "13"),
    ("max_credit_mp", I, "mp", 0, 1000000000, 14900000, "T1"),
    ("max_balance_mp", I, "mp", 0, 1000000000, 100000000, "T1"),
    ("min_vend_mp", I, "mp", 0, 10000000, 100000, "T2"),
)

# Profiles (12) and what is not as the table has it; `profile` is their number
PROFILES = (
    ("smart_payg", ()),
    ("key_meter", (("share", 0), ("recovery", BY_PARTS))),
    ("gas_weekly", (("share", 0), ("recovery", BY_GAS_WEEK))),
    ("remote_tiered", (("share", 0), ("friendly", 0), ("ec_limit_mp", 0), ("currency", 1))),
)


class Config:
    """The settings as attributes; `special_days` holds 3 bytes a day (SPEC.md)."""

    low_credit_mp: int  # the consumer chooses it at the meter

    def __init__(self) -> None:
        for row in SETTINGS:
            setattr(self, row[0], row[5])
        self.meter_id = bytes(8)
        self.originator_id = bytes(8)
        self.secret = bytes(32)  # Z of UTRN.md; never shown, never logged
        self.special_days = b""

    if __debug__:  # for the type checker: the numbers of the table; not compiled for the chip

        def __getattr__(self, name: str) -> int:
            raise AttributeError(name)

    def set(self, name: str, value: int) -> None:
        """Set one numeric setting; ValueError names it, its range and what it was."""
        for row in SETTINGS:
            if row[0] == name:
                break
        else:
            raise ValueError("no setting is called " + name)
        if not row[3] <= value <= row[4] or (name == "parts" and value not in (7, 100)):
            raise ValueError(
                "%s must be %d %s %d, not %s (it stays %s)"
                % (name, row[3], "or" if name == "parts" else "to", row[4], value,
                   getattr(self, name))
            )  # fmt: skip
        setattr(self, name, value)

    def set_profile(self, name: str) -> None:
        """Take the settings of a profile; ValueError lists them."""
        for number in range(len(PROFILES)):
            if PROFILES[number][0] == name:
                self.profile = number
                for setting, value in PROFILES[number][1]:
                    self.set(setting, value)
                return
        names = ", ".join([row[0] for row in PROFILES])
        raise ValueError("profile must be one of %s, not %s" % (names, name))

    def set_bytes(self, name: str, value: bytes) -> None:
        """Set meter_id (8 bytes), originator_id (8), secret (32) or special_days (3 a day)."""
        if name == "special_days":
            if len(value) % 3 or len(value) > 3 * _MAX_SPECIAL_DAYS:
                raise ValueError(
                    "special_days takes up to %d days of 3 bytes, not %d bytes (it stays as it was)"
                    % (_MAX_SPECIAL_DAYS, len(value))
                )
        elif len(value) != len(getattr(self, name)):
            raise ValueError("%s must have %d bytes" % (name, len(getattr(self, name))))
        setattr(self, name, value)
