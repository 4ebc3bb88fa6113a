"""What falls due by itself in the referee's meter (model.py): standing charge, weekly debt, prices.

Takes instants (datetime, UTC), changes the registers (mp), each instant once and in order. Readings
of a rule that is open to more than one are marked (reading). Source: DOMAIN 1, D2, W1-W5.
"""

from datetime import datetime, time, timedelta
from functools import lru_cache

from model_hours import DAY, UTC, local_instant

WEEK_S = 604800
WEDNESDAY = 2


def share_of(whole, number, of):
    """Part `number` (0..) of equal parts that sum to the whole, in whole mp."""
    return whole * (number + 1) // of - whole * number // of


@lru_cache(None)
def due_on(day, recovery, parts):
    """[(instant, what, number)] of a date (UTC), in order; at one instant that of section 1."""
    midnight = datetime.combine(day, time(0), UTC)
    found = [(midnight, "standing_charge", 0)]
    if recovery == "weekly":  # parts of this week and the last of the week before
        for monday in (midnight - day.weekday() * DAY, midnight - day.weekday() * DAY - 7 * DAY):
            for number in range(parts):
                instant = monday + timedelta(seconds=(number + 1) * WEEK_S // parts)
                if instant.date() == day:
                    found.append((instant, "weekly_part", number))
    if recovery == "gas":
        two = local_instant(day, 2)  # exists once on every day (W5)
        if day.weekday() == WEDNESDAY:
            found.append((two, "gas_week", 0))
        found.append((two, "recover_by_time", (day.weekday() - WEDNESDAY) % 7))
    return sorted(found, key=lambda due: due[0])  # stable: the order above


class Debts:
    """`weekly`: W; `due`: of the gas weeks, not paid yet; `behind`: whole weeks, by which this week
    recovers; `done_until`: what fell due up to then is applied."""

    def __init__(self):
        super().__init__()
        self.standing, self.weekly, self.parts, self.recovery = 0, 0, 7, "none"
        self.suspend_emergency, self.suspend_disabled = True, True
        self.due, self.behind, self.done_until = 0, 0, None

    def instants(self, start, end):
        """What falls due after start and up to end, in order."""
        found, day = [], start.date()
        while day <= end.date():
            found += due_on(day, self.recovery, self.parts)
            day += DAY
        return [due for due in found if start < due[0] <= end]

    def charge_days(self):
        """All that fell due since the last time, when the days are proven: none twice (10). Then
        the tariff, which nothing of it depends on."""
        if not self.trusted:
            return
        if self.now > self.done_until:
            for _, what, number in self.instants(self.done_until, self.now):
                getattr(self, what)(*([number] if what in NUMBERED else []))
            self.done_until = self.now
        if self.next_tariff and self.next_tariff[0] <= self.now:
            self.switch_tariff()
        self.look_at_clock(self.now)

    def standing_charge(self):
        """D2."""
        if self.contact:
            self.draw(self.standing)
        else:
            self.adr += self.standing

    def weekly_part(self, number):
        """W1, W2."""
        part = min(share_of(self.weekly, number, self.parts), self.time1)
        suspended = (self.suspend_emergency and self.ec_state() in ("in_use", "exhausted")) or (
            self.suspend_disabled and not self.contact
        )
        paid = 0 if suspended else min(part, max(self.balance, 0))
        self.time1 -= part
        self.balance -= paid
        self.adr += part - paid

    def gas_week(self):
        """W4, and the whole weeks of W5."""
        self.behind = self.due // self.weekly if self.weekly else 0
        self.due = min(self.due + self.weekly, self.time1)

    def recover_by_time(self, number):
        """W5; (reading) W2 is for parts: what cannot be paid here stays due, whatever the relay."""
        part = share_of(self.behind * self.weekly, number, 7)
        part = min(part, self.due, max(self.balance, 0))
        self.balance -= part
        self.due -= part
        self.time1 -= part

    def pay_debt(self, register, amount):
        """W8 -> whether it was taken. (reading) No more stays due than the register holds."""
        name = {"payment": "payment", "time1": "time1", "accumulated": "adr"}[register]
        if not 0 < amount <= getattr(self, name):
            return False
        setattr(self, name, getattr(self, name) - amount)
        self.due = min(self.due, self.time1)
        self.judge()
        self.follow()
        return True


NUMBERED = ("weekly_part", "recover_by_time")
