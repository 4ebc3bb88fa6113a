"""The board's display: what show() and dim() make the two HT16K33 chips show."""

import unittest

import boot
import virtual_time
import world


class DisplayTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9820, 39600)
        self.board = boot.board_class()()

    def writes(self):
        """Counts the write transactions to the left display from now on."""
        count = []
        chip = self.w.displays[0]

        class Spy:
            def i2c_write(self, data):
                count.append(bytes(data))
                chip.i2c_write(data)

        self.w.i2c[0x70] = Spy()
        return count

    def test_a_text_is_read_from_the_cells(self):
        for text in ("Cr \u00a312.34", "-1.20 LOW", "", "12345.6kW", "03 7"):
            self.assertTrue(self.board.show(text))
            self.assertEqual(self.w.text(), text)

    def test_the_lamp_test_lights_all(self):
        self.board.show("\x7f" * 8)
        self.assertEqual(self.w.cells(), [0x7FFF] * 8)

    def test_the_bus_is_used_for_new_texts_only(self):
        self.board.show("same")
        count = self.writes()
        self.board.show("same")
        self.assertEqual(len(count), 0)
        self.board.show("new")
        self.assertTrue(len(count) > 0)

    def test_half_a_display_still_shows_its_half_and_says_no(self):
        del self.w.i2c[0x70]
        self.assertFalse(self.board.show("12345678"))
        self.assertEqual(self.w.text(), "    5678")

    def test_a_display_that_comes_back_shows_within_a_second(self):
        chip = self.w.i2c[0x71]
        del self.w.i2c[0x71]
        self.board.show("12345678")
        self.w.i2c[0x71] = chip
        self.assertFalse(self.board.show("12345678"))  # not asked each time: that costs time
        virtual_time.sleep_ms(1000)
        self.assertTrue(self.board.show("12345678"))
        self.assertEqual(self.w.text(), "12345678")

    def test_a_display_that_lost_its_supply_shows_the_next_text(self):
        self.board.show("one")
        self.w.displays[0].lose_power()
        self.board.show("two")
        self.assertEqual(self.w.text(), "two")

    def test_dim_is_dimmer_on_both_and_stays_with_the_next_text(self):
        for dim, compare in ((True, 16), (False, 15)):
            self.board.dim(dim)
            self.board.show("text %d" % dim)
            for chip in self.w.displays:
                self.assertEqual(chip.brightness == 16, not dim)
                self.assertTrue(chip.brightness <= compare or not dim)

    def test_dim_survives_a_missing_display(self):
        del self.w.i2c[0x70]
        self.board.dim(True)
        self.assertTrue(self.w.displays[1].brightness < 16)


if __name__ == "__main__":
    unittest.main()
