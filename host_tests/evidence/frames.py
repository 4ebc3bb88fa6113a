"""The frames of a reel: for each flash write the image before it, and what must be found after a cut.

Takes a Reel and which of its writes; gives Frames. A record is all or nothing: torn in ring A it never
happened, whole in ring A it did, whatever became of the other writes; so with the checkpoint of the
sector that it opens, which holds what runs on without a record too. Source: RELIABILITY 2, 3, 5.
"""

from chip_nor import SECTOR

COPIES = 2  # of a record or checkpoint, ring A first


class Frame:
    """One write. `before` is what was acknowledged when it began, `after` what its record makes of
    it, and `between` before it opens a sector; without a record they are the same."""

    def __init__(self, reel, write, image, addr, data, before, record):
        self.reel, self.write, self.moment = reel, write, reel.moments[write]
        self.image, self.addr, self.data = image, addr, data
        self.size = SECTOR if data is None else len(data)
        self.before = before
        self.record = record
        self.after = record.kept if record else before
        self.between = record.alone if record else before

    def expected(self, flash):
        """What a start from this torn flash must find."""
        copy = self.write - self.record.first if self.record else 2 * COPIES
        whole = flash.data[self.addr : self.addr + self.size] == self.data
        if copy < COPIES:
            return self.between if copy or whole else self.before
        return self.after if copy > COPIES or whole else self.between


def frames(reel, first=0, end=None):
    """-> the Frames of writes first .. end - 1, without those that the scenario itself cuts."""
    end = len(reel.moments) if end is None else end
    fill_in_kept(reel, first, end)
    place = 0  # of the first record that is not over
    records = reel.records
    for write, (image, addr, data) in enumerate(reel.flash.images()):
        while place < len(records) and records[place].end <= write:
            place += 1
        if write >= end:
            break
        if write >= first:
            before = records[place - 1].kept if place else reel.found
            record = records[place] if place < len(records) else None
            if record is not None and record.first > write:
                record = None
            if before is not None and not (record and (record.is_torn or record.kept is None)):
                yield Frame(reel, write, image, addr, data, before, record)


def fill_in_kept(reel, first, end):
    """What a start finds after each record that these writes are about, before and after the sector
    that it may open."""
    wanted = {write: record for record in reel.records for write in (record.first + COPIES, record.end)
              if record.kept is None and record.end >= first and record.first <= end}  # fmt: skip
    last = None
    for record in reel.records:  # the one before the first write counts too
        if record.end <= first:
            last = record
    if last is not None and last.kept is None:
        wanted[last.end] = last
    image = bytearray(reel.flash.first)
    for write, (addr, _, left) in enumerate(reel.flash.asked, 1):
        image[addr : addr + len(left)] = left
        if write in wanted:
            reel.find_kept(wanted[write], image, write)
