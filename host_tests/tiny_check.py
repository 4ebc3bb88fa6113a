"""A check of the evidence small enough to try the command with; what it finds depends on the seed.

Seed 1: 1 + 2 + .. + 8 counted in eight units, no fault. The other seeds are in SEEDS.
"""

import os
import time

NAME = "tiny_check"
UNITS = {"quick": 4, "long": 8}
SEEDS = {2: "fail", 3: "die", 4: "raise", 5: "sleep", 6: "miscount"}
SLEEP_S = 0.3


def units(effort, seed):
    return [
        {"n": n, "do": SEEDS.get(seed, "count") if n % 4 == 2 or seed == 5 else "count"}
        for n in range(1, UNITS[effort] + 1)
    ]


def more(seed):
    n = 100
    while True:
        n += 1
        yield {"n": n, "do": "sleep"}


def run(unit):
    do = unit["do"]
    if do == "die":
        os._exit(9)
    if do == "raise":
        raise ValueError("planted")
    if do == "sleep":
        time.sleep(SLEEP_S)
    failures = []
    if do == "fail":
        failures.append({"text": f"planted in unit {unit['n']}", "unit": unit})
    return {
        "counts": {
            "sum": unit["n"], "most_n": unit["n"], "tiny_errors": int(do in ("fail", "miscount")),
        },
        "failures": failures,
        "series": {
            "cuts_by_scenario": {f"scenario {unit['n'] % 3}": unit["n"]},
            "wear_by_sector": {"10 kWh a day": [unit["n"]] * 4, "23 kW": [40, 40, 41, 40]},
            "balance_year": [[day, unit["n"] * 1000 * (day % 30 - 3)] for day in range(365)],
        },
    }  # fmt: skip


def figures(counts):
    return [
        {"name": "tiny", "goal": 36, "reached": counts["sum"], "unit": "units added up"},
        {"name": "tiny_most", "goal": "<= 8", "reached": counts["most_n"], "unit": "highest unit"},
        {"name": "tiny_errors", "goal": 0, "reached": counts["tiny_errors"], "unit": "planted"},
    ]
