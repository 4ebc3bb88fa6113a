"""shilling flash: MicroPython and the meter onto a board, or into a file with the whole flash.

What is on the board already stays; what differs is written and read back; a ledger that holds anything
is kept, unless two things say otherwise. A run that was cut short is finished by the next one.
"""

import contextlib
import sys
from pathlib import Path

from tools.errors import UserError

NAME = "flash"
HELP = "put MicroPython and the meter on a board, or make an image of its whole flash"
EPILOG = (
    "examples: shilling flash --port /dev/ttyUSB0; "
    "shilling flash --to meter.bin --settings my_meter.yaml"
)


def add_arguments(parser):
    parser.epilog = EPILOG
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--port", metavar="URL", help="serial port of the board, such as"
                       " /dev/ttyUSB0, or any URL of pyserial")  # fmt: skip
    place.add_argument("--to", metavar="FILE", type=Path, help="write the whole flash into a file")
    parser.add_argument("--image", metavar="FILE", type=Path,
                        help="MicroPython for the board, v1.25 or newer")  # fmt: skip
    parser.add_argument("--settings", metavar="FILE", type=Path,
                        help="of a new meter: shilling settings --template")  # fmt: skip
    parser.add_argument("--board", metavar="FILE", type=Path,
                        help="board.json with the board's own pins and parts")  # fmt: skip
    parser.add_argument("--keys-folder", metavar="DIR", type=Path,
                        help="where a new meter's keys are kept, as for shilling provision")  # fmt: skip
    parser.add_argument("--baud", type=int, default=460800, help="speed of the line (460800)")
    parser.add_argument("--erase-ledger", action="store_true",
                        help="lose the meter's money, keys and settings; asks for its id")  # fmt: skip
    parser.add_argument("--yes-lose-the-money", action="store_true", help="do not ask")


class Teller:
    """Says what is going on, on one line that is written over where there is a terminal."""

    def __init__(self):
        self.is_terminal = sys.stdout.isatty()
        self.what = ""
        self.is_open = False

    def say(self, what):
        self.end()
        self.what = what
        self.is_open = self.is_terminal
        print(f"  {what}", end="" if self.is_open else "\n", flush=True)

    def percent(self, percent):
        if self.is_terminal:
            print(f"\r  {self.what} {percent} %", end="", flush=True)

    def end(self):
        if self.is_open:
            print(flush=True)
        self.is_open = False


def confirm(args):
    """What asks a second time before a ledger is erased; None when nobody wants it erased."""
    if not args.erase_ledger:
        if args.yes_lose_the_money:
            raise UserError("--yes-lose-the-money means nothing without --erase-ledger")
        return None

    def ask(found):
        if args.yes_lose_the_money:
            return
        word = found.meter or "erase"
        if found.meter:
            print(f"\nThe board is meter {found.meter} with a balance of {found.said}. It will be gone.")
        else:
            print(f"\nThe ledger is not blank, but {found.said}. It will be gone.")
        try:
            typed = input(f"Type {word} to erase it: ")
        except EOFError:
            typed = ""
        if typed.strip().upper() != word.upper():
            raise UserError(f"{word} was not typed: nothing was erased or written")

    return ask


def prepared(args):
    """(Image, {path: bytes} of the disk): everything that is checked before a board is looked for."""
    from tools.flashing import files, image

    print("checking the image and compiling the firmware", flush=True)
    made = image.load(args.image or image.newest())
    print(f"  MicroPython {made.version} for the {made.chip.said}: {made.path.name}")
    wanted = {} if made.is_production else files.firmware()  # it has its files frozen in
    if args.board:
        wanted[files.BOARD] = files.board_file(args.board, made.chip.name)
    return made, wanted


def to_file(args):
    from tools import keys as keys_of_meters
    from tools.flashing import files, new_meter, whole

    if args.erase_ledger or args.yes_lose_the_money:
        raise UserError("the ledger of an image is always blank: leave --erase-ledger out")
    if args.to.exists() and not args.to.is_file():
        raise UserError(f"{args.to} is no ordinary file: say another one")
    if args.settings:
        keys_of_meters.refuse_repository(args.to)
    made, wanted = prepared(args)
    if args.to.exists() and args.to.samefile(made.path):
        raise UserError(f"{args.to} is the image that MicroPython comes from: say another file")
    keys, said = None, "not set up: shilling provision"
    if args.settings:
        wanted[files.SETTINGS], keys = new_meter.settings_file(args.settings, folder_of(args))
        said = f"{keys.meter.hex().upper()}, set up at its first start; its keys are in the file too"
    lines = whole.write(args.to, made, wanted, for_me_alone=keys is not None)
    print(f"{args.to}: written and read back")
    for line in lines:
        print(f"  {line}")
    print(f"  the meter        {said}")
    print(f"onto a new board: esptool write-flash {made.chip.begin:#x} {args.to}")
    print("  (all that is on the board is lost, a ledger too; shilling flash --port keeps that)")
    if keys:
        from tools import label

        print()
        label.show(keys.meter, keys.originator)
    return 0


def folder_of(args):
    """Where keys are kept."""
    from tools import keys

    return args.keys_folder or keys.default_folder()


@contextlib.contextmanager
def started_again(board):
    """Whoever is refused, or refuses, finds the meter running as before: nothing was written yet."""
    try:
        yield
    except (UserError, KeyboardInterrupt):
        if board.facts:
            with contextlib.suppress(UserError):
                board.rom.start()
        raise


def to_board(args, url):
    from tools import label
    from tools.flashing import after, files, new_meter
    from tools.flashing.board import Board
    from tools.flashing.money import BLANK
    from tools.flashing.rom import Rom
    from tools.settings import settings_of

    ask = confirm(args)
    settings = settings_of(args.settings) if args.settings else None
    made, wanted = prepared(args)
    teller = Teller()
    rom = Rom(url, made.chip, args.baud, teller.percent)
    print(f"the board at {url}", flush=True)
    try:
        board = Board(rom, made, teller.say)
        with started_again(board):
            board.look()
            board.erase_ledger(ask)
        keys = None
        if made.is_production and settings and board.ledger.kind == BLANK:  # no prompt to say it at
            wanted[files.SETTINGS], keys = new_meter.settings_file(args.settings, folder_of(args))
        done = board.write(wanted, bool(args.board))
        faulty = []
        teller.say("starting the board")
        rom.start()
        if made.is_production:
            done.append(("production", "no prompt: look at the display; its clock is set by hand or"
                         " from the network"))  # fmt: skip
        else:
            said, faulty = after.finish(url, board.ledger, settings, folder_of(args), teller.say)
            done += said
    finally:
        teller.end()
    print("done:")
    for name, what in [*done[:4], ("ledger", board.ledger_line()), *done[4:]]:
        print(f"  {name:<16} {what}")
    if keys:
        label.show(keys.meter, keys.originator)
    if faulty:
        print(f"FAULTY: {', '.join(faulty)}. The board is flashed; mend that by the troubleshooting in"
              " board/README.md, then run shilling selftest")  # fmt: skip
    return 1 if faulty else 0


def main(args):
    if args.to:
        return to_file(args)
    from tools.device import chosen_port

    try:
        url = chosen_port(args.port)
    except UserError as error:
        raise UserError(f"{error}; --to FILE makes an image without a board") from None
    return to_board(args, url)
