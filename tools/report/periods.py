"""Days, weeks and months: what was used in each and what it cost, the running one last.

Takes a Story, gives Periods of local dates. Figures are differences of the meter's totals: exact where a
checkpoint tells them as they were when a day, week or month began, else as the records between tell.
What is older than the records comes from the history in the checkpoints (SPEC 3).
"""

from collections import namedtuple
from datetime import date, timedelta

from tools.report.fields import CHECKPOINT
from tools.report.story import HALF_S, local_date, midnight_s, totals

EPOCH_DATE = date(2000, 1, 1)

# `whole`: nothing of it is missing; `is_now`: it is not over
Period = namedtuple("Period", "start end wh mp whole is_now")
# How a kind of period begins, goes on and goes back, and how many finished ones are shown
Kind = namedtuple("Kind", "name begin after before count")


def day_after(day):
    return day + timedelta(1)


def day_before(day):
    return day - timedelta(1)


def week_of(day):
    return day - timedelta(day.weekday())


def month_of(day):
    return day.replace(day=1)


def month_after(day):
    return (day.replace(day=28) + timedelta(4)).replace(day=1)


KINDS = {
    "days": Kind("days", lambda day: day, day_after, day_before, 8),
    "weeks": Kind("weeks", week_of, lambda day: day + timedelta(7),
                  lambda day: day - timedelta(7), 5),
    "months": Kind("months", month_of, month_after,
                   lambda day: month_of(day - timedelta(1)), 13),
}  # fmt: skip


def checkpoints(story):
    """The state in each, oldest first."""
    return [moment.state for moment in story.moments if moment.kind == CHECKPOINT]


class Totals:
    """(Wh, mp) ever used, as of local midnights; None where nothing tells."""

    def __init__(self, story):
        self.story = story
        self.exact = {}
        self.summed = {}
        for state in checkpoints(story):
            if "usage_day" in state:
                day = EPOCH_DATE + timedelta(state["usage_day"])
                for name, begin in (("today", lambda each: each), ("week", week_of),
                                    ("month", month_of)):  # fmt: skip
                    wh = state[f"{name}_kwh"] * 1000 + state[f"{name}_wh"]
                    mp = state[f"{name}_pounds"] * 100_000 + state[f"{name}_rest"]
                    self.exact[begin(day)] = (wh, mp)
        self._sum()

    def _sum(self):
        """As of every midnight that the records reach, by the half-hours."""
        story = self.story
        wh, mp = totals(story.moments[0].state)
        day = day_after(local_date(story.first_s - 1))
        half = story.first_s // HALF_S - 1  # what is due at an instant may lie right before it
        while midnight_s(day) <= story.now_s:
            while half < midnight_s(day) // HALF_S:
                if half in story.halves:
                    wh += story.halves[half].total_wh()
                    mp += story.halves[half].mp
                half += 1
            self.summed[day] = (wh, mp)
            day = day_after(day)

    def at(self, day):
        if midnight_s(day) > self.story.now_s:
            return totals(self.story.state)
        return self.exact.get(day) or self.summed.get(day)


def history(story, kind):
    """{begin: (Wh, mp)} of finished periods, out of every checkpoint."""
    found = {}
    for state in checkpoints(story):
        if kind.name in state:
            begin = kind.begin(EPOCH_DATE + timedelta(state["usage_day"]))
            for wh, mp in state[kind.name]:
                begin = kind.before(begin)
                if wh or mp:
                    found[begin] = (wh, mp)
    return found


def period(story, known, past, start, end):
    """The Period from one local date to another, by the best that is known of it."""
    is_now = end > local_date(story.now_s)
    began, ended = known.at(start), known.at(end)
    if start in past and not is_now:
        return Period(start, end, *past[start], True, False)
    if began and ended:
        return Period(start, end, ended[0] - began[0], ended[1] - began[1], True, is_now)
    if not ended or midnight_s(end) <= story.first_s:
        return None
    first = totals(story.moments[0].state)
    return Period(start, end, ended[0] - first[0], ended[1] - first[1], False, is_now)


def periods(story, name):
    """The running period and the finished ones before it, as far back as anything tells of them."""
    kind = KINDS[name]
    known, past = Totals(story), history(story, kind)
    start = kind.begin(local_date(story.now_s))
    found = []
    for _ in range(kind.count + 1):
        each = period(story, known, past, start, kind.after(start))
        if each is None:
            break
        found.append(each)
        start = kind.before(start)
    return found[::-1]
