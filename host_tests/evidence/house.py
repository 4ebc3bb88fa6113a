"""A household's load: watts by the hour, about 10 kWh a day, now and then an hour at 23 kW.

Takes a seeded chance; gives stretches of (watts, ms). `Pulses` turns a constant load into the ms at
which pulses come, exactly. Source: ARCHITECTURE (a household), RELIABILITY (the simulator).
"""

HOUR_MS = 3600000
KWH_MS = HOUR_MS * 1000  # W x ms x imp/kWh of one pulse
FULL_W = 23000
# Mean W of each hour of the day, 10 kWh in all
USUAL_W = (
    150, 120, 120, 120, 120, 150, 350, 700, 500, 300, 300, 350,
    500, 400, 300, 300, 450, 900, 1100, 800, 600, 500, 400, 270,
)  # fmt: skip


def stretches(chance, hour):
    """Without end: (watts, ms), from so many hours past midnight on."""
    while True:
        draw = chance.random()
        watts = int(USUAL_W[hour % 24] * (0.4 + 1.2 * chance.random()))
        if draw < 0.004:
            yield FULL_W, HOUR_MS
        elif draw < 0.03:
            yield 0, HOUR_MS
        elif draw < 0.2:  # the kettle
            kettle_ms = chance.randrange(60000, 240000)
            yield watts, HOUR_MS - kettle_ms
            yield 3000, kettle_ms
        else:
            yield watts, HOUR_MS
        hour += 1


class Pulses:
    """A constant load that began just now: pulses come at exact instants, whole ms, rounded up."""

    def __init__(self, imp_per_kwh):
        self.imp_per_kwh = imp_per_kwh
        self.watts, self.flowing_ms, self.count = 0, 0, 0

    def load(self, watts):
        self.watts, self.flowing_ms, self.count = watts, 0, 0

    def ms_until(self, pulses):
        """ms from now to the last of so many more pulses."""
        due_ms = -(-(self.count + pulses) * KWH_MS // (self.watts * self.imp_per_kwh))
        return due_ms - self.flowing_ms

    def within(self, ms):
        """How many come in the next ms, the last of them included."""
        flow = (self.flowing_ms + ms) * self.watts * self.imp_per_kwh
        return flow // KWH_MS - self.count

    def take(self, ms, pulses):
        """Time has passed and so many of them have come."""
        self.flowing_ms += ms
        self.count += pulses
