"""Use that is not on flash yet, kept in memory that a watchdog reset does not clear.

Takes pulses since the last record and the ledger's head; gives them back at a start that finds the
same head: once a record holds them, the head has moved on. Source: RELIABILITY 6; SPEC.md.
"""

from struct import pack_into, unpack_from

from micropython import const

BYTES = 16
_CRC_AT = const(14)


def crc16(buf: bytearray, count: int) -> int:
    """CRC-16/CCITT-FALSE of the first bytes, in small integers: it is made at each pulse."""
    crc = 0xFFFF
    for at in range(count):
        crc ^= buf[at] << 8
        for _ in range(8):
            crc = crc << 1 ^ (0x1021 if crc & 0x8000 else 0)
        crc &= 0xFFFF
    return crc


class Residue:
    """16 bytes: sequence and hash of the head, pulses, two zeros, CRC."""

    def __init__(self, board) -> None:
        self.board = board
        self.buf = bytearray(BYTES)

    def keep(self, head, pulses: int) -> None:
        buf = self.buf
        pack_into("<I", buf, 0, head.sequence)
        for at in range(4):
            buf[4 + at] = head.hash[at]
        pack_into("<I", buf, 8, pulses)
        pack_into("<H", buf, _CRC_AT, crc16(buf, _CRC_AT))
        self.board.residue_write(buf)

    def pulses(self, head) -> int:
        """Those to be counted after `head`; 0 if the memory was lost or is of another record."""
        buf = self.buf
        if not self.board.residue_read(buf):
            return 0
        if unpack_from("<H", buf, _CRC_AT)[0] != crc16(buf, _CRC_AT):
            return 0
        if unpack_from("<I", buf, 0)[0] != head.sequence or bytes(buf[4:8]) != head.hash:
            return 0
        return unpack_from("<I", buf, 8)[0]
