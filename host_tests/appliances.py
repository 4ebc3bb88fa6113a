"""A house whose appliances make pulses, each told to Power at its ms, or in polls.

Takes W and ms; gives the steps found. Not the simulated silicon: no world, no meter around it.
"""

from shilling.config import Config
from shilling.energy import Energy, Power


class House:
    """Appliances on a pulse meter, and the Power that is told of each pulse at its ms."""

    def __init__(self, imp_per_kwh=1000, poll_ms=0, **settings):
        config = Config()
        config.set("imp_per_kwh", imp_per_kwh)
        for name in settings:
            config.set(name, settings[name])
        self.pulse_wms = 3600000000 // imp_per_kwh  # W x ms of one pulse
        self.power = Power(Energy(config))
        self.poll_ms = poll_ms  # told so often; 0: at each pulse
        self.watts = 0
        self.part = 0  # W x ms of the pulse to come
        self.told = []  # each step found

    def run(self, ms, watts):
        """So many watts for a time."""
        power = self.power
        if watts != self.watts:  # whoever moves the load polls first
            power.take(0, 0, False)
            self.watts = watts
        left_ms = ms
        while left_ms:
            step_ms = self.poll_ms or left_ms
            if watts and not self.poll_ms:
                step_ms = -(-(self.pulse_wms - self.part) // watts)
            step_ms = min(step_ms, left_ms)
            left_ms -= step_ms
            self.part += step_ms * watts
            pulses = self.part // self.pulse_wms
            self.part %= self.pulse_wms
            steps = power.steps
            power.take(pulses, step_ms, pulses > 0 and (not self.poll_ms or self.poll_ms <= 20))
            if power.steps != steps:
                self.told.append(power.step_w)

    def steps(self, *tenths):
        """The steps found, in 10 W, must be these, and the power told them all."""
        seen = [(watts + 5) // 10 for watts in self.told]
        return self.power.steps == len(tenths) and seen == list(tenths)
