"""One random life of the core and of the model, a week at a time: what happens, what must be so.

Takes a number (the seed); raises AssertionError where the two differ. Each whole week is looked at by
itself too: its parts sum to W, its sevenths to b x W; over a life all that came in and went out is in
the registers. Time goes in leaps, each caught up with as an outage is; every tenth life is kept on
flash, and the power really goes. Source: DOMAIN 1, 6-8, 10.
"""

import random
from datetime import datetime, timedelta

import referee_profiles
from model_debts import WEDNESDAY
from model_hours import DAY, UTC, local_instant
from model_tariff import of_bytes
from referee import MS, Core, model_of

KEPT = 10  # one life of so many is kept on flash
MINUTE_MS = 60000
MONDAY = 0
STATES = {"enabled": 0, "disabled": 1, "armed": 2, "remote_off": 3}
EVENTS = (
    "use", "use", "use", "top_up", "top_up", "top_up", "pay", "press", "press", "prices", "clock",
    "lose_clock",
)  # fmt: skip
TOP_UPS = (100000, 500000, 1000000, 1000000, 2000000, 123456, 100001)


class Light(Core):
    """The core with nothing written: what it does with time and money alone."""

    def start(self):
        super().start()
        self.meter.journal = lambda kind, counter: True

    def power_cut(self, ms, keeps_time=True):
        """A leap of a clock that runs on: the dues are caught up with as after a start."""
        self.rtc += ms * MS
        self.meter.clock.advance(ms)
        self.meter.step(ms, 0, True)
        self.settle()

    def rest(self):
        """No flash, nothing to erase."""


