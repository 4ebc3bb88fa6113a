"""The `shilling` command: lists what there is, says faults in one sentence."""
# runs on: cpython

import sys
from types import ModuleType

import pytest

from tools import cli
from tools.errors import UserError


@pytest.fixture
def commands(monkeypatch):
    """Replace the commands by one called sing; give the list of what it was called with."""
    calls = []

    def sing(args):
        calls.append(args.notes)
        if args.notes == 0:
            raise UserError("there is nothing to sing")
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
