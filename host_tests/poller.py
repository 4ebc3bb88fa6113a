"""The smallest firmware there can be, for tests of the simulated world: it polls and takes notes."""

import machine


class Firmware:
    """Calling it is switching it on: it polls for ever and notes what it saw at which instant."""

    def __init__(self, w, wait_ms=60000, pulses=1000000, feeds=False):
        self.w = w
        self.wait_ms, self.pulses, self.feeds = wait_ms, pulses, feeds
        self.polls = []  # (instant, pulses since the start, key A is down)
        self.boots = []  # instant and reset cause of each start

    def __call__(self):
        self.boots.append((self.w.t_ms, machine.reset_cause()))
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        key = machine.Pin(32, machine.Pin.IN, machine.Pin.PULL_UP)
        watchdog = machine.WDT(timeout=10000) if self.feeds else None
        while True:
            self.polls.append((self.w.t_ms, counter.value(), 1 - key.value()))
            if watchdog:
                watchdog.feed()
            self.w.idle(self.wait_ms, self.pulses)


def instants(polls):
    """-> just when."""
    return [poll[0] for poll in polls]
