"""What a flash goes through in one life or several: each write, each record, and the world before it.

A Reel watches a simulated world and every commit of the firmware in it; gives, for each write, what the
world was like (Moment), and for each record what it made of the meter (Record). `wrong` is what nobody
needs a power cut for to see. Source: RELIABILITY 1-4.
"""

from collections import namedtuple
from contextlib import contextmanager

from chip_nor import Nor
from evidence.standing import behind, cost_mp, differences, most_in_a_record_mp, standing
from recorder import Recorder
from shilling import codes, ledger
from shilling.meter import Meter

CHIP = ("_twelve", "_weekday_shift", "_day", "_second")  # what the clock chip knows
# Before a write: ms since the start, contact, what the cells show, step of the scenario, is the
# firmware starting, the clock chip
Moment = namedtuple("Moment", "t_ms contact cells step starting chip")
DONE_SHOWN = "DONE"


class Record:
    """One commit: its writes are first .. end - 1; `alive` is what the meter stood at."""

    def __init__(self, kind, counter, first, step, alive, pending):
        self.kind, self.counter, self.first, self.step = kind, counter, first, step
        self.alive, self.pending = alive, pending  # pending: use that it does not hold
        self.end = None
        self.is_torn = False  # by the scenario itself
        self.kept = None  # what a start from flash finds after it, once asked
        self.alone = None  # the same, before the sector that it may open


class Camera(Recorder):
    """The flash: tells the reel before each write."""

    def __init__(self, data, reel):
        super().__init__(data)
        self.reel = reel

    def program(self, addr, buf):
        self.reel.before_write(False)
        super().program(addr, buf)

    def erase(self, sector_index):
        self.reel.before_write(True)
        super().erase(sector_index)


class Reel:
    """`silicon` is the world, to be set before its firmware starts; `flash` its Camera."""

    silicon = step = None
    skip = None  # the write that does nothing
    book = None  # the ledger that commits
    starting = True

    def __init__(self, data):
        self.flash = Camera(data, self)
        self.found = recovered(data)[0]  # what a start finds before the first write
        self.wrong, self.moments, self.records = [], [], []
        self.open = None  # the record being written

    def before_write(self, erasing):
        silicon, chip = self.silicon, self.silicon.rtc
        # Flash that did not keep something has used up what was erased ahead
        if erasing and self.open is not None and not self.book.repairs:
            self.wrong.append(f"write {len(self.moments)}: an erase inside a commit")
        moment = Moment(
            silicon.t_ms, silicon.contact_closed, silicon.text(), self.step, self.starting,
            (bytes(chip._registers), chip._since_ms, [getattr(chip, name) for name in CHIP]),
        )  # fmt: skip
        if self.open is not None and self.open.counter and moment.cells.startswith(DONE_SHOWN):
            self.wrong.append(f"write {len(self.moments)}: DONE is shown before its record")
        self.moments.append(moment)

    def commit(self, write, kind, counter, parts):
        """A commit of the firmware, done by write()."""
        record = self.open = Record(kind, counter, len(self.moments), self.step, standing(parts),
                                    parts["meter"].uncommitted)  # fmt: skip
        before = self.records[-1].alive if self.records else self.found
        used_mp = cost_mp(record.alive) - cost_mp(before)
        if used_mp > most_in_a_record_mp(before):
            self.wrong.append(f"write {record.first}: {used_mp} mp of use were on no flash before")
        try:
            kept = write()
        except BaseException:
            self.outlive_cut(record)
            raise
        finally:
            self.open = None
            record.end = len(self.moments)
            self.records.append(record)
        self.check_copies(record)
        return kept

    def outlive_cut(self, record):
        """The scenario itself cuts the power in this record: it is there or not at all."""
        found, _ = recovered(self.flash.data)
        before = self.records[-1].alive if self.records else self.found
        if found is None or behind(found, record.alive) and behind(found, before):
            self.wrong.append(f"write {record.first}: a torn record is neither there nor not")
        record.alive, record.kept, record.is_torn = found, found, True

    def check_copies(self, record):
        """Ring A first, then ring B, the same bytes."""
        if self.skip is not None and record.first <= self.skip < record.end:
            return
        writes = [write for write in self.flash.asked[record.first : record.end] if write[1] is not None]
        if len(writes) < 2 or writes[0][1] != writes[1][1]:
            self.wrong.append(f"write {record.first}: a record that is not in both rings")
        elif writes[1][0] - writes[0][0] != self.flash.size // 2:
            self.wrong.append(f"write {record.first}: ring A was not the first")

    def find_kept(self, record, image, write):
        """What a start finds after this record, before this write, which is what the meter stood at
        but for a penny; and each ring alone has it."""
        where = f"write {write - 1}, record of kind {record.kind}"
        record.kept, programs = recovered(image)
        record.alone = record.alone or record.kept
        if record.kept is None:
            self.wrong.append(f"{where}: a whole store is not opened")
            return
        if programs and write == record.end:
            self.wrong.append(f"{where}: a start from a whole store repairs it")
        half = len(image) // 2
        for ring in (0, half):
            alone = bytearray(image)
            alone[ring : ring + half] = b"\xff" * half
            if recovered(alone)[0] != record.kept:
                self.wrong.append(f"{where}: ring {'A' if ring else 'B'} alone does not have it")
        late = dict(record.alive)
        if record.kind not in (codes.RECORD_ATTEMPT, codes.RECORD_TOP_UP):
            late["left_s"] = record.kept["left_s"]  # it runs on
        wrong = behind(record.kept, late) if record.pending else differences(record.kept, late)
        if wrong:
            self.wrong.append(f"{where}: {wrong}")


def recovered(image):
    """-> (what a meter stands at that starts from a copy of this flash, or None, programs it took)."""
    meter, flash = Meter(), Nor(bytearray(image))
    if ledger.Ledger(flash).recover(meter.parts) != ledger.OPENED:
        return None, flash.programs
    return standing(meter.parts), flash.programs


@contextmanager
def watched(reel):
    """Meanwhile every commit of the firmware goes through reel.commit()."""
    plain = ledger.Ledger.commit

    def commit(self, kind, counter, parts):
        reel.book = self
        return reel.commit(lambda: plain(self, kind, counter, parts), kind, counter, parts)

    ledger.Ledger.commit = commit
    try:
        yield
    finally:
        ledger.Ledger.commit = plain
