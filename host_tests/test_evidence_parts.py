"""The parts of `shilling evidence`: who gets how much of the time, the page, what a figure is called."""
# runs on: cpython

import re

import pytest

from tools.evidence import page, plan, report, tally


def test_further_units_share_the_time_as_agreed():
    class Check:
        @staticmethod
        def more(seed):
            yield from ({"n": n} for n in range(10000))

    names = {"cuts": 0.5, "years": 2.0, "hostile": 0.1}  # seconds that a unit of it takes
    further = plan.Further(dict.fromkeys(names, Check), dict.fromkeys(names, ""), 1)
    spent_s = 0
    waiting = []
    while spent_s < 1000:
        waiting.append(further.take())
        if len(waiting) == 4:
            task = waiting.pop(0)
            further.note(task, names[task.name])
            spent_s += names[task.name]
    for name, percent in (("cuts", 45), ("years", 45), ("hostile", 10)):
        assert abs(further.spent_s[name] / spent_s * 100 - percent) < 1


def test_every_check_is_at_the_same_fraction_of_its_units():
    class Check:
        def __init__(self, count):
            self.units = lambda effort, seed: [{"n": n} for n in range(count)]

    tasks = plan.fixed({"a": Check(2), "b": Check(4)}, {"a": "", "b": ""}, "quick", 1)
    assert [(task.name, task.unit["n"]) for task in tasks] == [
        ("b", 0), ("a", 0), ("b", 1), ("b", 2), ("a", 1), ("b", 3),
    ]  # fmt: skip


def test_the_page_asks_nobody_and_escapes_what_it_shows():
    outcome = report.Outcome(
        "abc", 1, 2.5, "quick form", 3,
        [{"name": "a_errors", "goal": 0, "reached": 2, "unit": "<b>"}],
        [("a", "1 < 2", "replay '<x>'")], {"cuts_by_scenario": {"wrap": 5}}, ["note & note"],
    )  # fmt: skip
    text = page.page(outcome)
    assert "Errors were found: a_errors." in text
    for shown in ("&lt;b&gt;", "1 &lt; 2", "replay &#x27;&lt;x&gt;&#x27;", "note &amp; note"):
        assert shown in text
    assert text.count("<svg") == 1
    named = r"http://www\.w3\.org/|http://purl\.org/|http://creativecommons\.org/"  # SVG's own
    assert not re.search(r"(?:src|href)=\"(?!#)|url\((?!#)|@import|<script", text.replace("xlink:", ""))
    assert "http" not in re.sub(named, "", text)


@pytest.mark.parametrize(
    "name, goal, reached, found",
    [
        ("cuts", 10, 10, "ok"), ("cuts", 10, 9, "short"), ("any", "<= 2", 2.0, "ok"),
        ("any", "<= 2", 2.1, "short"), ("wear_10_kwh", 2, 1.5, "ok"), ("wear_23_kw", 40, 41, "short"),
        ("forging", 5e-6, 4.9e-6, "ok"), ("forging", "<= 5e-6", 5.1e-6, "short"), ("halts", "any", 3, "-"),
        ("a_errors", 0, 0, "ok"), ("a_errors", 0, 1, "ERROR"), ("a_errors", "0", 1, "ERROR"),
    ],
)  # fmt: skip
def test_verdict_of_a_figure(name, goal, reached, found):
    assert tally.verdict({"name": name, "goal": goal, "reached": reached}) == found
