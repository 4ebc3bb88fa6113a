"""A scenario file compiled to the dict the player takes, or refused with file, line and reason.

Takes YAML; gives {"name", "file", "given", "rates", "imp_per_kwh", "steps": [{"n", "line", "do",
...}]}, ints and texts only. "rates" are the names of the meter's rates; a comment right above a step
goes along as its "note", for transcripts. Source: SCENARIO.md.
"""

from pathlib import Path

from tools.scenario.given import settings_of
from tools.scenario.nodes import Fault, read
from tools.scenario.rates import Rates
from tools.scenario.steps import Timeline, compiled_step
from tools.scenario.values import DAY_S, END_S
from tools.utrn_vend import Keys


class ScenarioError(Exception):
    """The file is wrong; the text is `file:line: what is wrong`."""


def compile_file(path):
    """The compiled scenario in file `path`."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"{path}:1: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ScenarioError(f"{path}:{line}: this is no UTF-8 text") from error
    return compile_text(text, str(path))


def compile_text(text, file):
    """The compiled scenario of a YAML text; `file` is what messages call it."""
    try:
        return _compiled(text, file)
    except Fault as fault:
        raise ScenarioError(f"{file}:{fault.line}: {fault.what}") from fault


def _compiled(text, file):
    root = read(text)
    fields = root.fields("a scenario", ("name", "given", "steps"))
    if "steps" not in fields:
        raise Fault(root.line, "a scenario needs steps")
    name = fields["name"].text("name") if "name" in fields else Path(file).stem
    rates = Rates()
    settings = settings_of(fields.get("given"), rates)
    start_s = settings["day"] * DAY_S + settings["second"]
    keys = Keys(
        *(bytes.fromhex(settings[part]) for part in ("meter_id", "originator_id", "secret"))
    )
    time = Timeline(start_s, keys, rates)
    lines = text.splitlines()
    steps = []
    for n, item in enumerate(fields["steps"].entries("steps"), 1):
        step = {"n": n, "line": item.line, "note": _note(lines, item.line)}
        step.update(compiled_step(item, time))
        if time.now_s() >= END_S:
            raise Fault(item.line, "the scenario runs past the year 2099")
        steps.append(step)
    rates.check()
    return {
        "name": name,
        "file": file,
        "given": settings,
        "rates": rates.names,
        "imp_per_kwh": settings["imp_per_kwh"],
        "steps": steps,
    }


def _note(lines, line):
    """The comment lines right above a step, joined to one text."""
    note = []
    for above in reversed(lines[: line - 1]):
        if not above.lstrip().startswith("#"):
            break
        note.insert(0, above.strip().lstrip("# "))
    return " ".join(note)
