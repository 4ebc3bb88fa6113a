"""What makes a packet authentic: HMAC-SHA-256 under keys derived from the shared secret Z.

Takes a key of up to 64 bytes and data, gives 32 bytes. Source: REMOTE; RFC 2104; SPEC.md 9.
"""

from hashlib import sha256

from micropython import const

_BLOCK = const(64)
DOWN, UP, MQTT = b"down", b"up", b"mqtt"


def hmac(key: bytes, data) -> bytes:
    inner = bytearray(_BLOCK)
    outer = bytearray(_BLOCK)
    for at in range(_BLOCK):
        byte = key[at] if at < len(key) else 0
        inner[at] = byte ^ 0x36
        outer[at] = byte ^ 0x5C
    hash = sha256(inner)
    hash.update(data)
    whole = sha256(outer)
    whole.update(hash.digest())
    return whole.digest()


def derived(secret: bytes, use: bytes) -> bytes:
    """The key for one use: packets down or up, or the password at the broker."""
    return hmac(secret, b"SHILLING-LINK-1 " + use)
