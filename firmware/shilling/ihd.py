"""The in-home display: four keys as a second front end on the same menu.

Takes presses, gives intents of codes.py; the menu keeps screen, part, digits and message for both
front ends. It cannot enable the supply: that is done at the meter (S4). Source: DOMAIN 13.
"""

from micropython import const

from shilling import codes

# Keys (bits), after those of the meter
LEFT = const(4)
RIGHT = const(8)
OK = const(16)
RETURN = const(32)
_AT_THE_METER = const(3)

_DISPLAY = const(1)  # this front end
_RING = const(9)  # screens, from SCREEN_REST on


def press(menu, press: int, supply: int, offered: bool) -> int:
    """A press on any key: A and B belong to the meter. No press is needed to wake the display."""
    if press & _AT_THE_METER:
        return menu.press(press, supply, offered)
    menu.touch(_DISPLAY)
    menu.awake = True
    screen = menu.screen
    by = 1 if press == RIGHT else -1 if press == LEFT else 0
    if press == OK:
        intent = menu.choose()
        if screen == codes.SCREEN_CODE and not menu.position:  # the 20th digit
            return codes.INTENT_SEND
        return intent
    if press == RETURN | codes.LONG and screen == codes.SCREEN_ACCEPT:
        return codes.INTENT_ACCEPT
    if screen == codes.SCREEN_CODE:
        if by:
            menu.turn_digit(by)
        elif press == RETURN:
            menu.delete_digit()
    elif by:
        at = screen if screen < _RING else codes.SCREEN_REST  # the others are the meter's alone
        menu.go((at + by) % _RING)
    elif press == RETURN:
        menu.go(codes.SCREEN_REST)
    return codes.INTENT_NONE
