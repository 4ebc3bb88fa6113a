"""GPIO numbers of an ESP32-C3 board; the wiring table is in board/README.md.

It has eight free pins: 2, 8 and 9 decide how it starts, 11 to 17 are the flash's, 18 to 21 are its
two serial lines. What has no number here is absent unless board.json gives it one.
"""

SDA = 6
SCL = 7
KEYS = (0, 1)  # A, B, to ground, pull-ups inside
RELAY_SET = 4  # 10 kOhm pull-down outside
RELAY_RESET = 5  # 10 kOhm pull-down outside
RELAY = 4  # of a plain relay module; pull-down as well
FEEDBACK = 10  # high = contact closed; pull-down outside
PULSE = 3  # pull-up outside, RC and Schmitt trigger for an S0 contact
BUZZER = None
SUPPLY_LED = None
TEST_LED = None
SPI_SCK = None
SPI_MOSI = None
SPI_CS = None

DISPLAY_LEFT = 0x70
DISPLAY_RIGHT = 0x71
DISPLAY_THIRD = 0x72
CLOCK = 0x68
