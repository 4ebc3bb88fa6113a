"""The ESP32 port of MicroPython 1.25 as a program meets it: its start, its partitions, its limits.

Takes a line to the board's supervisor (live_line.py) and the prompt's names; gives the partitions of a
real flash, the heap of the official image, its modules. Sources: MicroPython 1.25, ports/esp32:
main.c, modules/_boot.py, modules/inisetup.py, modules/flashbdev.py.
"""

import builtins
import gc
import os
import sys

import esp32
import machine
import network  # noqa: F401  for a board with Wi-Fi
import vfs

import live_clock
import live_flash
import world

ROOT_PATH = ["", ".frozen", "/lib"]
NOT_ON_THE_CHIP = ("termios", "argparse")  # of the unix VM; the simulation's own are taken away
KEPT = ("machine", "esp32", "network", "cryptolib", "time", "flashbdev", "__main__")
CHUNK, SMALLEST = 65536, 16  # bytes, of what is taken from the heap
OBJECT_SIZE = 2  # a word here is two of the chip's
CORRUPTED = """\
The filesystem appears to be corrupted. If you had important data there, you
may want to make a flash snapshot to try to recover it. Otherwise, perform
factory reprogramming of MicroPython firmware (completely erase flash, followed
by firmware programming).
"""
BOOT_PY = """\
# This file is executed on every boot (including wake-boot from deepsleep)
#import esp
#esp.osdebug(None)
#import webrepl
#webrepl.start()
"""


class Partition(esp32.Partition):
    """One line of the flash's own partition table."""

    table = ()  # all of them

    def __init__(self, row, flash):
        self._row = row
        super().__init__(flash)

    @staticmethod
    def find(type=0, subtype=0xFF, label=None, block_size=4096):
        return [
            one for one in Partition.table
            if one._row[0] == type and subtype in (0xFF, one._row[1]) and label in (None, one._row[4])
        ]  # fmt: skip

    def info(self):
        """-> (type, subtype, address, size, label, encrypted)."""
        return tuple(self._row) + (False,)


class Frozen:
    """A module that the image has frozen in: names as attributes."""


class Chip:
    """settings: flash and plan (paths), partitions (rows as Partition.info), utc, closed, watts,
    bench (keywords of World), cause ("power on", "hard", "watchdog"), kept (the RTC memory, hex),
    heap (bytes free at the chip's prompt, 0 = no limit), counter (False: image before 1.26), frozen
    (folders of a production image, or none), run (main.py too)."""

    def __init__(self, line, names):
        self.line, self.names = line, names
        self.settings = line.receive()
        self.world = None

    def build(self):
        """The bench around the chip, and the flash in it."""
        settings = self.settings
        day, second = settings["utc"]
        self.world = live_clock.ChipWorld(
            self.line, 1, self.observe, day, second, settings["closed"], **settings["bench"]
        )
        self.world.reset_cause = settings["cause"]
        machine.RTC().memory(from_hex(settings["kept"]))
        self.world.set_load(settings["watts"])
        plan = live_flash.Plan(settings["plan"], lambda: self.end("power lost"))
        Partition.table = [
            Partition(row, live_flash.FileFlash(settings["flash"], row[3], row[2], plan))
            if row[0] == Partition.TYPE_DATA else Partition(row, None)
            for row in settings["partitions"]
        ]  # fmt: skip
        for part in Partition.find(Partition.TYPE_DATA, label=esp32.LEDGER):
            self.world.flash = part._flash

    def end(self, why, cause=world.HARD):
        """Nothing more happens here, not even an exception: the supervisor ends this process."""
        kept = hexed(machine.RTC().memory())
        self.line.send({"end": why, "cause": cause, "kept": kept, "utc": list(self.world.utc())})
        while True:
            self.line.receive()

    def observe(self):
        """-> what the meter says of itself, None while it starts."""
        meter = self.names.get("meter")
        return meter.observe() if hasattr(meter, "observe") else None

    def disguise(self):
        """What the chip has, and no more."""
        esp32.Partition = Partition
        live_clock.install(self.world, self.line)
        machine.reset = lambda: self.end("reset")
        if not self.settings["counter"] and hasattr(machine, "Counter"):
            del machine.Counter
        found = Partition.find(Partition.TYPE_DATA, label="vfs")
        flashbdev = Frozen()
        flashbdev.bdev = found[0] if found else None
        sys.modules["flashbdev"] = flashbdev
        for name in list(sys.modules):
            if name not in KEPT:
                del sys.modules[name]
        original = builtins.__import__

        def importer(name, *rest):
            if name in NOT_ON_THE_CHIP:
                raise ImportError("no module named '%s'" % name)
            return original(name, *rest)

        builtins.__import__ = importer
        return flashbdev.bdev

    def limit_heap(self):
        """Leave as much as the chip has at its prompt, in one piece; the rest is taken."""
        if not self.settings["heap"]:
            return
        gc.collect()
        left = bytearray(self.settings["heap"] * OBJECT_SIZE)
        taken = None  # pairs: a list would have to grow
        size = CHUNK
        while size >= SMALLEST:
            try:
                taken = (bytearray(size), taken)
            except MemoryError:
                size //= 2
        self.names["_simulation"] = taken
        del left
        gc.collect()


