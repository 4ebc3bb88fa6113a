"""Those who do something to a meter: people who buy, press and guess, and the authority.

Takes a Life and a seeded chance; `act` is one visit. Honest people type what they bought, again after
a cut; hostile ones type forged, old and used codes. Source: RELIABILITY (the simulator).
"""

from model import DAY
from referee import KEYS, MS
from referee_duel import MANY, PENNY
from tools import utrn_vend

POUNDS = (5, 5, 10, 10, 10, 15, 20, 30)
LOW_MP = 400000
FLIP = 1 << 5  # a bit of the MAC


class People:
    """`poor`: they buy when the supply is off; `hostile`: how many of a thousand visits are."""

    def __init__(self, life, chance):
        self.life, self.chance = life, chance
        self.poor = chance.random() < 0.3
        self.hostile = chance.choice((0, 5, 40))
        self.counter, self.skipped, self.used = 0, [], []
        self.owed = None  # the code that was cut off in the middle
        self.seen = {}  # outcome of a code -> how often

    def act(self):
        """One visit to the meter."""
        life, chance, model = self.life, self.chance, self.life.model
        if self.owed:
            self.type(*self.owed)
        elif not model.trusted and chance.random() < 0.2:
            life.set_time(model.now.replace(microsecond=0))
        elif model.credit() == 0 or (model.balance < LOW_MP and not self.poor):
            self.pay()
        draw = chance.randrange(1000)
        if draw < self.hostile:
            self.attack()
        elif draw < 500:
            for _ in range(chance.choice((1, 1, 2, 5))):
                chance.choice((self.accept, self.enable, self.enable, self.level))()
        elif draw < 520:
            self.authority()
        elif draw < 540 and model.time1:
            self.pay_debt()

    # Honest

    def pay(self):
        """Mostly by a code; now and then one is kept for later, or an older one is used."""
        chance = self.chance
        pence = chance.choice(POUNDS) * 100 + chance.choice((0, 0, 0, chance.randrange(100)))
        pence = min(pence, 8191)
        if chance.random() < 0.2:
            self.remote(pence)
            return
        if self.skipped and chance.random() < 0.4:
            self.type(*self.skipped.pop(chance.randrange(len(self.skipped))))
            return
        self.counter = max(self.counter, self.life.model.highest) + 1
        while chance.random() < 0.1:
            self.skipped = [*self.skipped[-20:], (self.counter, pence)]
            self.counter += 1
        self.type(self.counter, pence)

    def type(self, counter, pence):
        """A genuine code; while entry is locked it is kept."""
        self.owed = (counter, pence)
        outcome = self.enter(counter, pence)
        if outcome in ("done", "used", "over_balance"):
            self.owed = None
            self.used = [*self.used[-50:], (counter, pence)]

    def enter(self, counter, pence, genuine=True, well_formed=True):
        """20 digits at the keys; outcome None: power went in the middle of it."""
        life = self.life
        value_class, value = utrn_vend.carried(pence)
        digits = utrn_vend.make_code(KEYS, counter, value_class, value)
        if not genuine:
            number = utrn_vend.PPTD_BASE + (int(digits[:-1]) - utrn_vend.PPTD_BASE ^ FLIP)
            digits = str(number) + utrn_vend.check_digit(str(number))
        if not well_formed:
            digits = digits[:7] + str((int(digits[7]) + 1) % 10) + digits[8:]
        outcome = life.happen(lambda: life.core.enter(digits), "enter", counter, pence * PENNY,
                              well_formed, genuine)  # fmt: skip
        self.seen[outcome] = self.seen.get(outcome, 0) + 1
        return outcome

    def remote(self, pence):
        life = self.life
        life.happen(lambda: life.core.remote(pence * PENNY), "top_up", None, pence * PENNY)

    # Hostile

    def attack(self):
        """Forged codes as fast as the lock-out lets, then used and old ones, and a slip."""
        chance, highest = self.chance, self.life.model.highest
        for _ in range(chance.choice((1, 3, 6, 8))):
            self.enter(max(1, highest + chance.randrange(-3, 9)), 14900, genuine=False)
        self.enter(highest + 1, 100, well_formed=False)
        if self.used:
            self.enter(*chance.choice(self.used))
        if highest > 600:
            self.enter(highest - 512 - chance.randrange(80), 500)

    # Keys and commands; each may come twice

    def accept(self):
        self.life.command("accept_emergency")

    def enable(self):
        self.life.command("enable")

    def level(self):
        """The next low-credit level: no rule of money depends on it."""
        self.life.command("next_level")

    def authority(self):
        chance, life = self.chance, self.life
        what = chance.choice(("off", "clear", "clear", "clock"))
        if what == "clear":
            for _ in range(2):
                self.life.command("clear_lockout")
        elif what == "clock":
            shift = chance.choice((0 * DAY, 3600000 * MS, -3600000 * MS, DAY, -DAY, 3 * DAY))
            for _ in range(2):
                life.set_time(life.model.now.replace(microsecond=0) + shift)
                shift = 0 * DAY
        elif life.model.operations < MANY:
            for name in ("disable", "disable", "arm"):
                self.life.command(name)

    def pay_debt(self):
        """W8, some of what is owed: when all of it is paid, or power went, the second is refused."""
        life, chance = self.life, self.chance
        register = chance.choice(("payment", "time1", "accumulated"))
        mp = life.model.figures()[register + "_mp"] // chance.choice((1, 2, 10))
        for _ in range(2):
            life.happen(lambda: life.core.pay_debt(register, mp), "pay_debt", register, mp)
