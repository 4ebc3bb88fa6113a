"""docs/TIMING.md: what a start, a poll and a press cost, counted, and what that may be on the chip.

host_tests/vm/timing_entry.py counts lines of the firmware in the wasm VM that traces, and transfers on
the simulated silicon; here they become ms by one figure that others measured on an ESP32.
"""

import json
import subprocess
import tempfile

from tools import interpreters

PATH = interpreters.ROOT / "docs/TIMING.md"
ENTRY = "host_tests/vm/timing_entry.py"
TRACING = interpreters.WASM_PACKAGE / "micropython-settrace.wasm"
# A pass of pystone runs 115 lines and 17 calls (counted by hand in its source). 1661 passes a second
# at 240 MHz: micropython issue 5673, v1.12
US_A_LINE = {240: 1000000 / (115 * 1661), 160: 1000000 / (115 * 1661) * 240 / 160}
US_A_READ = 50  # of flash, some 200 bytes: an assumption
BEGIN, END = "<!-- ", " -->\n"
STAGES = (
    ("new", "board", "a start: board, buses, displays"),
    ("new", "app", "a start: finding the state, new meter"),
    ("full", "app", "a start: finding the state, store full after years"),
    ("new", "first poll", "the first poll: metering, first text"),
    ("new", "idle", "200 polls while nothing happens, with 5 ms of rest each"),
    ("new", "press", "a key let go, to the last display byte"),
)  # fmt: skip


def run(image=None):
    """What the entry file prints, for a meter of this image or a new one."""
    files = [image] if image else []
    args, env = interpreters.command("wasm", ENTRY, files, files=files)
    plan = json.loads(args[-1])
    plan["wasm"] = str(TRACING)
    ended = subprocess.run(
        [*args[:-1], json.dumps(plan)], env=env, cwd=interpreters.ROOT, capture_output=True, text=True
    )
    if ended.returncode:
        raise RuntimeError(f"{ENTRY} ended with {ended.returncode}: {ended.stderr}")
    return json.loads(ended.stdout)


def measured():
    """{'new': ..., 'full': ...}: figures of a new meter, and of one whose store is full."""
    with tempfile.TemporaryDirectory() as folder:
        image = f"{folder}/ledger.bin"
        ended = interpreters.run("cpython", "host_tests/vm/full_store.py", [image])
        if ended.returncode:
            raise RuntimeError(ended.stderr)
        return {"new": run(), "full": run(image)}


def code_ms(cost, mhz):
    """What the lines may take on the chip."""
    return cost["lines"] * US_A_LINE[mhz] / 1000


def total_ms(cost, mhz):
    """Lines, flash, and what the silicon takes by itself."""
    return code_ms(cost, mhz) + cost["reads"] * US_A_READ / 1000 + max(cost["ms"], cost["bus_us"] / 1000)


def row(found, meter, stage, name):
    cost = found[meter][stage]
    return (f"| {name} | {cost['lines']} | {cost['transfers']} / {cost['bus_bytes']} | "
            f"{cost['bus_us'] / 1000:.1f} | {cost['reads']} | {cost['ms']} | "
            f"{total_ms(cost, 240):.0f} | {total_ms(cost, 160):.0f} |\n")  # fmt: skip


def summary(found):
    """The three times in words."""
    lines = []
    for mhz in US_A_LINE:
        start = [total_ms(found[meter][stage], mhz) for meter, stage, _ in STAGES[:4]]
        new, full = start[0] + start[1] + start[3], start[0] + start[2] + start[3]
        idle = found["new"]["idle"]
        loop = code_ms(idle, mhz) / idle["polls"] + 5
        press = total_ms(found["new"]["press"], mhz)
        lines.append(
            f"- **{mhz} MHz**: from the first line of the board to metering {new:.0f} ms (new) to "
            f"{full:.0f} ms (full store); a round of the loop {loop:.1f} ms, of them 5 ms asleep; a key "
            f"to the display {press:.0f} ms, of them {found['new']['press']['ms']} ms until the contact "
            f"is known to rest.\n"
        )
    return "".join(lines)


def page():
    """The text of docs/TIMING.md."""
    found = measured()
    table = "".join(row(found, *stage) for stage in STAGES)
    return f"""# How long it takes

Made by `python -m tools.drawings`; `host_tests/test_wiring_timing.py` measures again and fails when the
counts have moved by a fifth. **Counted**, not guessed: lines of the firmware in a MicroPython VM that
traces, transfers and bytes on the simulated bus at 400 kHz, flash reads, simulated ms. **Estimated**:
milliseconds on the chip. One figure stands between the two: an ESP32 at 240 MHz was measured (by others,
MicroPython 1.12) at 1661 pystones a second, a pystone is 115 lines with 17 calls, so a line takes
{US_A_LINE[240]:.1f} µs at 240 MHz, and {US_A_LINE[160]:.1f} µs at 160 MHz, the speed of an official image. A
flash read is taken as {US_A_READ} µs. Expect the truth within a factor of two.

| what | lines | bus transfers / bytes | bus ms | flash reads | simulated ms | 240 MHz, ms | 160 MHz, ms |
|---|---|---|---|---|---|---|---|
{table}
{summary(found)}
Not measured, and not in these figures: the chip's own start and MicroPython's (some 0.3 s), loading the
`.mpy` files from the file system (frozen ones need none), garbage collection (while asleep, each 5 s),
erasing a sector (45 to 400 ms, while nothing is due), the relay's 100 ms, Wi-Fi, and everything that real
silicon does differently.

{BEGIN}{json.dumps(found, sort_keys=True)}{END}"""


def written():
    """The counts that the page was made from."""
    text = PATH.read_text(encoding="utf-8")
    return json.loads(text[text.index(BEGIN) + len(BEGIN) : text.rindex(END)])
