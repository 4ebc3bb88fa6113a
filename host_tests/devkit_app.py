"""The program of the simulated board's flash, run by the real MicroPython unix VM.

Takes the partitions to start from and the line's bytes; gives what the board prints to send(bytes).
Keeps what a board keeps while no program runs: true time, the relay's contact, the RTC's memory over
a reset, the watchdog, which goes on counting while the program stands in its prompt.
"""

import asyncio
import time

from tools import interpreters
from tools.live.vm import Vm

ENTRY = "board/virtual/live_chip.py"
VM_HEAP = 6 << 20  # two partitions, the simulated silicon, and what the chip has
CHIP_HEAP = 164 << 10  # free at the prompt of the official 1.25 image
POWER_ON, WATCHDOG, HARD = "power on", "watchdog", "hard"  # causes, as board/virtual/world.py
SOFT_TEXT = b"MPY: soft reboot\r\n"
FROZEN = ("firmware", "board/esp32")
DAY_S = 86400


class App:
    """start_s: true UTC seconds since 2000-01-01, which then go on by the wall clock."""

    def __init__(self, flash_path, send, power_lost, reset, start_s):
        self.flash_path, self.send = flash_path, send
        self.power_lost, self.reset = power_lost, reset
        self.start_s, self.began_s = start_s, time.monotonic()
        self.vm = None
        self.bite = None  # the watchdog's timer
        self.contact, self.watts, self.bench = 1, 0, {}
        self.frozen = False
        self.heap = CHIP_HEAP
        self.seen = {}
        self.power_off()

    def power_off(self):
        """What needs power is forgotten."""
        self.stop()
        self.kept, self.cause = "", POWER_ON

    def utc(self):
        """[day since 2000-01-01, second of day]."""
        now_s = int(self.start_s + time.monotonic() - self.began_s)
        return list(divmod(now_s, DAY_S))

    # ---- starting and stopping

    def start(self, partitions, run=True):
        """Out of reset, or after a soft reset (run=False: to the raw prompt)."""
        self.partitions = partitions
        self.seen = {}
        settings = {
            "flash": str(self.flash_path), "plan": f"{self.flash_path}.plan",
            "partitions": [list(part)[:5] for part in partitions],
            "utc": self.utc(), "closed": self.contact == 1, "watts": self.watts,
            "bench": self.bench, "cause": self.cause, "kept": self.kept,
            "heap": 0 if self.frozen else self.heap, "counter": False, "run": run,
            "frozen": [str(interpreters.ROOT / folder) for folder in FROZEN] if self.frozen else [],
        }  # fmt: skip
        self.kept, self.cause = "", HARD  # unless it says more before it ends
        self.vm = Vm("micropython", settings, self.told, self.send, self.ended, ENTRY, VM_HEAP)

    def stop(self):
        """EN is low, or the power is gone: at once."""
        self.calm()
        if self.vm:
            self.vm.kill()
            self.vm = None
        self.watchdog_ms = 0

    def ended(self, status):
        """The program came to its end by itself."""
        vm, self.vm = self.vm, None
        if vm.greeted:
            self.soft_reset(vm.raw)
        else:
            self.send(b"the simulated board's VM does not start: " + vm.tail)

    def soft_reset(self, raw):
        self.send(SOFT_TEXT)
        self.start(self.partitions, run=not raw)
        if raw:
            self.vm.enter_raw()

    def end(self, why):
        """The program says that it is over, and waits for what comes."""
        if not self.vm:
            return
        if why == "soft reset":
            self.vm.kill()
            self.soft_reset(False)
            return
        self.stop()
        if why == "reset":
            self.reset()
        else:
            self.power_lost()

    # ---- the watchdog outside a running program

    def calm(self):
        if self.bite:
            self.bite.cancel()
            self.bite = None

    def fed(self):
        """It starts anew; its time is its last."""
        self.calm()
        if self.watchdog_ms:
            loop = asyncio.get_running_loop()
            self.bite = loop.call_later(self.watchdog_ms / 1000, self.bitten)

    def bitten(self):
        watchdog_ms = self.watchdog_ms
        self.stop()
        self.cause = WATCHDOG
        self.send(b"rst:0x8 (TG1WDT_SYS_RESET) after %d ms\r\n" % watchdog_ms)
        self.reset()

    # ---- the VM and the line

    def told(self, message):
        """A message of board/virtual/live_esp32.py."""
        self.seen.update(message)
        self.contact = message.get("contact", self.contact)
        self.kept = message.get("kept", self.kept)
        self.cause = message.get("cause", self.cause)
        if "watchdog_ms" in message:
            self.watchdog_ms = message["watchdog_ms"]
            self.calm()
            if "prompt" in self.seen:
                self.fed()
        if "prompt" in message and not self.bite:
            self.fed()
        if "end" in message:
            asyncio.get_running_loop().call_soon(self.end, message["end"])

    def heard(self, data):
        """From the line. Production has no ear for Ctrl-C."""
        if self.vm and not self.frozen:
            self.vm.enter(data)

    def tell(self, message):
        if self.vm:
            self.vm.tell(message)