class Life:
    """`paid`: since the week began, by payments and top-ups, off the time debt."""

    def __init__(self, number):
        self.chance = random.Random(number)
        self.given = given = referee_profiles.settings(self.chance)
        given.update(max_balance_mp=100000000, max_credit_mp=14900000)
        self.is_kept = number % KEPT == 0
        self.core = (Core if self.is_kept else Light)(given)
        self.model = model_of(given)
        self.start = self.model.now
        self.opening = self.worth()
        self.came_in, self.last_edge = 0, None
        self.compare("the start")

    # --- what must be so

    def compare(self, event):
        core, model = self.core.meter, self.model
        account, debt, tariff = core.account, core.debt, core.tariff
        says = (
            account.balance_mp, account.ec_owed_mp(), account.ec_activated, -account.payment_mp,
            -account.time_1_mp, -account.accumulated_mp, debt.weekly_due_mp,
            core.supply.state, core.supply.closed, tariff.rate, tariff.block, tariff.price,
            core.energy.kwh * 1000 + core.energy.wh,
        )  # fmt: skip
        should = (
            model.balance, model.ec_owed(), model.ec_activated, model.payment, model.time1, model.adr,
            model.due, STATES[model.supply], model.contact, model.active,
            model.block(), model.price(), model.wh,
        )  # fmt: skip
        self.same(event, says, should)
        assert account.is_balanced() and not core.halted, f"{event} at {model.now}: ledger"

    def same(self, event, says, should):
        assert says == should, f"{event} at {self.model.now}: meter {says}, model {should}"

    def worth(self):
        """What the registers of the meter sum to."""
        account = self.core.meter.account
        return (account.balance_mp - account.ec_owed_mp() + account.payment_mp + account.time_1_mp
                + account.accumulated_mp)  # fmt: skip

    def check_sums(self):
        """All that came in and went out since the start, counted without the meter."""
        midnights = (self.model.done_until.date() - self.start.date()).days
        used = int(self.model.cost - self.model.uncharged)
        expected = self.opening + self.came_in - used - midnights * self.model.standing
        assert self.worth() == expected, f"worth {self.worth()}, expected {expected}"
        says, should = self.core.figures(), self.model.figures()
        differ = [f"{name}: meter {says[name]}, model {should[name]}"
                  for name in says if says[name] != should[name]]  # fmt: skip
        assert not differ, "; ".join(differ)

    # --- events

    def leap(self, ms):
        """Time passes in the state it finds, and is caught up with at its end."""
        ms = max(ms, MINUTE_MS)
        self.core.power_cut(ms)
        self.model.power_cut(ms)
        self.compare("leap")

    def until(self, instant):
        ms = (instant - self.model.now) // MS
        if ms > 0:
            self.leap(ms)

    def live(self, ms, pulses=0):
        if not self.model.contact:
            pulses = 0
        self.core.advance(ms, pulses)
        self.model.advance(ms, pulses)
        self.compare("live")

    def use(self):
        """A burst just after now."""
        most = int(self.chance.choice((0.1, 1, 3)) / self.model.energy_of(1))
        self.live(1, self.chance.randrange(most + 1))
        if self.is_kept:
            self.live(2 * MINUTE_MS)  # and it is on flash

    def top_up(self):
        amount = self.chance.choice((*TOP_UPS, self.chance.randrange(1, 5000000)))
        before = self.model.time1
        outcome = self.model.top_up(None, amount)
        self.same("top-up", self.core.remote(amount), outcome)
        if outcome == "done":
            self.came_in += amount
            self.paid += before - self.model.time1
        self.compare(f"top-up of {amount}")

    def pay(self):
        register, part = referee_profiles.payment(self.chance)
        amount = self.model.figures()[register + "_mp"] * part // 1000
        taken = self.model.pay_debt(register, amount)
        self.same("payment", self.core.pay_debt(register, amount), taken)
        if taken:
            self.came_in += amount
            self.paid += amount if register == "time1" else 0
        self.compare(f"payment of {amount} to {register}")

    def press(self):
        self.same("accept", self.core.command("accept_emergency"), self.model.accept_emergency())
        self.core.command("enable")
        self.model.enable()
        self.compare("the keys")

    def prices(self):
        packed = referee_profiles.tariff(self.chance)
        instant = self.model.now.replace(microsecond=0)
        instant += timedelta(seconds=self.chance.choice((0, 86400, self.chance.randrange(1000000))))
        self.core.set_tariff(packed, instant)
        self.model.set_tariff(of_bytes(packed), instant)
        self.compare("a tariff")

    def clock(self):
        """Set back, perhaps used meanwhile, and set right again: nothing falls due twice."""
        chance, model = self.chance, self.model
        now = model.now.replace(microsecond=0)
        figures = self.core.figures()
        self.set_time(now - timedelta(seconds=chance.randrange(1, 40 * 86400)))
        if chance.random() < 0.5:
            self.leap(chance.randrange(MINUTE_MS, 86400000))
            figures = None  # the supply may have been judged meanwhile
        self.set_time(now)
        if figures:
            again = self.core.figures()
            money = [name for name in figures if name.endswith("_mp") or name == "registers"]
            assert all(figures[name] == again[name] for name in money), f"{figures}\n{again}"

    def set_time(self, instant):
        self.core.set_time(instant)
        self.model.set_time(instant)
        self.compare(f"set to {instant}")

    def lose_clock(self):
        """Only what is kept on flash starts without a clock; later the days are proven."""
        if self.is_kept:
            ms = self.chance.randrange(MINUTE_MS, 3 * 86400000)
            true = self.model.now.replace(microsecond=0) + 2 * ms * MS
            self.core.power_cut(ms, False)
            self.model.power_cut(ms, False)
            self.compare("a lost clock")
            self.live(ms)
            self.set_time(true.replace(microsecond=0))

    # --- a week

    def edge(self):
        """When the next week begins: Monday 00:00 UTC, or as W4 has it."""
        now = self.model.now
        for days in range(9):
            day = now.date() + days * DAY
            if self.model.recovery == "gas" and day.weekday() == WEDNESDAY:
                edge = local_instant(day, 2)
            else:
                edge = datetime.combine(day, datetime.min.time(), UTC)
            first = WEDNESDAY if self.model.recovery == "gas" else MONDAY
            if day.weekday() == first and edge > now:
                return edge
        raise AssertionError("a week without its first day")

    def week(self):
        """To the edge, so many things on the way; what the week took is looked at afterwards."""
        model, chance, edge = self.model, self.chance, self.edge()
        is_whole = model.now == self.last_edge
        time1, due = model.time1, model.due
        self.paid = 0
        for event in chance.choices(EVENTS, k=chance.choice((0, 1, 1, 2, 3))):
            self.draw_near(edge)
            getattr(self, event)()
        is_whole = is_whole and model.now < edge
        self.until(edge - 1000 * MS if model.recovery == "gas" else edge)
        if is_whole:
            self.check_week(time1, due)
        self.until(edge)
        self.last_edge = edge

    def draw_near(self, edge):
        """Some of the way to the edge, and often to where something falls due, or a second off."""
        model, chance = self.model, self.chance
        left_ms = (edge - model.now) // MS
        if left_ms < 8 * MINUTE_MS:
            return
        instant = model.now + chance.randrange(left_ms // 2) * MS
        if chance.random() < 0.4:
            instant = model.instants(instant, instant + 2 * DAY)[0][0]
            instant += timedelta(seconds=chance.choice((-1, 0, 0, 1)))
        self.until(min(instant, edge))

    def check_week(self, time1, due):
        """W1: the parts sum to W, or to all there was. W5: the sevenths from Thursday on to what
        Wednesday's leaves of b x W, if the balance could always pay and nobody else did."""
        model = self.model
        taken = time1 - self.paid - model.time1
        if model.recovery == "weekly":
            assert taken == min(model.weekly, time1 - self.paid), f"{taken} taken in a week"
        elif model.recovery == "gas" and not self.paid:
            left = model.behind * model.weekly - model.behind * model.weekly // 7
            assert taken <= min(left, due), f"{taken} taken by time"
            if model.balance > 0 and model.usable_share < 100:
                assert taken == min(left, due), f"{taken} taken by time"
