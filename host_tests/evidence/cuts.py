"""Power cut inside every flash write of whole scenarios, in five torn patterns, on the whole stack.

A unit is a scenario and some of its writes. Each cut: the torn flash, a new world at that instant, the
firmware's own start, the figures of before or after the record and never others, a code entered, one
more start. A cut is distinct by scenario, fill of its sector, write, pattern and what it tears: the same
bytes left by another seed are not counted again. Source: RELIABILITY 1-7.
"""

import random
from functools import lru_cache

from evidence import cut_kinds
from evidence.film import Film
from evidence.findings import Findings
from evidence.frames import frames
from referee_play import Scenario
from tools.interpreters import ROOT
from tools.scenario import compile_file

NAME = "cuts"
SCENARIOS = ROOT / "host_tests/scenarios"
GOAL = 1_000_000
# scenario, in how many units, which of them the quick form takes, records in the sector at the start
CHOSEN = (
    ("t1_used_code", 1, 1, 36), ("t1_counters_in_any_order", 1, 1, 34), ("t3_order_of_a_top_up", 1, 1, 38),
    ("t5_worked_weekly_cap", 2, 2, 0), ("t3_small_top_ups_stop_on_the_way", 1, 1, 37),
    ("m1_money_is_exact", 1, 1, 20), ("m1_power_cut_keeps_to_a_penny", 1, 1, 110),
    ("d1_charge_draws_in_order", 1, 1, 30), ("e2_accepted_by_the_consumer_only", 1, 1, 38),
    ("e4_repaid_by_the_next_top_ups", 1, 1, 36), ("e3_states_of_emergency_credit", 10, 4, 5),
    ("d2_standing_charge_at_midnight_utc", 1, 1, 25), ("d2_outage_charges_each_midnight_once", 1, 1, 33),
    ("d2_open_by_command_accumulates", 1, 1, 118), ("l14_five_wrong_codes_lock", 1, 1, 32),
    ("l14_each_further_one_doubles", 1, 1, 39), ("l14_power_cut_resets_nothing", 1, 1, 31),
    ("s4_credit_arms_the_consumer_enables", 1, 1, 36), ("s4_armed_falls_back", 7, 2, 80),
    ("s7_power_cut_changes_nothing", 1, 1, 37), ("s7_remote_off_outlasts_a_power_cut", 1, 1, 38),
    ("s9_one_operation_a_minute", 1, 1, 35), ("s9_twenty_operations_a_day", 1, 1, 7),
    ("s5_friday_to_monday", 1, 1, 79), ("c10_lost_clock_charges_no_days_until_set", 1, 1, 3),
    ("c10_set_forward_skips_nothing", 1, 1, 12), ("c10_autumn_ten_is_ten", 1, 1, 90),
    ("b11_easter", 1, 1, 61), ("a15_alerts_come_again", 2, 2, 40), ("s13_usage_today", 1, 1, 15),
    ("p12_smart_payg", 1, 1, 30), ("d3_remainder_survives_a_power_cut", 1, 1, 36),
    ("r9_all_commands", 1, 1, 36), ("r9_each_order_counts_once", 1, 1, 38), ("r9_refused", 1, 1, 38),
    ("r9_not_after", 1, 1, 39), ("r9_used_up_and_too_old", 1, 1, 33), ("r9_wrong_packets", 1, 1, 38),
    ("r9_code_first_then_the_air", 1, 1, 38), ("r9_older_command", 1, 1, 37), ("t8_set_tariff", 1, 1, 11),
    ("w8_one_off_payment", 1, 1, 37), ("t3_share_is_rounded_down", 1, 1, 38),
)  # fmt: skip
CORE = (  # of these every pair: a code, a midnight, the relay, orders over the link
    ("t1_used_code", 1, 34), ("d2_standing_charge_at_midnight_utc", 4, 25),
    ("s9_one_operation_a_minute", 1, 33), ("r9_refused", 1, 37),
)  # fmt: skip
TO_THE_END = ("t1_used_code", "e4_repaid_by_the_next_top_ups", "d2_standing_charge_at_midnight_utc",
              "s9_one_operation_a_minute", "m1_money_is_exact", "t5_worked_ten_pounds",
              "r9_all_commands", "r9_not_after")  # fmt: skip
LONG_TO_THE_END = ("t8_set_tariff", "r9_refused", "r9_used_up_and_too_old", "w8_one_off_payment",
                   "r9_code_first_then_the_air", "r9_wrong_packets")  # fmt: skip
MORE_TEARS = 4  # seeds for each pattern that has a seed
OTHER_FILL = 30  # of scenarios that are not chosen
LARGE = {"e3_states": 12, "t1_over_maximum_b": 12, "m1_past": 10, "s4_armed": 8, "demo_weekend": 6,
         "a15_alerts_come": 3, "b11_": 2, "t5_worked_weekly": 2, "m1_power_cut": 2}  # units
RING_RECORDS = 120  # of three sectors: a fill above it is one below it


