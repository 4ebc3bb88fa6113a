"""How a play types a code: which keys, at the meter and at the in-home display. Every interpreter."""

import unittest

from hands import Hands, Stuck


class Keys:
    """The World's part: keys that go down in a house."""

    def __init__(self, house):
        self.house = house

    def press(self, key):
        self.house.down(key)

    def release(self, key):
        pass


class House(Hands):
    """A ring of screens and a code, at the face that was used last. `keys`: first letters pressed."""

    def __init__(self, face, ring):
        self.face = face
        self.ring = ring
        self.at = 0
        self.digits = None
        self.keys = ""
        self.world = Keys(self)

    def meter(self):
        return self

    def observe(self):
        screen = self.ring[self.at]
        if self.digits is not None:
            screen = "Code %d %d" % (len(self.digits), self.digits[-1])
        return {"face": self.face, "screen": screen}

    def down(self, key):
        self.keys += key[0]
        if self.digits is None:
            if key in ("A", "right"):
                self.at = (self.at + 1) % len(self.ring)
            else:
                self.digits = [0]
        elif key in ("A", "right", "left"):
            self.digits[-1] = (self.digits[-1] + (-1 if key == "left" else 1)) % 10
        else:
            self.digits.append(0)

    def typed(self, digits):
        for _ in self.enter(digits):
            pass
        return self.keys


METER = ("Credit £1.00", "Today £0.00", "Add credit")
DISPLAY = ("Credit £1.00", "TOP UP", "EMGCY CREDIT")


class Typing(unittest.TestCase):
    def test_at_the_meter_a_moves_the_digit_b_takes_it_and_a_long_b_sends(self):
        house = House("meter", METER)
        self.assertEqual(house.typed("209"), "AAB" + "AAB" + "B" + 9 * "A" + "B" + "B")

    def test_at_the_display_the_shorter_way_round_ok_takes_and_nothing_sends(self):
        house = House("display", DISPLAY)
        self.assertEqual(house.typed("2059"), "ro" + "rro" + "o" + "rrrrro" + "lo")

    def test_no_way_to_the_code(self):
        with self.assertRaises(Stuck):
            House("display", METER).typed("1")
        with self.assertRaises(Stuck):
            House("meter", DISPLAY).typed("1")


if __name__ == "__main__":
    unittest.main()
