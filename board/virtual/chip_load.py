"""The house's load and the pulse output that measures it: one pulse for each 1000/imp_per_kwh Wh.

Takes watts; gives the number of pulses so far and the instant of the next ones, ms. The k-th pulse
of a phase comes ceil(k * 3600000 * 1000 / (watts * imp_per_kwh)) ms after its start; an open
contact stops the phase, a change of load or a power cut starts it anew. The fraction is reduced,
so that the figures stay small integers on a 32-bit VM and counting allocates nothing.
"""

FAR_MS = 1 << 60
MS_KW_PER_KWH = 3600 * 1000  # 1 kWh in kilowatts times milliseconds
W_PER_KW = 1000


def common(a, b):
    """-> the greatest common divisor."""
    while b:
        a, b = b, a % b
    return a


class Load:
    """Pulses of one load. A pulse exactly at an instant counts as before it."""

    def __init__(self, world, imp_per_kwh):
        self._world = world
        self._imp_per_kwh = imp_per_kwh
        self.watts = 0
        self._contact = self._mains = True
        self.on_pulse = None  # interrupt handler, called once a pulse
        self.total = 0  # pulses since the world began
        self.read = 0  # how many of them the firmware knows about
        self._phase = 0  # pulses since _zero_ms
        self._zero_ms = 0  # while the phase runs: its start; while it stands: how far it has come
        self.next_ms = FAR_MS
        self.missing = 0  # pulses to come that shall not reach the input
        self.missed = self.added = 0  # that did not; that nobody sent
        self.room = -1  # of the interrupts' queue while Python stands still; -1: it does not
        self.lost = 0  # interrupts that found the queue full
        self._reduce()

    def _reduce(self):
        """_pulses pulses take exactly _cycle_ms; one takes _each_ms and _rest/_pulses ms."""
        watts, imp, per_kw, cycle = self.watts or 1, self._imp_per_kwh, W_PER_KW, MS_KW_PER_KWH
        by = common(imp, per_kw)
        imp, per_kw = imp // by, per_kw // by
        by = common(imp, cycle)
        imp, cycle = imp // by, cycle // by
        by = common(watts, per_kw)
        watts, per_kw = watts // by, per_kw // by
        by = common(watts, cycle)
        self._cycle_ms, self._pulses = cycle // by * per_kw, watts // by * imp
        self._each_ms, self._rest = self._cycle_ms // self._pulses, self._cycle_ms % self._pulses

    def set_watts(self, watts):
        """From now on; the phase starts at zero."""
        self._stop()
        self.watts = watts
        self._reduce()
        self._zero_ms = self._phase = 0
        self._go()

    def contact(self, closed):
        """The relay's contact opens or closes: the phase stands still meanwhile."""
        self._stop()
        self._contact = closed
        self._go()

    def power(self, mains):
        """Mains off or on: the phase starts at zero."""
        self._stop()
        self._mains = mains
        self._zero_ms = self._phase = 0
        self._go()

    def _flows(self):
        return self._contact and self._mains and self.watts > 0

    def _stop(self):
        if self._flows():
            self.count()
            self._zero_ms = self._world.t_ms - self._zero_ms
            self.next_ms = FAR_MS

    def _go(self):
        if self._flows():
            self._zero_ms = self._world.t_ms - self._zero_ms
            self.next_ms = self._at(self._phase + 1)

    def _at(self, k):
        """-> the instant of the k-th pulse of this phase."""
        late_ms = (k * self._rest + self._pulses - 1) // self._pulses
        return self._zero_ms + k * self._each_ms + late_ms

    def due_ms(self, pulses):
        """-> when `pulses` more than the firmware knows about will have come."""
        if self.next_ms == FAR_MS:
            unread = self.added and self.total - self.read >= pulses
            return self._world.t_ms if unread else FAR_MS
        return self._at(self._phase + pulses - self.total + self.read)

    def count(self):
        """-> pulses since the world began, up to and including now."""
        now = self._world.t_ms
        if now < self.next_ms:
            return self.total
        # At least so many: had each of them taken its time rounded up. Then one by one.
        k = (now - self._zero_ms) // (self._each_ms + (1 if self._rest else 0))
        if k < self._phase:
            k = self._phase
        while self._at(k + 1) <= now:
            k += 1
        self.total += k - self._phase
        if self.missing:
            self._miss(k - self._phase)
        whole = k // self._pulses
        self._zero_ms += whole * self._cycle_ms
        self._phase = k - whole * self._pulses
        self.next_ms = self._at(self._phase + 1)
        return self.total

    def _miss(self, came):
        """Of the pulses that came some do not reach the input."""
        lost = min(self.missing, came)
        self.missing -= lost
        self.missed += lost
        self.total -= lost

    def read_count(self):
        """-> the same, as the firmware's counter sees it."""
        self.read = self.count()
        return self.read

    def add(self, pulses):
        """So many more come now than the energy meter sent."""
        self.count()
        self.total += pulses
        self.added += pulses
        self.deliver()

    def deliver(self):
        """Calls the interrupt handler for the pulses that came and found room in its queue."""
        if self.on_pulse is not None:
            came = self.count()
            while self.read < came:
                self.read += 1
                if self.room == 0:
                    self.lost += 1
                    continue
                self.room -= 1 if self.room > 0 else 0
                self.on_pulse()
