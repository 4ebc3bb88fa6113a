"""A `tariff` block: rates, blocks and switches, as the packed bytes the meter keeps, in hex.

Takes the located mapping; gives (hex text, names of the rates in order). Prices in mp per kWh, block
edges in kWh of a UTC month. Source: SCENARIO.md, DOMAIN 8; bytes: firmware/SPEC.md.
"""

import re

from tools.scenario.nodes import Fault
from tools.scenario.switches import no_gaps, switches_of
from tools.scenario.values import DAY_S, MP_PER_POUND, moment_s, pence_mp, whole

KNOWN = ("rates", "switch", "blocks")
RATES_LIMIT = 8
BLOCKS_LIMIT = 4
BLOCK_LIMIT_KWH = 65_535
PRICE_LIMIT_MP = 10 * MP_PER_POUND


def packed(item, more=()):
    """(hex text, names) of a tariff; `more` are keys that the caller reads himself."""
    fields = item.fields("tariff", KNOWN + tuple(more))
    if "rates" not in fields:
        raise Fault(item.line, "tariff: rates is missing, such as {day: 28.00, night: 12.00}")
    edges = _edges(fields.get("blocks"))
    prices = _prices(fields["rates"], len(edges) + 1)
    names = tuple(prices)
    switches = switches_of(fields.get("switch"), names)
    if len(names) > 1:
        no_gaps(fields.get("switch", item), names, switches)
    packed = bytearray((len(names), len(edges) + 1))
    for kwh in edges:
        packed += kwh.to_bytes(2, "little")
    for price_mp in sum(prices.values(), ()):
        packed += price_mp.to_bytes(3, "little")
    packed.append(len(switches))
    for days, minute, rate in switches:
        packed += bytes((days, rate)) + minute.to_bytes(2, "little")
    return packed.hex(), names


def start_of(item, earliest_s):
    """UTC seconds of a `from`, which must come after earliest_s."""
    start_s = moment_s(item, "tariff from")
    if start_s <= earliest_s:
        raise Fault(item.line, f"tariff from {item.value} is no time to come: choose a later one")
    return start_s


def packed_next(item, now_s):
    """(hex text, names) of a future tariff: the day (2 bytes) and second (4) of its start first."""
    text, names = packed(item, ("from",))
    if "from" not in item.value:
        raise Fault(item.line, "tariff next: from is missing, such as from: 2027-04-01T00:00:00")
    start_s = start_of(item.value["from"], now_s)
    start = (start_s // DAY_S).to_bytes(2, "little") + (start_s % DAY_S).to_bytes(4, "little")
    return start.hex() + text, names


def _edges(item):
    """kWh of the month at which the price changes, ascending."""
    if item is None:
        return []
    edges = []
    for entry in item.entries("tariff blocks"):
        kwh = whole(entry, "tariff blocks", 1, BLOCK_LIMIT_KWH)
        if edges and kwh <= edges[-1]:
            raise Fault(entry.line, f"tariff blocks must ascend, but {kwh} follows {edges[-1]}")
        edges.append(kwh)
    if len(edges) >= BLOCKS_LIMIT:
        what = f"has {len(edges)} edges, which makes {len(edges) + 1} blocks"
        raise Fault(item.line, f"tariff blocks {what}: a meter has {BLOCKS_LIMIT} at most")
    return edges


def _prices(item, blocks):
    """Name -> a price for each block, in the file's order."""
    if not isinstance(item.value, dict) or not item.value:
        raise Fault(item.line, "tariff rates must be a mapping of names and prices")
    if len(item.value) > RATES_LIMIT:
        what = f"tariff has {len(item.value)} rates"
        raise Fault(item.line, f"{what}: a meter has {RATES_LIMIT} at most")
    prices = {}
    for name, entry in item.value.items():
        if not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name):
            raise Fault(item.key_lines[name], f"tariff rates: {name!r} is no name for a rate")
        what = f"tariff rate {name}"
        if not isinstance(entry.value, list):
            prices[name] = (pence_mp(entry, what, PRICE_LIMIT_MP),) * blocks
            continue
        prices[name] = tuple(pence_mp(e, what, PRICE_LIMIT_MP) for e in entry.value)
        if len(prices[name]) != blocks:
            needs = f"one price, or {blocks}: one for each block" if blocks > 1 else "one price"
            raise Fault(entry.line, f"{what} has {len(prices[name])} prices, but needs {needs}")
    return prices
