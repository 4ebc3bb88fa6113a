"""A power cut that is planned in a file, so that every process that writes to the flash keeps to it.

Takes the number of writes that are left, a pattern and a seed (chip_nor.tear). The VM's side of it is
board/virtual/live_flash.Plan; both count programs and erases.
"""

from chip_nor import PATTERNS

WIDTH = 12  # three numbers: writes left (0 = no plan), index of the pattern, seed


class CutPlan:
    """The file is made, without a plan in it."""

    def __init__(self, path):
        self._file = open(path, "w+b", buffering=0)  # noqa: SIM115  as long as the board exists
        self.set(0)

    def set(self, left, pattern="subset", seed=0):
        """Power goes in the middle of the left-th write from now; 0: it does not."""
        self._file.seek(0)
        self._file.write(
            b"".join(b"%*d" % (WIDTH, n) for n in (left, PATTERNS.index(pattern), seed))
        )

    def get(self):
        """(writes left, pattern, seed)."""
        self._file.seek(0)
        left, pattern, seed = (int(self._file.read(WIDTH)) for _ in range(3))
        return left, PATTERNS[pattern], seed

    def spend(self, nor):
        """One write to the flash begins."""
        left, pattern, seed = self.get()
        if left:
            self.set(left - 1, pattern, seed)
            if left == 1:
                nor.cut_at(1, pattern, seed)
