# runs on: cpython
"""Size on the 32-bit VM: code and data after start, data alone, and the compiled files."""

import json
import tempfile
import unittest
from pathlib import Path

from tools import interpreters
from tools.checks import mpy

TOTAL_BYTES = 112 * 1024
LINKED_BYTES = 128 * 1024
DATA_BYTES = 20 * 1024


class Footprint(unittest.TestCase):
    def measured(self, folder, *more):
        """What measure_heap.py prints of the compiled files in the folder."""
        sizes, complaints = mpy.build(interpreters.ROOT, Path(folder))
        self.assertEqual(complaints, [])
        ended = interpreters.run(
            "wasm", "host_tests/vm/measure_heap.py", heap=4 << 20,
            path=[f"{folder}/firmware", f"{folder}/board/esp32", *more],
        )  # fmt: skip
        self.assertEqual(ended.returncode, 0, ended.stderr)
        found = json.loads(ended.stdout)
        self.assertTrue(found["compiled"])
        # code that was loaded takes more heap than its file: a reading of less measured nothing
        self.assertGreater(found["total"], sum(mpy.loaded(sizes, bool(more)).values()))
        return found

    def test_code_and_data_after_start_from_mpy(self):
        reason = interpreters.available("wasm")
        if reason:
            self.skipTest(reason)
        with tempfile.TemporaryDirectory() as folder:
            found = self.measured(folder)
            linked = self.measured(folder, "linked")
        self.assertLessEqual(found["total"], TOTAL_BYTES)
        self.assertLessEqual(found["data"], DATA_BYTES)
        self.assertLessEqual(linked["total"], LINKED_BYTES)
        self.assertGreater(linked["total"], found["total"] + 10000)

    def test_a_start_loads_nothing_that_is_said_to_be_on_demand(self):
        reason = interpreters.available("micropython")
        if reason:
            self.skipTest(reason)
        ended = interpreters.run("micropython", "host_tests/vm/modules_entry.py")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        names = set(json.loads(ended.stdout))
        self.assertIn("meter", names)
        self.assertEqual(names & set(mpy.ON_DEMAND + mpy.LINKED), set())
        every = {path.stem for path in mpy.sources(interpreters.ROOT)}
        self.assertEqual(every - names - set(mpy.ON_DEMAND + mpy.LINKED), {"main", "__init__"})


if __name__ == "__main__":
    unittest.main()
