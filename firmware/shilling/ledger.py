"""The ledger: a ring of records on raw flash, from which the meter starts again.

Takes a store (read / program / erase) and the meter's parts; a commit is on flash, read back and
compared, before it returns. Each sector begins with a checkpoint. Source: RELIABILITY 1-5; SPEC.md.
This is one ring; the second copy and the repair between them belong to the durable ledger.
"""

from struct import unpack_from

from micropython import const

from shilling import record

OPENED = 0
BLANK = 1  # no checkpoint was ever written: not provisioned
UNREADABLE = 2  # something is there, but nothing that can be trusted

_HALF_RANGE = const(0x80000000)  # sequence arithmetic


class Ledger:
    """`head` is the last record; `sector` and `at` where the next one goes."""

    def __init__(self, store) -> None:
        self.store = store
        self.head = record.Head()
        self.sector = 0
        self.at = 0
        self.ready = -1  # a sector known to be erased
        self.buf = bytearray(record.RECORD_BYTES)
        self.back = bytearray(record.RECORD_BYTES)

    def sectors(self) -> int:
        return self.store.size // self.store.sector

    def create(self, parts: dict) -> bool:
        """Write the first checkpoint of a new meter."""
        self.sector = self.sectors() - 1
        return self.open_sector(parts)

    def recover(self, parts: dict) -> int:
        """OPENED with the state in the parts, or BLANK or UNREADABLE with nothing changed."""
        page = bytearray(record.CHECKPOINT_BYTES)
        sector, blank = self._newest(page)
        if sector < 0:
            return BLANK if blank else UNREADABLE
        self.store.read(sector * self.store.sector, page)
        record.replay_checkpoint(parts, self.head, page)
        self.sector = sector
        self.at = sector * self.store.sector + record.CHECKPOINT_BYTES
        end = (sector + 1) * self.store.sector
        while self.at < end:
            self.store.read(self.at, self.buf)
            if not record.is_next(self.buf, self.head):
                break
            record.replay(parts, self.buf)
            record.follow(self.head, self.buf)
            self.at += record.RECORD_BYTES
        if self.at == end or not self._is_erased(self.at, record.RECORD_BYTES):
            self.open_sector(parts)  # full, or a torn record stands in the way
        return OPENED

    def _newest(self, page: bytearray) -> tuple:
        """Sector of the newest whole checkpoint (-1: none), and whether all sectors are blank."""
        newest = -1
        newest_sequence = 0
        blank = True
        for sector in range(self.sectors()):
            self.store.read(sector * self.store.sector, self.buf)
            if self.buf[0] == 255 and self.buf[1] == 255:
                continue
            blank = False
            sequence = unpack_from("<I", self.buf, 4)[0]
            older = (sequence - newest_sequence) & 0xFFFFFFFF >= _HALF_RANGE
            if self.buf[1] != record.CHECKPOINT or (newest >= 0 and older):
                continue
            self.store.read(sector * self.store.sector, page)
            if record.is_checkpoint(page):
                newest = sector
                newest_sequence = sequence
        return newest, blank

    def commit(self, kind: int, counter: int, parts: dict) -> bool:
        """Write one event; False: the store did not keep it, and nothing may be acted on."""
        record.seal(parts, kind, counter, self.head, self.buf)
        self.store.program(self.at, self.buf)
        self.store.read(self.at, self.back)
        if self.back != self.buf:
            return False
        self.at += record.RECORD_BYTES
        return self.at % self.store.sector != 0 or self.open_sector(parts)

    def open_sector(self, parts: dict) -> bool:
        """Begin the next sector with a checkpoint."""
        sector = (self.sector + 1) % self.sectors()
        if sector != self.ready:
            self.store.erase(sector)
        page = bytearray(record.CHECKPOINT_BYTES)
        record.seal_checkpoint(parts, self.head, page)
        start = sector * self.store.sector
        self.store.program(start, page)
        back = bytearray(record.CHECKPOINT_BYTES)
        self.store.read(start, back)
        self.sector = sector
        self.at = start + record.CHECKPOINT_BYTES
        self.ready = -1
        return back == page

    def prepare(self) -> None:
        """Erase the sector that comes next, at leisure, so that no commit has to."""
        following = (self.sector + 1) % self.sectors()
        if self.ready != following:
            self.store.erase(following)
            self.ready = following

    def _is_erased(self, at: int, count: int) -> bool:
        self.store.read(at, self.back)
        for value in self.back[:count]:
            if value != 255:
                return False
        return True
