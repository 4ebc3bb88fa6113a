"""The ledger: two rings of records on raw flash, from which the meter starts again.

Takes a store (read / program / erase) and the meter's parts. A commit is in both rings, each read
back and compared, before it returns. Every sector begins with a checkpoint of the whole state; a
record that flash does not keep is replaced by a checkpoint in the next sector, which holds its event
too. Source: RELIABILITY 1-5; SPEC.md.
"""

from micropython import const

from shilling import codes, record
from shilling.chain import Chain, is_after

OPENED = 0
BLANK = 1  # no checkpoint was ever written: not provisioned
UNREADABLE = 2  # something is there, but nothing that can be trusted

_TRIES = const(3)  # sectors in a row that do not keep a checkpoint: the flash is worn out;
# readings of two chains of which torn bits make now one, now the other the longer
_AHEAD = const(2)  # sectors kept erased


class Ledger:
    """`at` is the place of the next record, the same in both rings; `head` the last record."""

    def __init__(self, store) -> None:
        self.store = store
        self.count = store.size // store.sector // 2  # sectors of one ring
        self.rings = (Chain(store, 0, self.count), Chain(store, self.count, self.count))
        self.head = record.Head()
        self.sector = 0
        self.at = 0  # byte of the sector; 0: not open
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
        """OPENED with the state in the parts; or BLANK or UNREADABLE, and they are not to be used."""
        for ring in self.rings:
            ring.find()
        best = self._longest()
        if best is None:
            return BLANK if self.rings[0].is_blank and self.rings[1].is_blank else UNREADABLE
        if self._are_of_two_meters() or self._is_more_than(best):
            return UNREADABLE
        best = self._replay(parts)
        if best is None or self._is_more_than(best):  # torn bits may read differently now
            return UNREADABLE
        for ring in self.rings:
            if ring is not best and ring.is_found:
                ring.raise_floor(parts)
        self.head, self.sector, self.at = best.head, best.sector, best.at
        if not (self.rings[0].ends_like(self.rings[1]) or self.open_sector(parts)):
            return UNREADABLE
        for _ in range(_AHEAD):
            self.prepare()  # what comes first may be many days that fell due
        return OPENED

    def _longest(self):
        """The ring that knows most, or None."""
        ring, other = self.rings
        if not (ring.is_found and other.is_found):
            return ring if ring.is_found else other if other.is_found else None
        return other if is_after(other.head.sequence, ring.head.sequence) else ring

    def _replay(self, parts: dict):
        """The ring whose state is now in the parts: the longest, as it reads now."""
        for _ in range(_TRIES):
            best = self._longest()
            if best is None or (best.replay(parts) and best is self._longest()):
                return best
        return None

    def _is_more_than(self, best: Chain) -> bool:
        """Whole records beyond the longest chain: both copies of one before them are lost."""
        for ring in self.rings:
            if ring.is_seen and is_after(ring.seen, best.head.sequence):
                return True
        return False

    def _are_of_two_meters(self) -> bool:
        ring, other = self.rings
        return ring.is_found and other.is_found and ring.meter_id != other.meter_id

    # --- writing

    def commit(self, kind: int, counter: int, parts: dict) -> bool:
        """Write one event to both rings; False: flash did not keep it, nothing may be acted on."""
        if kind & codes.RECORD_CHECKPOINT:
            return self.open_sector(parts)
        record.seal(parts, kind, counter, self.head, self.buf)
        kept = True
        for ring in self.rings:
            kept = kept and self._keep(ring.address(self.sector) + self.at, self.buf, self.back)
        if kind == codes.RECORD_ALERT:
            return kept  # what the parts hold is not to be believed: no checkpoint of it
        if not kept:
            self.repairs += 1
            return self.open_sector(parts)
        self.at += record.RECORD_BYTES
        return self.at < self.store.sector or self.open_sector(parts)

    def _keep(self, at: int, data: bytearray, back: bytearray) -> bool:
        """Program, read back and compare."""
        try:
            self.store.program(at, data)
            self.store.read(at, back)
        except OSError:
            return False
        return back == data

    def open_sector(self, parts: dict) -> bool:
        """Go on in the next sector that keeps a checkpoint in both rings."""
        page = bytearray(record.CHECKPOINT_BYTES)
        back = bytearray(record.CHECKPOINT_BYTES)
        for _ in range(min(_TRIES, self.count)):
            record.seal_checkpoint(parts, self.head, page)  # later than one that only one ring kept
            self.sector = (self.sector + 1) % self.count
            kept = True
            for ring in self.rings:
                if not self.ready:
                    self._erase(ring, self.sector)
                kept = self._keep(ring.address(self.sector), page, back) and kept
            self.ready = max(0, self.ready - 1)
            if kept:
                self.at = record.CHECKPOINT_BYTES
                return True
            self.repairs += 1
        self.at = 0
        return False

    def prepare(self) -> None:
        """Erase one sector that comes next, in both rings, at leisure: no commit has to. A store
        that is not open is left as it is: somebody may still read it."""
        if self.at and self.ready < min(_AHEAD, self.count - 1):
            following = (self.sector + self.ready + 1) % self.count
            for ring in self.rings:
                self._erase(ring, following)
            self.ready += 1

    def _erase(self, ring: Chain, sector: int) -> None:
        """Unless it is erased; one that cannot be is found out when something is written there."""
        if not ring.is_erased(sector):
            try:
                self.store.erase(ring.first + sector)
            except OSError:
                pass
