"""board.json: every part and pin can be chosen, and what cannot work is refused in one sentence."""

import json
import unittest

import board_file
import parts
from variants import ALL, WIFI

ESP32 = {"chip": "esp32"}
MQTT = {
    "host": "192.168.1.5", "port": 1883, "user": "meter", "password": "x", "tls": False,
    "homeassistant": True,
}  # fmt: skip


def faults(given, here=""):
    """-> the sentences about a board.json."""
    text = given if isinstance(given, str) else json.dumps(given)
    try:
        board_file.parts_of(text, here)
    except parts.BoardError as error:
        return str(error).split("\n")
    return []


class Good(unittest.TestCase):
    def test_nothing_said_is_the_default_board(self):
        board = board_file.parts_of("{}", "")
        default = parts.Parts("esp32")
        for name in (
            "chip",
            "display",
            "relay",
            "pulse_ms",
            "feedback",
            "clock",
            "wifi",
            "lab",
            "mqtt",
        ):
            self.assertEqual(getattr(board, name), getattr(default, name))
        self.assertEqual((board.pin("SDA"), board.pin("KEYS")[:2]), (21, (32, 33)))

    def test_each_kind_of_board_is_taken(self):
        for given in ALL:
            with self.subTest(given=given):
                self.assertEqual(faults(given), [])

    def test_what_the_file_says_is_taken_over(self):
        given = {
            "chip": "esp32", "display": "ht16k33-12", "relay": "plain", "pulse_ms": 60,
            "feedback": False, "clock": "ntp", "wifi": WIFI, "lab": True, "mqtt": MQTT,
            "pins": {"SDA": 16, "KEYS": [32, 33], "BUZZER": None, "RELAY": 26},
        }  # fmt: skip
        board = board_file.parts_of(json.dumps(given), "esp32")
        for name in given:
            if name != "pins":
                self.assertEqual(getattr(board, name), given[name])
        self.assertEqual([board.pin(n) for n in ("SDA", "SCL", "BUZZER")], [16, 22, None])
        self.assertEqual((list(board.pin("KEYS")), board.pin("RELAY")), ([32, 33], 26))

    def test_a_max7219_takes_the_pins_of_the_other_keys(self):
        board = board_file.parts_of('{"display": "max7219"}', "")
        self.assertEqual(tuple(board.pin("KEYS")), (32, 33))
        self.assertEqual([board.pin(n) for n in ("SPI_SCK", "SPI_MOSI", "SPI_CS")], [18, 23, 4])

    def test_no_pin_for_the_feedback_is_no_feedback(self):
        self.assertFalse(board_file.parts_of('{"pins": {"FEEDBACK": null}}', "").feedback)

    def test_the_chip_is_the_one_it_runs_on_unless_the_file_says(self):
        self.assertEqual(board_file.parts_of("{}", "esp32c3").pin("SDA"), 6)
        self.assertEqual(board_file.parts_of('{"chip": "esp32c3"}', "").pin("SDA"), 6)


