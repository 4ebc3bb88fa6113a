"""Where the consumer is in the menu, and what a press means there.

Takes press codes, elapsed ms and what is on offer; gives intents of codes.py. Source: DOMAIN 13.
"""

from micropython import const

from shilling import codes

_IDLE_MS = const(30000)  # without a press: back to the resting screen
_CODE_IDLE_MS = const(300000)  # the code screen keeps its digits so long
_LAMP_TEST_MS = const(1000)
_DIGITS = const(20)


class Menu:
    """`shown_ms` is how long the present screen has been shown: it paces pages."""

    def __init__(self) -> None:
        self.screen = codes.SCREEN_REST
        self.awake = False
        self.idle_ms = 0
        self.shown_ms = 0
        self.lamp_ms = 0  # left of the lamp test
        self.digits = bytearray(_DIGITS)
        self.position = 0
        self.taken = 0  # digits taken so far, from the first
        self.beneath = codes.SCREEN_REST  # what a message covers
        self.message = codes.DONE
        self.message_ms = 0  # left of it

    def press(self, press: int, supply: int, offered: bool) -> int:
        """A press on the present screen; the intent it means."""
        self.idle_ms = 0
        self.lamp_ms = 0
        if self.screen == codes.SCREEN_MESSAGE:  # it ends, and the press counts for what it covered
            self.go(self.beneath)
        if press == codes.SHORT_A:
            self._press_a(supply, offered)
        elif press == codes.SHORT_B:
            return self._press_b(supply)
        elif press == codes.LONG_B:
            return self._hold_b()
        return codes.INTENT_NONE

    def _press_a(self, supply: int, offered: bool) -> None:
        if not self.awake:
            self.awake = True
            self.lamp_ms = _LAMP_TEST_MS
            self.go(codes.SCREEN_REST)
        elif self.screen == codes.SCREEN_CODE:
            self.digits[self.position] = (self.digits[self.position] + 1) % 10
            self.shown_ms = 0
        else:
            self.go(self._next(supply, offered))

    def _next(self, supply: int, offered: bool) -> int:
        """The round in the order of the table; the resting screen stands for its first rows."""
        if self.screen == codes.SCREEN_REST:
            return codes.SCREEN_ACCEPT if offered else codes.SCREEN_ADD_CREDIT
        if self.screen == codes.SCREEN_BALANCE:
            return codes.SCREEN_REST
        if self.screen == codes.SCREEN_STATUS and supply == codes.ENABLED:
            return codes.SCREEN_REST
        return self.screen + 1

    def _press_b(self, supply: int) -> int:
        screen = self.screen
        if screen == codes.SCREEN_REST and supply == codes.ARMED:
            return codes.INTENT_ENABLE
        if not self.awake:
            return codes.INTENT_NONE
        if screen == codes.SCREEN_ACCEPT:
            return codes.INTENT_ACCEPT
        if screen == codes.SCREEN_ADD_CREDIT:
            self.clear_code()
            self.go(codes.SCREEN_CODE)
        elif screen == codes.SCREEN_CODE:
            self.taken = max(self.taken, self.position + 1)
            self.position = (self.position + 1) % _DIGITS
            self.shown_ms = 0
        elif screen == codes.SCREEN_ALERT_LEVEL:
            return codes.INTENT_LEVEL
        return codes.INTENT_NONE

    def _hold_b(self) -> int:
        if self.screen == codes.SCREEN_CODE:
            return codes.INTENT_SEND
        return codes.INTENT_MUTE if self.screen == codes.SCREEN_REST else codes.INTENT_NONE

    def is_code_complete(self) -> bool:
        """B has taken each of the 20 digits."""
        return self.taken == _DIGITS

    def clear_code(self) -> None:
        for at in range(_DIGITS):
            self.digits[at] = 0
        self.position = 0
        self.taken = 0

    def go(self, screen: int) -> None:
        self.screen = screen
        self.shown_ms = 0

    def rest_anew(self) -> None:
        """The resting screen has other texts now."""
        if self.screen == codes.SCREEN_REST:
            self.shown_ms = 0

    def tell(self, message: int, beneath: int, for_ms: int) -> None:
        """Show a message, then what is beneath it."""
        self.message = message
        self.beneath = beneath
        self.message_ms = for_ms
        self.position = 0
        self.go(codes.SCREEN_MESSAGE)

    def wait(self, elapsed_ms: int) -> bool:
        """Let time pass; True if another screen is shown now."""
        self.idle_ms += elapsed_ms
        self.shown_ms += elapsed_ms
        if self.lamp_ms:
            self.lamp_ms = max(0, self.lamp_ms - elapsed_ms)
            if not self.lamp_ms:
                self.shown_ms = 0
                return True
        if self.screen == codes.SCREEN_MESSAGE:
            self.message_ms -= elapsed_ms
            if self.message_ms <= 0:
                self.go(self.beneath)
                return True
            return False
        if self.awake and self.idle_ms >= self._limit_ms():
            self.awake = False
            self.clear_code()
            if self.screen != codes.SCREEN_REST:
                self.go(codes.SCREEN_REST)
            return True
        return False

    def _limit_ms(self) -> int:
        return _CODE_IDLE_MS if self.screen == codes.SCREEN_CODE else _IDLE_MS

    def next_ms(self) -> int:
        """Until another screen may have to be shown."""
        if self.lamp_ms:
            return self.lamp_ms
        if self.screen == codes.SCREEN_MESSAGE:
            return self.message_ms
        return self._limit_ms() - self.idle_ms if self.awake else 0x0FFFFFFF
