"""Where the consumer is in the menu, and what a press means there.

Takes press codes, elapsed ms and what is on offer; gives intents of codes.py. Source: DOMAIN 13.
"""

from micropython import const

from shilling import codes

_IDLE_MS = const(30000)  # without a press: back to the resting screen
_CODE_IDLE_MS = const(300000)  # the code screen keeps its digits so long
_LAMP_TEST_MS = const(1000)
_MOST_MS = const(0x1FFFFFFF)
_DIGITS = const(20)

_METER = const(0)  # the front end whose keys are A and B

# By profile: the screen between the resting screen and the usual round
SECOND = (0, 0, codes.SCREEN_OWED, codes.SCREEN_LEFT)


class Menu:
    """`shown_ms` is how long the present screen has been shown: it paces pages."""

    def __init__(self, config) -> None:
        self.config = config
        self.face = _METER  # which front end was used last
        self.screen = codes.SCREEN_REST
        self.part = 0  # of the screen: another period, rate, debt, register
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
        """A press on the meter's own keys; the intent it means."""
        if self.touch(_METER) and self.screen == codes.SCREEN_OWED:
            return codes.INTENT_NONE  # it only ended the lamp test
        if press == codes.KEY_A:
            self._press_a(supply, offered)
        elif press == codes.KEY_B:
            return self._press_b(supply)
        elif press == codes.KEY_B | codes.LONG:
            if self.screen == codes.SCREEN_CODE:
                return codes.INTENT_SEND
            if self.screen == codes.SCREEN_REST:
                return codes.INTENT_MUTE
        return codes.INTENT_NONE

    def touch(self, face: int) -> bool:
        """A key of this front end was pressed; True if that ended a lamp test. A message ends too,
        and the press counts for what it covered."""
        in_test = self.lamp_ms > 0
        self.face = face
        self.idle_ms = 0
        self.lamp_ms = 0
        if self.screen == codes.SCREEN_MESSAGE:
            self.go(self.beneath)
        return in_test

    def _press_a(self, supply: int, offered: bool) -> None:
        if self.screen == codes.SCREEN_CODE:
            self.turn_digit(1)
        elif self.awake:
            self.go(self._next(supply, offered))
        else:
            self.awake = True
            self.lamp_ms = _LAMP_TEST_MS
            self.go(codes.SCREEN_REST)
            if SECOND[self.config.profile] == codes.SCREEN_OWED and supply != codes.ARMED:
                self.go(codes.SCREEN_OWED)

    def _next(self, supply: int, offered: bool) -> int:
        """The round in the order of the table; the resting screen stands for its first rows."""
        screen = self.screen
        second = SECOND[self.config.profile]
        if screen == codes.SCREEN_REST and second:
            return second
        if screen == codes.SCREEN_REST or screen == second:
            return codes.SCREEN_ACCEPT if offered else codes.SCREEN_ADD_CREDIT
        if screen == codes.SCREEN_ACCEPT:
            return codes.SCREEN_ADD_CREDIT
        if screen == codes.SCREEN_ADD_CREDIT:
            return codes.SCREEN_USAGE
        if screen == codes.SCREEN_STATUS and supply != codes.ENABLED:
            return codes.SCREEN_BALANCE
        return screen + 1 if screen < codes.SCREEN_STATUS else codes.SCREEN_REST

    def _press_b(self, supply: int) -> int:
        if self.screen == codes.SCREEN_REST and supply == codes.ARMED:
            return codes.INTENT_ENABLE
        if self.awake:
            if self.screen == codes.SCREEN_ACCEPT:
                return codes.INTENT_ACCEPT
            return self.choose()
        return codes.INTENT_NONE

    def choose(self) -> int:
        """B, or OK on the in-home display: open, take, or show another part."""
        if self.screen == codes.SCREEN_ADD_CREDIT:
            self.clear_code()
            self.go(codes.SCREEN_CODE)
        elif self.screen == codes.SCREEN_CODE:
            self.taken = max(self.taken, self.position + 1)
            self.position = (self.position + 1) % _DIGITS
            self.shown_ms = 0
        elif self.screen == codes.SCREEN_ALERT_LEVEL:
            return codes.INTENT_LEVEL
        elif codes.SCREEN_USAGE <= self.screen < codes.SCREEN_ALERT_LEVEL:
            self.part += 1
            self.shown_ms = 0
        return codes.INTENT_NONE

    def turn_digit(self, by: int) -> None:
        """The present digit moves on or back, and round."""
        self.digits[self.position] = (self.digits[self.position] + by) % 10
        self.shown_ms = 0

    def delete_digit(self) -> None:
        """Back one place, which is 0 again; on the first, out of the code."""
        self.digits[self.position] = 0
        if self.position:
            self.position -= 1
            self.taken = self.position
            self.digits[self.position] = 0
            self.shown_ms = 0
        else:
            self.go(codes.SCREEN_ADD_CREDIT)

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
        self.part = 0
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
        self.idle_ms = min(self.idle_ms + elapsed_ms, _MOST_MS)
        self.shown_ms = self.shown_ms + elapsed_ms & _MOST_MS  # pages go on; once in 6 days one is cut
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
