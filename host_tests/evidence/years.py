"""Check: meter-years of a household with power cuts, also in the middle of a write, at core speed.

A unit is some weeks of one meter of one profile at some cuts a day. Counts meter_days, power_cuts,
steps compared with the model, and for the speed the simulated s and CPU ms of units at one cut a day.
Source: RELIABILITY (the simulator).
"""

import random
import time
from datetime import datetime

from evidence.findings import Findings
from evidence.house import FULL_W, stretches
from evidence.life import Life
from evidence.people import People
from model import DAY, UTC
from referee import EPOCH
from referee_duel import MANY
from referee_profiles import prices

NAME = "years"
DAY_MS = 86400000
# visits a day; watts: so many times the usual load. Each is about a second of work.
DAILY = {"days": 40, "cuts_a_day": 1, "visits": 6, "watts": 1}
HOURLY = {"days": 20, "cuts_a_day": 24, "visits": 24, "watts": 1}
EACH_MINUTE = {"days": 1, "cuts_a_day": 1440, "visits": 300, "watts": 12}
YEAR = dict(DAILY, days=365, series=1)
PART_OF_IT = 150  # days, when there is little time
QUICK = ((10, DAILY), (9, HOURLY), (9, EACH_MINUTE))
PROFILES = ("smart_payg", "key_meter", "gas_weekly", "remote_tiered")
STARTS = ((2026, 11, 22), (2027, 1, 3), (2027, 3, 14), (2028, 5, 1), (2029, 8, 20), (2030, 10, 13))


def units(effort, seed):
    """One year whole (quick: some months), for the picture, and many weeks."""
    found = [dict(YEAR, seed=f"{seed} year")]
    if effort == "quick":
        found[0]["days"] = PART_OF_IT
    times = 1 if effort == "quick" else 12
    return found + [dict(kind, seed=f"{seed} {kind['cuts_a_day']} {number}", profile=of(number))
                    for count, kind in QUICK for number in range(count * times)]  # fmt: skip


def more(seed):
    """Without end: most of the time at one cut a day, most of the cuts at one a minute."""
    number = 0
    while True:
        for kind in (*(DAILY,) * 12, HOURLY, EACH_MINUTE, EACH_MINUTE):
            yield dict(kind, seed=f"{seed} more {number}", profile=of(number))
            number += 1


def of(number):
    """Which profile a unit is for."""
    return PROFILES[number % len(PROFILES)]


def settings(chance, profile=PROFILES[0]):
    """A meter as provision() takes it."""
    pick = chance.choice
    day = datetime(*pick(STARTS), tzinfo=UTC) + chance.randrange(40) * DAY
    given = {
        "day": (day - EPOCH).days, "second": chance.randrange(86400), "region": chance.randrange(3),
        "rate_mp": pick((24500, 24500, 31999, 18761)), "standing_mp": pick((53210, 53210, 60999)),
        "share": pick((30, 30, 10, 100)), "imp_per_kwh": pick((1000, 1000, 1000, 800, 3200)),
        "balance_mp": chance.randrange(-100000, 2000000),
        "payment_mp": pick((0, 5000000, chance.randrange(20000000))),
        "weekly_cap_mp": pick((0, 500000, 100001)), "accumulated_mp": pick((0, 0, 61234)),
        "ec_threshold_mp": pick((500000, 500000, 200000)),
        "max_balance_mp": pick((100000000, 100000000, 6000000)), "profile": profile,
    }  # fmt: skip
    if profile != PROFILES[0]:
        del given["share"]
    if profile in ("key_meter", "gas_weekly"):
        given["time_1_mp"] = chance.randrange(40000000)
        given["weekly_mp"], given["parts"] = pick((700000, 1000000, 250001)), pick((7, 7, 7, 100))
    if profile != PROFILES[0] and pick((True, False)):
        del given["rate_mp"]
        given.update(prices(chance, given["day"]))
    return given


