"""How the head-end grows: 10 to 1 000 simulated meters on one head-end over real MQTT, measured.

Each meter is the whole firmware (host_tests/scale_meters.py), all of them in one process on CPython; broker
is Mosquitto, store SQLite on this machine's disk. Each size has a head-end process of its own. Prints a
table; --write puts it into docs/HEADEND.md.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import interpreters
from tools.errors import UserError
from tools.headend import access, broker
from tools.headend.crowd import PENCE, Meters, Watched, free_ports, keys_for, resident_kb
from tools.headend.service import Service
from tools.live.till import replace_file

SIZES = (10, 30, 100, 300, 1000)
BURST = 300  # orders at once at least; one a meter where there are more
PACED_A_S, PACED_S = 5, 20  # then so many orders a second, for so long
MP_PER_PENNY = 1000
MEGABYTE = 1024  # kB
DOCUMENT = interpreters.ROOT / "docs/HEADEND.md"
BEGIN, END = "<!-- scale: begin -->", "<!-- scale: end -->"


def percentile(delays, part):
    """The smallest that so many of a hundred do not pass."""
    return delays[max(-(-len(delays) * part // 100) - 1, 0)]


def cpu_s():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def measured(count, folder, burst=None, paced_s=PACED_S):
    """One row: a dict of what `count` meters cost."""
    keys = keys_for(count)
    rights = access.Access(folder)
    rights.set_meters(keys)
    post = broker.Mosquitto(folder / "broker", broker.Ports(*free_ports()), rights)
    with contextlib.closing(Watched(f"sqlite:///{folder / 'headend.db'}", keys.get)) as headend:
        now = int(time.time())
        for meter in keys:
            headend.add_meter(meter, now)
        await post.start()
        service = asyncio.create_task(Service(headend, post.where, lambda: int(time.time())).run())
        meters = None
        try:
            meters = Meters(post.where.port, keys)
            burst = burst or max(BURST, count)
            work = asyncio.to_thread(phases, headend, meters, post.process.pid, burst, paced_s)
            done, _ = await asyncio.wait(
                [service, asyncio.ensure_future(work)], return_when=asyncio.FIRST_COMPLETED
            )
            row = done.pop().result()
        finally:
            if meters:
                meters.kill()
            service.cancel()
            await asyncio.gather(service, return_exceptions=True)
            await post.stop()
    return {"meters": count, **row}


def phases(headend, meters, broker_pid, burst, paced_s):
    """Connect, sell all at once, sell at a pace; then what the meters hold must be what was sold."""
    names = sorted(headend.known_keys)
    began = time.monotonic()
    meters.said()
    headend.wait(lambda: is_heard(headend, len(names)), "not all meters were heard")
    heard_s = time.monotonic() - began

    first, cpu = time.monotonic(), cpu_s()
    for number in range(burst):
        headend.sell(names[number % len(names)])
    headend.wait(lambda: len(headend.done) == burst, "orders are not received")
    took_s, cpu = time.monotonic() - first, cpu_s() - cpu
    all_at_once = headend.delays_ms(headend.sold)

    wanted = paced_s * PACED_A_S
    start = time.monotonic()
    for number in range(wanted):
        time.sleep(max(0.0, start + number / PACED_A_S - time.monotonic()))
        headend.sell(names[number * 7 % len(names)])
    headend.wait(lambda: len(headend.done) == burst + wanted, "orders are not received")
    paced = headend.delays_ms(list(headend.sold)[burst:])

    held = meters.end()
    if held["balance_mp"] != (burst + wanted) * PENCE * MP_PER_PENNY:
        raise UserError(f"the meters hold {held['balance_mp']} mp of {burst + wanted} orders")
    return {
        "heard_s": heard_s, "orders": burst, "orders_a_s": burst / took_s,
        "burst_p50_ms": percentile(all_at_once, 50), "burst_p99_ms": percentile(all_at_once, 99),
        "p50_ms": percentile(paced, 50), "p99_ms": percentile(paced, 99),
        "cpu_ms": cpu * 1000 / burst,
        "headend_mb": resident_kb() / MEGABYTE,
        "broker_mb": resident_kb(broker_pid) / MEGABYTE,
        "meter_kb": held["rss_kb"] / len(names),
    }  # fmt: skip


def is_heard(headend, count):
    from sqlalchemy import func, select

    from tools.headend.tables import State

    with headend.reading() as session:
        return session.scalar(select(func.count()).select_from(State)) == count


COLUMNS = (
    ("meters", "Meters", "{:.0f}"), ("heard_s", "All heard after", "{:.1f} s"),
    ("orders", "Orders at once", "{:.0f}"), ("orders_a_s", "Received", "{:.0f}/s"),
    ("burst_p50_ms", "p50", "{:.0f} ms"), ("burst_p99_ms", "p99", "{:.0f} ms"),
    ("p50_ms", "At 5/s: p50", "{:.0f} ms"), ("p99_ms", "p99", "{:.0f} ms"),
    ("cpu_ms", "CPU an order", "{:.0f} ms"),
    ("headend_mb", "Head-end", "{:.0f} MB"), ("broker_mb", "Broker", "{:.0f} MB"),
    ("meter_kb", "A meter", "{:.0f} kB"),
)  # fmt: skip


def table(rows):
    """Markdown."""
    lines = ["| " + " | ".join(title for _, title, _ in COLUMNS) + " |"]
    lines.append("|" + "---:|" * len(COLUMNS))
    for row in rows:
        lines.append("| " + " | ".join(form.format(row[name]) for name, _, form in COLUMNS) + " |")
    return "\n".join(lines)


def machine():
    """What it was measured on."""
    model = "processor"
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(": ")[2]
                break
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (f"{os.cpu_count()} cores of {model}, {platform.system()} {platform.machine()},"
            f" Python {platform.python_version()}, load {load} (1, 5, 15 minutes) at the start")  # fmt: skip


def run(sizes, say=print):
    """Rows for these sizes, each in a process of its own."""
    if not broker.program():
        raise UserError("mosquitto is not installed (on Debian: apt-get install mosquitto)")
    rows = []
    for count in sizes:
        say(f"{count} meters …", flush=True)
        one = [sys.executable, "-m", "tools.headend.bench", "--one", str(count)]
        ended = subprocess.run(
            one, cwd=interpreters.ROOT, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            last = ended.stderr.strip().rpartition("\n")[2] or "it said nothing"
            raise UserError(f"{count} meters could not be measured: {last}")
        rows.append(json.loads(ended.stdout))
    return rows


def main(sizes=SIZES, write=False):
    """The table, and into the document if it is wanted."""
    where = machine()
    text = f"{where}.\n\n{table(run(sizes))}\n"
    print(text)
    if write:
        old = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else f"{BEGIN}\n{END}\n"
        before, _, rest = old.partition(BEGIN)
        replace_file(DOCUMENT, f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}")
    return 0


def one(count):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # the broker may have a user of its own
        print(json.dumps(asyncio.run(measured(count, Path(folder)))))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--meters", type=int, nargs="+", default=SIZES)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="the table into docs/HEADEND.md")
    args = parser.parse_args()
    try:
        sys.exit(one(args.one) if args.one else main(args.meters, args.write))
    except UserError as error:
        sys.exit(f"bench: {error}")
