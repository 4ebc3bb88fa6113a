"""The ledger: two rings of records on raw flash, from which the meter starts again.

Takes a store (read / program / erase) and the meter's parts. A commit is in both rings, each read
back and compared, before it returns. Every sector begins with a checkpoint of the whole state; a
record that flash does not keep is replaced by a checkpoint in the next sector, which holds its event
too. Source: RELIABILITY 1-5; SPEC.md.
"""

from micropython import const

from shilling import record
from shilling.chain import Chain, is_after

OPENED = 0
BLANK = 1  # no checkpoint was ever written: not provisioned
UNREADABLE = 2  # something is there, but nothing that can be trusted

_TRIES = const(3)  # sectors in a row that do not keep a checkpoint: the flash is worn out
_AHEAD = const(2)  # sectors kept erased


class Ledger:
    """`at` is the place of the next record, the same in both rings; `head` the last record."""

    def __init__(self, store) -> None:
        self.store = store
        self.count = store.size // store.sector // 2  # sectors of one ring
        self.rings = (Chain(store, 0, self.count), Chain(store, self.count, self.count))
        self.head = record.Head()
        self.sector = 0
        self.at = 0  # byte of the sector
        self.ready = 0  # sectors after this one that are known to be erased
        self.repairs = 0  # sectors left early because flash did not keep what was written
        self.buf = bytearray(record.RECORD_BYTES)
        self.back = bytearray(record.RECORD_BYTES)

    def create(self, parts: dict) -> bool:
        """Write the first checkpoint of a new meter."""
        self.sector = self.count - 1
        return self.open_sector(parts)

    # --- starting again

    def recover(self, parts: dict) -> int:
        """OPENED with the state in the parts, or BLANK or UNREADABLE with nothing changed."""
        best = None
        for ring in self.rings:
            ring.find()
            if ring.is_found and (best is None or is_after(ring.head.sequence, best.head.sequence)):
                best = ring
        if best is None:
            return BLANK if self.rings[0].is_blank and self.rings[1].is_blank else UNREADABLE
        for ring in self.rings:
            if ring.is_seen and is_after(ring.seen, best.head.sequence):
                return UNREADABLE  # records beyond the longest chain: both copies of one are lost
        best.replay(parts)
        for ring in self.rings:
            if ring is not best and ring.is_found:
                ring.raise_floor(parts)
        self.head, self.sector, self.at = best.head, best.sector, best.at
        if not (self.rings[0].ends_like(self.rings[1]) and best.is_open):
            return OPENED if self.open_sector(parts) else UNREADABLE
        return OPENED

    # --- writing

    def commit(self, kind: int, counter: int, parts: dict) -> bool:
        """Write one event to both rings; False: flash did not keep it, nothing may be acted on."""
        record.seal(parts, kind, counter, self.head, self.buf)
        if not self._write():
            self.repairs += 1
            return self.open_sector(parts)
        self.at += record.RECORD_BYTES
        return self.at < self.store.sector or self.open_sector(parts)

    def _write(self) -> bool:
        """Ring A first, read back, then ring B."""
        for ring in self.rings:
            at = ring.address(self.sector) + self.at
            self.store.program(at, self.buf)
            self.store.read(at, self.back)
            if self.back != self.buf:
                return False
        return True

    def open_sector(self, parts: dict) -> bool:
        """Go on in the next sector that keeps a checkpoint in both rings."""
        page = bytearray(record.CHECKPOINT_BYTES)
        back = bytearray(record.CHECKPOINT_BYTES)
        record.seal_checkpoint(parts, self.head, page)
        for _ in range(min(_TRIES, self.count)):
            self.sector = (self.sector + 1) % self.count
            kept = True
            for ring in self.rings:
                if not self.ready and not ring.is_erased(self.sector):
                    self.store.erase(ring.first + self.sector)
                at = ring.address(self.sector)
                self.store.program(at, page)
                self.store.read(at, back)
                kept = kept and back == page
            self.ready = max(0, self.ready - 1)
            if kept:
                self.at = record.CHECKPOINT_BYTES
                return True
            self.repairs += 1
        return False

    def prepare(self) -> None:
        """Erase one sector that comes next, in both rings, at leisure: no commit has to."""
        if self.ready < min(_AHEAD, self.count - 1):
            following = (self.sector + self.ready + 1) % self.count
            for ring in self.rings:
                if not ring.is_erased(following):
                    self.store.erase(ring.first + following)
            self.ready += 1
