"""shilling lab: the lab port of a meter on a bench: turn it on, ask it, or serve one without a board.

    serve          a virtual board whose lab port is a pty (and a TCP port with --tcp), until Ctrl-C
    on, off        of the board on --port: written to its board.json, then it starts again
    ask DO [JSON]  one request, its answer as JSON: ask --port URL load '{"w": 3000}'
Source: firmware/SPEC.md, lab port.
"""

import asyncio
import json
import signal
from pathlib import Path

from tools import interpreters
from tools.device.port import add_port, chosen_port
from tools.errors import UserError

NAME = "lab"
HELP = "a meter's lab port: turn it on, ask it, serve one without a board"
BOARD_FILE = "/board.json"
SHOWN = 60  # characters of what is wrong


def add_arguments(parser):
    parser.epilog = "example: shilling lab serve, then: shilling play FILE --on build/lab/lab"
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    serve = actions.add_parser("serve", help="a virtual board with a lab port, until Ctrl-C")
    serve.add_argument("--folder", type=Path, default=interpreters.ROOT / "build/lab",
                       help="where its disk is, and the link `lab` to its port (build/lab)")  # fmt: skip
    serve.add_argument("--tcp", type=int, metavar="PORT", help="also as socket://127.0.0.1:PORT")
    serve.set_defaults(act=serve_board)
    for name, state in (("on", True), ("off", False)):
        switch = actions.add_parser(name, help=f"turn the lab port of a board {name}")
        add_port(switch)
        switch.set_defaults(act=turn, state=state)
    ask = actions.add_parser("ask", help="send one request, print the answer")
    ask.epilog = "example: shilling lab ask --port build/lab/lab press '{\"key\": \"A\", \"ms\": 200}'"
    add_port(ask)
    ask.add_argument("do", metavar="DO", help="what to do; hello lists what there is")
    ask.add_argument("fields", nargs="?", default="{}", metavar="JSON", help="more of the request")
    ask.set_defaults(act=send)


def main(args):
    return args.act(args) or 0


def serve_board(args):
    if args.tcp is not None and not 1 <= args.tcp <= 65535:
        raise UserError(f"--tcp must be 1 to 65535, not {args.tcp}")
    folder = args.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serving(folder, args.tcp))


async def serving(folder, tcp):
    """Until Ctrl-C or SIGTERM."""
    from tools.lab_port.board import VirtualBoard

    board = VirtualBoard(folder, lambda text: print(text, flush=True))
    board.start()
    life = asyncio.get_running_loop().create_task(board.run())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, life.cancel)
    server = await asyncio.start_server(board.connected, "127.0.0.1", tcp) if tcp else None
    print(f"lab port       {board.link}")
    if server:
        print(f"or             socket://127.0.0.1:{tcp}")
    print(f"try            shilling lab ask --port {board.link} text")
    print("stop           Ctrl-C", flush=True)
    try:
        await life
    except asyncio.CancelledError:
        print("\nstopped", flush=True)
    finally:
        if server:
            server.close()
        board.close()


def turn(args):
    """board.json of the board with "lab" in it, whatever else it says; then it starts again."""
    from tools.device import Device

    url = chosen_port(args.port)
    with Device(url) as device:
        device.enter()
        old = device.read(BOARD_FILE)
        try:
            board = json.loads(old or b"{}")
        except (ValueError, RecursionError):
            board = None
        if not isinstance(board, dict):
            raise UserError(f"{BOARD_FILE} on {url} is no JSON object: bring it a good one first")
        if bool(board.get("lab")) != args.state:
            board["lab"] = args.state
            device.replace(BOARD_FILE, json.dumps(board).encode())
        device.restart()
    print(f"the lab port of {url} is {'on: its last dot blinks' if args.state else 'off'}")


def fields_of(text, do):
    """What `ask` is to send beside `do`; its own number comes later."""

    def refuse(word):  # Python would take it
        raise UserError(f"JSON has no {word}: numbers are whole, such as '{{\"w\": 3000}}'")

    try:
        fields = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        short = repr(text) if len(text) <= SHOWN else repr(text[:SHOWN]) + "..."
        raise UserError(f"{short} is no JSON object, such as '{{\"ms\": 200}}'")
    if fields.get("do", do) != do:
        raise UserError(f'the request is {do}: leave "do" out of the JSON')
    if "self" in fields:
        raise UserError('no request has "self"')
    return {name: value for name, value in fields.items() if name not in ("id", "do")}


def send(args):
    from tools.lab_port import LabPort

    fields = fields_of(args.fields, args.do)
    port = LabPort(chosen_port(args.port))
    try:
        answer = port.ask(args.do, **fields)
    finally:
        port.close()
    print(json.dumps(answer, ensure_ascii=False))
