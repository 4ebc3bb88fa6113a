"""How wrong codes lock code entry. The attempt is on flash before the MAC is checked.

Takes powered ms, gives the wait. Neither a power cut nor the clock ends a wait. Source: DOMAIN 14.
"""

from micropython import const

_FREE_ATTEMPTS = const(5)
_FIRST_WAIT_MIN = const(10)
_LONGEST_WAIT_MIN = const(512)
_MAX_STEP = const(11)  # 10 << 6 passes the longest wait
_MINUTE_S = const(60)


def wait_s(failures: int) -> int:
    """Wait after so many codes with a wrong MAC: 0 up to four, 10 min, 20, 40 .. 512 min."""
    if failures < _FREE_ATTEMPTS:
        return 0
    return min(_FIRST_WAIT_MIN << (failures - _FREE_ATTEMPTS), _LONGEST_WAIT_MIN) * _MINUTE_S


class Lockout:
    """`failures` and `left_s` are in each record that an attempt writes."""

    def __init__(self) -> None:
        self.failures = 0
        self.left_s = 0
        self.part_ms = 0  # of the second that is running

    def is_locked(self) -> bool:
        return self.left_s > 0

    def attempt(self) -> None:
        """Count a code before its MAC is checked: a cut from here on leaves it counted."""
        self.failures = min(self.failures + 1, _MAX_STEP)
        self.left_s = wait_s(self.failures)
        self.part_ms = 0

    def take_back(self, is_credited: bool, failures_before: int) -> None:
        """The code was authentic: undo its attempt; one that is credited also lowers the step."""
        self.failures = max(0, failures_before - (1 if is_credited else 0))
        self.left_s = 0

    def clear(self) -> None:
        """An authorised command ends the wait and forgets the count."""
        self.failures = 0
        self.left_s = 0

    def wait(self, elapsed_ms: int) -> bool:
        """Let powered time pass; True at each full minute of a wait and at its end."""
        if not self.left_s:
            return False
        self.part_ms += elapsed_ms
        seconds = min(self.part_ms // 1000, self.left_s)
        self.part_ms %= 1000
        before = self.left_s
        self.left_s -= seconds
        return (before + 59) // _MINUTE_S != (self.left_s + 59) // _MINUTE_S

    def next_ms(self, wait_ms: int) -> int:
        """Until the minute shown changes, wait_ms at most."""
        if not self.left_s:
            return wait_ms
        return min(wait_ms, ((self.left_s - 1) % _MINUTE_S + 1) * 1000 - self.part_ms)

    def minutes_left(self) -> int:
        return (self.left_s + 59) // _MINUTE_S
