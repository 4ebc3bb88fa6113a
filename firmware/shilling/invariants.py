"""What must hold at every commit, whatever happened before: if not, the meter halts safely.

Takes the meter before a record is written, gives the number of what is broken (0: nothing). It looks
at the figures alone and trusts no rule that made them. Source: RELIABILITY (the simulator), S2, S9.
"""

from shilling import codes

SOUND = 0
UNBALANCED = 1  # the ledger does not sum to zero
OUT_OF_BOUNDS = 2  # a register is past its limit, or more is due than is owed
HIGHEST_FELL = 3  # a highest used counter
USED_TWICE = 4  # a counter that is about to be used was used before
OFF_WITHOUT_PROOF = 5  # supply disabled with credit, or in a non-disablement period
OPENED_WITHOUT_ORDER = 6  # the contact opens in a state that keeps it closed


class Invariants:
    """`highest`, `state` and `closed` are those of the record before."""

    def __init__(self, meter) -> None:
        self.meter = meter
        self.remember()

    def remember(self) -> None:
        """What is on flash now."""
        meter = self.meter
        self.highest = meter.window.highest
        self.highest_order = meter.orders.highest
        self.state = meter.supply.state
        self.closed = meter.supply.closed

    def broken(self, kind: int, counter: int) -> int:
        """Of the event that is about to be written; counter: of the code or order it carries out."""
        meter = self.meter
        if not meter.account.is_balanced():
            return UNBALANCED
        debt_mp = -meter.account.time_1_mp
        if not (meter.account.is_within_bounds() and 0 <= meter.debt.weekly_due_mp <= debt_mp):
            return OUT_OF_BOUNDS
        if meter.window.highest < self.highest or meter.orders.highest < self.highest_order:
            return HIGHEST_FELL
        window = meter.orders if kind & codes.COMMAND else meter.window
        if counter and window.is_used(counter):
            return USED_TWICE
        if meter.supply.state != self.state and self._is_off_without_proof():
            return OFF_WITHOUT_PROOF
        if self.closed and not meter.supply.closed and meter.supply.state == codes.ENABLED:
            return OPENED_WITHOUT_ORDER
        return SOUND

    def _is_off_without_proof(self) -> bool:
        meter = self.meter
        if self.state != codes.ENABLED or meter.supply.state != codes.DISABLED:
            return False
        return meter.account.is_credit_available() or meter.is_protected()
