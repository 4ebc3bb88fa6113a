"""A scenario whose power goes at one write, played to its end by a person who repeats what was cut.

Takes a Film (the play without the cut), a write and a tear; asserts that in the end everything is as in
the film: money in, debts, days charged, codes used, supply. What the load costs may be behind by a penny
and what the outage saved, and ahead by the pulse that the outage moved over a change of price. Nothing is
looked for on the way. Source: RELIABILITY 6, 7.
"""

from itertools import pairwise

import boot
from evidence.film import fill_up, world_of
from evidence.standing import CHARGED, OF_USE, PENNY_MP, pulse_mp, standing
from player import Player, Stuck, settings_of
from shilling.provision import provision
from tools.interpreters import ROOT
from world import PowerCut

OFF_MS = 1000
STARTED_MS = 3000  # by then the display shows its resting screen again
# The clock's mark and an attempt that was cut are later or one more, as they should be; the balance of
# a result may have been another one then
LATER = {
    "order_results", "mark", "left_s", "failures", "cap_week", "supply_operations",
    "supply_operations_day",
}  # fmt: skip


class Person(Player):
    """Repeats a code that was cut, and the packet of an order that nobody answered; the broker brings a
    late one again."""

    is_cut = is_late = False

    def _act(self, step):
        self.is_cut = False
        self.is_late = step["do"] != "remote"
        try:
            yield from super()._act(step)
        except Stuck:
            if not self.is_cut:
                raise
        if self.is_cut and step["do"] in ("enter", "remote"):
            yield STARTED_MS
            yield from super()._act(step)

    def _bring(self, packet):
        try:
            return super()._bring(packet)
        except PowerCut:
            if self.is_late:
                self._put(self.world.t_ms + STARTED_MS, packet)
            raise

    def cut(self):
        self.is_cut = True


def play_on(film, fill, write, pattern, seed):
    scenario = dict(film.scenario)
    scenario["steps"] = [step for step in scenario["steps"] if step["do"] != "expect"]
    settings = settings_of(scenario)
    data = bytearray(b"\xff" * film.flash.size)
    silicon = world_of(scenario, settings["day"], settings["second"], data)
    provision(silicon.flash, settings)
    fill_up(silicon.flash, fill)
    person = Person(silicon, boot.starter(silicon, str(ROOT)), scenario, lambda told: None)
    silicon.cut_at_write(write + 1, pattern, seed, OFF_MS, person.cut)
    person.run()
    assert not silicon.flash.is_cut_planned, "the cut never came"
    compare(standing(person.meter().meter.parts), film.end, rises_mp(film))


def rises_mp(film):
    """What each pulse that comes after a rise of the price, instead of before it, costs more at the most:
    the load draws nothing while the power is off, so that all its pulses come a little later."""
    prices = [pulse_mp(record.alive) for record in film.records]
    return sum(max(0, later - earlier) for earlier, later in pairwise(prices))


def compare(end, film_end, dearer_mp):
    wrong = [f"{name} {end[name]!r} not {film_end[name]!r}" for name in end
             if end[name] != film_end[name] and name not in OF_USE | LATER]  # fmt: skip
    saved_mp = film_end[CHARGED] - end[CHARGED]
    if not -dearer_mp <= saved_mp <= 2 * PENNY_MP:
        wrong.append(f"{saved_mp} mp of use less")
    assert not wrong, "at the end: " + ", ".join(wrong)
