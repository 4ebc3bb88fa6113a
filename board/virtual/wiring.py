"""Which wire of the bench is on which GPIO, for each chip: what board/README.md draws, written once more.

Takes a chip and what is different on a hobbyist's bench; gives numbers. A board file with a wrong
number sees nothing move here. Also what the chips' pins can do. Source: Espressif ESP32 and
ESP32-C3 data sheets (pins, strapping), MicroPython 1.25 ports/esp32/machine_pin.c.
"""

ESP32 = {
    "SDA": 21, "SCL": 22, "KEYS": (32, 33, 18, 19, 23, 4), "RELAY_SET": 25, "RELAY_RESET": 26,
    "RELAY": 25, "FEEDBACK": 35, "PULSE": 34, "BUZZER": 27, "SUPPLY_LED": 14, "TEST_LED": 13,
    "SPI_SCK": 18, "SPI_MOSI": 23, "SPI_CS": 4,
}  # fmt: skip
ESP32C3 = {
    "SDA": 6, "SCL": 7, "KEYS": (0, 1), "RELAY_SET": 4, "RELAY_RESET": 5,
    "RELAY": 4, "FEEDBACK": 10, "PULSE": 3, "BUZZER": None, "SUPPLY_LED": None, "TEST_LED": None,
    "SPI_SCK": None, "SPI_MOSI": None, "SPI_CS": None,
}  # fmt: skip
KEY_NAMES = ("A", "B", "left", "right", "ok", "return")
DISPLAYS = {"ht16k33-8": (0x70, 0x71), "ht16k33-12": (0x70, 0x71, 0x72), "max7219": ()}
CLOCK = 0x68

# What the chips have: pins; those that are inputs without pulls, carry the flash, decide how the
# chip starts (a part that pulls one of them at power-on can keep it from starting), carry the
# serial line; SPI hosts; I2C hosts; a pulse counter unit
CHIPS = {
    "esp32": {
        "pins": tuple(range(20)) + (21, 22, 23, 25, 26, 27) + tuple(range(32, 40)),
        "inputs": tuple(range(34, 40)),
        "flash": tuple(range(6, 12)),
        "strapping": (0, 2, 5, 12, 15),
        "serial": (1, 3),
        "spi": (1, 2),
        "i2c": (0, 1),
        "pcnt": True,
    },
    "esp32c3": {
        "pins": tuple(range(22)),
        "inputs": (),
        "flash": tuple(range(11, 18)),
        "strapping": (2, 8, 9),
        "serial": (18, 19, 20, 21),
        "spi": (1,),
        "i2c": (0,),
        "pcnt": False,
    },
}  # fmt: skip


def table(board, display, relay, feedback, pins):
    """-> {wire: GPIO or None} of a bench. pins: {wire: GPIO} that differ, as in board.json."""
    if board not in CHIPS or display not in DISPLAYS or relay not in ("latching", "plain"):
        raise ValueError("no such bench: %s, %s, %s" % (board, display, relay))
    wires = dict(ESP32 if board == "esp32" else ESP32C3)
    if display == "max7219":
        wires["KEYS"] = wires["KEYS"][:2]  # the display has the pins of the in-home display's keys
    wires.update(pins or {})
    if display != "max7219":
        wires["SPI_SCK"] = wires["SPI_MOSI"] = wires["SPI_CS"] = None
    unused = ("RELAY",) if relay == "latching" else ("RELAY_SET", "RELAY_RESET")
    for wire in unused + (() if feedback else ("FEEDBACK",)):
        wires[wire] = None
    return wires
