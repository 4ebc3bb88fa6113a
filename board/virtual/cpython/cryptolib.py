"""MicroPython's module `cryptolib` under CPython: AES in ECB mode, by PyPI `cryptography`."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MODE_ECB = 1


class aes:  # noqa: N801 (MicroPython's name)
    """One key. mode 1 is ECB, the only one the meter needs."""

    def __init__(self, key, mode):
        if mode != MODE_ECB:
            raise ValueError("mode")
        self._cipher = Cipher(algorithms.AES(bytes(key)), modes.ECB())

    def encrypt(self, blocks):
        """-> as many bytes as came in, whole blocks of 16."""
        encryptor = self._cipher.encryptor()
        return encryptor.update(bytes(blocks)) + encryptor.finalize()
