"""Whether supply may flow (S2-S6), and when the relay may follow (S9).

Rule 1: everything that opens or closes the supply is in this file's table.
Rule 2: the table is total; what is not listed changes nothing.
Rule 3: DISABLED is entered only on positive proof: no credit, and no non-disablement period.
Takes inputs, gives states and the relay's wish; ms of powered time. Source: DOMAIN 5.
"""

from micropython import const

from shilling.codes import ARMED, DISABLED, ENABLED, FAULT, REMOTE_OFF

# Inputs
CREDIT = 0  # credit is available
NO_CREDIT_PROTECTED = 1  # none, in a non-disablement period or by a clock not trusted (S6)
NO_CREDIT = 2  # none, and nothing protects the supply
CONSUMER_YES = 3  # 'Enable supply?' B
REMOTE_DISABLE = 4
REMOTE_ARM = 5
BREAK_DOWN = 6  # the store or the relay cannot be trusted: stay as we are, change nothing
REMOTE_PERMIT = 7  # remote off no longer: credit decides

TABLE = (
    #            credit   protected    none      yes       r.disable   r.arm     break down  permit
    (ENABLED,    ENABLED,  DISABLED,  ENABLED,  REMOTE_OFF, ENABLED,  FAULT, ENABLED),  # ENABLED
    (ARMED,      DISABLED, DISABLED,  DISABLED, REMOTE_OFF, ARMED,    FAULT, DISABLED),  # DISABLED
    (ARMED,      DISABLED, DISABLED,  ENABLED,  REMOTE_OFF, ARMED,    FAULT, ARMED),  # ARMED
    (REMOTE_OFF, REMOTE_OFF, REMOTE_OFF, REMOTE_OFF, REMOTE_OFF, ARMED, FAULT, DISABLED),  # REMOTE_OFF
    (FAULT,      FAULT,    FAULT,     FAULT,    FAULT,      FAULT,    FAULT, FAULT),  # FAULT
)  # fmt: skip

_REST_MS = const(60000)  # one operation a minute
_MAX_OPERATIONS = const(20)  # a day; then closing waits for the next day, opening always goes
_UNTIMED = const(128)  # in `operations`: nobody knows when the last one was


class Supply:
    """The state, and the relay's contact as last ordered."""

    def __init__(self) -> None:
        self.state = ENABLED
        self.closed = 1  # the contact as the store knows it
        self.operations = 0  # of the relay on `operations_day`, and _UNTIMED
        self.operations_day = 0
        self.rest_ms = 0  # until the next operation may come

    def take(self, event: int) -> bool:
        """True if the state changed."""
        before = self.state
        self.state = TABLE[before][event]
        return self.state != before

    def wants_closed(self) -> int:
        """1 or 0; a state that is not sure of itself leaves the contact alone."""
        if self.state == FAULT:
            return self.closed
        return 1 if self.state == ENABLED else 0

    def rest(self, elapsed_ms: int) -> None:
        self.rest_ms = max(0, self.rest_ms - elapsed_ms)

    def may_operate(self, day: int) -> bool:
        """The contact is not as wished, its minute is over, and the day's count allows it."""
        if self.wants_closed() == self.closed or self.rest_ms:
            return False
        return not self.wants_closed() or self.count(day) < _MAX_OPERATIONS

    def next_ms(self, wait_ms: int) -> int:
        """Until the contact may follow the wish, wait_ms at most."""
        waits = self.rest_ms and self.wants_closed() != self.closed
        return min(wait_ms, self.rest_ms) if waits else wait_ms

    def count(self, day: int) -> int:
        return self.operations & 127 if day == self.operations_day else 0

    def is_untimed(self) -> bool:
        return self.operations & _UNTIMED > 0

    def operate(self, day: int, is_timed: bool = True) -> None:
        """Note the operation that is about to be made; the order to the relay comes after. is_timed:
        the clock is trusted."""
        self.closed = self.wants_closed()
        self.count_operation(day, is_timed)

    def count_operation(self, day: int, is_timed: bool = True) -> None:
        self.operations = min(self.count(day) + 1, 127)
        if not is_timed:
            self.operations |= _UNTIMED
        self.operations_day = day
        self.rest_ms = _REST_MS
