"""Commands that are forked instead of started: they do and say what those of a fresh Python do."""
# runs on: cpython

import os
import signal
import subprocess
import sys
import time

import pytest

import ready
from running import is_alive
from tools.interpreters import ROOT

WORDS = (("tools.cli", "settings", "--template", "gas_weekly"), ("tools.cli", "run", "--port", "0"),
         ("mpremote", "connect", "/dev/ttyNONE", "ls"), ("tools.cli", "sing"))  # fmt: skip
NEEDS_PROC = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no /proc here")
SCRIPT = """import os, sys
print(sys.argv[1:], sys.stdin.read(), os.environ.get("SONG"), os.getcwd())
print("oh", file=sys.stderr)
{}
"""


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_it_prints_and_ends_as_in_a_fresh_python(words):
    cold = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, text=True, capture_output=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    found = ready.run(*words)
    assert (found.returncode, found.stdout, found.stderr) == (cold.returncode, cold.stdout, cold.stderr)
    assert cold.stdout or cold.stderr


@pytest.mark.parametrize("last, status", [("", 0), ("sys.exit(7)", 7), ("raise ValueError(5)", 1)])
def test_it_has_its_own_words_input_environment_and_status(tmp_path, last, status):
    (tmp_path / "song.py").write_text(SCRIPT.format(last))
    env = dict(os.environ, SONG="la")
    found = ready.run(tmp_path / "song.py", "a", 5, typed="keys", env=env)
    assert (found.returncode, found.stdout) == (status, f"['a', '5'] keys la {ROOT}\n")
    assert found.stderr.startswith("oh\n") and ("ValueError: 5" in found.stderr) == (status == 1)
    assert "SONG" not in os.environ


@NEEDS_PROC
def test_it_takes_signals_and_is_gone_after_them(tmp_path):
    (tmp_path / "wait.py").write_text("import time\nprint('here', flush=True)\ntime.sleep(99)\n")
    for number in (signal.SIGTERM, signal.SIGKILL):
        process = ready.Process(tmp_path / "wait.py")
        with process.stdout:
            assert process.stdout.readline() == "here\n"
            assert process.poll() is None and is_alive(process.pid)
            process.send_signal(number)
            assert process.wait(20) == -number
            assert not is_alive(process.pid)
    with pytest.raises(subprocess.TimeoutExpired):
        ready.run(tmp_path / "wait.py", timeout=0.1)


@NEEDS_PROC
def test_nothing_is_left_when_the_tests_are_killed(tmp_path):
    """The process that forks hears the end of its client."""
    (tmp_path / "client.py").write_text(
        f"import sys, time\nsys.path[:0] = [{str(ROOT / 'host_tests')!r}]\nimport ready\n"
        "print(ready.run('tools.cli', 'run', '--port', '0').returncode, flush=True)\n"
        "import os\nprint(open('/proc/self/task/%d/children' % os.getpid()).read(), flush=True)\n"
        "time.sleep(99)\n"
    )
    with subprocess.Popen([sys.executable, tmp_path / "client.py"], stdout=subprocess.PIPE) as client:
        assert client.stdout.readline() == b"2\n"
        children = [int(pid) for pid in client.stdout.readline().split()]
        assert children and all(map(is_alive, children))
        client.kill()
    end_s = time.monotonic() + 20
    while any(map(is_alive, children)):
        assert time.monotonic() < end_s
        time.sleep(0.01)
