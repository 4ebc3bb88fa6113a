"""Check: a clock that jumps, stops or is set wrong, at every edge at which something falls due.

A unit is one edge and some of 400 jumps. Each case begins 2 h before the edge; at the edge (or 1 s
from it) the clock jumps; an authority puts it right some hours later. `Trust` says by DOMAIN 10 what
the meter may believe; the model, what follows from that. Source: DOMAIN 1, 5, 10; RELIABILITY.
"""

from datetime import datetime, timedelta

from evidence.findings import Findings
from evidence.life import Life
from evidence.trust import Trust
from model import DRIFT, UTC
from model_hours import is_friendly
from referee import EPOCH, MS, Disagreement, day_second
from referee_duel import next_edge
from shilling import codes

NAME = "jumps"
SECOND = timedelta(seconds=1)
HOUR_MS = 3600000
MOST_BEHIND = timedelta(hours=2)  # the mark: an hour after a record or a start, and the cut
STANDING_MP = 53210
EDGES = ("midnight", "local midnight", "ten", "four", "dst", "monday")
STARTS = ((2027, 3, 25), (2026, 10, 22), (2027, 6, 16), (2026, 12, 23))
BALANCES_MP = (0, 1000, 60000, 500000)
OFFSETS_S = (0, -1, 1)
TRUSTS = {codes.CLOCK_VALID: "valid", codes.CLOCK_HOLDOVER: "holdover", codes.CLOCK_INVALID: "invalid"}
JUMPS = 400
CASES_A_UNIT = 100
LONGEST_S = 30 * 86400


def jumps():
    """Seconds, from 3 (more than drift) to some months, ahead and back; hours and days exact."""
    half = JUMPS // 2
    sizes = {60, 3600, 7200, 86399, 86400, 86401, 7 * 86400, LONGEST_S}
    step = 0
    while len(sizes) < half:
        step += 1
        sizes.add(round(LONGEST_S ** (step / half)) + 2)
    return [sign * size for size in sorted(sizes)[:half] for sign in (1, -1)]


# What happens to the clock: by itself while it runs, while power is off, by order; or it stops
KINDS = ("leaps", "dark", "set", "stops", "dark_stops")


def units(effort, seed):
    """Quick: each jump at each edge in one kind; long: in every kind, on every day of STARTS."""
    found = []
    for at, edge in enumerate(EDGES):
        for turn in range(1 if effort == "quick" else len(KINDS) * len(STARTS)):
            found += [{"edge": edge, "turn": at + turn, "first": first, "last": first + CASES_A_UNIT}
                      for first in range(0, JUMPS, CASES_A_UNIT)]  # fmt: skip
    return found


