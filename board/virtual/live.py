"""Runs one meter in real time on the virtual board; `shilling run` starts it, VM or CPython.

Takes a file descriptor to talk over (live_line.py), whose first message are the settings (main).
Interrupted, it ends in the VM's prompt with `meter` at hand, as a board does; exit status 82 asks
for a hard reset.
"""

import os
import sys

import esp32  # noqa: F401  the board asks for it when the host's tree is gone
import machine
import network  # noqa: F401  a board with Wi-Fi too

import bench
import boot
import live_flash
import live_world
import world
from live_line import Line

HARD_RESET = 82
DISK_SIZE = 1 << 20  # of HARDWARE.md: the file system `vfs`


def install(disk, files):
    """Mount the disk in place of the host's tree, with `files` ([path here, path there]) on it."""
    import vfs

    contents = [(to, open(path, "rb").read()) for path, to in files]
    blocks = live_flash.Disk(disk, DISK_SIZE)
    try:
        system = vfs.VfsLfs2(blocks)
    except OSError:  # never formatted
        vfs.VfsLfs2.mkfs(blocks)
        system = vfs.VfsLfs2(blocks)
    vfs.umount("/")
    vfs.mount(system, "/")
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]
    for to, content in contents:
        write_if_new(to, content)


def write_if_new(path, content):
    """As flashing tools do: what is there already is left alone."""
    if "/" in path:
        try:
            os.mkdir(path.rsplit("/", 1)[0])
        except OSError:  # it is there
            pass
    try:
        with open(path, "rb") as old:
            if old.read() == content:
                return
    except OSError:  # it is not there
        pass
    with open(path, "wb") as new:
        new.write(content)


def hard_reset():
    """The exit ends in the prompt when a program asks for it: so the supervisor is told as well."""
    line.send({"reset": "", "utc": list(world.current.utc())})
    sys.exit(HARD_RESET)


def for_ever():
    """The script of a world whose hands come over the line."""
    while True:
        yield 1 << 40


def observe():
    """-> what the meter says of itself, None while it starts. Its link gets the phone's wire, if it has
    none of its own."""
    if not meter:
        return None
    if getattr(meter, "link", True) is None and meter.meter.is_set_up:
        meter.connect(world.current.wire)
    return meter.observe()


def start():
    """Switch the meter on as the board's own start does: main.py in the names of the prompt."""
    ready()
    with open(settings["main"]) as file:
        exec(file.read(), globals())


def ready():
    """Give the board's modules the world's clock. Between the two renames of an update they are in
    /old, which main.py will find by itself."""
    try:
        boot.board_class()
    except ImportError:
        sys.path.append("/old")
        try:
            boot.board_class()
        finally:
            sys.path.remove("/old")


def who():
    """-> the interpreter's own word on what it is."""
    name = {"micropython": "MicroPython", "cpython": "CPython"}[sys.implementation.name]
    version = ".".join([str(part) for part in sys.implementation.version[:3]])
    return "%s %s on %s" % (name, version, sys.platform)


def build():
    """-> the bench with its flash as it was left, and the firmware on its disk."""
    flash = live_flash.FileFlash(settings["ledger"], bench.FLASH_SIZE)
    if settings["disk"]:
        install(settings["disk"], settings["files"])
    day, second = settings["utc"]
    live = live_world.LiveWorld(line, settings["speed"], observe, day, second, settings["closed"])
    live.flash = flash
    if settings["disk"]:
        live.disk = None  # a real one is mounted
    live.set_load(settings["watts"])
    machine.reset = hard_reset
    try:
        ready()  # for the prompt too
    except Exception:  # the firmware's own start will say what is wrong with it
        pass
    exec(settings["first"], {"store": boot.store(live)})
    return live


def main():
    """settings: ledger (path), disk (path or ""), files (for the disk), main (path), run (false:
    to the prompt at once), utc [day, second], closed (contact), watts, speed, first (source to run
    before the start)."""
    try:
        live = build()
        line.send({"interpreter": who()})  # from now on an interrupt ends in the board's own prompt
        if settings["run"]:
            live.run(start, for_ever())
    except SystemExit:  # a reset, or the mains went off
        raise
    except KeyboardInterrupt:
        line.send({"prompt": "", "utc": list(world.current.utc())})
        raise
    except Exception as error:
        line.send({"prompt": repr(error)})
        raise
    line.send({"prompt": ""})


meter = None  # main.py makes it
line = Line(int(sys.argv[1]))
settings = line.receive()
main()
