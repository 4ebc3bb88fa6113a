"""Whether the relay's contact is where it was told to be: missed pulses, welds.

Takes what the feedback says (1 closed, 0 open, -1 there is none) and pulses of energy; says when the
relay may be told again, and what is a fault: 10 s after the order the feedback still disagrees, or
energy still flows through an open contact. A few repeats at most, each after the minute of S9.
Source: HARDWARE (relay feedback), DOMAIN S9, 15.
"""

from micropython import const

_FAULT_MS = const(10000)
_REST_MS = const(60000)
_TRIES = const(3)
_DAY_S = const(86400)


class Contact:
    """Begins after a start, when nobody knows whether the last order was carried out."""

    def __init__(self) -> None:
        self.told = False  # an order was given since the start
        self.tries = _TRIES
        self.since_ms = 0  # the last order, or the start
        self.wrong_ms = 0  # the feedback has disagreed for so long
        self.is_wrong = self.is_unknown = False
        self.flows = False  # energy through an open contact
        self.fault = False

    def order(self) -> None:
        """There is a new position to tell."""
        self.tries = _TRIES + 1
        self.fault = False

    def tell(self) -> None:
        """The position is about to be told, for the first time or again."""
        self.told = True
        self.tries -= 1
        self.since_ms = 0
        self.wrong_ms = 0
        self.flows = False

    def watch(self, elapsed_ms: int, closed: int, feedback: int, pulses: int) -> bool:
        """-> True if this has just become a fault."""
        was_fault = self.fault
        self.since_ms = min(self.since_ms + elapsed_ms, _REST_MS)
        self.is_wrong = feedback == 1 - closed
        self.is_unknown = feedback < 0
        self.wrong_ms = min(self.wrong_ms + elapsed_ms, _REST_MS) if self.is_wrong else 0
        if pulses and not closed and self.since_ms >= _FAULT_MS:
            self.flows = True
        if self.flows or (self.told and self.wrong_ms >= _FAULT_MS):
            self.fault = True
        elif feedback == closed:
            self.fault = False
        return self.fault and not was_fault

    def wants_repeat(self) -> bool:
        """Tell the relay again, as soon as it has rested."""
        if not self.told:
            return self.is_wrong or self.is_unknown
        return self.tries > 0 and (self.flows or (self.is_wrong and self.fault))

    def is_pending(self) -> bool:
        """Time alone may bring a repeat or a fault."""
        return self.wants_repeat() or (self.is_wrong and not self.fault)

    def next_ms(self, rest_ms: int) -> int:
        """While it is pending: until the next look. rest_ms: until the relay may move."""
        return rest_ms if self.wants_repeat() else _FAULT_MS - self.wrong_ms


def rest_ms(supply, clock) -> int:
    """What is left of the minute after a start. Every pulse has its record before it, so the relay
    moved last on `operations_day`, and no later than the last record; unless nobody knew the time."""
    if supply.is_untimed():
        return _REST_MS
    if supply.operations_day < clock.day - 1:
        return 0
    if not clock.is_trusted():
        return _REST_MS
    since_s = min(clock.day - clock.mark_day, 2) * _DAY_S + clock.second() - clock.mark_s
    # both are whole seconds: up to one less has passed
    return max(0, min(_REST_MS, _REST_MS + 1000 - 1000 * since_s))