def parts_of(name):
    """In how many units a scenario goes, so that each takes some seconds."""
    return next((parts for start, parts in LARGE.items() if name.startswith(start)), 1)


def units(effort, seed):
    """quick: every pattern at the writes of CHOSEN, all pairs of CORE; long: at all writes of all
    scenario files."""
    found = []
    for name, parts, quick, fill in CHOSEN:
        for part in range(parts):
            if effort != "quick" or part * quick // parts != (part - 1) * quick // parts or not part:
                found.append({"kind": "cut", "scenario": name, "fill": fill, "part": part,
                              "parts": parts, "seed": seed})  # fmt: skip
    for name, parts, fill in CORE:
        for part in range(parts):
            found.append({"kind": "pair", "scenario": name, "fill": fill, "part": part,
                          "parts": parts, "seed": seed})  # fmt: skip
    for name in TO_THE_END + (LONG_TO_THE_END if effort != "quick" else ()):
        fill = 36 if effort == "quick" else 20
        for kind in ("weak", "no-op", "end"):
            found.append({"kind": kind, "scenario": name, "fill": fill, "part": 0, "parts": 1,
                          "seed": seed})  # fmt: skip
    if effort != "quick":
        chosen = {name for name, *_ in CHOSEN}
        for name in files():
            if name not in chosen:
                parts = parts_of(name)
                found += [{"kind": "cut", "scenario": name, "fill": OTHER_FILL, "part": part,
                           "parts": parts, "seed": seed} for part in range(parts)]  # fmt: skip
    return found


def files():
    """Names of all scenarios but those that cut a write themselves."""
    return sorted(file.stem for file in SCENARIOS.glob("*.yaml")
                  if "at_write" not in file.read_text(encoding="utf-8"))  # fmt: skip


def more(seed):
    """Further tears at every write of every scenario, at other places of the ring, and random
    scenarios; no unit comes twice."""
    chance = random.Random(seed)
    fixed = {name: fill for name, _, _, fill in CHOSEN}
    fills = list(range(RING_RECORDS))
    chance.shuffle(fills)
    number = 0
    for round_number in range(1 << 20):
        fill = fills[round_number % RING_RECORDS]
        for name in files():
            if name == "demo_weekend":
                continue
            parts = 0 if fill == fixed.get(name, OTHER_FILL) else parts_of(name)
            for part in range(parts):
                yield {"kind": "cut", "scenario": name, "fill": fill, "part": part, "parts": parts,
                       "seed": seed + 1000 + round_number, "tears": MORE_TEARS}  # fmt: skip
                number += 1
                if number % 4 == 0:
                    yield {"kind": "cut", "scenario": f"random {seed * 1000003 + number}",
                           "fill": fill, "part": 0, "parts": 1, "seed": seed, "tears": 2}  # fmt: skip


@lru_cache(maxsize=8)
def scenario_of(name):
    """A file's name, with folder and ending or without, or 'random' and a seed."""
    if name.startswith("random "):
        return Scenario(int(name.split()[1])).compiled()
    return compile_file(name if name.endswith(".yaml") else SCENARIOS / f"{name}.yaml")


def run(unit):
    """A narrowed unit has `only`: [write, pattern, seed, ...]."""
    return sweep(unit, lambda done, writes: None)


def sweep(unit, tell):
    """run(), telling before each write how many of them are done: tell(done, writes)."""
    findings = Findings("cut_pairs_errors" if unit["kind"] == "pair" else "cuts_errors")
    with findings.watch(f"{unit['scenario']}", unit):
        film = Film(scenario_of(unit["scenario"]), unit["fill"])
        writes = len(film.moments)
        first = writes * unit["part"] // unit["parts"]
        end = writes * (unit["part"] + 1) // unit["parts"]
        if "only" in unit:
            first, end = unit["only"][0], unit["only"][0] + 1
        check = cut_kinds.KINDS[unit["kind"]]
        for frame in frames(film, first, end):
            tell(frame.write - first, end - first)
            check(findings, unit, film, frame)
        for text in film.wrong:
            findings.fail(f"{unit['scenario']}: {text}", unit)
    result = findings.result()
    result["series"] = {"cuts_by_scenario": {unit["scenario"]: findings.counts.get("cuts", 0)}}
    return result


def figures(counts):
    rows = (
        ("cuts", GOAL, "cuts, distinct, in writes of whole scenarios"),
        ("cuts_errors", 0, "meters that started again otherwise"),
        ("cut_pairs", counts.get("pairs_there", 0), "pairs of cuts, all that four scenarios have"),
        ("cut_pairs_errors", 0, "meters that started again otherwise"),
        ("cuts_weak", "with weak bits", "cuts whose torn bits read differently each time"),
        ("cuts_no_op", "every write of some", "writes that did nothing, lived on with one ring"),
        ("cuts_to_the_end", "every write of some", "cuts played on to the scenario's end"),
    )
    return [{"name": name, "goal": goal, "reached": counts.get(name, 0), "unit": unit}
            for name, goal, unit in rows]  # fmt: skip
