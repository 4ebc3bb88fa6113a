"""What a meter of any profile must do, written down plainly from DOMAIN.md alone: the referee.

Takes a start (datetime, UTC), settings (mp, percent, imp/kWh), then each event: time and pulses,
codes, commands, outages. Gives figures(), to be compared with a meter's. It imports nothing of
firmware and is built differently: datetime, zoneinfo, holidays, Fraction, sets, no cleverness.
Readings of a rule that is open to more than one are marked (reading).
"""

from datetime import timedelta

from model_debts import Debts
from model_hours import DAY, LONDON, UTC, edges_of, is_friendly  # noqa: F401
from model_lock import Lock
from model_money import POUND, Money
from model_tariff import Use

MINUTE = timedelta(minutes=1)
DRIFT = timedelta(seconds=2)  # (reading) of two clocks without a fault
CONSEQUENCES = ("charge_days", "judge", "follow")  # section 1, the order at one instant
PROFILES = {  # section 12: what is not as in `smart_payg`
    "smart_payg": {}, "key_meter": {"share": 0, "recovery": "weekly"},
    "gas_weekly": {"share": 0, "recovery": "gas"},
    "remote_tiered": {"share": 0, "friendly_hours": False, "ec_limit": 0},
}  # fmt: skip


class Model(Money, Debts, Use, Lock):
    """Money and supply of one meter."""

    def __init__(self, start, profile="smart_payg", **settings):
        super().__init__()
        self.now, self.trusted, self.leap = start, True, 0 * MINUTE  # of the clock chip
        self.region, self.special_days, self.friendly_hours = "england_wales", {}, True
        self.max_credit, self.max_balance = 149 * POUND, 1000 * POUND
        self.profile = profile
        for name, value in (PROFILES[profile] | settings).items():
            getattr(self, name)  # a slip of the pen would otherwise go unseen
            setattr(self, name, value)
        if self.ec_left is None:
            self.ec_left = self.ec_limit
        self.collected, self.week = {}, None  # Monday -> mp of payment debt taken in that week
        self.monday_seen = None  # of when the time was looked at last; None: the clock was set since
        self.done_until = start  # S10: what falls due at that instant counts as done
        self.open_tariff()
        self.used, self.highest = frozenset(), 0
        self.clear_lockout()
        self.supply, self.contact = "enabled", True
        self.operated, self.operations, self.operations_day = start - DAY, 0, None  # UTC
        self.held = False  # power goes before the relay's own record is whole
        self.fall_due()

    def non_disablement(self, instant):
        """S5, S6."""
        if not self.trusted:
            return True
        return self.friendly_hours and any(
            is_friendly(each, self.region, self.special_days)
            for each in {instant, instant - self.leap}
        )

    # Supply

    def judge(self):
        """E4, S1 to S4; to be called after every event."""
        if self.ec_activated and self.ec_owed() == 0 and self.balance >= self.ec_threshold:
            self.ec_activated = False
        if self.supply == "enabled":
            if self.credit() == 0 and not self.non_disablement(self.now):
                self.supply = "disabled"
        elif self.supply in ("disabled", "armed"):
            self.supply = "armed" if self.credit() > 0 else "disabled"

    def follow(self):
        """S9: the contact follows the state; one operation a minute, closing at most 20 a day."""
        wanted, today = self.supply == "enabled", self.now.date()
        count = self.operations if today == self.operations_day else 0
        if wanted == self.contact or self.now < self.operated + MINUTE or (wanted and count >= 20):
            return
        if self.held:
            return
        self.contact, self.operated = wanted, self.now
        self.operations, self.operations_day = count + 1, today

    # Time

    def advance(self, ms, pulses=0, done=CONSEQUENCES):
        """Time passes; the pulses come at its end and belong to the time before it. done: of what
        falls due at its end, what was on flash when power went in the middle of that."""
        end = self.now + timedelta(milliseconds=ms)
        for instant in self.edges(end):
            if self.now < instant < end:
                self.now = instant
                self.fall_due()
        self.now = end
        self.locked = max(self.locked - timedelta(milliseconds=ms), timedelta(0))
        self.count(pulses)
        self.fall_due(done)

    def fall_due(self, done=CONSEQUENCES):
        """The pulses came first."""
        for consequence in done:
            getattr(self, consequence)()

    def edges(self, end):
        """Instants at which something may fall due by itself, in order."""
        found = [self.operated + MINUTE]
        found += [instant for instant, _, _ in self.instants(self.now, end)]
        if self.next_tariff:
            found.append(self.next_tariff[0])
        for leap in {0 * MINUTE, self.leap} if self.friendly_hours else ():  # two clocks after a leap
            day = (self.now - leap).date()
            while day <= (end - leap).date():
                found += [edge + leap for edge in edges_of(day)]
                day += DAY
        return sorted(found)

    def power_cut(self, ms, keeps_time=True, done=CONSEQUENCES):
        """S7: dark for so long; what fell due is applied in the state before, then one judgement.
        (reading) the minute of S9 is one of powered time, and does not outlast the cut."""
        self.now += timedelta(milliseconds=ms)
        self.trusted = self.trusted and keeps_time
        self.operated, self.leap = self.now - MINUTE, 0 * MINUTE
        self.fall_due(done)

    def set_time(self, instant, done=CONSEQUENCES):
        """An authorised set-time: what it proves is charged once."""
        self.leap = 0 * MINUTE
        self.monday()
        self.monday_seen = self.month_seen = None
        self._be(instant, done)

    def believe(self, instant, done=CONSEQUENCES):
        """The clock chip says so (10). (reading) A leap is followed, but proves no end of S5 (S9)."""
        if self.trusted and instant - self.now > DRIFT:
            self.leap += instant - self.now
        self._be(instant, done)

    def _be(self, instant, done):
        self.operated += instant - self.now  # a minute is a length
        self.now, self.trusted = instant, True
        self.monday()
        self.fall_due(done)

    def distrust(self):
        """The clock is not to be believed any more (section 10)."""
        self.monday()
        self.trusted = False

    # Top-ups

    def monday(self):
        """Of the local week; (reading) that of the last top-up goes on while the clock is not
        trusted, and when it was set back, until a week begins by itself."""
        if not self.trusted:
            return self.week
        local = self.now.astimezone(LONDON).date()
        monday = local - local.weekday() * DAY
        if self.week and self.monday_seen and self.monday_seen < monday < self.week:
            self.week, self.collected = None, {}
        self.monday_seen = monday
        return max(monday, self.week or monday)

    def collected_this_week(self):
        return self.collected.get(self.monday(), 0)

    def top_up(self, counter, amount):
        """T1 from 'not used before' on, and T3 -> done | used | over_credit | over_balance.
        counter None: a command that has none."""
        if counter is not None and (counter in self.used or counter <= self.highest - 512):
            return "used"
        if amount > self.max_credit:
            return "over_credit"
        after = self.applied(amount, self.collected_this_week())
        if after["balance"] > self.max_balance:
            return "over_balance"
        self.week = self.monday()
        self.collected = self.collected | {self.week: self.collected_this_week() + after["debt"]}
        for name in ("payment", "time1", "due", "adr", "balance", "ec_left"):
            setattr(self, name, after[name])
        if counter is not None:
            self.used = self.used | {counter}
            self.highest = max(self.highest, counter)
        self.judge()
        self.follow()
        return "done"

    def enter(self, counter, amount, well_formed=True, genuine=True):
        """A typed code, made for that counter (section 14, UTRN) -> outcome."""
        if self.locked:
            return "locked"
        if not well_formed:
            return "malformed"
        fitting = [c for c in range(counter % 1024, self.highest + 513, 1024) if c > 0]
        candidate = fitting[-1] if fitting else counter % 1024 or 1024
        if not genuine or candidate != counter:
            self.attempt()
            return "not_authentic"
        outcome = self.top_up(counter, amount)
        if outcome == "done":  # (reading) one over a limit can be entered for ever: no credit for it
            self.failures = max(self.failures - 1, 0)
        return outcome

    def hold(self, held):
        """Of what comes now the relay's own record is not on flash when power goes."""
        self.held = held

    # The consumer and the authority

    def accept_emergency(self):
        """E2 -> True if it was there to accept."""
        if not self.ec_offered():
            return False
        self.ec_activated = True
        self.judge()
        return True

    def enable(self):
        """S4: B = yes."""
        if self.supply == "armed":
            self.supply = "enabled"
        self.judge()
        self.follow()

    def next_level(self):
        """The level of the warning 'LOW' is the display's, no rule of money."""

    def disable(self):
        self.supply = "remote_off"
        self.follow()

    def arm(self):
        """(reading) what the authority gives back goes the way of S4: armed or disabled."""
        if self.supply == "remote_off":
            self.supply = "disabled"
        self.judge()

    def figures(self):
        """Everything the two must agree on."""
        return {
            "balance_mp": self.balance, "ec_activated": self.ec_activated, "ec_left_mp": self.ec_left,
            "ec_owed_mp": self.ec_owed(), "ec_state": self.ec_state(), "payment_mp": self.payment,
            "time1_mp": self.time1, "weekly_due_mp": self.due, "accumulated_mp": self.adr,
            "total_debt_mp": self.total_debt(), "supply": self.supply, "contact": self.contact,
            "energy_wh": self.wh, "registers": self.registers, "rate": self.active,
            "block": self.block(), "price_mp": self.price(), "left_kwh": self.left_kwh(),
            "friendly": self.supply == "enabled" and self.credit() == 0,  # what keeps it on: F
            "owed_to_restore_mp": self.owed_to_restore(self.collected_this_week()),
            "trusted": self.trusted,
        }  # fmt: skip
