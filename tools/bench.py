"""shilling bench: how fast and how small the meter is, as ratios of one run, beside a peer.

Prints tables; no limit is asserted here, sizes are held by tests. Goals: the issue's figures.
"""

import json
import statistics
import tempfile

from tools import interpreters
from tools.checks import mpy

NAME = "bench"
HELP = "print how fast and how small the meter is, beside a peer"
DAYS = {"cpython": 20, "micropython": 20, "wasm": 5}
COMPILED = ["build/mpy/firmware", "build/mpy/board/esp32"]
PEER_HEAP_BYTES = 654000  # openpaygo 0.6.3 with shims, one wrong code at count 1: measured before
RECOVERY_HEAP_BYTES = 2 * 140 * 1024  # the unix VM's words are twice as long as the chip's
KB = 1024


def add_arguments(parser):
    parser.add_argument("--quick", action="store_true", help="fewer simulated days")


def measure(on, entry, *argv, **options):
    """What an entry file printed as JSON inside `on`."""
    ended = interpreters.run(on, f"host_tests/vm/{entry}.py", argv, **options)
    if ended.returncode:
        raise RuntimeError(f"{entry} on {on} ended with {ended.returncode}: {ended.stderr}")
    return json.loads(ended.stdout)


def table(title, head, rows):
    """A table of text with columns as wide as they need to be."""
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    print(f"\n{title}")
    for row in [head, ["-" * width for width in widths], *rows]:
        print("  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)))


def codes(present):
    """Time and heap of checking a wrong code."""
    found = {on: measure(on, "bench_codes") for on in present}
    here = found["cpython"]
    base = here["ours"]["1"]
    rows = [
        (f"at count {age}", f"{here['ours'][age]:.0f} us", f"{here['theirs'][age]:.0f} us",
         f"{here['theirs'][age] / here['ours'][age]:.1f} x faster", f"{here['ours'][age] / base:.2f}")
        for age in here["ours"]
    ]  # fmt: skip
    table("Checking one wrong code, CPython (goal: faster than the peer at count 1, flat with age)",
          ("age of the meter", "shilling", "openpaygo 0.6.3", "ratio", "age factor"), rows)  # fmt: skip
    rows = [
        (on, f"{figures['heap'] / KB:.1f} kB", f"{statistics.mean(figures['ours'].values()):.0f} us")
        for on, figures in found.items() if figures["heap"]
    ]  # fmt: skip
    peer = f"the peer needs about {PEER_HEAP_BYTES // 1000} kB"
    table(f"The same inside the VMs (goal: at most 16 kB of heap; {peer})",
          ("interpreter", "heap", "time"), rows)  # fmt: skip


def days(present, quick):
    """Simulated days a second, whole firmware on the simulated silicon."""
    rows = []
    for on in present:
        count = max(2, DAYS[on] // (5 if quick else 1))
        speed = measure(on, "bench_days", str(count))["days_a_second"]
        rows.append((on, f"{speed:.1f}", f"{speed * 86400:,.0f} x real time"))
    table("Simulated meter-days a second, 10 kWh a day, drivers and silicon included",
          ("interpreter", "days/s", "speed"), rows)  # fmt: skip


def recovery(present):
    """A start from a full store, in the heap that an ESP32 leaves."""
    if "micropython" not in present:
        return
    with tempfile.TemporaryDirectory() as folder:
        image = f"{folder}/ledger.bin"
        measure("cpython", "full_store", image)
        found = measure("micropython", "measure_recovery", image, heap=RECOVERY_HEAP_BYTES,
                        path=COMPILED)  # fmt: skip
    table("A start from a full store of 512 KB, unix VM, heap as of 140 KB on the chip",
          ("what", "measured", "goal"), [("finding the state", f"{found['ms']} ms", "2000 ms")])  # fmt: skip


def sizes(present):
    """Bytes of compiled code, and of heap on the 32-bit VM."""
    found, _ = mpy.build(interpreters.ROOT, interpreters.ROOT / "build/mpy")
    kept = sum(mpy.loaded(found).values())
    rows = [
        (".mpy that a start loads, -O3", f"{kept:,} bytes", f"{mpy.LIMIT_BYTES:,}"),
        (".mpy loaded on demand, -O3", f"{sum(found.values()) - kept:,} bytes", ""),
    ]
    if "wasm" in present:
        heap = measure("wasm", "measure_heap", heap=4 << 20, path=COMPILED)
        rows.append(("heap, code and data after start", f"{heap['total']:,} bytes", "114,688"))
        rows.append(("heap, data alone", f"{heap['data']:,} bytes", "20,480"))
    table("Size on the 32-bit VM, loaded from .mpy, drivers included, silicon not",
          ("what", "measured", "goal"), rows)  # fmt: skip


def main(args):
    present = []
    for on in interpreters.NAMES:
        reason = interpreters.available(on)
        if reason:
            print(f"{on} left out: {reason}")
        else:
            present.append(on)
    sizes(present)
    recovery(present)
    codes(present)
    days(present, args.quick)
    return 0
