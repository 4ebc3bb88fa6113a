"""What is done at one flash write of a film: cut in five patterns, cut twice, torn with weak bits, done
by no means at all.

Each kind takes findings, unit, film and frame; `only` of a narrowed unit is [write, pattern, seed, ...].
Source: RELIABILITY, fault model.
"""

from chip_nor import PATTERNS
from evidence.film import Film
from evidence.frames import frames
from evidence.played_on import play_on
from evidence.reel import Reel, recovered, watched
from evidence.restart import OFF_MS, Restart
from evidence.standing import differences
from recorder import torn

SEEDED = ("prefix", "suffix", "subset")  # `nothing` and `all` are the same whatever the seed
WEAK_BITS = 3


def tears(unit, frame):
    """-> (pattern, seed, flash) of every tear of this write that leaves other bytes than those before
    it, within its pattern."""
    if len(unit.get("only", ())) > 1:
        _, pattern, seed, *_ = unit["only"]
        yield pattern, seed, torn(frame.image, frame.addr, frame.data, pattern, seed)
        return
    seen = set()
    for n in range(unit.get("tears", 1)):
        for pattern in PATTERNS:
            if n and pattern not in SEEDED:
                continue
            seed = (unit["seed"] * 64 + n) * 65536 + frame.write
            flash = torn(frame.image, frame.addr, frame.data, pattern, seed)
            left = (pattern, bytes(flash.data[frame.addr : frame.addr + frame.size]))
            if left not in seen:
                seen.add(left)
                yield pattern, seed, flash


def cut(findings, unit, film, frame):
    for pattern, seed, flash in tears(unit, frame):
        findings.add("cuts")
        expected = frame.expected(flash)
        with narrowed(findings, unit, frame.write, pattern, seed):
            again = Restart(film, frame.moment, flash)
            again.check(expected, frame.before)
            again.settle()
            again.live_on()


def narrowed(findings, unit, write, pattern, seed, *further):
    text = f"{unit['scenario']}, write {write + 1}, {pattern}"
    if further:
        text += f", then write {further[0] + 1}, {further[1]}"
    return findings.watch(text, dict(unit, part=0, parts=1, only=[write, pattern, seed, *further]))


class Recovery(Reel):
    """The start after a cut and the polls that follow at once, as a reel of its own."""

    def __init__(self, film, moment, flash):
        super().__init__(flash.data)
        given = film.scenario["given"]
        second = given["second"] + (moment.t_ms + OFF_MS) // 1000
        self.scenario = dict(film.scenario, given=dict(given, second=second))
        self.credits, self.sold, self.step = film.credits, film.sold, moment.step
        with watched(self):
            again = Restart(film, moment, self.flash, self)
            self.starting = False
            again.settle()


def pair(findings, unit, film, frame):
    """The second cut at every write of the recovery from the first."""
    only = unit.get("only", ())
    for pattern, seed, flash in tears(unit, frame):
        expected = frame.expected(flash)
        with narrowed(findings, unit, frame.write, pattern, seed):
            reel = Recovery(film, frame.moment, flash)
            wrong = differences(reel.found, expected)
            findings.add("pairs_there", len(reel.moments) * len(PATTERNS))
            assert not wrong, wrong
            for second in frames(reel, *([only[3], only[3] + 1] if len(only) > 3 else [])):
                for number, again in enumerate(PATTERNS):
                    if len(only) > 3 and again != only[4]:
                        continue
                    findings.add("cut_pairs")
                    twice = torn(second.image, second.addr, second.data, again, seed + number)
                    wanted = second.expected(twice)
                    with narrowed(findings, unit, frame.write, pattern, seed, second.write, again):
                        last = Restart(reel, second.moment, twice)
                        last.check(wanted, second.before)
                        last.settle()
                        if (second.write + number) % 5 == 0 or only:
                            last.live_on()


def weak(findings, unit, film, frame):
    """Some of the bits that the cut left in between read differently each time: before or after, and
    the next start finds the same."""
    for pattern, seed, flash in tears(unit, frame):
        left = flash.data[frame.addr : frame.addr + frame.size]
        changing = [at for at in range(frame.size) if frame.image[frame.addr + at] != left[at]
                    or frame.data is not None and left[at] != frame.data[at]]  # fmt: skip
        if pattern not in SEEDED or not changing:
            continue
        findings.add("cuts_weak")
        for number in range(WEAK_BITS):
            at = changing[(seed * 7 + number * 31) % len(changing)]
            missing = 255 if frame.data is None else left[at] & ~frame.data[at]
            flash.weak[frame.addr + at] = missing or 1 << seed % 8
        with narrowed(findings, unit, frame.write, pattern, seed):
            again = Restart(film, frame.moment, flash)
            allowed = (frame.before, frame.between, frame.after)
            assert again.found in allowed, differences(again.found, frame.after)
            again.check(again.found, frame.before)
            again.settle()
            again.live_on()


def no_op(findings, unit, film, frame):
    """The write reports success and does nothing; the play goes on to its end, and whatever was
    acknowledged is in each ring alone."""
    findings.add("cuts_no_op")
    with narrowed(findings, unit, frame.write, "nothing", 0):
        other = Film(film.scenario, unit["fill"], skip=frame.write)
        near = [record for record in other.records if record.end > frame.write][:2]
        for number, (image, _, _) in enumerate(other.flash.images()):
            for record in near:
                if record.end == number:
                    other.find_kept(record, image, number)
        last = recovered(other.flash.data)[0]
        assert last is not None, "not opened at the end"
        wrong = other.wrong + [differences(last, recovered(film.flash.data)[0])]
        assert not any(wrong), "; ".join(filter(None, wrong))


def end(findings, unit, film, frame):
    """The play goes on to its end, and what was interrupted is done again."""
    pattern, seed = PATTERNS[frame.write % len(PATTERNS)], unit["seed"] + frame.write
    findings.add("cuts_to_the_end")
    with narrowed(findings, unit, frame.write, pattern, seed):
        play_on(film, unit["fill"], frame.write, pattern, seed)


KINDS = {"cut": cut, "pair": pair, "weak": weak, "no-op": no_op, "end": end}