def hexed(data):
    return "".join(["%02x" % byte for byte in data])


def from_hex(text):
    return bytes([int(text[at : at + 2], 16) for at in range(0, len(text), 2)])


def mount(bdev):
    """_boot.py and inisetup.py: a disk that was never used is made, a broken one is mourned."""
    try:
        if bdev:
            vfs.mount(bdev, "/")
    except OSError:
        block = bytearray(bdev.ioctl(5, 0))
        bdev.readblocks(0, block)
        if block != b"\xff" * len(block):
            import time

            while True:
                print(CORRUPTED)
                time.sleep(3)
        print("Performing initial setup")
        vfs.VfsLfs2.mkfs(bdev)
        vfs.mount(vfs.VfsLfs2(bdev), "/")
        with open("boot.py", "w") as file:
            file.write(BOOT_PY)
    os.chdir("/")


def run_file(name, names):
    """pyexec_file_if_exists: a fault is printed, and the board goes on to its prompt."""
    try:
        with open(name) as file:
            source = file.read()
    except OSError:
        return
    exec(compile(source, name, "exec"), names)


def start(line, names):
    """From reset to the prompt."""
    chip = Chip(line, names)
    version = ".".join(map(str, sys.implementation.version[:3]))
    chip.build()
    frozen = [vfs.VfsPosix(folder) for folder in chip.settings["frozen"]]
    vfs.umount("/")
    sys.path[:] = ROOT_PATH
    for number, folder in enumerate(frozen):
        vfs.mount(folder, "/frozen%d" % number)
        sys.path.insert(1, "/frozen%d" % number)
    bdev = chip.disguise()
    for name in list(names):
        if not name.startswith("__"):
            del names[name]
    try:  # from here on an interrupt ends in the prompt of what is the chip now
        line.send({"interpreter": "MicroPython %s on %s" % (version, sys.platform)})
        live(chip, bdev, bool(frozen))
    except KeyboardInterrupt:
        chip.line.send({"prompt": "interrupted", "utc": list(chip.world.utc())})
        raise
    except world.Reset as reset:  # the watchdog's: nothing catches it
        chip.end("reset", reset.cause)
    except SystemExit:
        chip.end("soft reset")
    except Exception as error:
        chip.line.send({"prompt": repr(error), "utc": list(chip.world.utc())})
        raise
    chip.line.send({"prompt": "", "utc": list(chip.world.utc())})


def live(chip, bdev, frozen):
    """main.c: _boot.py, boot.py, main.py."""
    if frozen:
        run_file("/frozen0/_boot.py", chip.names)
        return
    mount(bdev)
    chip.limit_heap()
    run_file("boot.py", chip.names)
    if chip.settings["run"]:
        run_file("main.py", chip.names)
