"""The steps of a scenario, each checked and turned into what the player does.

Takes located steps and a Timeline (keys, codes vended so far, the earliest time a step can
happen); gives dicts of texts and ints. Durations in ms. Source: SCENARIO.md.
"""

import re

from tools.scenario.expect import expected
from tools.scenario.nodes import Fault, Item, hint
from tools.scenario.remote import remote
from tools.scenario.values import (
    DAY_S,
    MP_PER_PENNY,
    duration_ms,
    local_text,
    moment_s,
    pounds_mp,
    whole,
    word,
)
from tools.utrn_vend import COUNTER_MAX, VALUE_MAX, VendError, fit, make_code

PRESS_MS = 400  # 200 ms down, 200 ms up
HOLD_MS = 2500
AFTER_HOLD_MS = 200
METER_BUTTONS = ("A", "B")
DISPLAY_BUTTONS = ("left", "right", "ok", "return")  # of the in-home display
BUTTONS = METER_BUTTONS + DISPLAY_BUTTONS
CODE_DIGITS = 20
PATTERNS = ("nothing", "prefix", "suffix", "subset", "all")  # of the bits of a write that is cut
WRITES_LIMIT = 1_000_000


class Timeline:
    """What is known while compiling: when a step happens at the earliest, the codes, the rates."""

    def __init__(self, start_s, keys, rates):
        self.start_s = start_s
        self.at_ms = 0
        self.keys = keys
        self.rates = rates
        self.codes = {}
        self.orders = {}  # name: step of a remote order
        self.counter = 0  # the highest used so far, by codes and remote top-ups
        self.order = 0  # the same of all other orders
        self.has_display = False  # a key of the in-home display was pressed

    def now_s(self):
        return self.start_s + self.at_ms // 1000

    def key(self, item, what):
        """The key's name, and whose it is."""
        name = word(item, what, BUTTONS)
        self.has_display = self.has_display or name in DISPLAY_BUTTONS
        return name


def _load(item, time):
    return {"do": "load", "w": whole(item, "load", 0, 100_000)}


def _wait(item, time):
    if not isinstance(item.value, dict):
        span_ms = duration_ms(item, "wait")
        time.at_ms += span_ms
        return {"do": "wait", "ms": span_ms}
    target = item.fields("wait", ("until",))["until"]
    until_s = moment_s(target, "wait until")
    until_ms = (until_s - time.start_s) * 1000
    if until_ms < time.at_ms:
        now = local_text(time.now_s())
        raise Fault(target.line, f"wait until {target.value} is in the past, it is {now} by then")
    time.at_ms = until_ms
    return {"do": "wait_until", "day": until_s // DAY_S, "second": until_s % DAY_S}


def _press(item, time):
    time.at_ms += PRESS_MS
    return {"do": "press", "key": time.key(item, "press")}


def _hold(item, time):
    held_ms = HOLD_MS
    if isinstance(item.value, dict):
        fields = item.fields("hold", ("button", "for"))
        if "button" not in fields:
            raise Fault(item.line, "hold: which button?")
        item = fields["button"]
        if "for" in fields:
            held_ms = duration_ms(fields["for"], "hold for")
    time.at_ms += held_ms + AFTER_HOLD_MS
    return {"do": "hold", "key": time.key(item, "hold"), "ms": held_ms}


def _enter(item, time):
    text = item.text("enter")
    if text.startswith("$"):
        if text[1:] not in time.codes:
            raise Fault(item.line, f"enter: no code is called {text[1:]!r} by then")
        digits = time.codes[text[1:]]
    else:
        digits = text.replace(" ", "")
        if not re.fullmatch(f"[0-9]{{1,{CODE_DIGITS}}}", digits):
            raise Fault(item.line, f"enter: a code is up to 20 digits or $name, not {text!r}")
    # At least one B or OK a digit, and the long B that only the meter's own keys need; how many
    # presses there are besides depends on what is on the screen
    time.at_ms += len(digits) * PRESS_MS
    if not time.has_display:
        time.at_ms += HOLD_MS + AFTER_HOLD_MS
    return {"do": "enter", "digits": digits}


def _vend(item, time):
    fields = item.fields("vend", ("amount", "as", "counter"))
    for name in ("amount", "as"):
        if name not in fields:
            raise Fault(item.line, f"vend: {name} is missing")
    name = fields["as"].text("vend as")
    if (
        not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name)
        or name in time.codes
        or name in time.orders
    ):
        raise Fault(fields["as"].line, f"vend as: {name!r} is no new name for a code")
    counter = time.counter + 1
    if "counter" in fields:
        counter = whole(fields["counter"], "vend counter", 1, COUNTER_MAX)
    amount_mp = pounds_mp(fields["amount"], "vend amount", 1, VALUE_MAX * 100_000)
    try:
        if amount_mp % MP_PER_PENNY:
            raise VendError("a code carries whole pence")
        # Without the vendor's limits: how the meter answers to such codes is what is played
        code = make_code(time.keys, counter, *fit(amount_mp // MP_PER_PENNY, limits=False))
    except VendError as error:
        raise Fault(fields["amount"].line, f"vend amount: {error}") from error
    time.counter = max(time.counter, counter)
    time.codes[name] = code
    return {
        "do": "vend", "code": code, "counter": counter, "amount_mp": amount_mp, "as": name,
    }  # fmt: skip


def _power_cut(item, time):
    if isinstance(item.value, dict):
        return _cut_at_write(item)
    off_ms = duration_ms(item, "power_cut")
    time.at_ms += off_ms
    return {"do": "power_cut", "ms": off_ms}


def _cut_at_write(item):
    """It waits for its write while the steps go on: it takes no time that is known here."""
    fields = item.fields("power_cut", ("at_write", "pattern", "for"))
    if "at_write" not in fields:
        raise Fault(item.line, "power_cut: at which write? say at_write, or just for how long")
    off_ms = duration_ms(fields["for"], "power_cut for") if "for" in fields else 1000
    pattern = word(fields.get("pattern", Item(0, "subset")), "power_cut pattern", PATTERNS)
    write = whole(fields["at_write"], "power_cut at_write", 1, WRITES_LIMIT)
    return {"do": "cut_at_write", "write": write, "pattern": pattern, "ms": off_ms}


def _clock(item, time):
    if not isinstance(item.value, dict):
        word(item, "clock", ("lost",))
        return {"do": "clock_lost"}
    step = item.fields("clock", ("step",))["step"]
    step_ms = duration_ms(step, "clock step", signed=True)
    if step_ms % 1000:
        raise Fault(step.line, "clock step must be whole seconds")
    return {"do": "clock_step", "s": step_ms // 1000}


def _expect(item, time):
    if isinstance(item.value, dict) and "registers" in item.value:
        time.rates.asked += item.value["registers"].key_lines.items()
    return {"do": "expect", "expect": expected(item)}


STEPS = {
    "load": _load,
    "wait": _wait,
    "press": _press,
    "hold": _hold,
    "enter": _enter,
    "vend": _vend,
    "remote": remote,
    "power_cut": _power_cut,
    "clock": _clock,
    "expect": _expect,
}


def compiled_step(item, time):
    """One step as the player takes it; the Timeline moves on by the time it takes at least."""
    if not isinstance(item.value, dict) or len(item.value) != 1:
        raise Fault(item.line, "a step is one of " + ", ".join(STEPS) + " and its value")
    name, value = next(iter(item.value.items()))
    if name not in STEPS:
        raise Fault(item.key_lines[name], f"unknown step {name!r}{hint(name, tuple(STEPS))}")
    return STEPS[name](value, time)
