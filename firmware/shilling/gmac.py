"""GMAC: the AES-128-GCM tag over additional data alone, with no text to encrypt.

Takes key (16 bytes), nonce (12) and data (at most 48), gives the tag (16). Source: NIST SP 800-38D.
GHASH works on 16-bit words, because larger integers go to the heap on a 32-bit VM.
"""

from cryptolib import aes
from micropython import const

_ECB = const(1)
# What the four bits shifted out of the low end bring back at the high end (x^128 = 1+x+x^2+x^7)
REDUCE = (
    0x0000, 0x1C20, 0x3840, 0x2460, 0x7080, 0x6CA0, 0x48C0, 0x54E0,
    0xE100, 0xFD20, 0xD940, 0xC560, 0x9180, 0x8DA0, 0xA9C0, 0xB5E0,
)  # fmt: skip


def tag(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """The whole tag of 16 bytes."""
    cipher = aes(key, _ECB)
    hashed = _ghash(cipher.encrypt(bytes(16)), data)
    mask = cipher.encrypt(nonce + b"\0\0\0\1")
    return bytes([hashed[at] ^ mask[at] for at in range(16)])


def _ghash(key: bytes, data: bytes) -> bytes:
    """GHASH of the data, padded to three blocks, and of the block of lengths."""
    table = _multiples(key)
    state = [0] * 8
    bits = len(data) * 8
    text = data + bytes(48 - len(data)) + bytes(6) + bits.to_bytes(2, "big") + bytes(8)
    for block in range(0, 64, 16):
        for word in range(8):
            at = block + 2 * word
            state[word] ^= text[at] << 8 | text[at + 1]
        _multiply(state, table)
    return b"".join([word.to_bytes(2, "big") for word in state])


def _multiples(key: bytes) -> list:
    """The key times each of the 16 polynomials of four bits (highest bit x^0), 8 words each."""
    table = [0] * 128
    shifted = [key[2 * word] << 8 | key[2 * word + 1] for word in range(8)]
    bit = 8
    while bit:
        table[bit * 8 : bit * 8 + 8] = shifted
        carry = 0
        for word in range(8):  # times x: one bit towards the low end
            value = shifted[word]
            shifted[word] = value >> 1 | carry << 15
            carry = value & 1
        if carry:
            shifted[0] ^= 0xE100
        bit >>= 1
    for number in (3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15):
        low = number & -number
        for word in range(8):
            table[number * 8 + word] = table[low * 8 + word] ^ table[(number - low) * 8 + word]
    return table


def _multiply(state: list, table: list) -> None:
    """state := state x key, four bits at a time from the low end (Shoup's method)."""
    a = b = c = d = e = f = g = h = 0
    for word in (7, 6, 5, 4, 3, 2, 1, 0):
        value = state[word]
        for shift in (0, 4, 8, 12):
            out = h & 15
            row = (value >> shift & 15) * 8
            h = (h >> 4 | (g & 15) << 12) ^ table[row + 7]
            g = (g >> 4 | (f & 15) << 12) ^ table[row + 6]
            f = (f >> 4 | (e & 15) << 12) ^ table[row + 5]
            e = (e >> 4 | (d & 15) << 12) ^ table[row + 4]
            d = (d >> 4 | (c & 15) << 12) ^ table[row + 3]
            c = (c >> 4 | (b & 15) << 12) ^ table[row + 2]
            b = (b >> 4 | (a & 15) << 12) ^ table[row + 1]
            a = a >> 4 ^ REDUCE[out] ^ table[row]
    state[:] = [a, b, c, d, e, f, g, h]
