"""One launcher for every interpreter: arguments, input, output, exit status, heap limit."""
# runs on: cpython

import sys

import pytest

from tools import interpreters
from tools.errors import UserError
from tools.interpreters import NAMES, run

SMALL_INT_SIZE = {"micropython": 2**63 - 1, "wasm": 2**31 - 1}

each = pytest.mark.parametrize("on", NAMES)
each_vm = pytest.mark.parametrize("on", NAMES[1:])


@pytest.fixture
def program(tmp_path):
    """Write a program; give how to run it: program(on, source, **options)."""

    def write_and_run(on, source, *argv, **options):
        reason = interpreters.available(on)
        if reason:
            pytest.skip(reason)
        path = tmp_path / "program.py"
        path.write_text(source)
        return run(on, str(path), argv, files=[path], **options)

    return write_and_run


@each
def test_arguments_input_and_output_pass_through(program, on):
    ended = program(
        on,
        "import sys\nprint(sys.argv[1:], __name__)\nprint(sys.stdin.readline() + 'é£')\n"
        "print('aside', file=sys.stderr)\n",
        "a b", "--c", stdin="first\nsecond\n",
    )  # fmt: skip
    assert ended.stdout == "['a b', '--c'] __main__\nfirst\né£\n"
    assert (ended.returncode, ended.stderr) == (0, "aside\n")


@each
def test_input_is_empty_when_none_is_given(program, on):
    assert program(on, "import sys\nprint(repr(sys.stdin.read()))\n").stdout == "''\n"


@each
def test_large_input_and_output_do_not_block(program, on):
    text = "x" * 99 + "\n"
    ended = program(on, "import sys\nfor line in sys.stdin: print(line, end='')", stdin=text * 5000)
    assert ended.stdout == text * 5000


@each
@pytest.mark.parametrize(
    "source, status",
    [("", 0), ("import sys\nsys.exit()", 0), ("import sys\nsys.exit(7)", 7),
     ("raise SystemExit(0)", 0), ("1 / 0", 1)],
)  # fmt: skip
def test_exit_status(program, on, source, status):
    assert program(on, source).returncode == status


@each
def test_exception_leaves_its_trace_on_standard_error(program, on):
    ended = program(on, "print('before')\ndef f():\n    raise ValueError(5)\nf()\n")
    assert ended.stdout == "before\n"
    assert "program.py" in ended.stderr
    assert "line 3, in f" in ended.stderr
    assert ended.stderr.endswith("ValueError: 5\n")


@each
def test_lines_stream_while_the_program_runs(program, on):
    seen = []
    ended = program(on, "for n in range(3): print(n)", stream=seen.append)
    assert seen == ["0\n", "1\n", "2\n"]
    assert ended.stdout == "".join(seen)


@each
def test_a_program_that_hangs_is_ended(program, on):
    ended = program(on, "print('on')\nwhile True: pass\n", timeout_s=2)
    assert ended.returncode < 0
    assert ended.stdout == "on\n"


@each
def test_import_path_reaches_firmware_silicon_and_extra_folders(program, on, tmp_path):
    (tmp_path / "first").mkdir()
    (tmp_path / "first/needs.py").write_text("HERE = 'in front'\n")
    ended = program(
        on, "import shilling, world, needs\nprint(needs.HERE)", path=[tmp_path / "first"]
    )
    assert ended.stdout == "in front\n", ended.stderr


@each_vm
def test_the_vm_is_the_real_one(program, on):
    ended = program(on, "import sys\nprint(sys.implementation.name, sys.maxsize)\n")
    assert ended.stdout == f"micropython {SMALL_INT_SIZE[on]}\n"


@each_vm
def test_heap_limit_is_hard(program, on):
    source = "kept = []\nwhile len(kept) < %d: kept.append(bytearray(1000))\n"
    assert program(on, source % 60, heap=100_000).returncode == 0
    ended = program(on, source % 100, heap=100_000)
    assert ended.returncode == 1
    assert "MemoryError" in ended.stderr


@each_vm
def test_a_missing_file_has_the_error_number_of_a_board(program, on):
    ended = program(on, "try:\n    open('nowhere')\nexcept OSError as e:\n    print(e.errno)\n")
    assert ended.stdout == "2\n"


@each_vm
def test_firmware_loads_from_compiled_files(program, on, tmp_path):
    from tools.checks import mpy

    mpy.build(interpreters.ROOT, tmp_path / "mpy")
    source = "from shilling import units\nprint(units.__file__)\n"
    ended = program(on, source, path=[tmp_path / "mpy/firmware"])
    assert ended.stdout.strip().endswith("mpy/firmware/shilling/units.mpy"), ended.stderr


def test_wasm_stands_in_for_a_missing_unix_vm_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr(
        interpreters, "available", {"micropython": "no wheel", "wasm": None, "cpython": None}.get
    )
    assert interpreters.choose("micropython") == "wasm"
    assert capsys.readouterr().err == "no wheel; using the wasm VM instead\n"
    assert interpreters.choose("cpython") == "cpython"


def test_no_vm_at_all_is_one_sentence(monkeypatch):
    monkeypatch.setattr(interpreters, "available", lambda on: "no wheel")
    with pytest.raises(UserError, match="no wheel"):
        interpreters.choose("micropython")


def test_unknown_interpreter_is_named():
    assert "pypy" in interpreters.available("pypy")
    with pytest.raises(UserError, match="pypy"):
        run("pypy", "x.py")


def test_cpython_is_this_one(program):
    ended = program("cpython", "import sys\nprint(sys.version)\n")
    assert ended.stdout.strip() == sys.version
