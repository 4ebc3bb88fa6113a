"""The referee's model in a house with a load: what the pulses and the relay's contact do, to the ms.

Takes watts and ms, gives the model its pulses as they come, and the true position of the contact,
which follows the model's a little later. Source: SCENARIO "Time"; board/contract.py, relay().
"""

from referee import MS, model_of

OPERATE_MS = 50  # the contact moves so long after the relay is told to
PULSE_MS = 100  # the relay's coil is on, and the meter does nothing else
REST_MS = 1000  # of the relay's driver
KWH_MS = 3600000 * 1000  # W x ms x imp/kWh of one pulse


class House:
    """The model in a house with a load: makes pulses, and moves the contact a little later."""

    def __init__(self, settings):
        self.model = model_of(settings)
        self.start = self.now = self.model.now  # the true time, as far as ms go
        self.watts, self.flowing_ms, self.pulses = 0, 0, 0
        self.contact, self.moves_at = True, None
        self.busy_until, self.rests_until = self.now, self.now
        self.notice()

    def load(self, watts):
        self.watts, self.flowing_ms, self.pulses = watts, 0, 0

    def notice(self):
        """Has the model moved the contact? Then the real one follows."""
        if self.model.contact != self.contact and self.moves_at is None:
            told = max(self.now, self.rests_until)
            self.moves_at = told + OPERATE_MS * MS
            self.busy_until = told + PULSE_MS * MS
            self.rests_until = self.busy_until + REST_MS * MS

    def next_pulse(self):
        """ms until the next pulse, None without one."""
        if not (self.contact and self.watts):
            return None
        due = -(-(self.pulses + 1) * KWH_MS // (self.watts * self.model.imp_per_kwh))
        return due - self.flowing_ms

    def run(self, ms):
        """Time passes, from event to event."""
        end = self.now + ms * MS
        while self.now < end:
            steps = [(end - self.now) // MS]
            pulse_ms = self.next_pulse()
            if pulse_ms is not None:
                steps.append(pulse_ms)
            if self.moves_at is not None:
                steps.append((self.moves_at - self.now) // MS)
            edges = self.model.edges(self.model.now + (end - self.now))
            steps += [(edge - self.model.now) // MS for edge in edges if edge > self.model.now]
            self.pass_time(min(steps), pulse_ms)

    def finish(self):
        """A script is not heard while the relay's coil is on."""
        self.run(max((self.busy_until - self.now) // MS, 0))

    def pass_time(self, ms, pulse_ms):
        self.now += ms * MS
        if pulse_ms is not None:
            self.flowing_ms += ms
        self.pulses += ms == pulse_ms
        self.model.advance(ms, 1 if ms == pulse_ms else 0)
        if self.moves_at == self.now:
            self.contact, self.moves_at = not self.contact, None
        self.notice()

    def tell(self, method, *args):
        result = getattr(self.model, method)(*args)
        self.notice()
        return result

    def power_cut(self, ms):
        self.now += ms * MS
        self.flowing_ms = self.pulses = 0
        self.rests_until = self.now
        self.tell("power_cut", ms)
        self.finish()
