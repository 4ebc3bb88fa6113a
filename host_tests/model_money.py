"""The referee's registers (model.py): what a charge draws, where a top-up goes, what restores supply.

Amounts in mp. Source: DOMAIN 2-4, 6 (D1, E1, E3, T3), W4, S8.
"""

PENNY, POUND = 1000, 100000


class Money:
    """The registers, as people would keep them on a sheet of paper."""

    def __init__(self):
        super().__init__()
        self.balance, self.payment, self.adr, self.time1 = 10 * POUND, 0, 0, 0
        self.share, self.weekly_cap, self.usable_share = 30, 0, 30
        self.ec_limit, self.ec_threshold = 5 * POUND, 5 * POUND
        self.ec_activated, self.ec_left = False, None  # None: all of it

    def credit(self):
        """mp that can still be drawn without going below zero."""
        return max(self.balance, 0) + (self.ec_left if self.ec_activated else 0)

    def ec_owed(self):
        return self.ec_limit - self.ec_left

    def ec_offered(self):
        """E1."""
        return (self.ec_limit > 0 and not self.ec_activated and self.ec_owed() == 0
                and 0 <= self.balance < self.ec_threshold)  # fmt: skip

    def ec_state(self):
        """E3."""
        if not self.ec_activated:
            return "offered" if self.ec_offered() else "none"
        if self.ec_left == 0:
            return "exhausted"
        return "active" if self.balance > 0 else "in_use"

    def draw(self, amount):
        """D1."""
        from_balance = min(amount, max(self.balance, 0))
        from_emergency = min(amount - from_balance, self.ec_left if self.ec_activated else 0)
        self.ec_left -= from_emergency
        self.balance -= amount - from_emergency

    def applied(self, amount, collected):
        """-> what each register would be after a top-up, and the mp that go to payment debt.
        collected: what this week has already paid."""
        if self.recovery == "gas":
            return self.applied_gas(amount)
        return self.applied_shares(amount, collected)

    def applied_shares(self, amount, collected):
        """T3."""
        debt = min(amount * self.share // 100, self.payment)
        if self.weekly_cap:
            debt = min(debt, max(self.weekly_cap - collected, 0))
        left = amount - debt
        adr = min(left, self.adr)
        left -= adr
        arrears = min(left, max(-self.balance, 0))
        left -= arrears
        emergency = min(left, self.ec_owed())
        left -= emergency
        return {"payment": self.payment - debt, "adr": self.adr - adr, "debt": debt,
                "time1": self.time1, "due": self.due, "ec_left": self.ec_left + emergency,
                "balance": self.balance + arrears + left}  # fmt: skip

    def applied_gas(self, amount):
        """W4."""
        usable = amount * self.usable_share // 100
        left = amount - usable
        weekly = min(left, self.due)
        left -= weekly
        emergency = min(left, self.ec_owed())
        left -= emergency
        adr = min(left, self.adr)
        left -= adr
        return {"payment": self.payment, "adr": self.adr - adr, "debt": 0,
                "time1": self.time1 - weekly, "due": self.due - weekly,
                "ec_left": self.ec_left + emergency, "balance": self.balance + usable + left}  # fmt: skip

    def owed_to_restore(self, collected):
        """S8: the smallest whole pence that make credit available (more never does harm)."""
        def restores(pence):
            after = self.applied(pence * PENNY, collected)
            return after["balance"] > 0 or (self.ec_activated and after["ec_left"] > 0)

        if self.credit() > 0:
            return 0
        enough = 1
        while not restores(enough):
            enough *= 2
        too_little = enough // 2
        while enough - too_little > 1:
            middle = (enough + too_little) // 2
            if restores(middle):
                enough = middle
            else:
                too_little = middle
        return enough * PENNY

    def total_debt(self):
        """W3: payment, time and ADR."""
        return self.payment + self.time1 + self.adr
