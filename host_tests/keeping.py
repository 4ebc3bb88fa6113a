"""A core meter whose records are on simulated flash, for those who read what a meter has written."""

from chip_nor import Nor
from shilling.ledger import Ledger
from support import POUND, Bench

SECTOR = 4096
TOU = bytes.fromhex("0201 606d00 e02e00 02 7f01 1e00 7f00 c201")  # 28 p, from 00:30 to 07:30 12 p


class Kept(Bench):
    """A core meter whose records are on flash."""

    def __init__(self, sectors=16, **how):
        self.flash = None
        super().__init__(**how)
        self.flash = Nor(bytearray(b"\xff" * sectors * SECTOR))
        self.ledger = Ledger(self.flash)
        assert self.ledger.create(self.meter.parts)
        self.meter.journal = self.keep

    def keep(self, kind, counter):
        if self.flash is None:
            return True
        kept = self.ledger.commit(kind, counter, self.meter.parts)
        self.ledger.prepare()
        return kept

    def image(self):
        """The bytes of the partition, as a dump has them."""
        return bytes(self.flash.data)

    def burn(self, wh, seconds):
        """Use that is spread over a time, a pulse a step."""
        for n in range(wh):
            self.wait((n + 1) * seconds // wh - n * seconds // wh, 1)


def three_days():
    """The image of a meter that has used 3 kWh a day for three days, and has had one top-up."""
    meter = Kept(sectors=32, balance_mp=30 * POUND, standing_mp=30000)
    for _ in range(3):
        meter.burn(3000, 8 * 3600)
        meter.meter.commit_use()
        meter.wait_until(meter.meter.clock.day + 1, 11 * 3600)
    meter.top_up.remote(10 * POUND)
    return meter.image()
