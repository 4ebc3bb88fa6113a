"""Orders over a hostile network, with power cuts of meters and kills of the head-end: each counts once.

A unit is a world of two meters: half of all packets are lost, half come twice, some days later; a broker
sends old ones again and invents others; codes are typed that the air brings too. At the end every order's
state is right and no mp is wrong. Takes and gives what every check of the evidence does. Source: DOMAIN 9;
RELIABILITY, the figures.
"""

from itertools import count
from random import Random

from evidence.findings import Findings
from network_world import World

NAME = "network"
GOAL = 10_000
ORDERS = 250  # of a unit, some of which a killed till never makes
QUICK_UNITS, LONG_UNITS = 1, 42
QUICK_ORDERS = 60


def units(effort, seed):
    random = Random(seed)
    number, orders = (QUICK_UNITS, QUICK_ORDERS) if effort == "quick" else (LONG_UNITS, ORDERS)
    return [{"seed": random.getrandbits(30), "orders": orders} for _ in range(number)]


def more(seed):
    random = Random(-1 - seed)
    for _ in count():
        yield {"seed": random.getrandbits(30), "orders": ORDERS}


def run(unit):
    findings = Findings("network_errors")
    with findings.watch(f"{unit['orders']} orders", unit), World(unit["seed"], unit["orders"]) as world:
        world.live()
        world.settle()
        world.judge()
        findings.add("network_orders", len(world.office.ask("orders")))
        findings.add("network_typed", world.typed)
        findings.add("network_cuts", sum(meter.cuts for meter in world.meters))
        findings.add("network_kills", world.office.kills)
        findings.add("network_lost", world.net.lost)
        findings.add("network_lies", world.net.lies)
    return findings.result()


def figures(counts):
    rows = (
        ("network_orders", GOAL, "orders over the air, half of all packets lost, half twice"),
        ("network_errors", 0, "worlds with an order twice, lost or in a wrong state, or a mp wrong"),
        ("network_cuts", "any", "power cuts of meters meanwhile"),
        ("network_kills", "any", "kills of the head-end in a commit"),
        ("network_typed", "any", "codes typed that the air brings too"),
        ("network_lies", "any", "packets replayed, changed or invented by the broker"),
    )
    return [{"name": name, "goal": goal, "reached": counts.get(name, 0), "unit": unit}
            for name, goal, unit in rows]  # fmt: skip
