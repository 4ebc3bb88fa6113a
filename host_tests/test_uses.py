# runs on: cpython
"""What the firmware uses of MicroPython: proven by the stubs of 1.25, or behind a check; docs/CHIP.md."""

import functools
import re
import unittest

from tools.drawings import uses

TOO_NEW = ("machine.Counter", "machine.Counter.value")  # in MicroPython from 1.26 on
# Documented for ssl.SSLContext since 1.21, and forgotten in the stubs
NO_STUB = ("tls.SSLContext.verify_mode",)
# Not run: MicroPython does not look at annotations, and in them alone mypy calls it so.
ANNOTATION = "[name-defined]"


@functools.cache
def image():
    """The official image of the oldest version."""
    found = list((uses.ROOT / ".venv/images").glob(f"ESP32_GENERIC-*-v{uses.FLOOR}.*.bin"))
    return found[0].read_bytes() if found else b""


def is_in_image(name):
    """True if a C text there is this name; or ends so, as a linker keeps two such texts in one."""
    return re.search(rb"\0[^\0 ]*" + name.encode() + rb"\0", image()) is not None


def is_driver(file):
    """True for a file that has the chip in its hands; the lab's have a board and a meter, the wire has
    a link, and of a file that is open the stubs say nothing."""
    strangers = ("board/esp32/lab", "board/esp32/wire", "board/esp32/files")
    return file.startswith("board/esp32/") and not file.startswith(strangers)


@functools.cache
def rows():
    return uses.rows()


class Uses(unittest.TestCase):
    def test_every_name_is_in_the_stubs_of_the_floor_or_known_to_be_newer(self):
        newer = tuple(name for name, _, floor, _ in rows() if not floor and name not in NO_STUB)
        self.assertEqual(newer, TOO_NEW)

    def test_every_name_is_in_the_newest_stubs(self):
        missing = tuple(name for name, _, _, newest in rows() if not newest)
        self.assertEqual(missing, NO_STUB)  # it is in the image: see below

    def test_the_stubs_of_the_floor_allow_the_newer_ones_behind_a_check_only(self):
        own = [str(path.relative_to(uses.ROOT)) for path in uses.sources()]
        errors = [e for e in uses.check(floor=True).errors if e.split(":")[0] in own]
        self.assertEqual([e for e in errors if not e.endswith(ANNOTATION)], [])

    def test_every_name_occurs_in_the_official_image_of_the_floor(self):
        if not image():
            self.skipTest("no official image here; run make setup")
        absent = [name for name, _, _, _ in rows() if not is_in_image(name.rpartition(".")[2])]
        self.assertEqual(absent, ["machine.Counter"])

    def test_nothing_on_the_board_has_a_type_that_cannot_be_followed(self):
        strange = [
            (name, sorted(files)) for name, files in uses.used(uses.check(floor=False)).items()
            if name.startswith(uses.UNKNOWN) and any(is_driver(file) for file in files)
        ]  # fmt: skip
        self.assertEqual(strange, [])

    def test_the_page_is_as_the_source_is(self):
        self.assertEqual(uses.PAGE.read_text(encoding="utf-8"), uses.page())

    def test_what_the_chip_is_asked_for_is_on_the_list(self):
        """The follower itself: names, class attributes, methods of values, methods of members."""
        listed = {name for name, _, _, _ in rows()}
        for name in ("machine.reset", "machine.Pin.OUT", "machine.Pin.value", "machine.WDT.feed",
                     "esp32.Partition.find", "time.ticks_ms", "machine.Counter"):  # fmt: skip
            self.assertIn(name, listed)


if __name__ == "__main__":
    unittest.main()
