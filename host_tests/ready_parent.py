"""What ready.py forks its commands from: imports them all, compiles the firmware, then forks on demand.

Takes the number of a socket: wishes with four descriptors (standard input, output, error, a line of
their own); tells on that line the process id, and at its end the exit status. Ends with the socket.
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NUMBER = struct.Struct("=i")
COMMANDS = ("run", "deploy", "flash", "provision", "selftest", "lab", "label", "report", "settings", "vend")
OTHERS = ("esptool", "esptool.cmds", "mpremote.main", "serial.rfc2217", "devkit_bench")
BEGINNING = "sitecustomize.py"  # in a folder of PYTHONPATH: a fresh Python begins with it


def prepare():
    sys.path[:0] = [str(ROOT), str(ROOT / "board/virtual")]
    for name in [*(f"tools.{name}" for name in COMMANDS), *OTHERS]:
        importlib.import_module(name)
    from tools.device.payload import firmware_files

    firmware_files()
    assert threading.active_count() == 1, "a thread would not be in the forks"
    gc.freeze()


def heard(line):
    """(a wish, its descriptors), or (None, []) at the end."""
    head, files, _, _ = socket.recv_fds(line, NUMBER.size, 4)
    if not head:
        return None, []
    missing, text = NUMBER.unpack(head)[0], b""
    while missing:
        part = line.recv(missing)
        text += part
        missing -= len(part)
    return json.loads(text), files


def bury(lines):
    """Tell of each that has ended; lines: {process id: line}."""
    while lines:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with lines.pop(pid) as line:
            try:
                line.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))
            except OSError:
                pass  # nobody waits for it any more


def serve(line):
    """In each fork: its wish and its descriptors; at the end None and none."""
    bell, ring = socket.socketpair()
    bell.setblocking(False)
    ring.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests' own
    signal.set_wakeup_fd(ring.fileno())
    lines = {}
    while True:
        ready, _, _ = select.select([line, bell], [], [])
        if bell in ready:
            bell.recv(1000)
            bury(lines)
        if line not in ready:
            continue
        wish, files = heard(line)
        pid = os.fork() if wish else 0
        if not pid:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, interrupt)
            for each in (line, bell, ring, *lines.values()):
                each.close()
            return wish, files
        lines[pid] = socket.socket(fileno=files.pop())
        lines[pid].sendall(NUMBER.pack(pid))
        for file in files:
            os.close(file)


def become(wish, files):
    """The process that was wished for, to its end."""
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    sys.stdin = sys.__stdin__ = open(0, closefd=False)
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)
    sys.stderr = sys.__stderr__ = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    if wish["session"]:
        os.setsid()
    os.environ.clear()
    os.environ.update(wish["env"])
    for folder in wish["env"].get("PYTHONPATH", "").split(os.pathsep):
        if folder and Path(folder, BEGINNING).exists():
            runpy.run_path(str(Path(folder, BEGINNING)))
    what, *words = wish["words"]
    sys.argv[:] = wish["words"]
    if what.endswith(".py"):
        runpy.run_path(what, run_name="__main__")
    else:
        sys.modules.pop(what, None) if "." in what else None
        runpy.run_module(what, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    end = socket.socket(fileno=int(sys.argv[1]))
    prepare()
    wish, files = serve(end)
    if wish:
        become(wish, files)
