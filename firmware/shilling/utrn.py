"""The meter's side of the 20-digit UTRN: form, check digit, MAC, counter, replay window.

Takes 20 digits (bytes 0..9), gives outcome codes and amounts in mp. Source: UTRN.md, GBCS 14.
"""

from hashlib import sha256

from micropython import const

from shilling import codes, gmac
from shilling.config import Config
from shilling.units import MP_PER_PENNY, MP_PER_POUND

_DIGITS = const(20)
PPTD_BASE = 7394156990786306048
PTUT_LIMIT = 1 << 57

_D = (
    b"\0\1\2\3\4\5\6\7\x08\x09", b"\1\2\3\4\0\6\7\x08\x09\5", b"\2\3\4\0\1\7\x08\x09\5\6",
    b"\3\4\0\1\2\x08\x09\5\6\7", b"\4\0\1\2\3\x09\5\6\7\x08", b"\5\x09\x08\7\6\0\4\3\2\1",
    b"\6\5\x09\x08\7\1\0\4\3\2", b"\7\6\5\x09\x08\2\1\0\4\3", b"\x08\7\6\5\x09\3\2\1\0\4",
    b"\x09\x08\7\6\5\4\3\2\1\0",
)  # fmt: skip
_P = (
    b"\0\1\2\3\4\5\6\7\x08\x09", b"\1\5\7\6\2\x08\3\0\x09\4", b"\5\x08\0\3\7\x09\6\1\4\2",
    b"\x08\x09\1\6\0\4\3\5\2\7", b"\x09\4\5\3\1\2\6\x08\7\0", b"\4\2\x08\6\5\7\3\x09\0\1",
    b"\2\7\x09\3\x08\0\6\4\1\5", b"\7\0\4\6\x09\1\3\2\5\x08",
)  # fmt: skip

KDF_PREFIX = b"\0\0\0\1"
OTHER_INFO = b"\x60\x85\x74\x06\x08\x03\x00"
AAD_PREFIX = b"\x11\x00\x00\x00\x00\x00"


def is_check_digit_right(digits: bytes) -> bool:
    """Verhoeff's tables, run left to right from permutation row 4."""
    check = 0
    for at in range(_DIGITS):
        check = _D[check][_P[(4 + at) % 8][digits[at]]]
    return check == 0


class Code:
    """The fields of one code, and what became of reading them (`outcome`, DONE if well formed)."""

    def __init__(self, digits: bytes) -> None:
        self.outcome = codes.MALFORMED
        self.low_counter = 0  # low 10 bits of the counter
        self.high = b""  # upper 32 bits of the PTUT, which the MAC covers
        self.mac = b""
        self.amount_mp = 0
        if len(digits) != _DIGITS:
            return
        if not is_check_digit_right(digits):
            self.outcome = codes.WRONG_CHECK_DIGIT
            return
        number = 0
        for at in range(_DIGITS - 1):
            number = number * 10 + digits[at]
        number -= PPTD_BASE
        if not 0 <= number < PTUT_LIMIT:
            return
        self._read(number.to_bytes(8, "big"))

    def _read(self, ptut: bytes) -> None:
        self.high = ptut[:4]
        self.mac = ptut[4:]
        self.low_counter = (ptut[0] & 1) << 9 | ptut[1] << 1 | ptut[2] >> 7
        value_class = ptut[2] >> 5 & 3
        value = (ptut[2] & 31) << 8 | ptut[3]
        if value_class > 1:
            self.outcome = codes.RESERVED_CLASS
            return
        self.amount_mp = value * (MP_PER_POUND if value_class else MP_PER_PENNY)
        self.outcome = codes.DONE


def mac(config: Config, counter: int, high: bytes) -> bytes:
    """The last 4 bytes of the AES-128-GCM tag over an empty text."""
    count = counter.to_bytes(4, "big") + b"\0\0\0\0"
    ids = config.originator_id + b"\x09\x01" + count + config.meter_id
    key = sha256(KDF_PREFIX + config.secret + OTHER_INFO + ids).digest()[:16]
    aad = AAD_PREFIX + config.originator_id + config.meter_id + b"\x01" + count + high
    return gmac.tag(key, config.originator_id + b"\0\0\0\0", aad)[12:]


def is_equal(left: bytes, right: bytes) -> bool:
    """Compare all bytes of two of one length in constant time."""
    differs = len(left) ^ len(right)
    for at in range(min(len(left), len(right))):
        differs |= left[at] ^ right[at]
    return differs == 0


_WINDOW = const(512)
MAX_COUNTER = 0xFFFFFFFF


class Window:
    """Which counters were used: the highest one and a bit for each of the 512 up to it.

    Counter c has bit c mod 512, so that moving the window only clears the bits that come in."""

    def __init__(self) -> None:
        self.highest = 0
        self.bits = bytearray(_WINDOW // 8)

    def candidate(self, low_counter: int) -> int:
        """The whole counter: the largest with these low 10 bits that is at most highest + 512, or
        the smallest positive one."""
        top = self.highest + _WINDOW
        counter = top - (top - low_counter) % 1024
        return counter if counter > 0 else counter + 1024

    def is_used(self, counter: int) -> bool:
        """True for a used counter, and for one too far back to know."""
        if counter > self.highest:
            return False
        if not self.reaches(counter):
            return True
        at = counter % _WINDOW
        return self.bits[at >> 3] >> (at & 7) & 1 == 1

    def reaches(self, counter: int) -> bool:
        """It is not too far back to know."""
        return self.highest - counter < _WINDOW

    def mark(self, counter: int) -> None:
        if counter > self.highest:
            for step in range(1, min(counter - self.highest, _WINDOW) + 1):
                at = (self.highest + step) % _WINDOW
                self.bits[at >> 3] &= ~(1 << (at & 7))
            self.highest = counter
        at = counter % _WINDOW
        self.bits[at >> 3] |= 1 << (at & 7)

    def merge(self, other) -> None:
        """Mark what another copy of the window knows as used."""
        for counter in range(max(1, other.highest - _WINDOW + 1), other.highest + 1):
            if other.is_used(counter) and not self.is_used(counter):
                self.mark(counter)
