"""Plays a compiled scenario on the virtual board, inside any interpreter: hands, mains, head-end.

Takes the dict of tools/scenario (money in mp, durations in ms), the World and boot's start
function; gives one dict a step to `report`: what was done, what is seen, what was not as expected.
Source: SCENARIO.md.
"""

import seen
from hands import Hands, Stuck
from post import Post, bytes_of
from world import PowerCut

POWER_CUT = "power cut"  # result of a step in which a planned cut came
HEX = ("meter_id", "originator_id", "secret", "tariff", "next_tariff", "special_days")


def settings_of(scenario):
    """-> what provision() takes: keys, ids, tariffs and special days as bytes."""
    settings = dict(scenario["given"])
    for name in HEX:
        if name in settings:
            settings[name] = bytes_of(settings[name])
    return settings


def argument_of(step):
    """-> what App.command takes as the value of a `remote` step that has no packet."""
    value = step["value"]
    if step["name"] == "set_tariff":
        return bytes_of(value[0]), value[1], value[2]
    return tuple(value) if isinstance(value, list) else value


class Player(Hands, Post):
    """One play: run() it once."""

    def __init__(self, world, start, scenario, report):
        Post.__init__(self)
        self.world = world
        self.start = start
        self.scenario = scenario
        self.report = report
        self.watched = None  # the Meter whose alerts are being counted
        self.alert_count = 0
        self.alerts = []  # raised since the last expect, oldest first
        self.waiting = None  # a cut that has not come: (number of its step, write, writes before)

    def run(self):
        """Play to the end or to the first step that cannot be done."""
        self.world.run(self.start, self._script())

    def never_came(self):
        """-> (number of the step, what it asked for, what happened instead) of a cut that did not
        come, or None."""
        if self.waiting is None:
            return None
        n, write, before = self.waiting
        came = self.world.flash.writes - before
        return n, "a cut in write %d from here" % write, "the play ends after write %d" % came

    def meter(self):
        """The App of the present boot."""
        return self.start.globals()["meter"]

    def _script(self):
        for step in self.scenario["steps"]:
            self.result = None
            failed = []
            try:
                for wait_ms in self._act(step):
                    yield from self._live(wait_ms)
                # Whatever was done, the firmware polls once more before anything is looked at
                yield from self._live(0)
            except Stuck as stuck:
                failed.append([step["do"], "done", str(stuck)])
            state = self._state()
            ends = bool(failed)
            if step["do"] == "expect":
                failed.extend(seen.differences(step["expect"], state))
                self.alerts = []
                self.answers = []
            if "answer" in step and ", ".join(step["answer"]) != self.result:
                failed.append(["answer", step["answer"], self.result])
            self._tell(step, state, failed)
            if ends:
                return

    def _live(self, wait_ms):
        """Wait, and take what comes meanwhile."""
        for part_ms in self.deliveries(wait_ms):
            yield part_ms
            self._watch()

    def _watch(self):
        """Collect the alerts raised since it was last called, by this App or one just started."""
        meter = self.meter().meter
        if meter is not self.watched:
            self.watched = meter
            self.alert_count = 0
        new = meter.alert_count - self.alert_count
        if new > len(meter.alerts):
            raise Stuck("%d alerts at once, more than the meter keeps" % new)
        if new:
            self.alerts.extend(meter.alerts[-new:])
            self.alert_count = meter.alert_count

    def _state(self):
        state = self.meter().observe()
        state["cells"] = self.world.text().rstrip()
        state["relay"] = "closed" if self.world.contact_closed else "open"
        state["alerts"] = self.alerts
        state["answers"] = self.answers
        state["registers"] = self._named(state["registers"])
        return state

    def _named(self, registers):
        """-> [[name of the rate, Wh of each of its blocks]]."""
        names = self.scenario.get("rates", ())
        named = []
        for number in range(len(registers)):
            name = names[number] if number < len(names) else str(number + 1)
            named.append([name, registers[number]])
        return named

    def _tell(self, step, state, failed):
        state = dict(state)
        del state["pages"]
        day, second = self.world.utc()
        self.report({
            "n": step["n"],
            "line": step["line"],
            "do": step["do"],
            "t_ms": self.world.t_ms,
            "utc": [day, second],
            "ok": not failed,
            "result": self.result,
            "seen": state,
            "failed": failed,
        })  # fmt: skip

    def _act(self, step):
        """Do one step; yields the ms to wait for."""
        do = step["do"]
        world = self.world
        if do == "load":
            world.set_load(step["w"])
        elif do == "wait":
            yield step["ms"]
        elif do == "wait_until":
            yield self._ms_until(step["day"], step["second"])
        elif do == "press":
            yield from self.press(step["key"])
        elif do == "hold":
            yield from self.press(step["key"], step["ms"])
        elif do == "enter":
            yield from self.enter(step["digits"])
        elif do == "remote" and self.can_post(step):
            yield from self.post(step)
        elif do == "remote":
            try:
                self.result = self.meter().command(step["name"], argument_of(step))
                if "packet" in step:
                    self.answers.append(self.result)
            except PowerCut:
                pass  # _cut has told; it comes when this step yields
        elif do == "power_cut":
            self._watch()
            world.cut_power(step["ms"])
        elif do == "cut_at_write":
            self._plan_cut(step)
        elif do == "clock_lost":
            world.rtc_lose()
        elif do == "clock_step":
            world.rtc_step(step["s"])
        elif do not in ("vend", "expect"):
            raise Stuck("no such step: " + do)

    def _plan_cut(self, step):
        if self.waiting is not None:
            raise Stuck("the cut of step %d has not come yet" % self.waiting[0])
        self.waiting = (step["n"], step["write"], self.world.flash.writes)
        self.world.cut_at_write(
            step["write"], step["pattern"], step["write"], step["ms"], self._cut
        )

    def _cut(self):
        """The planned cut comes, in the middle of whatever the firmware does."""
        self.waiting = None
        self.result = POWER_CUT
        if "meter" in self.start.globals():
            self._watch()

    def _ms_until(self, day, second):
        given = self.scenario["given"]
        after_s = (day - given["day"]) * 86400 + second - given["second"]
        wait_ms = after_s * 1000 - self.world.t_ms
        if wait_ms < 0:
            raise Stuck("that time is past")
        return wait_ms
