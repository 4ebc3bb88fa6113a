"""The registers in double entry, and emergency credit (EC).

Takes amounts in mp; every account is posted on its own, none is derived from the others, and all of
them sum to zero after every event. Positive is what the consumer has, negative what he owes.
Source: DOMAIN 2 (SMETS names), 3 (D1, D3), 4 (E1-E4).
"""

from micropython import const

from shilling import codes
from shilling.config import Config
from shilling.units import LIMIT_MP, Total

_MP_PER_POUND = const(100000)

# The registers, each within +-LIMIT_MP
BALANCE = "balance_mp"  # Meter Balance
EMERGENCY = "emergency_mp"  # minus what is owed on EC
PAYMENT = "payment_mp"  # minus the Payment Debt Register
TIME_1 = "time_1_mp"  # minus Time Debt Register 1
TIME_2 = "time_2_mp"  # minus Time Debt Register 2
ACCUMULATED = "accumulated_mp"  # minus the Accumulated Debt Register (ADR)
REGISTERS = (BALANCE, EMERGENCY, PAYMENT, TIME_1, TIME_2, ACCUMULATED)
# The running totals on the other side
MONEY_IN = "money_in"
CHARGED = "charged"  # energy
STANDING = "standing"  # standing charge
OPENING = "opening"  # brought forward when the meter was set up
TOTALS = (MONEY_IN, CHARGED, STANDING, OPENING)


class Account:
    """Registers, totals and the state of EC."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.balance_mp = 0
        self.emergency_mp = 0
        self.payment_mp = 0
        self.time_1_mp = 0
        self.time_2_mp = 0
        self.accumulated_mp = 0
        self.money_in = Total()
        self.charged = Total()
        self.standing = Total()
        self.opening = Total()
        self.due_mp = 0  # charge brought due and not yet taken (D3)
        self.ec_activated = 0

    # --- double entry

    def can_post(self, register: str, amount_mp: int) -> bool:
        return -LIMIT_MP <= getattr(self, register) + amount_mp <= LIMIT_MP

    def spend(self, source: str, total: str, amount_mp: int) -> bool:
        """Take amount_mp from a register (negative: give to it) against a running total."""
        if not self.can_post(source, -amount_mp):
            return False
        self.post(source, -amount_mp)
        getattr(self, total).add(amount_mp)
        return True

    def post(self, register: str, amount_mp: int) -> None:
        setattr(self, register, getattr(self, register) + amount_mp)

    def is_balanced(self) -> bool:
        """The sum of all accounts is zero, in steps that stay small integers."""
        pounds = 0
        rest_mp = 0
        for name in REGISTERS:
            amount_mp = getattr(self, name)
            pounds += amount_mp // _MP_PER_POUND
            rest_mp += amount_mp % _MP_PER_POUND
        for name in TOTALS:
            total = getattr(self, name)
            pounds += total.pounds
            rest_mp += total.rest_mp
        return rest_mp % _MP_PER_POUND == 0 and pounds + rest_mp // _MP_PER_POUND == 0

    def is_within_bounds(self) -> bool:
        for name in REGISTERS:
            if not -LIMIT_MP <= getattr(self, name) <= LIMIT_MP:
                return False
        return self.emergency_mp <= 0 and self.due_mp >= 0

    # --- drawing credit

    def draw(self, total: str, amount_mp: int) -> bool:
        """D1: Meter Balance while above 0, then activated EC, then Meter Balance below 0."""
        from_balance_mp = max(0, min(amount_mp, self.balance_mp))
        from_ec_mp = 0
        if self.ec_activated:
            from_ec_mp = min(amount_mp - from_balance_mp, self.ec_left_mp())
        rest_mp = amount_mp - from_ec_mp
        if not self.spend(BALANCE, total, rest_mp):
            return False
        return not from_ec_mp or self.spend(EMERGENCY, total, from_ec_mp)

    def charge(self, cost_mp: int, protected: bool) -> int:
        """Charge energy; returns the mp taken. D3: unless a non-disablement period protects the
        supply, the charge stops at exactly 0 of the last credit, the rest stays due for the next
        Wh."""
        self.due_mp = min(self.due_mp + cost_mp, LIMIT_MP)
        take_mp = self.due_mp
        if not protected:
            take_mp = min(take_mp, self.credit_mp())
        if not take_mp or not self.draw(CHARGED, take_mp):
            return 0
        self.due_mp -= take_mp
        return take_mp

    def credit_mp(self) -> int:
        """Credit that can still be drawn before Meter Balance goes below 0."""
        return max(0, self.balance_mp) + (self.ec_left_mp() if self.ec_activated else 0)

    def is_credit_available(self) -> bool:
        """S1."""
        return self.balance_mp > 0 or (self.ec_activated == 1 and self.ec_left_mp() > 0)

    def step_mp(self) -> int:
        """The smallest charge (1..1000 mp) after which a penny shown or a rule may change."""
        if self.balance_mp > 0:
            step_mp = min(self.balance_mp, self.balance_mp % 1000 + 1)
            for edge_mp in (self.config.ec_threshold_mp, self.config.low_credit_mp):
                if self.balance_mp >= edge_mp:
                    step_mp = min(step_mp, self.balance_mp - edge_mp + 1)
            return step_mp
        left_mp = self.ec_left_mp() if self.ec_activated else 0
        if left_mp > 0:
            return min(left_mp, left_mp % 1000 + 1)
        return self.balance_mp % 1000 + 1

    # --- emergency credit

    def ec_owed_mp(self) -> int:
        return -self.emergency_mp

    def ec_left_mp(self) -> int:
        """The Emergency Credit Balance: limit less what is owed."""
        return max(0, self.config.ec_limit_mp + self.emergency_mp)

    def is_ec_offered(self) -> bool:
        """E1."""
        return (
            self.config.ec_limit_mp > 0
            and not self.ec_activated
            and self.emergency_mp == 0
            and self.balance_mp < self.config.ec_threshold_mp
            and (self.balance_mp >= 0 or self.config.ec_below_zero == 1)
        )

    def activate_ec(self) -> bool:
        """E2: False (NO CREDIT) and nothing changes when it is not offered."""
        if not self.is_ec_offered():
            return False
        self.ec_activated = 1
        return True

    def settle_ec(self) -> None:
        """E4: nothing owed and Meter Balance at the threshold or above ends it."""
        if self.emergency_mp == 0 and self.balance_mp >= self.config.ec_threshold_mp:
            self.ec_activated = 0

    def ec_state(self) -> int:
        """E3."""
        if not self.ec_activated:
            return codes.EC_OFFERED if self.is_ec_offered() else codes.EC_NONE
        if self.ec_left_mp() <= 0:
            return codes.EC_EXHAUSTED
        return codes.EC_ACTIVE if self.balance_mp > 0 else codes.EC_IN_USE

    def debt_mp(self) -> int:
        """Total debt: payment, time and ADR."""
        return -(self.payment_mp + self.time_1_mp + self.time_2_mp + self.accumulated_mp)