class Case(Life):
    """One meter, one jump. `true`: what time it is; core.rtc: what the clock chip says."""

    def __init__(self, edge, start, balance_mp):
        begin = datetime(*start, tzinfo=UTC)
        edge = next_edge(next_edge(begin, edge), edge) if edge != "dst" else next_edge(begin, edge)
        self.true = edge - timedelta(hours=2)
        day, second = day_second(self.true)
        super().__init__({"day": day, "second": second, "balance_mp": balance_mp,
                          "standing_mp": STANDING_MP})  # fmt: skip
        self.trust, self.cut_offs, self.first_day = Trust(), 0, self.true.date()
        self.furthest = self.true.date()

    def run(self, kind, shift_s, offset_s):
        """Up to the jump, through it, on for some hours, put right, and on past the next edges."""
        self.use(2 * HOUR_MS + offset_s * 1000)
        hours = 26 if kind in ("leaps", "stops") else 3
        getattr(self, kind)(shift_s * SECOND)
        self.use(60000)
        for _ in range(hours):
            self.use(HOUR_MS)
            self.note_mark()
            if self.model.trusted and self.model.now - self.trust.mark > MOST_BEHIND:
                raise Disagreement(f"the mark is {self.trust.mark} at {self.model.now}")
            self.read()
        self.put_right()
        self.use(16 * HOUR_MS)
        self.judge_charges()

    def use(self, ms):
        """Time passes; a minute of it the kettle is on."""
        for watts, left_ms in ((3000, min(60000, ms)), (0, max(ms - 60000, 0))):
            self.pulses.load(watts)
            while left_ms:
                part_ms = min(left_ms, self.trust.left_ms())
                left_ms -= part_ms
                self.go_on(part_ms - 1)
                if self.trust.passes(part_ms * MS):
                    self.tell("distrust")
                self.go_on(1)
        if self.model.trusted:
            self.furthest = max(self.furthest, self.model.now.date())

    def go_on(self, ms):
        closed = self.model.contact
        self.live(ms)
        self.true += ms * MS
        if not closed or self.model.contact or abs(self.model.now - self.true) <= DRIFT:
            return
        opened = self.true - (self.model.now - self.model.operated)
        if is_friendly(opened, self.model.region):
            self.cut_offs += 1

    def read(self):
        """The meter looks at its clock chip."""
        core, model = self.core, self.model
        before = model.now
        self.note_mark()
        believed = self.trust.reads(core.rtc, core.rtc_runs, model.now)

        def act():
            core.meter.clock.take_reading(0 if core.rtc_runs else 1, *day_second(core.rtc))
            core.settle()

        if believed and (core.rtc != before or not model.trusted):
            self.happen(act, "believe", core.rtc)
        else:
            self.happen(act, "next_level")
        self.same_trust()

    def same_trust(self):
        says = TRUSTS[self.core.meter.clock.trust]
        if says != self.trust.state:
            raise Disagreement(f"the clock is {says}, by the rule {self.trust.state}")
        if self.model.trusted:
            self.furthest = max(self.furthest, self.model.now.date())
        self.note_mark()

    def note_mark(self):
        """What the meter must remember over a power cut."""
        clock = self.core.meter.clock
        self.trust.mark = EPOCH + timedelta(days=clock.mark_day, seconds=clock.mark_s)

    # What happens to the clock

    def leaps(self, shift):
        self.same_trust()
        self.core.rtc += shift
        self.read()

    def stops(self, shift):
        self.core.rtc_runs = False
        self.leaps(shift)

    def dark(self, shift):
        """Dark for a minute; then the chip says something else."""
        self.same_trust()
        core, off_ms = self.core, 60000
        self.true += off_ms * MS
        core.rtc += shift
        valid = self.trust.starts(core.rtc + off_ms * MS, core.rtc_runs)
        self.cuts += 1
        core.power_cut(off_ms)
        if valid:
            off_ms = (core.rtc - self.model.now) // MS
        lost = self.go([[("power_cut", (off_ms, valid))]])
        if lost * self.model.rate > 1000000:
            raise Disagreement(f"a cut lost {lost} pulses")
        self.look_at_day()
        self.keep()
        self.same_trust()

    def dark_stops(self, shift):
        self.core.rtc_runs = False
        self.dark(shift)

    def set(self, shift):
        """An authority errs."""
        self.same_trust()
        self.set_time(self.model.now.replace(microsecond=0) + shift)
        self.same_trust()

    def put_right(self):
        self.true = self.true.replace(microsecond=0)
        self.set_time(self.true)
        self.trust.state = "valid"
        self.same_trust()

    def judge_charges(self):
        """Each midnight that was ever proven is charged once."""
        total = self.core.meter.account.standing
        says = total.pounds * 100000 + total.rest_mp
        should = (self.furthest - self.first_day).days * STANDING_MP
        if says != should:
            raise Disagreement(f"{says} mp of standing charge, {should} fell due")


def case_of(unit, number):
    """-> what to do in the number-th jump of a unit."""
    turn = unit["turn"] + number
    start = STARTS[(number // len(KINDS) + unit["turn"] // len(KINDS)) % len(STARTS)]
    balance_mp = BALANCES_MP[(number // 2 + turn) % len(BALANCES_MP)]
    return KINDS[turn % len(KINDS)], start, balance_mp, OFFSETS_S[number // 7 % len(OFFSETS_S)]


def run(unit):
    """A failure narrows the unit to one jump."""
    shifts, found = jumps(), Findings("clock_errors")
    for number in range(unit["first"], unit["last"]):
        kind, start, balance_mp, offset_s = case_of(unit, number)
        told = f"{kind} {shifts[number]} s, {offset_s} s off {unit['edge']}"
        with found.watch(told, dict(unit, first=number, last=number + 1)):
            case = Case(unit["edge"], start, balance_mp)
            case.run(kind, shifts[number], offset_s)
            found.add("clock_steps_compared", case.steps)
            if kind == "dark":
                found.add("dark_cut_offs", case.cut_offs)
            elif kind != "set" and case.cut_offs:
                raise Disagreement("cut off in friendly hours by a wrong clock")
        found.add("clock_jumps")
    return found.result()


def figures(counts):
    return [
        {"name": "clock_jumps", "goal": JUMPS * len(EDGES), "reached": counts.get("clock_jumps", 0),
         "unit": "jumps, stops and wrong times at edges"},
        {"name": "clock_errors", "goal": 0, "reached": counts.get("clock_errors", 0),
         "unit": "cut-offs by a wrong clock, double or missed charges, or otherwise than the rule"},
        {"name": "clock_dark_cut_offs", "goal": "cannot be known",
         "reached": counts.get("dark_cut_offs", 0),
         "unit": "cut-offs after an outage in which the clock chip went ahead: believed by section 10"},
    ]  # fmt: skip