class Year:
    """What comes when: `left_ms` counts down to the load's next change, a visit, a power cut."""

    def __init__(self, unit):
        self.chance = random.Random(unit["seed"])
        self.cut_every_ms = DAY_MS // unit["cuts_a_day"]
        self.visit_every_ms, self.times = DAY_MS // unit["visits"], unit["watts"]
        given = settings(self.chance, unit.get("profile", PROFILES[0]))
        self.life = Life(given)
        self.people = People(self.life, self.chance)
        self.stretches = stretches(self.chance, given["second"] // 3600)
        self.left_ms = {"load": 0, "visit": 60000, "cut": self.soon(self.cut_every_ms)}
        self.passed_ms, self.balances = 0, []

    def soon(self, mean_ms):
        return int(self.chance.uniform(0, 2) * mean_ms) + 1

    def run(self, days):
        """Live for so many days; the dark after a torn write is not counted among them."""
        start = self.life.model.now
        while self.passed_ms < days * DAY_MS:
            wait_ms = min(self.left_ms.values())
            passed_ms = self.life.live(wait_ms)
            self.passed_ms += passed_ms
            for name in self.left_ms:
                self.left_ms[name] -= passed_ms
                if self.left_ms[name] <= 0:
                    getattr(self, name)()
            if (self.passed_ms - passed_ms) // DAY_MS != self.passed_ms // DAY_MS:
                self.balances.append([(self.life.model.now - start).days, self.life.model.balance])
        self.life.rebuild()

    def load(self):
        watts, ms = next(self.stretches)
        self.life.pulses.load(min(watts * self.times, FULL_W))
        self.left_ms["load"] = ms

    def visit(self):
        self.people.act()
        self.left_ms["visit"] = self.soon(self.visit_every_ms)

    def cut(self):
        """Half of them in the middle of one of the next writes, whatever writes it."""
        chance, life = self.chance, self.life
        self.left_ms["cut"] = self.soon(self.cut_every_ms)
        longest_ms = min(self.cut_every_ms, chance.choice((2000, 60000, 3600000, 2 * DAY_MS)))
        off_ms = chance.randrange(1, longest_ms)
        if chance.random() < 0.5 and not life.core.flash.is_cut_planned:
            life.plan(chance, off_ms)
            return
        loses_time = chance.random() < 0.05 and life.model.operations < MANY
        self.passed_ms += off_ms
        life.plan_twice(chance)
        life.cut(off_ms, not loses_time)


def run(unit):
    """Live through one unit; a failure tells the same unit, ended on the day of the failure."""
    began_s, found = time.process_time(), Findings("meter_years_errors")
    year = None
    narrowed = dict(unit)
    with found.watch(f"seed {unit['seed']!r}", narrowed):
        year = Year(unit)
        year.run(unit["days"])
    result = found.result()
    if year:
        narrowed["days"] = min(year.passed_ms // DAY_MS + 1, unit["days"])
        count(found, year)
        if unit["cuts_a_day"] == 1:
            found.add("simulated_s", year.passed_ms // 1000)
            found.add("cpu_ms", int((time.process_time() - began_s) * 1000))
        if "series" in unit:
            result["series"] = {"balance_year": year.balances}
    return result


def count(found, year):
    life = year.life
    found.add("meter_days", year.passed_ms // DAY_MS)
    found.add("power_cuts", life.cuts)
    found.add("torn_cuts", life.torn)
    found.add("steps_compared", life.steps)
    found.add("codes_credited", year.people.seen.get("done", 0))


def figures(counts):
    speed = counts.get("simulated_s", 0) * 1000 // max(counts.get("cpu_ms", 0), 1)
    return [
        {"name": "meter_years", "goal": 800, "reached": round(counts.get("meter_days", 0) / 365, 2),
         "unit": "years of one meter"},
        {"name": "power_cuts", "goal": 1000000, "reached": counts.get("power_cuts", 0),
         "unit": "cuts in these years"},
        {"name": "speed", "goal": 500000, "reached": speed, "unit": "x real time on one core"},
        {"name": "meter_years_errors", "goal": 0, "reached": counts.get("meter_years_errors", 0),
         "unit": "steps that differ from the model"},
    ]  # fmt: skip
