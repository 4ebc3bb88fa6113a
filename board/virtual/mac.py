"""HMAC-SHA-256 of the head-end in a play, for what it can only say when it has heard the meter.

Takes a key of up to 64 bytes and data; gives 32 bytes. Source: RFC 2104.
"""

from hashlib import sha256

BLOCK = 64


def hmac(key, data):
    key = key + bytes(BLOCK - len(key))
    inner = sha256(bytes([byte ^ 0x36 for byte in key]) + data).digest()
    return sha256(bytes([byte ^ 0x5C for byte in key]) + inner).digest()
