# runs on: cpython
"""RELIABILITY 5: a start finds its state in a full store of 512 KB, in the heap of an ESP32."""

import json
import tempfile
import unittest
from pathlib import Path

from tools import interpreters
from tools.checks import mpy

HEAP_BYTES = 2 * 140 * 1024  # the words of the unix VM are twice as long as the chip's


class FullStore(unittest.TestCase):
    def test_it_is_read_in_the_heap_of_a_chip(self):
        """How long it takes is measured by `make bench`."""
        reason = interpreters.available("micropython")
        if reason:
            self.skipTest(reason)
        with tempfile.TemporaryDirectory() as folder:
            _, complaints = mpy.build(interpreters.ROOT, Path(folder))
            self.assertEqual(complaints, [])
            image = f"{folder}/ledger.bin"
            made = interpreters.run("cpython", "host_tests/vm/full_store.py", [image])
            self.assertEqual(made.returncode, 0, made.stderr)
            found = interpreters.run(
                "micropython", "host_tests/vm/measure_recovery.py", [image], heap=HEAP_BYTES,
                path=[f"{folder}/firmware", f"{folder}/board/esp32"],
            )  # fmt: skip
        self.assertEqual(found.returncode, 0, found.stderr)
        found, made = json.loads(found.stdout), json.loads(made.stdout)
        self.assertTrue(found["opened"])
        self.assertEqual(found["balance_mp"], made["balance_mp"])
        self.assertLessEqual(found["heap"], HEAP_BYTES)


if __name__ == "__main__":
    unittest.main()
