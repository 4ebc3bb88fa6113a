"""shilling deploy: brings the firmware files of a board up to date; records and money are not touched.

Takes the board's port. The new version is tried before the old one is thrown away; a power cut at any
moment leaves a version that runs, and a second run finishes. A disk that cannot be read is made anew.
"""

import ast
import sys
from pathlib import Path

from tools.device import BoardError, Device, add_port, chosen_port
from tools.device.payload import firmware_files
from tools.device.update import Update
from tools.errors import UserError
from tools.flashing.files import BOARD, board_file

NAME = "deploy"
HELP = "bring the firmware files of a board up to date, its money untouched"
# What the meter that runs says of itself; nothing when there is none
LOOK = """try:
 _o=meter.observe()
 print(repr((_o['version'],_o['balance_mp'],_o['energy_wh'],_o['ledger'],meter.meter.is_set_up)))
except Exception:
 print(None)
"""


def add_arguments(parser):
    parser.epilog = "example: shilling deploy --port /dev/ttyUSB0"
    add_port(parser)
    parser.add_argument("--board", metavar="FILE", type=Path,
                        help="the board's own pins and parts: becomes /board.json")  # fmt: skip


class Progress:
    """One line that changes on a terminal; a line for each tenth step elsewhere."""

    def __init__(self, file=None):
        self.file = file or sys.stderr
        self.count = 0
        self.is_open = False

    def __call__(self, text):
        self.count += 1
        if self.file.isatty():
            print(f"\r\x1b[K{text}", end="", file=self.file, flush=True)
            self.is_open = True
        elif self.count % 10 == 1:
            print(text, file=self.file, flush=True)

    def end(self):
        if self.is_open:
            print("\r\x1b[K", end="", file=self.file, flush=True)
            self.is_open = False


def look(device):
    """(version, balance in mp, Wh, 'balanced', set up) of the meter that was interrupted, or None."""
    try:
        return ast.literal_eval(device.run(LOOK))
    except BoardError:
        return None


def chip_of(device):
    """Its name in board.json."""
    machine = device.run("import sys\nprint(getattr(sys.implementation,'_machine',''))")
    return "esp32c3" if "ESP32C3" in machine.replace("-", "").upper() else "esp32"


def money(found):
    """What is said of a meter."""
    if found is None:
        return "no meter runs"
    version, balance_mp, energy_wh, ledger, is_set_up = found
    if not is_set_up:
        return f"version {version}, not set up yet"
    return f"version {version}, balance {balance_mp / 100000:.2f}, {energy_wh} Wh, ledger {ledger}"


def deploy(device, files, board=None, say=print):
    """Bring `device` up to date; says what was done. UserError when the new version does not run."""
    progress = Progress()
    device.enter(fresh=False)
    before = look(device)
    say(f"before         {money(before)}")
    if device.has_disk:
        device.enter()
    else:
        device.make_disk()
        say("disk           could not be read: made anew, its files are lost (board.json too)")
    update = Update(device, files, progress)
    if update.is_needed():
        update.stage()
        progress.end()
        update.switch()
        say(f"files          {update.sent} sent, {update.kept} were there already")
        if update.removed:
            say(f"removed        {' '.join(update.removed)}: of an older layout, in the way")
    else:
        say("files          are these already")
    if board is not None:
        device.replace(BOARD, board)
        say("board.json     written")
    try_out(device, update, before, say)


def try_out(device, update, before, say):
    """Start the new version; the old one comes back when it does not run."""
    printed, after = device.try_start(look)
    if after is None:
        why = printed.strip().rpartition("\n")[2].removeprefix(">>>").strip() or "it prints nothing"
        back = update.go_back()
        raise UserError(
            f"the new version does not start ({reason(printed) or why});"
            f" {'the version before is back' if back else 'there was none before it'}"
        )
    update.finish()
    say(f"now            {money(after)}")
    if before and before[4] and after[3] != "balanced":
        raise UserError("the ledger of the meter is not balanced: shilling report says more")


def reason(printed):
    """The last line of a traceback in what a start printed."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    if any("Traceback" in line for line in lines):
        found = [line for line in lines if line.partition(":")[0].endswith(("Error", "Exception"))]
        return found[-1] if found else lines[-1]
    return ""


def main(args):
    port = chosen_port(args.port)
    files = firmware_files()
    with Device(port) as device:
        print(f"board          {port}")
        device.enter(fresh=False)
        board = board_file(args.board, chip_of(device)) if args.board else None
        deploy(device, files, board)
    return 0
