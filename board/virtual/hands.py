"""A person at the keys: pressing them, and typing a code at the meter or at the in-home display.

Takes a World and what can be observed of the meter; presses are generators of the ms to wait for, as
a World's script is. Source: SCENARIO.md ("Time"), DOMAIN 13.
"""

import seen

PRESS_MS = 200  # a short press lasts this long and is followed by as much
LONG_MS = 2500
MAX_WAY_PRESSES = 40  # presses to the code screen before giving up
# The screen that opens the code, and the keys that: open it and take a digit; go on to the next
# screen; scroll a digit forth and back
METER = ("Add credit", "B", "A", ("A", "A"))
DISPLAY = ("TOP UP", "ok", "right", ("right", "left"))


class Stuck(Exception):
    """A step could not be done; the text is what was seen instead."""


class Hands:
    """Needs `world` and meter(), the App, of the Player it is a part of."""

    def press(self, key, down_ms=PRESS_MS):
        self.world.press(key)
        yield down_ms
        self.world.release(key)
        yield PRESS_MS

    def enter(self, digits):
        """Find the code screen, set its digits one by one and send them."""
        at_display = self.meter().observe()["face"] == "display"  # it was used last
        door, take, go_on, scroll = DISPLAY if at_display else METER
        for _ in range(MAX_WAY_PRESSES):
            screen = self._screen()
            if seen.code_place(screen):
                break
            yield from self.press(take if screen == door else go_on)
        else:
            raise Stuck("no way to the code screen, the display shows " + screen)
        for _ in range(len(digits)):
            place, digit = self._code_place()
            if place > len(digits):
                raise Stuck("the code screen still holds digits, it shows " + self._screen())
            wanted = int(digits[place - 1])
            yield from self._scroll((wanted - digit) % 10, scroll)
            if self._code_place() != (place, wanted):
                raise Stuck("digit %d is not %d: %s" % (place, wanted, self._screen()))
            yield from self.press(take)
        if not at_display:  # which sends by itself after the 20th
            yield from self.press(take, LONG_MS)

    def _scroll(self, up, keys):
        """Move the digit up by so many; the shorter way round where there is a key for down."""
        forth, back = keys
        if back != forth and up > 5:
            for _ in range(10 - up):
                yield from self.press(back)
            return
        for _ in range(up):
            yield from self.press(forth)

    def _screen(self):
        return self.meter().observe()["screen"]

    def _code_place(self):
        place = seen.code_place(self._screen())
        if not place:
            raise Stuck("the code screen went away, the display shows " + self._screen())
        return place
