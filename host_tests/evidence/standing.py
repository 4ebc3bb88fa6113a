"""What a meter stands at: everything that a start must find again, by name, and how two compare.

Takes the parts of a Meter; gives dicts of ints and bytes (mp, Wh, s). Left out is what only tells
people (used today).
"""

from shilling.layout import STATE
from shilling.table import Table
from small_core import ACCOUNT, TOTALS

MP_PER_POUND = 100_000
PENNY_MP = 1000
MINUTE_S = 60
CHARGED, ENERGY, SPENDABLE = "charged_mp", "energy_parts", ("balance_mp", "emergency_mp")
# What pulses change: up to a penny of it may not be on flash yet
OF_USE = {
    "balance_mp", "emergency_mp", "due_mp", CHARGED, ENERGY, "tariff.part", "registers", "unbooked_wh",
}  # fmt: skip
SUPPLY = ("state", "closed", "operations", "operations_day")
TELLING = ("usage", "today", "week", "month")  # parts that are not money
ELSEWHERE = ("account", "energy", "supply", "window", "lockout", "debt", "dues") + TOTALS


def standing(parts):
    """-> name -> value."""
    account, energy, clock = parts["account"], parts["energy"], parts["clock"]
    config, window = parts["config"], parts["window"]
    found = {name: getattr(account, name) for name in ACCOUNT}
    for name in TOTALS:
        total = getattr(account, name)
        found[name + "_mp"] = total.pounds * MP_PER_POUND + total.rest_mp
    for name in SUPPLY:
        found["supply_" + name] = getattr(parts["supply"], name)
    found[ENERGY] = energy.total_wh() * energy.loss() + energy.part
    found["highest"], found["used"] = window.highest, bytes(window.bits)
    orders = parts["orders"]
    found["orders"] = bytes(orders.bits), bytes(orders.refused)
    found["order_results"] = bytes(orders.results)
    found["failures"], found["left_s"] = parts["lockout"].failures, parts["lockout"].left_s
    found["cap_week"], found["cap_used_mp"] = parts["debt"].cap_week, parts["debt"].cap_used_mp
    found["weekly_due_mp"] = parts["debt"].weekly_due_mp
    # With nothing to charge at a midnight, the day of the last one is of no consequence
    found["charged_until"] = parts["dues"].day if config.standing_mp else None
    for part, name, _ in STATE:
        if part not in TELLING + ELSEWHERE and name != "at":  # the register: a start finds it anew
            found[f"{part}.{name}"] = getattr(parts[part], name)
    registers, tariff = parts["registers"], parts["tariff"]
    found["registers"] = (tuple(registers.all_kwh), tuple(registers.all_wh))
    found["tariffs"] = (tariff.table.packed, tariff.coming)
    found["unbooked_wh"] = energy.whole_wh()  # of a pulse that a record fell into: a start goes on
    found["pulse_wh"] = energy.pulse_wh()
    found["ids"] = (config.meter_id, config.originator_id, config.secret)
    found["special_days"] = config.special_days
    found["mark"] = (clock.mark_day, clock.mark_s)
    return found


def money_in_mp(found):
    """All that was ever credited; the register is where it came from, and goes down."""
    return -found["money_in_mp"]


def cost_mp(found):
    """Of all that was ever used, taken from a register or still due (D3)."""
    return found[CHARGED] + found["due_mp"]


def most_in_a_record_mp(found):
    """Use that one record may hold: a penny, a pulse, and what flows while the relay moves."""
    return 2 * PENNY_MP + pulse_mp(found)


def pulse_mp(found):
    """What a pulse may cost at the most, in whichever rate and block."""
    return -(-max(Table(found["tariffs"][0]).prices) * found["pulse_wh"] // 1000)


def differences(found, expected):
    """Text of what differs, '' for nothing."""
    if found == expected:
        return ""
    return ", ".join(
        f"{name} {found[name]!r} not {expected[name]!r}" for name in expected
        if found[name] != expected[name]
    )  # fmt: skip


def behind(kept, alive):
    """Text of what is wrong when `kept` is on flash and `alive` is what the meter has come to: use
    alone may be behind, by a penny (or a pulse of more), in the consumer's favour; and the end of a
    wait, which may be a minute further off. '' for nothing."""
    wrong = [
        f"{name} {kept[name]!r} on flash, {alive[name]!r} in the meter"
        for name in alive
        if kept[name] != alive[name] and name not in OF_USE and name != "left_s"
    ]
    if not 0 <= kept["left_s"] - alive["left_s"] <= MINUTE_S:
        wrong.append(f"{kept['left_s']} s to wait on flash, {alive['left_s']} s in the meter")
    lost_mp = sum(kept[name] - alive[name] for name in SPENDABLE)
    if not 0 <= lost_mp <= max(PENNY_MP, pulse_mp(alive)):
        wrong.append(f"{lost_mp} mp of use are not on flash")
    if kept[ENERGY] > alive[ENERGY]:
        wrong.append("more energy on flash than was used")
    if kept[ENERGY] == alive[ENERGY] and lost_mp and not kept["unbooked_wh"]:
        wrong.append("money without energy")
    return ", ".join(wrong)