class Wrong(unittest.TestCase):
    def test_each_fault_has_one_sentence(self):
        for given, word in (
            ("", "not JSON"),
            ("{", "not JSON"),
            ("[]", "object"),
            ({"dispaly": "max7219"}, "'dispaly' is no key"),
            ({"display": "lcd"}, "display 'lcd' is unknown"),
            ({"display": ["max7219"]}, "unknown"),
            ({"relay": None}, "relay None is unknown"),
            ({"chip": "esp8266"}, "chip 'esp8266' is unknown"),
            ({"clock": "rtc"}, "clock 'rtc' is unknown"),
            ({"feedback": 1}, "feedback must be true or false"),
            ({"lab": "yes"}, "lab must be true or false"),
            ({"lab": None}, "lab must be true or false"),
            ({"pulse_ms": 19}, "20 to 500"),
            ({"pulse_ms": 501}, "20 to 500"),
            ({"pulse_ms": True}, "20 to 500"),
            ({"pulse_ms": "100"}, "20 to 500"),
            ({"clock": "ntp"}, "needs wifi"),
            ({"wifi": {}}, "ssid"),
            ({"wifi": {"ssid": "x", "pass": "12345678"}}, "ssid"),
            ({"wifi": {"ssid": 5}}, "ssid"),
            ({"wifi": {"ssid": "x", "password": "short"}}, "8 to 63"),
            ({"wifi": ["x"]}, "ssid"),
            ({"mqtt": {"host": "hub.local"}}, "mqtt needs wifi"),
            ({"wifi": WIFI, "mqtt": {}}, "mqtt must have host"),
            ({"wifi": WIFI, "mqtt": "hub.local"}, "mqtt must have host"),
            ({"wifi": WIFI, "mqtt": {"host": "my hub"}}, "mqtt must have host"),
            ({"wifi": WIFI, "mqtt": {"host": "x" * 64}}, "mqtt must have host"),
            ({"wifi": WIFI, "mqtt": {"host": "hub", "pass": "x"}}, "mqtt: 'pass' is no key"),
            ({"wifi": WIFI, "mqtt": {"host": "hub", "port": 0}}, "port must be a number"),
            ({"wifi": WIFI, "mqtt": {"host": "hub", "port": "1883"}}, "port must be a number"),
            ({"wifi": WIFI, "mqtt": {"host": "hub", "tls": 1}}, "tls must be true or false"),
            ({"wifi": WIFI, "mqtt": {"host": "hub", "homeassistant": "yes"}}, "true or false"),
            ({"wifi": WIFI, "mqtt": {"host": "hub", "user": None}}, "user must be a text"),
            (
                {"wifi": WIFI, "mqtt": {"host": "hub", "password": "x" * 65}},
                "password must be a text",
            ),
            ({"pins": [21]}, "pins must be an object"),
            ({"pins": {"SDL": 21}}, "'SDL' is no signal"),
            ({"pins": {"SDA": "21"}}, "SDA must be a GPIO number"),
            ({"pins": {"SDA": True}}, "SDA must be a GPIO number"),
            ({"pins": {"SDA": None}}, "SDA has no GPIO"),
            ({"pins": {"PULSE": None}}, "PULSE has no GPIO"),
            ({"pins": {"RELAY_RESET": None}}, "RELAY_RESET has no GPIO"),
            ({"pins": {"KEYS": 32}}, "KEYS must be a list"),
            ({"pins": {"KEYS": [32]}}, "KEYS must be a list"),
            ({"pins": {"KEYS": None}}, "KEYS must be a list"),
            ({"pins": {"KEYS": [32, None]}}, "KEYS must be a list"),
            ({"pins": {"KEYS": [32, 36]}}, "KEY_B cannot be GPIO 36: it has no pull-up"),
            ({"pins": {"SDA": 25}}, "GPIO 25 is given to"),
            ({"pins": {"SDA": 6}}, "wired to the flash chip"),
            ({"pins": {"BUZZER": 12}}, "decides how the chip starts"),
            ({"pins": {"PULSE": 3}}, "is the serial line"),
            ({"pins": {"RELAY_SET": 34, "PULSE": 36}}, "is an input only"),
            ({"pins": {"TEST_LED": 24}}, "is no GPIO of an esp32"),
            ({"pins": {"TEST_LED": -1}}, "is no GPIO of an esp32"),
            ({"chip": "esp32c3", "pins": {"BUZZER": 22}}, "is no GPIO of an esp32c3"),
            ({"chip": "esp32c3", "pins": {"BUZZER": 9}}, "decides how the chip starts"),
            ({"chip": "esp32c3", "pins": {"RELAY_SET": 21}}, "may be a serial line"),
        ):
            with self.subTest(given=given):
                found = faults(given)
                self.assertEqual(len(found), 1)
                self.assertIn(word, found[0])
                self.assertTrue(found[0].startswith("board.json") and found[0].endswith("."))

    def test_all_faults_are_told_at_once(self):
        found = faults({"relay": "big", "pulse_ms": 1, "pins": {"SDA": "a", "SCK": 1}})
        self.assertEqual(len(found), 4)

    def test_another_chip_than_the_one_it_runs_on_is_refused(self):
        self.assertEqual(faults(ESP32, "esp32"), [])
        self.assertEqual(
            faults(ESP32, "esp32c3"), ["board.json: chip is esp32, but this is an esp32c3."]
        )

    def test_an_esp32c3_with_a_max7219_has_to_be_told_where(self):
        found = faults({"chip": "esp32c3", "display": "max7219"})
        self.assertEqual([f.split(" ")[2] for f in found], ["SPI_SCK", "SPI_MOSI", "SPI_CS"])
        moved = {"SPI_SCK": 6, "SPI_MOSI": 7, "SPI_CS": 10, "FEEDBACK": None}
        given = {
            "chip": "esp32c3", "display": "max7219", "clock": "ntp", "wifi": WIFI, "pins": moved,
        }  # fmt: skip
        self.assertEqual(faults(given), [])


class File(unittest.TestCase):
    def tearDown(self):
        parts.MACHINE = ""

    def test_without_a_file_it_is_the_default_board_of_the_chip(self):
        for machine, sda in (
            ("Generic ESP32 module with ESP32", 21),
            ("ESP32C3 module with ESP32C3", 6),
            ("linux [GCC 13.2.0] version", 21),
            ("", 21),
        ):
            parts.MACHINE = machine
            self.assertEqual(parts.load("/no/such/board.json").pin("SDA"), sda)


if __name__ == "__main__":
    unittest.main()
