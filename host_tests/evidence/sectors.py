"""Every sector destroyed and every bit flipped, one fault at a time: recovered with exactly the figures
acknowledged. Takes and gives what every check of the evidence does; the faults are damage.py's.

What may halt: a store where both copies of one record are damaged (pairs), and two histories put
together (forks). A fault in one ring may not: the other ring has it all. Both copies of the very last
record may also be taken for a write that power cut short, since nothing behind it tells.
Source: RELIABILITY 3-5 and its fault model.
"""

from random import Random

from evidence.damage import CASES
from evidence.findings import Findings
from evidence.household import CHECKPOINT, RING, SECTORS, states
from shilling import record
from small_core import SECTOR

NAME = "sectors"
BYTES_A_UNIT = 128


def units(effort, seed):
    """Quick: one record of each kind and a checkpoint, some places of the head; long: all of both."""
    try:
        lived = states(seed)
    except Exception:  # run() tells what it is
        return [{"what": "sectors", "seed": seed, "state": 0}]
    quick = effort == "quick"
    found = []
    for what, stride in (("sectors", 8), ("later", 4), ("weak", 1), ("skips", 40), ("rings", 20),
                         ("forks", 10)):  # fmt: skip
        for place in range(0, len(lived), stride if quick else 1):
            found.append({"what": what, "seed": seed, "state": place})
    for place, first, size in samples(lived):
        for part in range(0, size, BYTES_A_UNIT):
            unit = {"seed": seed, "first": first + part, "size": min(BYTES_A_UNIT, size - part)}
            if not quick or part % (4 * BYTES_A_UNIT) == 0:
                found.append(dict(unit, what="pairs", state=place))
            if quick:
                for ring in (0, RING):
                    found.append(dict(unit, what="bits", state=place, first=first + part + ring))
    if not quick:
        for place in heads(lived):
            for first in range(0, 2 * RING, BYTES_A_UNIT):
                found.append({"what": "bits", "seed": seed, "state": place, "first": first,
                              "size": BYTES_A_UNIT})  # fmt: skip
    return found


def more(seed):
    """Other lives, one place after another."""
    random = Random(seed)
    while True:
        life = random.getrandbits(24)
        for place in range(0, len(states(life)), 16):
            for what in ("sectors", "later", "weak", "skips", "rings", "forks"):
                yield {"what": what, "seed": life, "state": place}
            yield {"what": "bits", "seed": life, "state": place, "size": BYTES_A_UNIT,
                   "first": random.randrange(2 * RING - BYTES_A_UNIT)}  # fmt: skip


def samples(lived):
    """(state, address in ring A, bytes) of one record of each kind and of a checkpoint, each as the
    last of its chain and with records behind it; a day's dues have none: a checkpoint follows."""
    for kind in sorted({state.kind for state in lived}):
        size = record.CHECKPOINT_BYTES if kind == CHECKPOINT else record.RECORD_BYTES
        places = [place for place in range(len(lived) - 5) if lived[place].kind == kind]
        if not places:
            continue
        followed = [place for place in places if lived[place + 5].sector == lived[place].sector]
        place = (followed or places)[len(followed or places) // 2]
        first = lived[place].sector * SECTOR + lived[place].end - size
        if followed:
            yield place + 5, first, size
        yield place, first, size


def heads(lived):
    """A state in the middle of each sector of the ring, or the nearest: an order that fits no record ends
    a sector early."""
    found = []
    for sector in range(SECTORS):
        places = [place for place in range(len(lived)) if lived[place].sector == sector]
        found.append(min(places[::-1], key=lambda place: abs(lived[place].end - SECTOR // 4 * 3)))
    return found


def run(unit):
    """Each case of a unit, or the one with the number `only`."""
    counted, cases = CASES[unit["what"]]
    findings = Findings("bits_errors" if counted == "bits" else "sectors_errors")
    what = "state %d, %s" % (unit["state"], unit["what"])
    with findings.watch(what, unit):
        for number, (text, check) in enumerate(cases(states(unit["seed"]), unit)):
            if unit.get("only", number) == number:
                findings.add(counted)
                with findings.watch(f"{what} {text}", dict(unit, only=number)):
                    findings.add("halts", 1 if check() else 0)
    return findings.result()


def figures(counts):
    rows = (
        ("sectors", "every sector", "sectors destroyed, stores mixed"),
        ("sectors_errors", 0, "stores not recovered"),
        ("bits", "every bit", "bits flipped"),
        ("bits_errors", 0, "stores not recovered"),
        ("halts", "both copies lost", "safe halts"),
    )
    return [{"name": name, "goal": goal, "reached": counts.get(name, 0), "unit": unit}
            for name, goal, unit in rows]  # fmt: skip
