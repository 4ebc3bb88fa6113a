"""How good the tests are: branch coverage of the core, and the gates that measure it."""
# runs on: cpython

import tomllib

import pytest

from tools import branches, mutation
from tools.interpreters import ROOT

PLANTED = """
import sys
sys.path.insert(0, "firmware")
import shilling

def test_planted():
    assert {}
"""
HARMLESS = ("utrn.Window.mark", "if counter > self.highest:", "if counter >= self.highest:")
HARMFUL = ("utrn.Window.mark", "if counter > self.highest:", "if counter < self.highest:")
LISTED = "[[survivor]]\nwhere = {!r}\nwas = {!r}\nbecame = [{!r}]\nwhy = 'x'\n"


def test_every_branch_of_the_core_is_taken(capfd):
    status = branches.main(branches.TESTS, branches.MODULES)
    assert status == 0, capfd.readouterr().out


def test_a_module_that_no_test_reaches_fails(capfd):
    assert branches.main(["host_tests/test_calendar.py"], ["utrn"]) != 0
    assert "utrn.py" in capfd.readouterr().out


@pytest.mark.parametrize("passes", [True, False])
def test_a_failing_test_fails_whatever_it_covers(tmp_path, capfd, passes):
    planted = tmp_path / "test_planted.py"
    planted.write_text(PLANTED.format(passes))
    assert (branches.main([str(planted)], ["__init__"]) == 0) == passes


@pytest.fixture
def explained(monkeypatch, tmp_path):
    file = tmp_path / "survivors.toml"
    file.write_text(LISTED.format(*HARMLESS))
    monkeypatch.setattr(mutation, "EXPLAINED", file)


def test_a_survivor_that_is_explained_passes(explained):
    assert mutation.compare([HARMLESS], ["utrn"]) == []


def test_a_new_survivor_fails(explained):
    [complaint] = mutation.compare([HARMLESS, HARMFUL], ["utrn"])
    assert complaint.startswith("survives unexplained: utrn.Window.mark\n")
    assert "+ if counter < self.highest:" in complaint
    assert len(mutation.compare([HARMLESS, HARMLESS], ["utrn"])) == 1


def test_an_explanation_of_what_is_found_fails(explained):
    [complaint] = mutation.compare([], ["utrn"])
    assert complaint.startswith("explained, but found: utrn.Window.mark\n")
    assert mutation.compare([], ["account"]) == []  # utrn was not run


def test_what_is_explained_is_still_in_the_firmware():
    for each in tomllib.loads(mutation.EXPLAINED.read_text())["survivor"]:
        module = each["where"].partition(".")[0]
        assert module in mutation.MODULES
        text = (ROOT / f"firmware/shilling/{module}.py").read_text()
        assert each["was"] in text, f"{each['where']} reads otherwise now: run make mutation"
        assert each["why"]
