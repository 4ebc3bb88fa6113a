"""MicroPython's module `cryptolib` for the wasm VM, which has none: AES-128 encryption, ECB mode.

Takes a key of 16 bytes and whole blocks of 16; gives the encrypted blocks. For a simulated meter
only: its running time depends on key and data. Source: FIPS 197; columns follow each other.
"""

MODE_ECB = 1
ROUNDS = 10
# ShiftRows: byte i of a block comes from here.
_ROWS = bytes(5 * i % 16 for i in range(16))


def _double(x):
    """-> x times 2 in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1."""
    return x << 1 ^ (0x11B if x & 0x80 else 0)


def _make_sbox():
    """-> the 256 bytes of SubBytes: p runs through all powers of 3, q through their inverses."""
    box = bytearray(256)
    box[0] = 0x63
    p = q = 1
    while True:
        p ^= _double(p)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xFF
        if q & 0x80:
            q ^= 0x09
        x = q
        for shift in (1, 2, 3, 4):
            x ^= (q << shift | q >> 8 - shift) & 0xFF
        box[p] = x ^ 0x63
        if p == 1:
            return bytes(box)


_SBOX = _make_sbox()


def _expand(key):
    """-> the 11 round keys, 176 bytes."""
    words = bytearray(16 * (ROUNDS + 1))
    words[:16] = key
    rcon = 1
    for i in range(16, len(words), 4):
        t = words[i - 4 : i]
        if i % 16 == 0:
            t = bytearray([_SBOX[t[1]] ^ rcon, _SBOX[t[2]], _SBOX[t[3]], _SBOX[t[0]]])
            rcon = _double(rcon)
        for j in range(4):
            words[i + j] = words[i + j - 16] ^ t[j]
    return words


class aes:  # noqa: N801 (MicroPython's name)
    """One key."""

    def __init__(self, key, mode):
        if mode != MODE_ECB or len(key) != 16:
            raise ValueError("AES-128 in ECB mode only")
        self._keys = _expand(key)

    def encrypt(self, blocks):
        """-> as many bytes as came in."""
        if len(blocks) % 16:
            raise ValueError("whole blocks of 16 bytes only")
        out = bytearray(blocks)
        for start in range(0, len(out), 16):
            self._block(out, start)
        return bytes(out)

    def _block(self, out, start):
        keys = self._keys
        s = bytearray(out[start + i] ^ keys[i] for i in range(16))
        for at in range(16, 16 * ROUNDS + 1, 16):
            t = bytearray(_SBOX[s[_ROWS[i]]] for i in range(16))
            if at < 16 * ROUNDS:
                t = _mix(t)
            for i in range(16):
                s[i] = t[i] ^ keys[at + i]
        out[start : start + 16] = s


def _mix(t):
    """-> MixColumns of one block."""
    mixed = bytearray(16)
    for c in range(0, 16, 4):
        every = t[c] ^ t[c + 1] ^ t[c + 2] ^ t[c + 3]
        for i in range(4):
            mixed[c + i] = t[c + i] ^ every ^ _double(t[c + i] ^ t[c + (i + 1) % 4])
    return mixed
