"""GPIO numbers of the ESP32 board and bus addresses; the wiring table is in board/README.md."""

SDA = 21
SCL = 22
# Keys to ground, pull-ups inside: A, B; left, right, ok, return of the in-home display, if any
KEYS = (32, 33, 18, 19, 23, 4)
RELAY_SET = 25  # 10 kOhm pull-down outside
RELAY_RESET = 26  # 10 kOhm pull-down outside
RELAY = 25  # of a plain relay module, which has no coils to choose from; pull-down as well
FEEDBACK = 35  # high = contact closed
PULSE = 34  # pull-up outside, RC and Schmitt trigger for an S0 contact
BUZZER = 27
SUPPLY_LED = 14
TEST_LED = 13
# A MAX7219 takes the pins of the in-home display's keys, which are then absent
SPI_SCK = 18
SPI_MOSI = 23
SPI_CS = 4

DISPLAY_LEFT = 0x70
DISPLAY_RIGHT = 0x71
DISPLAY_THIRD = 0x72
CLOCK = 0x68
