"""Every text that a meter can show, by profile, and what each display makes of it: JSON on one line.

Meters of the core are put into every state that has screens of its own; each page goes through the
board's own driver to the simulated display, and comes back as the segments that are lit there.
"""

import json

import board_file
import boot
import world
from shilling import VERSION, codes, screens
from shilling.config import PROFILES
from shilling.menu import Menu
from shilling.pager import pages
from support import POUND, Bench

NAMES = [row[0] for row in PROFILES]
DISPLAYS = ("ht16k33-8", "ht16k33-12", "max7219")
RINGS = (codes.SCREEN_REST, codes.SCREEN_ACCEPT, codes.SCREEN_ADD_CREDIT, codes.SCREEN_USAGE,
         codes.SCREEN_RATE, codes.SCREEN_DEBT, codes.SCREEN_REGISTER, codes.SCREEN_ALERT_LEVEL,
         codes.SCREEN_STATUS, codes.SCREEN_BALANCE, codes.SCREEN_CODE)  # fmt: skip
PARTS = 4
NOTES = ("DEV", "No clock", "No display 1", "SDA is low", "SCL is low", "I2C is stuck",
         "Pulses by interrupt")  # fmt: skip
DEBTS = {"payment_mp": 50 * POUND, "time_1_mp": 1234500, "accumulated_mp": 123400}
EVENING = 20 * 3600


def in_credit(profile):
    bench = Bench(profile=profile, **DEBTS)
    bench.meter.config.currency = 0
    bench.wait(60, 50)
    return bench


def low(profile):
    return Bench(balance_mp=312000, profile=profile, second=EVENING)


def offered(profile):
    return Bench(balance_mp=123000, profile=profile)


def in_use(profile, left_mp=310000):
    return Bench(balance_mp=0, profile=profile, ec_activated=1, ec_owed_mp=5 * POUND - left_mp)


def exhausted(profile):
    return Bench(balance_mp=-52500, profile=profile, second=EVENING, ec_activated=1,
                 ec_owed_mp=5 * POUND)  # fmt: skip


def without(profile, state, closed=0, rest_ms=0):
    bench = Bench(balance_mp=-52500, profile=profile)
    supply = bench.meter.supply
    supply.state, supply.closed, supply.rest_ms = state, closed, rest_ms
    return bench


def states(profile):
    """(meter, whether all its screens are looked at) of each state."""
    yield in_credit(profile).meter, True
    for bench in (low(profile), offered(profile), in_use(profile), exhausted(profile)):
        yield bench.meter, False
    for state in (codes.DISABLED, codes.ARMED, codes.REMOTE_OFF):
        yield without(profile, state).meter, False
    yield without(profile, codes.ENABLED, rest_ms=40000).meter, False
    yield without(profile, codes.ENABLED).meter, False
    lost = in_credit(profile).meter
    for trust in (codes.CLOCK_HOLDOVER, codes.CLOCK_INVALID):
        lost.clock.trust = trust
        lost.alert(0x81C0)
        yield lost, True
    locked = in_credit(profile).meter
    for _ in range(5):
        locked.lockout.attempt()
    yield locked, True
    fault = in_credit(profile).meter
    fault.contact.fault = True
    yield fault, False
    for is_set_up in (True, False):
        halted = in_credit(profile).meter
        halted.is_set_up, halted.halted = is_set_up, True
        yield halted, False
    for currency in range(1, 5):
        foreign = in_credit(profile).meter
        foreign.config.currency = currency
        yield foreign, False


class Heard:
    """A link whose head-end was heard so long ago."""

    def __init__(self, minutes):
        self.heard_ms = minutes * 60000


def texts_of(meter, all_screens):
    """Every text of a state, in the order of the round."""
    menu = Menu(meter.config)
    menu.digits[2] = 7
    menu.position = 2
    second = (0, 0, codes.SCREEN_OWED, codes.SCREEN_LEFT)[meter.config.profile]
    rounds = RINGS + ((second,) if second else ())
    for screen in rounds if all_screens else (codes.SCREEN_REST, codes.SCREEN_RATE):
        for face in (0, 1):
            for part in range(PARTS):
                menu.face, menu.screen, menu.part = face, screen, part
                yield from screens.texts(meter, menu, 0)
    if not all_screens:
        return
    for message in range(codes.MESSAGE_EC_ACCEPTED + 1):
        for face in (0, 1):
            menu.face, menu.screen, menu.message = face, codes.SCREEN_MESSAGE, message
            yield from screens.texts(meter, menu, 10 * POUND)
    meter.notes.extend(NOTES)
    menu.face, menu.screen = 0, codes.SCREEN_STATUS
    for minutes in (12, 300):
        meter.link = Heard(minutes)
        yield from screens.texts(meter, menu, 0)


def all_texts():
    """[[text, numbers of the profiles]], each once, in the order they first come."""
    found = []
    at = {}
    for profile in range(len(NAMES)):
        for meter, all_screens in states(NAMES[profile]):
            for text in texts_of(meter, all_screens):
                text = text.replace(VERSION, "0.0.0")  # or each release would make it stale
                if text not in at:
                    at[text] = len(found)
                    found.append([text, []])
                if profile not in found[at[text]][1]:
                    found[at[text]][1].append(profile)
    found.insert(0, [screens.LAMP_TEST, list(range(len(NAMES)))])
    return found


def shown(display, texts):
    """[[lit segments of each cell of a page] of each page] of each text."""
    silicon = world.World(9820, 39600, display=display)
    board = boot.board_class()(board_file.parts_of(json.dumps({"display": display}), "esp32"))
    seen = []
    for text, _ in texts:
        cuts = [text * board.cells] if text == screens.LAMP_TEST else pages(text, board.cells)
        seen.append([])
        for page in cuts:
            if not board.show(page):
                raise RuntimeError("the display does not answer")
            seen[-1].append([silicon.text(), silicon.cells()])
    return seen


def main():
    texts = all_texts()
    print(json.dumps({
        "profiles": NAMES,
        "texts": texts,
        "displays": {display: shown(display, texts) for display in DISPLAYS},
    }))  # fmt: skip


main()
