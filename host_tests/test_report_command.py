"""`shilling report`: the page and the table it writes, and the files it refuses."""
# runs on: cpython

import csv
import os
import random
import re
import subprocess
import sys
import zlib

import pytest

from keeping import SECTOR, TOU, Kept, three_days
from support import POUND, TEST_SECRET
from tools import cli, report
from tools.errors import UserError
from tools.interpreters import ROOT
from tools.report import ledger, page, rows, story, words

FRIDAY = 9820  # 2026-11-20


@pytest.fixture(scope="module")
def used():
    return three_days()


def run_report(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tools.cli", "report", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def later_format():
    data = bytearray(Kept().image())
    data[0] = 77
    data[1532:1536] = zlib.crc32(data[:1532]).to_bytes(4, "little")
    return bytes(data)


WRONG = {
    "missing": (None, "cannot be read: No such file"),
    "empty": (b"", "is no ledger: 0 bytes"),
    "text": (b"hello\n", "is no ledger: 6 bytes"),
    "blank": (b"\xff" * 4 * SECTOR, "is blank"),
    "zeros": (bytes(4 * SECTOR), "holds no checkpoint"),
    "noise": (random.Random(3).randbytes(4 * SECTOR), "holds no checkpoint"),
    "half": (b"\xff" * 3 * SECTOR, "is no ledger: 12288 bytes"),
    "large": (bytes((16 << 20) + 1), "too many"),
    "later": (later_format(), "format 77 of a later firmware"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_in_one_sentence(name, tmp_path, capsys):
    data, said = WRONG[name]
    file = tmp_path / "ledger.bin"
    if data is not None:
        file.write_bytes(data)
    out = tmp_path / "report.html"
    assert cli.main(["report", str(file), "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert not out.exists()


def test_a_folder_is_no_ledger(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        report.story_of(tmp_path)


def test_the_command_writes_page_and_csv_and_never_the_ledger(used, tmp_path):
    file = tmp_path / "ledger.bin"
    file.write_bytes(used)
    os.chmod(file, 0o444)
    before = file.stat().st_mtime_ns
    out, table = tmp_path / "new/report.html", tmp_path / "new/report.csv"
    ended = run_report(file, "--out", out, "--csv", table)
    assert ended.returncode == 0, ended
    # on a slow machine it tells how far it is, on any it tells nothing else
    assert set(ended.stderr.splitlines()) <= {
        "reading the ledger…", "drawing the report…", "writing the half-hours…",
    }  # fmt: skip
    assert file.read_bytes() == used and file.stat().st_mtime_ns == before
    text = out.read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\"' ]+", text))
    assert all(
        address.startswith("http://www.w3.org/") for address in addresses
    )  # names, not fetched
    assert "<script" not in text and "<link" not in text and "@import" not in text
    assert "prefers-color-scheme: dark" in text and 'name="viewport"' in text
    assert TEST_SECRET.hex() not in text.lower()
    for name in ("today", "balance", "days", "weeks", "months"):
        assert f'id="{name}-w-' in text and f'id="{name}-n-' in text, name
    with table.open(encoding="utf-8", newline="") as lines:
        read = list(csv.DictReader(lines))
    told = story.told(ledger.read(used, "x"))
    assert sum(int(row["rate_1_wh"]) for row in read) == 9000
    assert read[-1]["balance_GBP"] == rows.exact(told.state["balance_mp"])
    assert sum(round(float(row["cost_GBP"]) * POUND) for row in read) == 9000 * 24.5 + 3 * 30000
    assert read[0]["utc"] == "2026-11-20T11:00:00Z" and read[0]["local"] == "2026-11-20T11:00+00:00"


def test_it_says_what_it_is_doing_when_that_takes_long(used, tmp_path, monkeypatch, capsys):
    file = tmp_path / "ledger.bin"
    file.write_bytes(used)
    arguments = [
        "report",
        str(file),
        "--out",
        str(tmp_path / "a.html"),
        "--csv",
        str(tmp_path / "a.csv"),
    ]
    monkeypatch.setattr(report, "QUIET_S", 0)
    assert cli.main(arguments) == 0
    said = capsys.readouterr().err
    assert "drawing the report…" in said and "writing the half-hours…" in said
    monkeypatch.setattr(report, "QUIET_S", 60)
    assert cli.main(arguments) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("option", ["--out", "--csv"])
def test_the_ledger_is_refused_as_an_output(option, used, tmp_path):
    file, other = tmp_path / "ledger.bin", tmp_path / "link.html"
    file.write_bytes(used)
    other.hardlink_to(file)
    for path in (file, other):
        ended = run_report(file, option, path)
        assert ended.returncode == 2 and "never written to" in ended.stderr
    assert file.read_bytes() == used
    assert run_report(file, "--out", tmp_path / "a", "--csv", tmp_path / "a").returncode == 2


def test_days_limits_what_is_shown(used):
    told = story.told(ledger.read(used, "x"))
    whole = rows.csv_text(told, 0, "GBP").count("\n")
    assert rows.csv_text(told, report.since_of(told, 1), "GBP").count("\n") == 1 + 49
    assert whole == 1 + 3 * 48 + 1


def test_today_is_drawn_in_bars_of_the_rates_colours():
    meter = Kept(day=FRIDAY, second=0, tariff=TOU)
    meter.burn(1439, 24 * 3600 - 60)  # a pulse a minute
    meter.meter.commit_use()
    text = page.page(story.told(ledger.read(meter.image(), "x")), 0)
    drawing = re.search(r'<svg class="wide".*?</svg>', text, re.DOTALL)[0]
    bars = re.findall(r'id="today-w-half-(\d+)-(\d)"', drawing)
    assert sorted({int(place) for place, _ in bars}) == list(range(48))
    night = {str(place) for place in range(1, 15)}
    assert {place for place, rate in bars if rate == "1"} == night
    assert "var(--rate-1)" in drawing and "var(--rate-2)" in drawing and "#0" not in drawing


@pytest.mark.parametrize("mp, cost, credit, owed", [
    (123456, "£1.23", "£1.23", "£1.24"), (123500, "£1.24", "£1.23", "£1.24"),
    (-123456, "-£1.23", "-£1.24", "-£1.23"), (400, "£0.00", "£0.00", "£0.01"), (0, *["£0.00"] * 3),
])  # fmt: skip
def test_money_is_rounded_as_the_meter_does(mp, cost, credit, owed):
    found = (words.money(mp, "£"), words.credit(mp, "£"), words.owed(mp, "£"))
    assert found == (cost, credit, owed)
