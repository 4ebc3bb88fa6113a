"""AES on every interpreter gives the published answers."""

import unittest
from binascii import unhexlify

import cryptolib

# FIPS 197, appendices B and C.1; and NIST SP 800-38A, F.1.1 (four blocks).
VECTORS = (
    (
        "2b7e151628aed2a6abf7158809cf4f3c",
        "3243f6a8885a308d313198a2e0370734",
        "3925841d02dc09fbdc118597196a0b32",
    ),
    (
        "000102030405060708090a0b0c0d0e0f",
        "00112233445566778899aabbccddeeff",
        "69c4e0d86a7b0430d8cdb78070b4c55a",
    ),
    (
        "2b7e151628aed2a6abf7158809cf4f3c",
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
        "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4",
    ),
)


class AesTest(unittest.TestCase):
    def test_the_published_vectors(self):
        for key, plain, cipher in VECTORS:
            aes = cryptolib.aes(unhexlify(key), 1)
            self.assertEqual(aes.encrypt(unhexlify(plain)), unhexlify(cipher))

    def test_a_bytearray_will_do(self):
        key, plain, cipher = VECTORS[1]
        aes = cryptolib.aes(bytearray(unhexlify(key)), 1)
        self.assertEqual(aes.encrypt(bytearray(unhexlify(plain))), unhexlify(cipher))

    def test_half_a_block_is_refused(self):
        with self.assertRaises(ValueError):
            cryptolib.aes(bytes(16), 1).encrypt(bytes(17))


if __name__ == "__main__":
    unittest.main()
