# runs on: cpython
"""README.md tells the truth: its example plays, its commands exist, its files are there."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tools.interpreters import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


class Readme(unittest.TestCase):
    def test_the_example_scenario_plays(self):
        example = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "example.yaml")
            file.write_text(example, encoding="utf-8")
            played = subprocess.run(
                [sys.executable, "-m", "tools.cli", "play", "--on", "cpython", str(file)],
                cwd=ROOT, capture_output=True, text=True,
            )  # fmt: skip
        self.assertEqual(played.returncode, 0, played.stdout + played.stderr)

    def test_every_make_target_it_names_exists(self):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        named = set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", TEXT))
        self.assertGreater(len(named), 10)
        for target in named:
            self.assertRegex(makefile, rf"(?m)^{target}:")

    def test_every_file_it_names_is_there(self):
        named = set(re.findall(r"\]\(([\w./-]+)\)", TEXT))
        named |= {name for name in re.findall(r"`([\w./-]+\.(?:md|yaml))`", TEXT) if "*" not in name}
        for name in named:
            self.assertTrue((ROOT / name).exists(), name)
        for name in set(re.findall(r"`(\w+\.py)`", TEXT)):
            self.assertTrue((ROOT / "firmware/shilling" / name).exists(), name)


if __name__ == "__main__":
    unittest.main()
