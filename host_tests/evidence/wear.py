"""Check: how worn the flash is after 20 years, from its erase counters after three whole wraps.

A unit is one load on a full store of 512 KB, at 24.50 p/kWh, pulses and all, beside the model. The
first wrap, over flash that is new, is not counted. Source: RELIABILITY 4 and figures.
"""

from chip_nor import Nor
from evidence.findings import Findings
from evidence.house import FULL_W, HOUR_MS, USUAL_W
from evidence.life import Life
from referee import MS, Disagreement

NAME = "wear"
STORE_BYTES = 512 * 1024
WRAPS = 3
CYCLES = 100000
YEARS_S = 20 * 31557600
LOADS = {"10 kWh a day": "10_kwh", "23 kW": "23_kw"}
SETTINGS = {"day": 9822, "second": 0, "balance_mp": 90000000, "standing_mp": 53210}
MOST_UNEVEN = 2
DAY_WH = 10000


class Watched(Nor):
    """Flash that is only ever programmed where it is erased."""

    def program(self, addr, buf):
        there = self.data[addr : addr + len(buf)]
        if there != b"\xff" * len(there):
            raise Disagreement(f"programmed over what is there, at {addr}")
        super().program(addr, buf)


def units(effort, seed):
    return [{"load": load} for load in LOADS]


def watts_of(load, hour):
    """A household's day, so that it is 10 kWh exactly enough; or all there is."""
    return FULL_W if load == "23 kW" else USUAL_W[hour % 24] * DAY_WH // sum(USUAL_W)


class Wear:
    """`erases`: of each sector, after the first wrap."""

    def __init__(self, load):
        self.load, self.hour = load, 0
        self.life = Life(SETTINGS, Watched(bytearray(b"\xff" * STORE_BYTES)))
        self.wrap()
        self.new = list(self.life.core.flash.sector_erases)
        self.began = self.life.model.now

    def wrap(self):
        """Once round the rings."""
        ledger = self.life.core.ledger
        start, was_away = ledger.sector, False
        while not (was_away and ledger.sector == start):
            self.life.pulses.load(watts_of(self.load, self.hour))
            part_ms = HOUR_MS if self.load != "23 kW" else HOUR_MS // 20
            self.life.live(part_ms)
            self.hour += part_ms == HOUR_MS
            was_away = was_away or ledger.sector != start
            if self.life.model.contact is False:
                raise Disagreement("the supply went off")

    def erases(self):
        return [now - new for now, new in zip(self.life.core.flash.sector_erases, self.new)]

    def seconds(self):
        return (self.life.model.now - self.began) // (1000 * MS)


def run(unit):
    """The erases of the worst sector and the time they took."""
    found, load = Findings("wear_errors"), unit["load"]
    result = found.result()
    with found.watch(load, unit):
        wear = Wear(load)
        for _ in range(WRAPS):
            wear.wrap()
        erases, seconds = wear.erases(), wear.seconds()
        if max(erases) - min(erases) > MOST_UNEVEN:
            raise Disagreement(f"sectors are worn unevenly: {min(erases)} to {max(erases)} erases")
        found.add(f"most_erases_{LOADS[load]}", max(erases))
        found.add(f"seconds_{LOADS[load]}", seconds)
        result["series"] = {"wear_by_sector": {load: [scaled(each, seconds) for each in erases]}}
    return result


def scaled(erases, seconds):
    """Percent of a sector's life in 20 years."""
    return round(erases * YEARS_S / max(seconds, 1) * 100 / CYCLES, 3)


def figures(counts):
    found = []
    for name, goal in (("10_kwh", 2), ("23_kw", 40)):
        reached = scaled(counts.get(f"most_erases_{name}", 0), counts.get(f"seconds_{name}", 0))
        found.append({"name": f"wear_{name}", "goal": goal, "reached": reached,
                      "unit": "% of 100 000 cycles in 20 years, worst sector"})  # fmt: skip
    return [*found, {"name": "wear_errors", "goal": 0, "reached": counts.get("wear_errors", 0),
                     "unit": "writes and erases otherwise than the rule"}]  # fmt: skip
