"""The hands on the simulated dev board: cable, buttons, load, planned power cuts; and what is seen.

Takes options of devkit.py and commands, one dict each; gives the board's state. With `control` they
come as JSON lines on standard input and are answered on standard output.
"""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

from chip_nor import PowerLoss
from devkit_app import App
from devkit_board import Board
from devkit_flash import FlashFile
from devkit_line import Line

MB = 1 << 20
EPOCH = datetime(2000, 1, 1)


class Bench:
    """The board and the hands on it: obeys commands, one dict each, and answers each with its state."""

    def __init__(self, options):
        self.flash = FlashFile(options.flash, options.size * MB)
        self.line = Line(self.heard, lambda dtr, rts: self.board.lines(dtr, rts))
        self.app = None
        if not options.no_vm:
            reset = lambda: self.board.run()  # noqa: E731  IO0 counts when EN rises only
            start_s = (options.now - EPOCH).total_seconds()
            self.app = App(
                Path(options.flash).resolve(), self.line.send, self.lose_power, reset, start_s
            )
            self.app.frozen = options.production
        self.board = Board(options.chip, self.flash, self.line, self.app)
        self.board.boot_button = options.download

    def heard(self, data):
        try:
            self.board.heard(data)
        except PowerLoss:
            self.lose_power()

    def lose_power(self):
        """The cable is out: line and power, in the middle of whatever goes on."""
        self.line.unplug()
        self.board.lose_power()
        self.board.dtr = self.board.rts = False  # nobody holds them

    async def start(self):
        await self.line.plug()
        self.board.power_on()

    async def do(self, wish):
        """state: nothing. unplug, plug: the cable with the power. cut_at_write: the cable comes out
        in the n-th program or erase of the flash from now (pattern, seed: chip_nor.tear; n=0: not at
        all). boot_button: down (on=true) or up. reset: the button EN. bench: keywords of World from
        the next start on. press, release (key), load (w): hands on the meter."""
        do = wish["do"]
        if do == "unplug":
            self.lose_power()
        elif do == "plug":
            await self.start()
        elif do == "cut_at_write":
            self.flash.plan.set(wish["n"], wish.get("pattern", "subset"), wish.get("seed", 0))
        elif do == "boot_button":
            self.board.boot_button = wish["on"]
        elif do == "reset":
            self.board.lose_power()
            self.board.power_on()
        elif do == "bench":
            self.app.bench = wish["bench"]
        elif do in ("press", "release", "load"):
            self.app.watts = wish.get("w", self.app.watts)
            self.app.tell(wish)
        elif do != "state":
            raise ValueError(do)

    def state(self):
        url, plain = self.line.urls()
        return {
            "url": url, "plain": plain, "state": self.board.state, "why": self.board.why,
            "plugged": bool(self.line.servers), "cut_in": self.flash.plan.get()[0],
            "contact": self.app.contact if self.app else None,
            "seen": self.app.seen if self.app else {},
        }  # fmt: skip


async def obey_lines(bench):
    """Commands from standard input, one JSON object a line; at its end the board goes away."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    print(json.dumps(bench.state()), flush=True)
    while line := await reader.readline():
        await bench.do(json.loads(line))
        print(json.dumps(bench.state()), flush=True)


async def serve(options):
    bench = Bench(options)
    await bench.start()
    if options.control:
        await obey_lines(bench)
    else:
        print(*bench.line.urls(), sep="\n", flush=True)
        await asyncio.Event().wait()
    bench.board.stop()
