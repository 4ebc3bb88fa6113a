"""shilling run: a meter on the MicroPython VM in real time, with its front panel in the browser.

Everything that lasts is in build/run: the flash with the meter's records, the board's disk, the
store of the phone's head-end. Ctrl-C stops all of it; the next run goes on from there, or with
--fresh from a new meter.
"""

import asyncio
import os
import shutil
import signal
import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path

from tools import interpreters, lock
from tools.errors import UserError
from tools.live import new_meter
from tools.live.house import House
from tools.live.meter import Meter, typed
from tools.live.server import ADDRESS, PanelServer
from tools.scenario.values import EPOCH, local_text, moment_s

NAME = "run"
HELP = "start a meter with its front panel on 127.0.0.1 and a port for mpremote"
PANEL_PORT = 8137
PROVISION = "from shilling.provision import provision\nprovision(store, {settings!r})\n"


def add_arguments(parser):
    parser.epilog = "example: shilling run --fresh --profile key_meter --now 2026-11-20T15:30:00"
    parser.add_argument("--port", type=int, default=PANEL_PORT, help="the panel's first choice")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--folder", type=Path, default=interpreters.ROOT / "build/run",
                        help="where the meter's flash is kept (build/run)")  # fmt: skip
    parser.add_argument("--on", choices=("micropython", "cpython"), help="interpreter")
    parser.add_argument("--now", metavar="TIME", help="local time to start at, if not the present")
    new = parser.add_argument_group("a new meter")
    new.add_argument("--fresh", action="store_true", help="throw the old meter away")
    new.add_argument("--blank", action="store_true",
                     help="a board as flashing leaves it: shilling provision makes it a meter")  # fmt: skip
    new_meter.add_arguments(new)


def choose(on):
    """The interpreter to use; without the unix VM CPython stands in, and is said to."""
    reason = interpreters.available(on or "micropython")
    if reason is None:
        return on or "micropython"
    if on:
        raise UserError(reason)
    print(f"{reason}; the meter runs on CPython instead, without a port for mpremote")
    return "cpython"


def start_of(args):
    """UTC seconds since 2000-01-01 at which the simulation wants to start."""
    if args.now:
        return typed(moment_s, args.now, "--now")
    return int((datetime.now(UTC) - EPOCH).total_seconds())


def clear(folder):
    """A new meter: nothing of the old one is left but the lock."""
    for path in folder.iterdir():
        if path.name != "lock":
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def shown(path):
    """A path as a person here would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


async def serve(args, meter, held):
    """Everything that runs, until Ctrl-C or SIGTERM."""
    panel = PanelServer(meter)
    await panel.start(args.port)
    address = f"http://{ADDRESS}:{panel.port}/"
    held.write(address + "\n")
    held.flush()
    loop = asyncio.get_running_loop()
    life = loop.create_task(meter.supervisor.live())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, life.cancel)
    say(args, address, meter)
    try:
        await life
    except asyncio.CancelledError:
        print("\nstopped; the meter's records are kept", flush=True)
    finally:
        await panel.stop()


def say(args, address, meter):
    """Where everything is, and the browser if there is a screen for it."""
    print(f"front panel    {address}")
    if meter.state["port"]:
        print(f"mpremote       mpremote connect {meter.state['port']}")
    if not args.now and meter.house.utc_s > start_of(args):
        print(f"meter's time   {local_text(meter.house.utc_s)}, as it has never gone back")
    print("stop           Ctrl-C", flush=True)
    screen = sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    if screen and not args.no_browser:
        webbrowser.open(address)


def main(args):
    if not 1 <= args.port <= 65535:
        raise UserError(f"--port must be 1 to 65535, not {args.port}")
    on = choose(args.on)
    start_s = start_of(args)
    settings = new_meter.settings_of(args, start_s)
    folder = args.folder.absolute()
    with lock.hold(folder, "the meter") as held:
        if args.fresh:
            clear(folder)
        elif (folder / "ledger.bin").exists() and new_meter.given(args):
            options = " and ".join(new_meter.given(args))
            raise UserError(f"there is a meter already; {options} of a new one needs --fresh")
        house = House(folder / "house.json", start_s)
        if args.now and house.utc_s != start_s:
            raise UserError("the meter has seen a later time than --now; --fresh makes a new one")
        settings["day"], settings["second"] = house.utc()
        first = "" if args.blank else PROVISION.format(settings=settings)
        is_new = not (folder / "ledger.bin").exists()
        meter = Meter(on, folder, house, first, new_meter.about(settings) if is_new else {})
        meter.publish({"port": shown(folder / "meter") if on == "micropython" else ""})
        try:
            asyncio.run(serve(args, meter, held))
        finally:
            meter.phone.close()
    return 0
