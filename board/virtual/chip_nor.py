"""NOR flash: programming only clears bits, erasing sets a sector of 4096 bytes to FF.

Takes byte addresses; gives the content, which survives power cuts. It has the methods of a board's
store (size, sector, read, program, erase), to provision a meter that has not started yet. Every
fault of RELIABILITY's fault model can be planned; the same plan does the same on every interpreter.
"""

from chip_nor_tear import PATTERNS, bits_in_common, check_pattern, noise, tear  # noqa: F401

SECTOR = 4096
INPUT_OUTPUT_ERROR = 5  # errno, as MicroPython's esp32.Partition raises it


class PowerLoss(BaseException):
    """Power went in the middle of a write. Not an Exception: the firmware must not catch it."""


class Nor:
    """The flash behind the partition `ledger`; the caller's bytearray is changed in place.

    programs, erases, sector_erases count what was asked for, whatever came of it.
    """

    def __init__(self, data, seed=0):
        """seed: what weak bits read as follows from it."""
        if len(data) == 0 or len(data) % SECTOR:
            raise ValueError("flash is whole sectors of 4096 bytes")
        self.data = data
        self._view = memoryview(data)
        self.size = len(data)
        self.sector = SECTOR
        self.programs = 0
        self.erases = 0
        self.sector_erases = [0] * (self.size // SECTOR)
        self.weak = {}  # byte address -> mask of the bits that read at random till next programmed
        self.dead = set()  # sectors that take nothing any more and report success
        self.failing = set()  # sectors whose program and erase raise OSError
        self.unreadable = set()  # sectors whose read raises OSError
        self._seed = seed
        self._weak_reads = 0
        self._cut = self._skipped = None  # the number, as `writes` counts, of the planned write
        self._cut_plan = ()

    writes = property(lambda self: self.programs + self.erases)
    is_cut_planned = property(lambda self: self._cut is not None)

    # What the firmware does

    def read(self, addr, buf):
        """Fills buf from addr."""
        end = addr + len(buf)
        if addr < 0 or end > self.size:
            raise ValueError("outside the flash")
        if self.unreadable and self._touches(self.unreadable, addr, len(buf)):
            raise OSError(INPUT_OUTPUT_ERROR)
        buf[:] = self._view[addr:end]
        if self.weak:
            for weak in self.weak:
                if addr <= weak < end:
                    self._weak_reads += 1
                    buf[weak - addr] ^= noise(self._seed + self._weak_reads, 1)[0] & self.weak[weak]

    def program(self, addr, buf):
        """Clears the bits that are 0 in buf; sets none."""
        self._check(addr, len(buf))
        self.programs += 1
        end = addr + len(buf)
        old = self.data[addr:end]
        new = bits_in_common(old, buf)
        if self._takes(addr, old, new, False):
            self.data[addr:end] = new
            for weak in list(self.weak):
                if addr <= weak < end:
                    self._firm(weak, self.weak[weak] & ~buf[weak - addr])

    def erase(self, sector_index):
        """Sets one sector to FF."""
        addr = sector_index * SECTOR
        self._check(addr, SECTOR)
        self.erases += 1
        self.sector_erases[sector_index] += 1
        new = b"\xff" * SECTOR
        if self._takes(addr, self.data[addr : addr + SECTOR], new, True):
            self.data[addr : addr + SECTOR] = new
            for weak in list(self.weak):
                if addr <= weak < addr + SECTOR:
                    self._firm(weak, 255)

    # What a test or a scenario plans

    def cut_at(self, write, pattern="subset", seed=0, on_cut=None):
        """Power goes in the middle of the write-th program or erase from now (1 = the next): what
        tear() makes of it stays, and on_cut(), which must raise, or else PowerLoss ends the call.
        None takes the plan back; a new one takes its place."""
        check_pattern(pattern)
        self._cut = None if write is None else self.writes + write
        self._cut_plan = (pattern, seed, on_cut)

    def skip_at(self, write):
        """The write-th write from now does nothing and reports success; None takes it back."""
        self._skipped = None if write is None else self.writes + write

    def flip(self, addr, mask):
        """Bits change by themselves."""
        self.data[addr] ^= mask

    # How faults come about

    def _takes(self, addr, old, new, erasing):
        """True when the write is to happen as asked; raises when power goes or flash refuses."""
        if self._cut is None and self._skipped is None and not self.dead and not self.failing:
            return True
        is_skipped = self._skipped == self.writes
        if is_skipped:
            self._skipped = None
        is_failing = self._touches(self.failing, addr, len(old))
        is_lost = is_skipped or self._touches(self.dead, addr, len(old))
        if self._cut == self.writes:
            self._cut = None
            pattern, seed, on_cut = self._cut_plan
            if not is_lost and not is_failing:
                self.data[addr : addr + len(old)] = tear(old, new, pattern, seed, erasing)
            if on_cut is not None:
                on_cut()
            raise PowerLoss()
        if is_failing:
            raise OSError(INPUT_OUTPUT_ERROR)
        return not is_lost

    def _touches(self, sectors, addr, length):
        """Is any of these bytes in one of the sectors?"""
        for sector in sectors:
            if addr < (sector + 1) * SECTOR and addr + length > sector * SECTOR:
                return True
        return False

    def _firm(self, addr, mask):
        """These bits of a byte are what they are again."""
        self.weak[addr] &= ~mask
        if not self.weak[addr]:
            del self.weak[addr]

    def _check(self, addr, length):
        if addr < 0 or addr + length > self.size:
            raise ValueError("outside the flash")
