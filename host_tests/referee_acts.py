"""What may happen to a whole meter, as steps of a scenario and to the model at the very ms.

`Acts` is the half of referee_play.Scenario that people, mains and the head-end take part in; each act
takes a seeded chance of its own, so that it is the same whatever came before.
"""

from datetime import timedelta

import referee_chance
import referee_profiles
from model_tariff import of_bytes
from referee import KEYS, MS, day_second
from referee_duel import PENNY
from referee_edges import next_edge
from tools import utrn_vend

PRESS_MS = 400  # down and up
SHORT_MS = 233  # from the finger to what a short press does: up at 200, 8 of bounce, 25 to settle
SEND_MS = 2033  # the same for the held B that sends a code
HOLD_MS = 2700
SLEEP_MS = 60000  # after the last press the display sleeps
CODE_SLEEP_MS = 420000  # the code screen keeps its digits longer
LONG_S = 4 * 3600
WATTS = (300, 1000, 2750, 7360, 18000)
NAMES = (
    "use", "use", "use", "edge", "edge", "edge", "code", "code", "remote", "accept", "enable", "enable",
    "order", "cut", "set", "pay", "tariff",
)  # fmt: skip


class Acts:
    """`step`, `wait`, `load` and the house are Scenario's."""

    def press(self, key, *effect):
        """A short press; the effect comes while it lasts."""
        self.step("press", key=key)
        self.house.run(SHORT_MS)
        result = self.house.tell(*effect) if effect else None
        self.house.run(PRESS_MS - SHORT_MS)
        return result

    def use(self, chance):
        self.load(chance.choice(WATTS))
        self.wait(chance.randrange(1, 2400) * 1000)
        if chance.random() < 0.3:
            self.remote(chance)
            self.wait(chance.randrange(1, 120) * 1000)
        self.load(chance.choice((0, 0, 300)))

    def edge(self, chance):
        """To an edge under load, or a second before or after."""
        edge = next_edge(self.model.now, chance.choice(("ten", "ten", "four", "midnight", "two", "month")))
        left_s = (edge - self.model.now) // (1000 * MS)
        if left_s > LONG_S:  # in the dark: a display that turns its pages for days takes long
            self.cut(chance, left_s - LONG_S // 2)
            left_s = (edge - self.model.now) // (1000 * MS)
        self.wait(max(left_s - chance.choice((10, 60, 600)), 1) * 1000)
        self.load(chance.choice(WATTS))
        left_s = (edge - self.model.now) // (1000 * MS) + chance.choice((-1, 0, 0, 1, 30))
        self.wait(max(left_s, 1) * 1000)
        if chance.random() < 0.7:
            self.load(0)

    def remote(self, chance):
        pence = chance.choice(referee_chance.AMOUNTS + (chance.randrange(1, 20000),))
        self.step("remote", name="top_up", value=pence * PENNY)
        self.house.tell("top_up", None, pence * PENNY)
        self.wait(1000)

    def order(self, chance):
        name = chance.choice(("disable", "arm", "arm", "clear_lockout"))
        self.step("remote", name=name, value=None)
        self.house.tell(name)
        self.wait(1000)

    def pay(self, chance):
        """W8; nothing and too much are refused."""
        register, part = referee_profiles.payment(chance)
        mp = self.model.figures()[register + "_mp"] * part // 1000 + (part > 1000)
        self.step("remote", name="pay_debt", value=[register, mp])
        self.house.tell("pay_debt", register, mp)
        self.wait(1000)

    def tariff(self, chance):
        packed, edge, offset_s = referee_profiles.to_come(chance)
        self.load(0)
        self.until_whole_second(1000)
        instant = next_edge(self.model.now, "midnight" if edge == "due" else edge)
        instant += timedelta(seconds=offset_s)
        self.step("remote", name="set_tariff", value=[packed.hex(), *day_second(instant)])
        self.house.tell("set_tariff", of_bytes(packed), instant)
        self.wait(1000)

    def asleep(self, ms):
        """No load, nothing due for a while, and a whole second: time to touch the keys."""
        self.load(0)
        self.until_whole_second(1000)
        self.clear_of_edges(ms)

    def accept(self, chance):
        self.asleep(3000)
        for _ in range(2 + self.is_between()):
            self.press("A")
        offered = self.model.ec_offered()
        self.step("expect", expect={"screen": ["Accept EmCr" if offered else "Add credit"]})
        if offered:
            self.press("B", "accept_emergency")
        self.until_whole_second(SLEEP_MS)

    def is_between(self):
        """One more screen before the round that all profiles have: what is owed, what is left."""
        return self.model.profile in ("gas_weekly", "remote_tiered")

    def enable(self, chance):
        self.asleep(3000)
        self.press("B", "enable")
        self.until_whole_second(SLEEP_MS)

    def code(self, chance):
        kind = chance.choice(("good", "good", "good", "duplicate", "forged"))
        pence = chance.choice(referee_chance.AMOUNTS)
        counter = self.counter = max(self.counter, self.model.highest) + chance.choice((1, 1, 2, 400))
        if kind == "duplicate" and self.used:
            counter, pence = chance.choice(self.used)
        digits = utrn_vend.make_code(KEYS, counter, *utrn_vend.carried(pence))
        if kind == "forged":
            number = utrn_vend.PPTD_BASE + (int(digits[:-1]) - utrn_vend.PPTD_BASE ^ 1)
            digits = str(number) + utrn_vend.check_digit(str(number))
        self.asleep(120000)
        self.step("enter", digits=digits)
        way = 3 + self.model.ec_offered() + self.is_between()  # A wakes, A to the screen, B opens it
        self.house.run(PRESS_MS * (way + sum(int(digit) + 1 for digit in digits)) + SEND_MS)
        outcome = self.house.tell("enter", counter, pence * PENNY, True, kind != "forged")
        self.house.run(HOLD_MS - SEND_MS)
        if outcome == "done":
            self.used.append((counter, pence))
        self.until_whole_second(CODE_SLEEP_MS)

    def cut(self, chance, off_s=0):
        """After a quiet minute, so that all consumption is on flash."""
        self.load(0)
        self.until_whole_second(61000)
        off_s = off_s or chance.choice((1, 30, 3600, chance.randrange(1, 86400), 200000))
        self.step("power_cut", ms=off_s * 1000)
        self.house.power_cut(off_s * 1000)
        self.wait(2000)

    def set(self, chance):
        self.load(0)
        self.until_whole_second(1000)
        shift_s = chance.choice((0, 61, -61, 3600, -3600, 86400, chance.randrange(-90000, 900000)))
        instant = self.model.now + timedelta(seconds=shift_s)
        self.step("remote", name="set_time", value=list(day_second(instant)))
        self.house.tell("set_time", instant)
        self.wait(1000)
