"""The sums of debts, gas weeks, tariffs and profiles again: on the referee's model, and on the core with
a power cut half-way to all that happens and right after it.
"""
# runs on: cpython

from datetime import timedelta

import by_hand
import test_debt_suspended
import test_gas_week
import test_profiles
import test_tariff_rates
import test_time_debt
from by_hand import Case, as_provisioned
from model_tariff import of_bytes
from referee import instant_of, model_of


class ModelHand(by_hand.Hand):
    """The model in the place of the core."""

    def __init__(self, now, **settings):
        self.day, self.second = by_hand.instant(now)
        self.model = model_of(dict(as_provisioned(settings), day=self.day, second=self.second))

    def live(self, seconds, pulses):
        self.model.advance(seconds * 1000, pulses)

    def dark(self, text, keeps_time=True):
        self.model.power_cut(self.seconds_to(text) * 1000, keeps_time)

    def lose_clock(self, text):
        self.dark(text, False)

    def set_time(self, text):
        self.day, self.second = by_hand.instant(text)
        self.model.set_time(instant_of(self.day, self.second))

    def top_up(self, pounds):
        assert self.model.top_up(None, by_hand.mp(pounds)) == "done"

    def accept(self):
        assert self.model.accept_emergency()

    def enable(self):
        self.model.enable()

    def pay_debt(self, register, pounds):
        return self.model.pay_debt(register, by_hand.mp(pounds))

    def set_tariff(self, tariff, text):
        self.model.set_tariff(of_bytes(tariff), instant_of(*by_hand.instant(text)))

    def figure(self, name):
        figures = self.model.figures()
        assert self.model.now - instant_of(self.day, self.second) < timedelta(seconds=1)
        names = {"ec_owed": "ec_owed_mp", "need": "owed_to_restore_mp", "price": "price_mp"}
        return figures[names.get(name, name if name in figures else name + "_mp")]


SUMS = (test_time_debt, test_debt_suspended, test_gas_week, test_tariff_rates, test_profiles)
for sums in SUMS:
    for name, case in vars(sums).items():
        if isinstance(case, type) and issubclass(case, Case) and case is not Case:
            if name != "OnTheCore":
                globals()["Model" + name] = type("Model" + name, (case,), {"make": ModelHand})
                globals()["Restless" + name] = type("Restless" + name, (case,), {"make": by_hand.Restless})
del sums, name, case
