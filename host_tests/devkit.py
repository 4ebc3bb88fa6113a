"""A simulated ESP32 dev board on a network serial port, for the real esptool and the real mpremote.

On a command line:  python host_tests/devkit.py --flash FILE    # prints rfc2217://127.0.0.1:PORT
                    esptool --port rfc2217://127.0.0.1:PORT flash-id
In a test:          with Devkit(tmp_path / "flash.bin") as kit:  # a process of its own
                        kit.do("cut_at_write", n=700)            # devkit_bench.Bench.do has them all
                        kit.tool("tools.cli", "flash", "--port", kit.url); kit.esptool("flash-id")
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for folder in ("board/virtual", "host_tests", ""):
    if str(ROOT / folder) not in sys.path:
        sys.path.append(str(ROOT / folder))

import ready  # noqa: E402
from devkit_bench import serve  # noqa: E402
from devkit_chips import CHIPS  # noqa: E402

START_S = 30


def quick():
    """The environment in which a tool's rfc2217 port is quick (devkit_quick says how)."""
    return dict(os.environ, PYTHONPATH=str(ROOT / "host_tests/devkit_quick"))


class Devkit:
    """A board in a process of its own; a context manager. Keywords: size (MB), chip, download."""

    def __init__(self, flash, **options):
        self.flash = Path(flash)
        self.options = options

    def __enter__(self):
        command = [str(ROOT / "host_tests/devkit.py"), "--control", "--flash", str(self.flash)]
        for name, value in self.options.items():
            command += (
                [f"--{name.replace('_', '-')}"] if value is True else [f"--{name}", str(value)]
            )
        self.process = ready.Process(*command, stdin=ready.PIPE, stderr=sys.__stderr__)
        state = self.hear()
        self.url, self.plain = state["url"], state["plain"]
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def hear(self):
        line = self.process.stdout.readline()
        assert line, "the simulated board died"
        return json.loads(line)

    def do(self, what, **wish):
        """Its state after one of Bench.do's commands."""
        self.process.stdin.write(json.dumps({"do": what, **wish}) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def ask(self):
        """Its state: state, why (it does not boot), plugged, cut_in, seen (of the meter)."""
        return self.do("state")

    def until(self, true, limit_s=START_S):
        """Its state as soon as true(state); fails after limit_s."""
        end_s = time.monotonic() + limit_s
        while not true(state := self.ask()):
            assert time.monotonic() < end_s, f"not seen in {limit_s} s: {state}"
            time.sleep(0.1)
        return state

    def meter(self, limit_s=START_S):
        """What the running meter says of itself."""
        return self.until(lambda state: state["seen"].get("meter"), limit_s)["seen"]["meter"]

    def tool(self, *words, limit_s=120):
        """(exit status, everything it printed) of a Python module's command."""
        ended = ready.run(*words, env=quick(), timeout=limit_s)
        return ended.returncode, ended.stdout + ended.stderr

    def esptool(self, *words):
        """As tool(), of the real esptool on this board."""
        return self.tool("esptool", "--port", self.url, *words)

    def mpremote(self, *words):
        """As tool(), of the real mpremote on this board."""
        return self.tool("mpremote", "connect", self.url, *words, limit_s=40)


def utc_now():
    return datetime.now(UTC).replace(tzinfo=None)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--flash", required=True, help="the flash chip's content; made if missing")
    parser.add_argument("--size", type=int, default=4, help="of the flash chip, MB; 4 if not given")
    parser.add_argument("--chip", choices=tuple(CHIPS), default="esp32")
    parser.add_argument("--download", action="store_true", help="the BOOT button is held down")
    parser.add_argument("--now", type=datetime.fromisoformat, default=utc_now(),
                        help="true UTC; this computer's if not given")  # fmt: skip
    parser.add_argument("--production", action="store_true", help="the firmware is frozen in")
    parser.add_argument("--no-vm", action="store_true", help="nothing runs but the serial loader")
    parser.add_argument("--control", action="store_true", help="commands come on standard input")
    try:
        asyncio.run(serve(parser.parse_args()))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
