"""The firmware started again from a flash that a cut left behind, and what must be seen then.

Takes a Film, the Moment of the cut and the flash; the world goes on a second later with the contact
and the clock chip as they were. `check` raises AssertionError with what is wrong; then `live_on` enters
a code, which is credited exactly once. Source: RELIABILITY 3, 5, 7.
"""

from functools import lru_cache

import boot
from evidence.film import world_of
from evidence.reel import CHIP, recovered
from evidence.standing import behind, differences, money_in_mp, standing
from shilling import codes, ledger
from shilling.app import App
from tools import utrn_vend

OFF_MS = 1000
MOST_POLLS = 12
REST_MS = 61000  # the relay's minute, and a poll
FRESH_MP = 100_000  # of the code that is entered when none was interrupted
REFUSED_FOR_GOOD_REASON = (codes.OVER_MAX_BALANCE, codes.OVER_MAX_CREDIT)


class Start(App):
    """`found`: what it stands at when its records are replayed; the start itself may write some."""

    found = None

    def _read_rtc(self):
        self.found = self.found or standing(self.meter.parts)
        super()._read_rtc()


class Restart:
    """`found` is what the meter stands at before it does anything."""

    def __init__(self, film, moment, flash, reel=None):
        """reel: watches the world before its firmware starts."""
        given = film.scenario["given"]
        seconds = given["second"] + (moment.t_ms + OFF_MS) // 1000
        self.film, self.moment, self.flash = film, moment, flash
        self.world = world_of(film.scenario, given["day"] + seconds // 86400, seconds % 86400,
                              flash.data, moment.contact)  # fmt: skip
        self.world.flash = flash
        chip = self.world.rtc
        registers, since_ms, values = moment.chip
        chip._registers[:] = registers
        chip._since_ms = since_ms - moment.t_ms - OFF_MS
        for name, value in zip(CHIP, values, strict=True):
            setattr(chip, name, value)
        if reel is not None:
            reel.silicon = self.world
        self.app = Start(boot.board_class()())
        self.found = self.app.found

    def check(self, expected, acknowledged):
        """expected: what must be found; acknowledged: what stood when the power went."""
        app, contact = self.app, self.moment.contact
        assert app.opened == ledger.OPENED and not app.meter.halted, "halted"
        wrong = differences(self.found, expected)
        assert not wrong, wrong
        assert app.meter.account.is_balanced(), "the ledger does not sum to zero"
        closed = expected["supply_closed"] == 1
        if not self.moment.starting:  # a contact that disagrees may be on its way to be restated
            assert contact == (acknowledged["supply_closed"] == 1), "the relay moved before its record"
        assert self.world.relay_operations == 0, "a start moved the relay"
        if contact != closed:
            self.wait_for_relay()
            assert self.world.contact_closed == closed, "the contact is not where the record says"
            assert self.world.relay_operations == 1, "the relay moved for nothing"

    def wait_for_relay(self):
        """An order that the cut took away is given again after the minute of S9."""
        world, app, before = self.world, self.app, self.world.relay_operations
        end_ms = world.t_ms + REST_MS
        while world.t_ms < end_ms and world.relay_operations == before:
            wait_ms = min(app.poll(), end_ms - world.t_ms)
            world.idle(max(wait_ms, 1), app.asked_pulses)

    def settle(self):
        """The polls that follow at once."""
        for _ in range(MOST_POLLS):
            if self.app.poll() > 1:
                break
            self.world.idle(1, 1)
        assert not self.app.meter.halted, "halted after the start"

    def live_on(self):
        """The interrupted code, or a new one, counts exactly once, and a start finds all of it."""
        step = self.moment.step
        credit = self.film.credits.get(step["n"]) if step is not None else None
        if credit is None:
            counter = self.app.meter.window.highest + 1
            while counter in self.film.sold:
                counter += 1
            digits = fresh_code(self.keys(), counter)
            before_mp = money_in_mp(standing(self.app.meter.parts))
            after_mp = before_mp + FRESH_MP
        else:
            digits, counter, before_mp, after_mp = credit
        used = self.app.meter.window.is_used(counter)
        outcome = self.enter(digits)
        if outcome not in REFUSED_FOR_GOOD_REASON:
            wanted = codes.DUPLICATE if used else codes.DONE
            assert outcome == wanted, f"code {counter}: answer {outcome}, not {wanted}"
            assert self.enter(digits) == codes.DUPLICATE, f"code {counter} is good twice"
            found_mp = money_in_mp(standing(self.app.meter.parts))
            assert found_mp == after_mp, (
                f"code {counter}: {found_mp - before_mp} mp credited, not {after_mp - before_mp}"
            )
        kept, _ = recovered(self.flash.data)
        assert kept is not None, "not opened once more"
        wrong = behind(kept, standing(self.app.meter.parts))
        assert not wrong, "once more: " + wrong

    def enter(self, digits):
        """The answer; a lock-out that the cut left is ended by the supplier first."""
        app = self.app
        outcome = app.top_up.begin(digits)
        if outcome == codes.LOCKED:
            app.command("clear_lockout", None)
            outcome = app.top_up.begin(digits)
        return app.top_up.finish() if outcome == codes.CHECKING else outcome

    def keys(self):
        given = self.film.scenario["given"]
        return given["meter_id"], given["originator_id"], given["secret"]


@lru_cache(maxsize=None)
def fresh_code(keys, counter):
    """The vendor's code over £1.00, as digits."""
    text = utrn_vend.make_code(
        utrn_vend.Keys(*(bytes.fromhex(part) for part in keys)), counter,
        *utrn_vend.fit(FRESH_MP // 1000, limits=False),
    )  # fmt: skip
    return digits_of(text)


def digits_of(text):
    return bytes(int(digit) for digit in text)
