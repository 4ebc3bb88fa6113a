"""One ring of the ledger as it is found at a start: its newest checkpoint and what follows it.

Takes a store and the ring's sectors; reads only, and changes the meter's parts only when told to
replay. A chain ends at the first slot that is not the next record; nothing is ever written behind
a slot that is torn, so a whole record further on means that one before it was lost. Torn bits may
read differently each time: nothing is used but from the reading whose CRC was right.
Source: RELIABILITY 1, 5.
"""

from struct import unpack_from

from shilling import codes, record, utrn

_ERASED = b"\xff" * record.RECORD_BYTES


def is_after(sequence: int, other: int) -> bool:
    """Sequence arithmetic on 32 bits."""
    return 0 < (sequence - other) & 0xFFFFFFFF < 0x80000000


class Chain:
    """`head`, `sector` and `at` are its end; `seen` is the highest sequence of any whole record."""

    def __init__(self, store, first: int, count: int) -> None:
        self.store = store
        self.first = first
        self.count = count
        self.head = record.Head()
        self.sector = 0
        self.at = 0
        self.seen = 0
        self.is_seen = False
        self.is_found = False  # a whole checkpoint
        self.is_blank = True  # no sector was ever written
        self.is_open = False  # the next slot is erased
        self.is_present = False  # its checkpoint is in the format that is written now
        self.meter_id = b""  # of its checkpoint
        self.buf = bytearray(record.RECORD_BYTES)

    def address(self, sector: int) -> int:
        return (self.first + sector) * self.store.sector

    def find(self) -> None:
        """Look for the newest whole checkpoint and follow its records to their end."""
        page = bytearray(record.CHECKPOINT_BYTES)
        for sector in range(self.count):
            self._look_at(sector, page)
        if self.is_found:
            self._follow(None)
        for sector in range(self.count):
            if not (self.is_found and sector == self.sector):
                at = self.address(sector) + record.CHECKPOINT_BYTES
                if self._read(at, self.buf) and record.is_whole(self.buf):
                    self._note(self.buf)

    def _look_at(self, sector: int, page: bytearray) -> None:
        """Is this sector's checkpoint the newest?"""
        buf = self.buf
        start = self.address(sector)
        if not self._read(start, buf):
            self.is_blank = False
        elif buf[0] != 255 or buf[1] != 255:
            self.is_blank = False
            sequence = unpack_from("<I", buf, 4)[0]
            if buf[1] == record.CHECKPOINT and not (
                self.is_found and is_after(self.head.sequence, sequence)
            ):
                if self._read(start, page) and record.is_checkpoint(page):
                    self.is_found = True
                    self.sector = sector
                    self.is_present = record.is_present(page)
                    self.meter_id = record.meter_id(page)
                    record.take_head(self.head, page)

    def _note(self, buf: bytes) -> None:
        """A whole record that is not part of the chain."""
        self.is_blank = False
        sequence = unpack_from("<I", buf, 2)[0]
        if not self.is_seen or is_after(sequence, self.seen):
            self.is_seen = True
            self.seen = sequence

    def _follow(self, parts) -> None:
        """Walk the records behind the checkpoint, replaying them into parts if there are any."""
        buf = self.buf
        self.at = record.CHECKPOINT_BYTES
        start = self.address(self.sector)
        while self.at < self.store.sector:
            if not (self._read(start + self.at, buf) and record.is_next(buf, self.head)):
                break
            if parts is not None:
                record.replay(parts, buf)
            record.follow(self.head, buf)
            self.at += record.RECORD_BYTES
        self.is_open = self.at < self.store.sector and self._is_blank_from(start + self.at)
        for at in range(self.at, self.store.sector, record.RECORD_BYTES):
            if (
                self._read(start + at, buf)
                and record.is_whole(buf)
                and not record.is_next(buf, self.head)  # a torn one, which now reads as whole
            ):
                self._note(buf)

    def replay(self, parts: dict) -> bool:
        """Put the state at the end of this chain into the parts. False, and nothing changed: its
        checkpoint is not whole any more."""
        page = bytearray(record.CHECKPOINT_BYTES)
        if not (self._read(self.address(self.sector), page) and record.is_checkpoint(page)):
            self.is_found = self.is_present = False
            return False
        record.replay_checkpoint(parts, self.head, page)
        self._follow(parts)
        return True

    def raise_floor(self, parts: dict) -> None:
        """Counters that this copy knows as used stay used, whatever the other copy says."""
        page = bytearray(record.CHECKPOINT_BYTES)
        start = self.address(self.sector)
        if not (self._read(start, page) and record.is_checkpoint(page)):
            return
        windows = (parts["window"], parts["orders"])
        known = (utrn.Window(), utrn.Window())
        record.take_windows(known[0], known[1], page)
        for number in range(2):
            windows[number].merge(known[number])
        for at in range(record.CHECKPOINT_BYTES, self.at, record.RECORD_BYTES):
            if self._read(start + at, self.buf) and record.is_whole(self.buf):
                counter = record.counter_of(self.buf)
                window = windows[1 if self.buf[1] & codes.COMMAND else 0]
                if counter and not window.is_used(counter):
                    window.mark(counter)

    def ends_like(self, other) -> bool:
        """Both can simply be gone on with."""
        return (
            self.is_present
            and other.is_present
            and self.is_open
            and other.is_open
            and self.head.sequence == other.head.sequence
            and self.head.hash == other.head.hash
            and self.sector == other.sector
            and self.at == other.at
        )

    def is_erased(self, sector: int) -> bool:
        return self._is_blank_from(self.address(sector))

    def _is_blank_from(self, at: int) -> bool:
        """Nothing but FF from here to the end of the sector."""
        buf = self.buf
        end = (at // self.store.sector + 1) * self.store.sector
        while at < end:
            if not self._read(at, buf) or buf != _ERASED:
                return False
            at += record.RECORD_BYTES
        return True

    def _read(self, at: int, buf: bytearray) -> bool:
        """False: the flash says it cannot read there."""
        try:
            self.store.read(at, buf)
        except OSError:
            return False
        return True
