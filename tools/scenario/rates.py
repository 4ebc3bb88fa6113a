"""What the meter's rates are called in one file: registers have numbers, people have names.

Takes the names of each tariff in their order; gives one list for all of them. Source: DOMAIN 8
(month counters and registers go on when a tariff follows another).
"""

from tools.scenario.nodes import Fault, hint

FLAT = "rate"  # what the one rate is called when only its price is given


class Rates:
    """`names`: of rate 1, 2, ..."""

    def __init__(self):
        self.names = []
        self.asked = []  # (name, line) of expectations, which may come before the name

    def take(self, names, line):
        """A tariff has these rates; one that has a name already keeps it."""
        for number, name in enumerate(names):
            if number == len(self.names):
                self.names.append(name)
            elif self.names[number] == FLAT:
                self.names[number] = name
            if self.names[number] != name or name in self.names[:number]:
                what = f"tariff: rate {number + 1} is called {self.names[number]!r} before"
                raise Fault(line, f"{what}, and its register goes on: keep names and their order")

    def check(self):
        """Every rate that an expectation asks for has a tariff that has it."""
        for name, line in self.asked:
            if name not in self.names:
                what = f"expect registers: no rate is called {name!r}"
                raise Fault(line, what + hint(name, self.names))
