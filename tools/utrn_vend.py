"""The vending side of the 20-digit UTRN: makes the code that carries a top-up to one meter.

Takes keys (hex), a counter 1..2^32-1 and an amount in whole pence; gives 20 decimal digits. The
firmware has its own, independent implementation: both are pinned to the same public vectors.
Source: UTRN.md (GBCS section 14), DOMAIN T2 (vending limits).
"""

import hashlib
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PPTD_BASE = 7394156990786306048
COUNTER_MAX = 2**32 - 1
VALUE_MAX = 8191  # 13 bits
CLASS_NUMBERS = {"pence": 0, "pounds": 1}
CLASS_PENCE = {"pence": 1, "pounds": 100}
MIN_P = 100
MAX_P = 14900

VERHOEFF_P = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
VERHOEFF_D = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
CLOSING_DIGIT = "1267583094"


class VendError(ValueError):
    """What was asked for cannot be vended; the text is one sentence for the person who asked."""


@dataclass(frozen=True)
class Keys:
    """What one meter and its vendor share, as bytes: ids of 8, secret (Z) of 32."""

    meter: bytes
    originator: bytes
    secret: bytes


KEY_BYTES = {"meter": 8, "originator": 8, "secret": 32}
PUBLIC_TEST_KEYS = {
    "meter": "00DB1234567890A0",
    "originator": "90B3D51F30010000",
    "secret": "5c00001ae96494fedfd740c4679d346e913d89b978beeff76577be69c92bf3ce",
}


def keys_of(given):
    """Keys out of {meter, originator, secret} hex texts; the public test set's where missing."""
    parts = {}
    for name, size in KEY_BYTES.items():
        text = given.get(name, PUBLIC_TEST_KEYS[name])
        if not isinstance(text, str) or not re.fullmatch(f"[0-9A-Fa-f]{{{2 * size}}}", text):
            raise VendError(f"{name} must be {2 * size} hexadecimal digits, not {text!r}")
        parts[name] = bytes.fromhex(text)
    return Keys(**parts)


def amount_of(text):
    """Whole pence of an amount as people write it, '10', '10.50' or '£10.50'."""
    match = re.fullmatch(r"£?([0-9]{1,9})(?:\.([0-9]+))?", text)
    if not match:
        raise VendError(f"an amount is pounds such as 10.00, not {text!r}")
    pence = (match[2] or "").rstrip("0")
    if len(pence) > 2:
        raise VendError(f"£{match[1]}.{match[2]} is no whole number of pence")
    return int(match[1]) * 100 + int(pence.ljust(2, "0"))


def pounds(pence):
    """The receipt's text of whole pence."""
    return f"£{pence // 100}.{pence % 100:02d}"


def carried(pence, value_class=None):
    """(class, value) of an amount a code can carry, or None where no code of that class can."""
    for name in (value_class,) if value_class else ("pence", "pounds"):
        unit = CLASS_PENCE[name]
        if pence > 0 and pence % unit == 0 and pence // unit <= VALUE_MAX:
            return name, pence // unit
    return None


def fit(pence, value_class=None, limits=True):
    """(class, value) for an amount; VendError names the nearest amounts that can be vended."""
    low, high = (MIN_P, MAX_P) if limits else (1, VALUE_MAX * 100)

    def allowed(amount):
        return low <= amount <= high and carried(amount, value_class)

    if allowed(pence):
        return carried(pence, value_class)
    # What a code carries lies no further apart than a pound, so one pound each way will do
    start = min(max(pence, low), high if value_class != "pence" else min(high, VALUE_MAX))
    below = next((a for a in range(start, max(start - 101, 0), -1) if allowed(a)), None)
    above = next((a for a in range(start, start + 101) if allowed(a)), None)
    near = " and ".join(pounds(a) for a in sorted({below, above} - {None}))
    if low <= pence <= high:
        why = f"does not fit a code{f' in whole {value_class}' if value_class else ''}"
        if not value_class:
            why += f", above {pounds(VALUE_MAX)} only whole pounds do"
    else:
        why = f"is outside {pounds(low)} to {pounds(high)}"
    raise VendError(f"{pounds(pence)} {why}; the nearest that can be vended: {near}")


def derive_key(keys, counter):
    """The AES-128 key of one code (single-step KDF over Z)."""
    other_info = (
        bytes.fromhex("60857406080300") + keys.originator + b"\x09\x01"
        + (counter << 32).to_bytes(8, "big") + keys.meter
    )  # fmt: skip
    return hashlib.sha256(b"\x00\x00\x00\x01" + keys.secret + other_info).digest()[:16]


def derive_tag(keys, counter, upper):
    """The 16-byte GCM tag over the upper 32 bits of the PTUT; its last 4 bytes are the MAC."""
    aad = (
        bytes.fromhex("110000000000") + keys.originator + keys.meter + b"\x01"
        + (counter << 32).to_bytes(8, "big") + upper.to_bytes(4, "big")
    )  # fmt: skip
    return AESGCM(derive_key(keys, counter)).encrypt(keys.originator + bytes(4), b"", aad)


def check_digit(digits):
    """The 20th digit: Verhoeff's tables run left to right from permutation row 4."""
    state = 0
    for place, digit in enumerate(digits):
        state = int(VERHOEFF_D[state][int(VERHOEFF_P[(4 + place) % 8][int(digit)])])
    return CLOSING_DIGIT[state]


def make_code(keys, counter, value_class, value):
    """The 20 digits of a code; counter 1..2^32-1, value 0..8191 of its class."""
    if not 1 <= counter <= COUNTER_MAX:
        raise VendError(f"the counter must be 1 to {COUNTER_MAX}, not {counter}")
    if not 0 <= value <= VALUE_MAX:
        raise VendError(f"a code carries 0 to {VALUE_MAX} {value_class}, not {value}")
    upper = (counter & 1023) << 15 | CLASS_NUMBERS[value_class] << 13 | value
    mac = int.from_bytes(derive_tag(keys, counter, upper)[-4:], "big")
    digits = str(PPTD_BASE + (upper << 32 | mac))
    return digits + check_digit(digits)
