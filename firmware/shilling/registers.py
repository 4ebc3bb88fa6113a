"""Import registers, one a rate and block: energy is booked where it was active when it flowed.

Takes Wh; register rate x 4 + block is kept in whole kWh and the rest. Source: DOMAIN 2, 8.
"""

from struct import pack_into, unpack_from

from micropython import const

from shilling.table import MAX_BLOCKS, MAX_RATES

_WH_PER_KWH = const(1000)
_COUNT = const(32)
_EACH_BYTES = const(6)
BYTES = MAX_RATES * MAX_BLOCKS * _EACH_BYTES


class Registers:
    """`at`: the active register; `kwh` and `wh` are its figures, as records hold them."""

    def __init__(self) -> None:
        self.at = 0
        self.all_kwh = [0] * _COUNT
        self.all_wh = [0] * _COUNT  # 0..999

    def _set_kwh(self, kwh: int) -> None:
        self.all_kwh[self.at] = kwh

    def _set_wh(self, wh: int) -> None:
        self.all_wh[self.at] = wh

    kwh = property(lambda self: self.all_kwh[self.at], _set_kwh)
    wh = property(lambda self: self.all_wh[self.at], _set_wh)

    def select(self, rate: int, block: int) -> bool:
        """True if another register is active now."""
        before = self.at
        self.at = rate * MAX_BLOCKS + block
        return self.at != before

    def rate(self) -> int:
        """Of the active register."""
        return self.at // MAX_BLOCKS

    def book(self, wh: int) -> None:
        wh += self.all_wh[self.at]
        if wh >= _WH_PER_KWH:
            self.all_kwh[self.at] += wh // _WH_PER_KWH
        self.all_wh[self.at] = wh % _WH_PER_KWH

    def block_wh(self, rate: int, block: int) -> int:
        at = rate * MAX_BLOCKS + block
        return self.all_kwh[at] * _WH_PER_KWH + self.all_wh[at]

    def total_wh(self, rate: int) -> int:
        """Of all blocks of a rate."""
        return sum([self.block_wh(rate, block) for block in range(MAX_BLOCKS)])

    def put(self, page: bytearray, at: int) -> None:
        for number in range(_COUNT):
            pack_into("<IH", page, at, self.all_kwh[number], self.all_wh[number])
            at += _EACH_BYTES

    def take(self, page: bytes, at: int) -> None:
        for number in range(_COUNT):
            self.all_kwh[number], self.all_wh[number] = unpack_from("<IH", page, at)
            at += _EACH_BYTES
