"""What people do in a network world: they buy, order and type codes; the power goes, the head-end is killed.

All of it is seeded; part of network_world.World, which has the time, the network, meters and head-end.
"""

from chip_nor import PATTERNS
from office import AFTER, BEFORE, Killed
from shilling import codes
from tools.headend import bodies
from tools.utrn_vend import VendError

GAP_S = (1, 5, 5, 30, 60, 120, 600)  # between two things that people do


class People:
    """`told`: what somebody was told of, (id, number, code or None); `typed` counts codes."""

    def live(self):
        """Until so many orders were made."""
        made = 0
        while made < self.wanted:
            self.run(self.now_s() + self.random.choice(GAP_S))
            if self.chance(self.cuts):
                self.cut()
            if self.chance(self.kills):
                self.kill_soon()
            made += self.random.choice(DEEDS)(self)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def cut(self):
        """The power of a meter goes: in the middle of a write that is to come, of a file, or now."""
        meter = self.random.choice(self.meters)
        how = self.random.randrange(3)
        if how == 0:
            meter.files.left = self.random.randrange(27)
        elif how == 1 or meter.app is None:
            meter.store.cut_at(self.random.randrange(1, 9), self.random.choice(PATTERNS),
                               self.random.getrandbits(20))  # fmt: skip
        else:
            meter.lose_power()
            self.note_cut(self.meters.index(meter))

    def kill_soon(self):
        self.sure_plan(self.random.randrange(1, 6), self.random.choice((BEFORE, AFTER)))

    def sure_plan(self, *plan):
        self.office.kill_at(*plan)

    def name(self):
        return self.random.choice(list(self.keys))

    def buy(self):
        """At a till; a failed sale is not told."""
        pence = self.random.choice((100, 500, 1000, 1000, 2000, self.random.randrange(100, 3000)))
        try:
            self.told.append(self.ask("sell", self.name(), pence))
            self.wake_s = self.now_s()
        except (Killed, VendError):
            pass
        return 1

    def order(self):
        """An operator's command; some are good for a while only."""
        kind, body = self.random.choice(ORDERS)(self)
        until_s = self.now_s() + self.random.choice((600, 7200, 172800)) if self.chance(20) else None
        try:
            told = self.office.ask("command", self.name(), kind, body, self.now_s(), until_s)
            self.told.append((*told, None))
            self.wake_s = self.now_s()
        except (Killed, VendError):
            pass
        return 1

    def type_in(self):
        """A code from a receipt, soon or late, at any meter."""
        sold = [(number, code) for _, number, code in self.told[-60:] if code]
        meter = self.random.choice(self.meters)
        if sold and meter.app is not None:
            if meter.type_in(self.random.choice(sold)[1]) == codes.LOCKED:
                self.pass_time(self.now_s() + 700)
            self.typed += 1
            self.note_cut(self.meters.index(meter))
        return 0

    def ask_again(self):
        """An operator reissues any order by hand."""
        if self.told:
            try:
                self.ask("reissue", self.random.choice(self.told)[0])
            except (Killed, VendError):
                pass
        return 0


def flat(price_mp):
    """A tariff of one price (SPEC.md 7)."""
    return bytes((1, 1)) + price_mp.to_bytes(3, "little") + b"\0"


DEEDS = (People.buy, People.buy, People.buy, People.order, People.order, People.type_in, People.ask_again)
ORDERS = (
    lambda w: (bodies.ADJUST_BALANCE, bodies.adjust_balance(-w.random.randrange(1, 15_000_000))),
    lambda w: (bodies.ADJUST_BALANCE, bodies.adjust_balance(-w.random.randrange(1, 15_000_000))),
    lambda w: (bodies.ADJUST_BALANCE, bodies.adjust_balance(w.random.randrange(1, 1_000_000))),
    lambda w: (bodies.PAY_DEBT, bodies.pay_debt("payment", w.random.randrange(1, 900_000))),
    lambda w: (bodies.PAY_DEBT, bodies.pay_debt("accumulated", w.random.randrange(1, 9_000))),
    lambda w: (bodies.TEXT, bodies.text(f"Hello {w.random.randrange(1000)}")),
    lambda w: (bodies.CLEAR_LOCKOUT, b""),
    lambda w: (w.random.choice((bodies.DISABLE, bodies.ARM, bodies.ENABLE, bodies.ACTIVATE_EC)), b""),
    lambda w: (bodies.SET_TARIFF, bodies.set_tariff(flat(w.random.randrange(1, 90000)))),
    lambda w: (bodies.SET_SETTINGS, bodies.set_settings({7: w.random.randrange(0, 120)})),
)
