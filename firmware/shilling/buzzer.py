"""When the buzzer sounds: a second every ten minutes while credit is low or emergency credit runs out.

Takes the meter and elapsed ms, gives on or off. Silent in friendly hours, and once muted until credit
is added or the state of emergency credit changes. Source: DOMAIN 13.
"""

from micropython import const

from shilling import codes

_EVERY_MS = const(600000)
_SOUND_MS = const(1000)
_NOT_MUTED = const(-1)


class Buzzer:
    def __init__(self) -> None:
        self.since_ms = 0  # into the present ten minutes
        self.muted_ec = _NOT_MUTED  # state of EC in which it was muted
        self.is_needed = False

    def mute(self, ec_state: int) -> None:
        self.muted_ec = ec_state

    def unmute(self) -> None:
        """Credit was added or accepted."""
        self.muted_ec = _NOT_MUTED

    def sounds(self, meter, elapsed_ms: int) -> bool:
        """Let time pass; True while it is to sound."""
        account = meter.account
        was_needed = self.is_needed
        self.is_needed = (
            meter.supply.state == codes.ENABLED
            and account.credit_mp() < meter.config.low_credit_mp
            and self.muted_ec != account.ec_state()
            and not meter.is_protected()
        )
        self.since_ms = (self.since_ms + elapsed_ms) % _EVERY_MS if was_needed else 0
        return self.is_needed and self.since_ms < _SOUND_MS

    def next_ms(self) -> int:
        """Until it begins or ends to sound."""
        if not self.is_needed:
            return _EVERY_MS
        return (_SOUND_MS if self.since_ms < _SOUND_MS else _EVERY_MS) - self.since_ms
