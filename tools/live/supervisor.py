"""The life of one running meter: starts the VM, lets mpremote in, cuts the power, starts it again.

Gives `publish` what changed, as dicts for the pages. Interrupted from the port the meter stops in
the VM's prompt; START_AGAIN_S after the port is closed it starts again from its records. Mains off
kills the VM in the middle of whatever it does: only the files of the folder are left.
"""

import asyncio
import sys

from tools.device.payload import firmware_files
from tools.errors import UserError
from tools.live.port import Port
from tools.live.vm import Vm

START_AGAIN_S = 5
TICK_S = 0.25
HARD_RESET = 82  # the exit status board/virtual/live.py asks for one with
RESET_TEXT = b"ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET)\r\n"  # as a board prints it
SOFT_RESET_TEXT = b"MPY: soft reboot\r\n"
DARK = {"cells": [0] * 8, "text": "", "buzzer": 0, "led": 0, "jumping": False, "meter": None}
BLANK = b"\xff"


class Supervisor:
    """One meter in one folder. on: micropython or cpython; provision: source for a new meter; radio:
    has started(), heard(message) and tick()."""

    def __init__(self, on, folder, house, provision, publish, radio):
        self.on = on
        self.folder = folder
        self.house = house
        self.provision = provision
        self.publish = publish
        self.radio = radio
        self.speed = 1
        self.status = ""
        self.vm = None
        self.again = None  # the timer that starts the meter again
        self.was_running = False  # a ledger that is blank later on was erased by somebody's wish
        self.files = self.firmware() if on == "micropython" else []
        self.port = None

    def firmware(self):
        """[path here, path on the board's disk] of every file a board gets, compiled as for the chip."""
        files = []
        for path, content in firmware_files().items():
            here = self.folder / "files" / path[1:]
            here.parent.mkdir(parents=True, exist_ok=True)
            here.write_bytes(content)
            files.append([str(here), path[1:]])
        return files

    # ---- starting and stopping

    async def live(self):
        """Run until cancelled, or until the VM cannot be started (UserError)."""
        self.failed = asyncio.get_running_loop().create_future()
        try:
            if self.on == "micropython":
                self.port = Port(self.folder / "meter", self.opened, self.typed, self.closed)
            self.boot()
            while True:
                await asyncio.wait([self.failed], timeout=TICK_S)
                if self.failed.done():
                    raise self.failed.exception()
                if self.status != "running":
                    self.house.pass_time(self.speed if self.status == "off" else 1)
                    self.publish({"utc": self.house.utc()})
                self.radio.tick()
                self.house.save_if_due()
        finally:
            self.stop_waiting()
            self.cut()
            if self.port:
                self.port.close()
            self.house.save()

    def boot(self, run=True):
        """Start the VM; without `run` it goes to the prompt at once."""
        ledger = self.folder / "ledger.bin"
        blank = not ledger.exists() or not ledger.read_bytes().strip(BLANK)
        settings = {
            "ledger": str(ledger),
            "disk": str(self.folder / "vfs.bin") if self.on == "micropython" else "",
            "files": self.files,
            "main": "main.py" if self.on == "micropython" else "firmware/main.py",
            "run": run,
            "utc": self.house.utc(),
            "closed": self.house.contact == 1,
            "watts": self.house.watts(),
            "speed": self.speed,
            "first": self.provision if blank and not self.was_running else "",
        }
        self.files = []  # flashed once: what mpremote changes afterwards stays
        self.change("starting")
        self.vm = Vm(self.on, settings, self.told, self.printed, self.ended)

    def cut(self):
        """The VM is gone after this; its contact, flash and time are known."""
        if self.vm:
            self.vm.cut()
            self.vm = None

    def change(self, status):
        self.status = status
        self.publish({"vm": status})

    def ended(self, status):
        """The VM came to its end by itself: a reset, or a fault that a prompt cannot show."""
        vm, self.vm = self.vm, None
        if not vm.greeted:
            last = vm.tail.decode(errors="replace").strip().rpartition("\n")[2]
            why = last or f"exit status {status}"
            self.failed.set_exception(UserError(f"the meter's VM does not start: {why}"))
        elif not self.port:
            self.wait_to_start()
        elif status == HARD_RESET:
            self.reset()
        else:
            self.port.send(SOFT_RESET_TEXT)
            self.boot(run=not vm.raw)
            if vm.raw:
                self.vm.enter_raw()

    def reset(self):
        """As the board's own supply off and on, but that time and contact go on."""
        self.stop_waiting()
        self.cut()
        if self.port:
            self.port.send(RESET_TEXT)
        self.boot()

    def set_mains(self, on):
        """Power off means dead at once; power on starts from what the flash holds."""
        if on == self.house.mains:
            return
        self.house.mains = on
        self.stop_waiting()
        if on:
            self.boot()
        else:
            self.cut()
            self.change("off")
            self.publish(DARK)
        self.publish(self.house.seen())

    # ---- the silicon

    def told(self, message):
        """A message of board/virtual/live.py."""
        if "interpreter" in message:
            self.publish(message)
            self.change("running")
            self.radio.started()
        elif "air" in message:
            self.house.take(message)
            self.radio.heard(message)
        elif "reset" in message:
            self.house.take(message)
            self.reset()
        elif "prompt" in message:
            self.house.take(message)
            self.change("repl")
            if message["prompt"]:
                print(f"the meter stopped: {message['prompt']}", file=sys.stderr, flush=True)
            if not (self.port and self.port.is_open):
                self.wait_to_start()
        else:
            self.was_running = True
            if self.house.take(message):
                self.house.save()
            self.publish(message)

    def tell(self, message):
        """To the silicon, if there is any."""
        if self.vm:
            self.vm.tell(message)

    # ---- the port

    def opened(self):
        self.stop_waiting()

    def typed(self, data):
        if self.vm:
            self.vm.enter(data)

    def printed(self, data):
        if self.port:
            self.port.send(data)

    def closed(self):
        if self.status == "repl":
            self.wait_to_start()

    def wait_to_start(self):
        self.stop_waiting()
        self.again = asyncio.get_running_loop().call_later(START_AGAIN_S, self.start_again)

    def stop_waiting(self):
        if self.again:
            self.again.cancel()
            self.again = None

    def start_again(self):
        self.again = None
        self.cut()
        self.boot()
