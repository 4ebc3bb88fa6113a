"""The `shilling` command: lists what there is, says faults in one sentence."""
# runs on: cpython

import os
import subprocess
import sys
from types import ModuleType

import pytest

from tools import cli
from tools.errors import UserError
from tools.interpreters import ROOT


@pytest.fixture
def commands(monkeypatch):
    """Replace the commands by one called sing; give the list of what it was called with."""
    calls = []

    def sing(args):
        calls.append(args.notes)
        if args.notes == 0:
            raise UserError("there is nothing to sing")
        if args.notes > 999:
            return sing(args)
        if args.notes > 99:
            raise OSError(28, "No space left on device", "song.txt")
        if args.notes > 9:
            raise KeyboardInterrupt
        return args.notes

    module = ModuleType("tools.sing")
    module.NAME, module.HELP, module.main = "sing", "sing a song", sing
    module.add_arguments = lambda parser: parser.add_argument("notes", type=int)
    monkeypatch.setitem(sys.modules, "tools.sing", module)
    monkeypatch.setattr(cli, "present", lambda: ["sing"])
    return calls


def test_exit_status_is_the_commands(commands):
    assert cli.main(["sing", "3"]) == 3
    assert commands == [3]


def test_fault_is_one_sentence_and_status_2(commands, capsys):
    assert cli.main(["sing", "0"]) == 2
    assert capsys.readouterr().err == "shilling: there is nothing to sing\n"


def test_interrupt_is_quiet(commands, capsys):
    assert cli.main(["sing", "10"]) == 130
    assert capsys.readouterr().err == ""


def test_a_file_that_cannot_be_used_is_one_sentence_and_status_2(commands, capsys):
    assert cli.main(["sing", "100"]) == 2
    assert capsys.readouterr().err == "shilling: song.txt: No space left on device\n"


def test_what_is_nested_too_deeply_is_one_sentence_and_status_2(commands, capsys):
    assert cli.main(["sing", "1000"]) == 2
    said = capsys.readouterr().err
    assert said == "shilling: what it was given is nested too deeply to be read\n"


@pytest.mark.parametrize("open_, close", [("[", "]"), ('{"a":', "}")], ids=["list", "object"])
def test_no_depth_of_a_file_is_a_traceback(open_, close, capsys, tmp_path):
    file = tmp_path / "deep"
    for depth in (100, 300, 900, 5000):
        file.write_text("rate: " + open_ * depth + "1" + close * depth)
        assert cli.main(["settings", "--check", str(file)]) == 2
        assert cli.main(["play", str(file)]) == 2
        file.write_text('{"pins": ' + open_ * depth + "1" + close * depth + "}")
        assert cli.main(["flash", "--to", str(tmp_path / "x"), "--board", str(file)]) == 2
        assert cli.main(["vend", "--keys", str(file), "--counter", "1", "--amount", "5"]) == 2
    assert "Traceback" not in capsys.readouterr().err


WRONG = {
    "[" * 100000: "... is no JSON object",
    '{"w": NaN}': "JSON has no NaN",
    '{"do": "end"}': 'the request is load: leave "do" out',
    '{"self": 1}': 'no request has "self"',
    "3": "'3' is no JSON object",
}


@pytest.mark.parametrize("text", WRONG, ids=list(WRONG.values()))
def test_a_wrong_request_to_the_lab_port_is_one_sentence(text, capsys):
    assert cli.main(["lab", "ask", "--port", "/dev/ttyNONE", "load", text]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and WRONG[text] in said[0] and len(said[0]) < 150


def test_help_lists_each_command_with_its_sentence(commands, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    assert "sing      sing a song" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [[], ["dance"], ["sing"], ["sing", "x"]])
def test_wrong_usage_is_status_2(commands, argv):
    with pytest.raises(SystemExit) as end:
        cli.main(argv)
    assert end.value.code == 2


def test_command_without_a_file_is_not_listed(monkeypatch):
    monkeypatch.setattr(cli, "COMMANDS", ("vend", "no_such_command"))
    assert cli.present() == ["vend"]


def test_every_command_that_is_there_has_help(capsys):
    for name in cli.present():
        with pytest.raises(SystemExit) as end:
            cli.main([name, "--help"])
        assert end.value.code == 0
        assert f"usage: shilling {name}" in capsys.readouterr().out


def test_a_terminal_without_a_pound_sign_shows_something_else():
    """Of LANG=C and the like; real, as the streams are made before any code of ours."""
    ended = subprocess.run(
        [sys.executable, "-m", "tools.cli", "vend", "--amount", "5.00", "--counter", "1"],
        cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert b"?5.00" in ended.stdout
