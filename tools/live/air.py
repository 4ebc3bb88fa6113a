"""The radio between the phone's head-end and the meter: packets that wait for their time, then for the meter.

Takes packets and the house's time (UTC seconds since 2000-01-01); tells the silicon each one with the
instant it arrives at, again after every start until the meter has it. Orders take 1 to 5 minutes, one in
eight 10 to 20; the rest is quick. Source: DOMAIN 9.
"""

import random

from tools.scenario.values import DAY_S

USUAL_S, CROWDED_S, QUICK_S = (60, 300), (600, 1200), (1, 3)
SHOP_S = (600, 840)  # the till's own: its receipt is quicker
CROWDED_ONE_IN = 8


class Air:
    """tell(dict) reaches the silicon, if it runs."""

    def __init__(self, tell):
        self.tell = tell
        self.chance = random.SystemRandom()
        self.waiting = {}  # number -> the message
        self.number = 0

    def send(self, packet, now_s, slow, shop=False):
        """A packet sets out. slow: it is an order."""
        crowded = self.chance.randrange(CROWDED_ONE_IN) == 0
        limits = SHOP_S if shop else CROWDED_S if crowded else USUAL_S
        at_s = int(now_s) + self.chance.randint(*(limits if slow else QUICK_S))
        self._launch(at_s, packet.hex())

    def ring(self, at_s):
        """Hear from the silicon at that instant, however fast time runs."""
        self._launch(int(at_s), "")

    def _launch(self, at_s, data):
        self.number += 1
        utc = list(divmod(at_s, DAY_S))
        message = {"do": "packet", "n": self.number, "hex": data, "utc": utc}
        self.waiting[self.number] = message
        self.tell(message)

    def arrived(self, numbers):
        """The meter has these."""
        for number in numbers:
            self.waiting.pop(number, None)

    def again(self):
        """The meter has started: nothing that was under way reached it."""
        for message in self.waiting.values():
            self.tell(message)
